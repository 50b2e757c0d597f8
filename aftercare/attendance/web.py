"""The roll on a counsellor's phone: see it, tap who is here, add who walks in, finish it."""

import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.attendance import check_in, roll, roll_guard, roster, shown, walk_ins
from aftercare.audit import reading
from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.meetings import shown as meetings_shown

door = Blueprint("attendance", __name__, url_prefix="/staff/dates/<uuid:occurrence_id>/roll")


@door.get("", endpoint="roll")
@guards.writes
@guards.needs("roll:see")
def show(occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the roll of one date; that it was looked at is noted."""
    found, now = roster.of(actor.current().organisation_id, occurrence_id), clock.now()
    roll_guard.refuse_strangers(actor.current(), found, now)
    reading.note("roll.seen", about="occurrence", about_id=occurrence_id)
    return pages.page(
        "attendance/roll.html",
        meeting={"name": found.meeting.name, "url": meetings_shown.meeting_url(found.meeting.id)},
        date=meetings_shown.date(found.occurrence, found.meeting, found.place, shows_link=True),
        roll=shown.roll(found, now),
        code=shown.code(found.occurrence, now),
        zone=found.meeting.zone,
        add_url=url_for("attendance.walk_in", occurrence_id=occurrence_id) if shown.can_take(found, now) else None,
        calls_url=url_for("calls.show", occurrence_id=occurrence_id) if now < found.occurrence.starts_at else None,
        back_url=url_for("home.staff"),
    )


@door.post("/<uuid:person_id>")
@guards.needs("roll:take")
def mark(occurrence_id: uuid.UUID, person_id: uuid.UUID) -> ResponseReturnValue:
    """Record what staff saw of one person, or take it back (`none`)."""
    try:
        _mark(occurrence_id, person_id, request.form.get("mark", ""), request.form.get("reason"))
    except Invalid as refusal:
        if pages.is_partial():
            raise
        pages.say("bad", _(refusal.sentence))
    if pages.is_partial():
        return _row(occurrence_id, person_id)
    return pages.see("attendance.roll", occurrence_id=occurrence_id, _anchor=f"roll-{person_id}")


@door.get("/walk-in")
@guards.needs("roll:take")
def walk_in(occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the name of somebody who came and is not on the roll."""
    return _walk_in_page(occurrence_id)


# A POST, although it changes nothing: a name in an address would stay in logs and in the browser.
@door.post("/walk-in")
@guards.needs("roll:take")
def find_walk_in(occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the people whose names fit, each with a button; that they were looked at is noted."""
    typed = request.form.get("name", "").strip()
    try:
        found = walk_ins.find(actor.current().organisation_id, typed)
    except Invalid as refusal:
        return _walk_in_page(occurrence_id, typed, errors=refusal.fields, status=422)
    reading.note_list("walk_ins.searched", about="person", ids=sorted(each.id for each in found.people))
    return _walk_in_page(occurrence_id, typed, found=found)


@door.post("/finishing")
@guards.needs("roll:take")
def finish(occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Finish the roll."""
    roll.finish(actor.current().organisation_id, occurrence_id, by=actor.person_id())
    pages.say("go", _("The roll is finished. Thank you."))
    return pages.see("attendance.roll", occurrence_id=occurrence_id)


@door.post("/reopening")
@guards.needs("roll:take")
def reopen(occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Open a finished roll again."""
    roll.reopen(actor.current().organisation_id, occurrence_id, by=actor.person_id())
    pages.say("go", _("The roll is open again for a day."))
    return pages.see("attendance.roll", occurrence_id=occurrence_id)


def _mark(occurrence_id: uuid.UUID, person_id: uuid.UUID, wanted: str, reason: str | None) -> None:
    organisation_id, by = actor.current().organisation_id, actor.person_id()
    if wanted == "none":
        check_in.undo(organisation_id, occurrence_id, person_id, by=by, reason=reason)
    else:
        check_in.by_staff(organisation_id, occurrence_id, person_id, by=by, mark=wanted, reason=reason)


def _row(occurrence_id: uuid.UUID, person_id: uuid.UUID) -> ResponseReturnValue:
    """Give back the one row that was tapped, and the counts; nothing of a person whom the roll no longer names."""
    found, now = roster.of(actor.current().organisation_id, occurrence_id), clock.now()
    line = next((line for line in found.lines if line.person.id == person_id), None)
    return render_template(
        "attendance/_roll_row.html",
        row=shown.row(line, found.occurrence, now) if line else None,
        roll=shown.roll(found, now),
        zone=found.meeting.zone,
    )


def _walk_in_page(occurrence_id: uuid.UUID, typed: str = "", **more: Any) -> ResponseReturnValue:
    date, found = roster.of(actor.current().organisation_id, occurrence_id), more.pop("found", None)
    roll_url = url_for("attendance.roll", occurrence_id=occurrence_id)
    return pages.page(
        "attendance/walk_in.html",
        more.pop("status", 200),
        meeting={"name": date.meeting.name},
        date=meetings_shown.date(date.occurrence, date.meeting, date.place),
        form={"name": typed},
        action=url_for("attendance.find_walk_in", occurrence_id=occurrence_id),
        found=shown.walk_ins(found, date, clock.now()) if found else None,
        new_url=url_for("enrolment.new", group=date.meeting.id, next=roll_url),
        back_url=roll_url,
        **({"errors": {}} | more),
    )
