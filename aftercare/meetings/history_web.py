"""Staff pages of what was changed about a meeting, and the button that undoes it for ten minutes."""

import uuid

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import change_page, history, history_shown, schedule, shown, timetable, undo_shown, undoing
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.models import Meeting
from aftercare.people import accounts

door = Blueprint("history", __name__, url_prefix="/staff/meetings/<uuid:meeting_id>/history")


@door.get("")
@guards.needs("meetings:change")
def show(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show who changed what, and when."""
    meeting = schedule.get_meeting(actor.current().organisation_id, meeting_id)
    noted = history.of_meeting(meeting.organisation_id, meeting.id)
    undoable = {each.id for each in history.undoable(meeting.organisation_id, meeting.id)}
    ids = {each.change.occurrence_id for each in noted if each.change.occurrence_id}
    dates = {each.occurrence.id: each.occurrence for each in timetable.named(meeting.organisation_id, ids)}
    people = accounts.people_named(
        meeting.organisation_id, {p for n in noted for p in history_shown.people_in(n.change)}
    )
    names = {key: person.name for key, person in people.items()}
    rows = [
        history_shown.row(
            each, dates.get(each.change.occurrence_id) if each.change.occurrence_id else None, names, zone=meeting.zone,
            undo_url=undo_url(meeting.id, each.change.id) if history_shown.can_undo(each.change, undoable) else None,
        )
        for each in noted
    ]  # fmt: skip
    head = {"name": meeting.name, "url": shown.meeting_url(meeting.id)}
    back_url = url_for("dates.show", meeting_id=meeting.id)
    return page("meetings/history.html", meeting=head, zone=meeting.zone, rows=rows, back_url=back_url)


@door.get("/<uuid:change_id>/undoing")
@guards.writes
@guards.needs("meetings:change")
def ask_undo(meeting_id: uuid.UUID, change_id: uuid.UUID) -> ResponseReturnValue:
    """Show which dates undoing a change brings back and the exact texts that will go, and ask."""
    return _asked(*_change_of(meeting_id, change_id))


@door.post("/<uuid:change_id>/undoing")
@guards.needs("meetings:change")
def undo(meeting_id: uuid.UUID, change_id: uuid.UUID) -> ResponseReturnValue:
    """Undo a change of this meeting, if what that comes to was seen."""
    meeting, change = _change_of(meeting_id, change_id)
    if not change_page.has_seen(undo_shown.look(change)):
        return _asked(meeting, change)
    told = undoing.undo(meeting.organisation_id, change_id, by=actor.person_id())
    pages.say("go", " ".join((_("It is as it was before."), change_page.told(told))))
    return pages.see("dates.show" if meeting.kind == "programme" else "history.show", meeting_id=meeting_id)


def _change_of(meeting_id: uuid.UUID, change_id: uuid.UUID) -> tuple[Meeting, MeetingChange]:
    meeting = schedule.get_meeting(actor.current().organisation_id, meeting_id)
    return meeting, history.of_this_meeting(meeting.organisation_id, meeting.id, change_id)


def _asked(meeting: Meeting, change: MeetingChange) -> ResponseReturnValue:
    found = undo_shown.look(change)
    form = undo_shown.form(meeting, change, tells=bool(found["outlook"]["people"]))
    return change_page.ask(form, change=found, seen=change_page.token(found))


def undo_url(meeting_id: uuid.UUID, change_id: uuid.UUID) -> str:
    """Give where it is shown what undoing a change comes to."""
    return url_for("history.ask_undo", meeting_id=meeting_id, change_id=change_id)
