"""Check in on the page, with the code of the room: typed, or brought along by a link that still wants a button."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.attendance import check_in
from aftercare.attendance.check_in import CheckIn
from aftercare.core import clock
from aftercare.core.errors import Invalid, Refused
from aftercare.http import actor, guards, pages, problems
from aftercare.meetings import schedule
from aftercare.people import accounts, organisations
from aftercare.people.models import Person
from aftercare.recovery import awards, progress

door = Blueprint("check_in", __name__)


@door.get("/in")
@door.get("/in/<code>")
@guards.needs("own:check_in")
def ask(code: str = "") -> ResponseReturnValue:
    """Ask for the code. One that came with the address is filled in; opening it checks nobody in."""
    return _page(_person(), {"code": code[:8], "attend": "in_person"})


@door.post("/in")
@guards.needs("own:check_in")
def enter() -> ResponseReturnValue:
    """Check the patient in, or say what is wrong with the code."""
    person = _person()
    form = {"code": request.form.get("code", "").strip(), "attend": request.form.get("attend", "in_person")}
    try:
        made = check_in.by_code(person, form["code"], is_online=form["attend"] == "online")
    except Refused as refusal:
        field = "code" if isinstance(refusal, Invalid) else ""
        return _page(person, form, status=problems.status_of(refusal), errors={field: _(refusal.sentence)})
    return _page(person, form, done=_done(person, made))


def _person() -> Person:
    return accounts.get_person(actor.current().organisation_id, actor.person_id())


def _page(person: Person, form: dict[str, str], *, status: int = 200, **more: Any) -> ResponseReturnValue:
    near = check_in.open_dates(person, clock.now())[:1]
    organisation = organisations.get_organisation(person.organisation_id)
    return pages.page(
        "attendance/check_in.html",
        status,
        form=form,
        action=url_for("check_in.enter"),
        attend_choice=any(tie.attends == "hybrid" for tie in near),
        urls={"week": url_for("recovery.week"), "find": url_for("finder.find", slug=organisation.slug)},
        **({"errors": {}, "done": None} | more),
    )


def _done(person: Person, made: CheckIn) -> dict[str, Any]:
    meeting = schedule.get_meeting(person.organisation_id, made.occurrence.meeting_id)
    newly = awards.note(person)
    best = max(newly, key=lambda milestone: milestone.number, default=None)
    return {
        "meeting": meeting.name,
        "starts_at": made.occurrence.starts_at,
        "zone": meeting.zone,
        "total": progress.total(person),
        "milestone": {"kind": best.kind, "number": best.number} if best else None,
        "is_repeat": made.is_repeat,
    }
