"""Staff pages that close a meeting, a place or everything for some days, open it again early, and undo it."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.http import actor, formats, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import (
    change_page,
    closed,
    closures,
    date_forms,
    form_reading,
    places,
    schedule,
    timetable,
    undo_shown,
    undoing,
)
from aftercare.meetings.change_models import Closure
from aftercare.meetings.change_page import Field, Form
from aftercare.meetings.closed import Named
from aftercare.meetings.closures import Foreseen, Plan
from aftercare.meetings.models import Meeting, Place

door = Blueprint("closures", __name__, url_prefix="/staff/closures")
_FIELDS = ("what", "first_day", "last_day", "reason")


@door.get("")
@guards.needs("meetings:change")
def show() -> ResponseReturnValue:
    """Show what is closed, now or soon."""
    found = [_row(each) for each in closures.standing(actor.current().organisation_id)]
    return page("meetings/closures.html", closures=found, new_url=url_for("closures.ask"))


@door.get("/new")
@guards.needs("meetings:change")
def ask() -> ResponseReturnValue:
    """Show the form that closes for some days."""
    tomorrow = (clock.today(actor.current().zone) + timedelta(days=1)).isoformat()
    what = request.args.get("what", "organisation")
    return change_page.ask(_form({"what": what, "first_day": tomorrow, "last_day": tomorrow, "reason": ""}))


@door.post("/new")
@guards.needs("meetings:change")
def close() -> ResponseReturnValue:
    """Show which dates are off and the exact texts that will go, or close and send them."""
    organisation_id = actor.current().organisation_id
    given = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        plan = _plan(given)
        change = _look(organisation_id, closures.foresee_closing(organisation_id, plan))
    except Invalid as refusal:
        return change_page.ask(_form(given), errors=_named(refusal))
    if not change_page.has_seen(change):
        return change_page.ask(_form(given), change=change, seen=change_page.token(change))
    done = closures.close(organisation_id, plan, by=actor.person_id())
    pages.say("go", " ".join((_("Closed. It opens again by itself."), change_page.told(done.told))))
    return pages.see("closures.show")


@door.get("/<uuid:closure_id>/lifting")
@guards.writes
@guards.needs("meetings:change")
def ask_lift(closure_id: uuid.UUID) -> ResponseReturnValue:
    """Show which dates are on again and the exact texts that will go, and ask."""
    change = _look_at_lifting(closure_id)
    return change_page.ask(_lifting(closure_id), change=change, seen=change_page.token(change))


@door.post("/<uuid:closure_id>/lifting")
@guards.needs("meetings:change")
def lift(closure_id: uuid.UUID) -> ResponseReturnValue:
    """Open again early, if what it sends was seen."""
    change = _look_at_lifting(closure_id)
    if not change_page.has_seen(change):
        return change_page.ask(_lifting(closure_id), change=change, seen=change_page.token(change))
    done = closures.lift(actor.current().organisation_id, closure_id, by=actor.person_id())
    pages.say("go", " ".join((_("It is open again."), change_page.told(done.told))))
    return pages.see("closures.show")


@door.get("/<uuid:closure_id>/undoing")
@guards.writes
@guards.needs("meetings:change")
def ask_undo(closure_id: uuid.UUID) -> ResponseReturnValue:
    """Show which dates undoing all of a closure brings back and the exact texts that will go, and ask."""
    return _asked_to_undo(closed.get(actor.current().organisation_id, closure_id))


@door.post("/<uuid:closure_id>/undoing")
@guards.needs("meetings:change")
def undo(closure_id: uuid.UUID) -> ResponseReturnValue:
    """Undo all of a closure, if what that comes to was seen."""
    closure = closed.get(actor.current().organisation_id, closure_id)
    if not change_page.has_seen(undo_shown.look_at_closure(closure)):
        return _asked_to_undo(closure)
    told = undoing.undo_closure(closure.organisation_id, closure_id, by=actor.person_id())
    pages.say("go", " ".join((_("It is as it was before."), change_page.told(told))))
    return pages.see("closures.show")


def _asked_to_undo(closure: Closure) -> ResponseReturnValue:
    found, title = undo_shown.look_at_closure(closure), _("Closed for a time")
    standing = {each.closure.id: each for each in closures.standing(closure.organisation_id)}
    if closure.id in standing:
        title = f"{title} ({_what(standing[closure.id])})"
    form = undo_shown.form_of_closure(closure, title, tells=bool(found["outlook"]["people"]))
    return change_page.ask(form, change=found, seen=change_page.token(found))


def _plan(given: Mapping[str, str]) -> Plan:
    days, wrong = {}, {}
    for name in ("first_day", "last_day"):
        try:
            days[name] = form_reading.day(given[name])
        except ValueError:
            wrong[name] = "Enter a date, like 2026-11-24."
    scope, about = _chosen(given["what"])
    if scope not in closures.SCOPES:
        wrong["what"] = "Choose what is closed."
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    return Plan(
        scope, days["first_day"], days["last_day"], reason=given["reason"],
        meeting_id=about if scope == "meeting" else None, place_id=about if scope == "place" else None,
    )  # fmt: skip


def _named(refusal: Invalid) -> Mapping[str, str]:
    return {"what" if name == "scope" else name: said for name, said in refusal.fields.items()}


def _form(given: Mapping[str, str]) -> Form:
    return Form(
        title=_("Close for some days"), label=_("Close and tell people"), look=_("Show what people will read"),
        words=_("Both days are closed too. Each person gets one text, however many of their dates are off."),
        fields=[
            Field("what", _("What is closed"), given["what"], "pick", options=_options(given["what"])),
            Field("first_day", _("First closed day"), given["first_day"], "date", width="w-some"),
            Field("last_day", _("Last closed day"), given["last_day"], "date", width="w-some"),
            Field("reason", _("Why (for the staff)"), given["reason"]),
        ],
        action=url_for("closures.close"), back_url=url_for("closures.show"), back=_("Closed days"),
    )  # fmt: skip


def _options(chosen: str) -> list[tuple[str, str]]:
    """Name what can be closed: our own groups and their places, and what a page led here about."""
    organisation_id = actor.current().organisation_id
    groups = [_of_meeting(each) for each in timetable.groups(organisation_id)]
    where = [_of_place(each) for each in places.in_use(organisation_id)]
    return list(
        dict.fromkeys([("organisation", _("Everything")), *groups, *where, *_led_here_about(organisation_id, chosen)])
    )


def _led_here_about(organisation_id: uuid.UUID, chosen: str) -> list[tuple[str, str]]:
    """Name a meeting and where it is, or a place: of listings there are too many to offer them all."""
    scope, about = _chosen(chosen)
    place_id, named = about if scope == "place" else None, list[tuple[str, str]]()
    if scope == "meeting" and about is not None:
        meeting = schedule.get_meeting(organisation_id, about)
        named, place_id = [_of_meeting(meeting)], closed.site(meeting.attendance, meeting.place_id)
    return named + [_of_place(each) for each in schedule.places(organisation_id, [place_id]).values()]


def _chosen(what: str) -> tuple[str, uuid.UUID | None]:
    scope, _colon, key = what.partition(":")
    try:
        return scope, uuid.UUID(key) if key else None
    except ValueError:
        return "", None


def _of_meeting(meeting: Meeting) -> tuple[str, str]:
    return f"meeting:{meeting.id}", meeting.name


def _of_place(place: Place) -> tuple[str, str]:
    return f"place:{place.id}", place.name or place.address


def _lifting(closure_id: uuid.UUID) -> Form:
    return Form(
        title=_("Open again early?"), label=_("Open again and tell people"), back=_("Closed days"),
        words=_("The dates to come take place. Who had said yes is expected again, as far as there are seats."),
        action=url_for("closures.lift", closure_id=closure_id), back_url=url_for("closures.show"),
    )  # fmt: skip


def _look_at_lifting(closure_id: uuid.UUID) -> dict[str, Any]:
    organisation_id = actor.current().organisation_id
    return _look(organisation_id, closures.foresee_lifting(organisation_id, closure_id))


def _look(organisation_id: uuid.UUID, found: Foreseen) -> dict[str, Any]:
    rows = timetable.named(organisation_id, found.dates)
    said = [f"{each.meeting.name}: {date_forms.say(each.occurrence.starts_at, each.meeting.zone)}" for each in rows]
    return change_page.look(found.outlook, dates=said)


def _row(found: Named) -> dict[str, Any]:
    closure, language = found.closure, pages.language()
    return {
        "what": _what(found),
        "first": formats.on_paper(closure.first_day, language=language),
        "last": formats.on_paper(closure.last_day, language=language),
        "reason": closure.reason or None,
        "lift_url": url_for("closures.ask_lift", closure_id=closure.id),
        "undo_url": url_for("closures.ask_undo", closure_id=closure.id) if undoing.can_undo_closure(closure) else None,
    }


def _what(found: Named) -> str:
    if found.place is not None:
        return found.place.name or found.place.address
    return found.meeting.name if found.meeting else str(_("Everything"))
