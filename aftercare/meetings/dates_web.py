"""Staff pages of the dates of a meeting: see them, and cancel or move one, after a look at the texts that will go."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.core.db import abandon
from aftercare.core.errors import Invalid
from aftercare.http import actor, guards, pages
from aftercare.http.pages import page
from aftercare.meetings import (
    change_page,
    changes,
    closed,
    foresight,
    forms,
    history,
    history_shown,
    history_web,
    outlook_shown,
    rsvps,
    schedule,
    shown,
    undoing,
)
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.recurrence import instant

door = Blueprint("dates", __name__, url_prefix="/staff/meetings/<uuid:meeting_id>/dates")
_MOVE = ("date", "time", "minutes")


@door.get("")
@guards.needs("meetings:change")
def show(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the next dates of a meeting, with what can be done to each."""
    meeting = schedule.get_meeting(actor.current().organisation_id, meeting_id)
    rows = schedule.next_dates(meeting, limit=12)
    counts = rsvps.counts(meeting.organisation_id, [row.id for row in rows])
    head = {
        "name": meeting.name,
        "in_words": shown.when_in_words(meeting, pages.language()),
        "url": shown.meeting_url(meeting.id),
        "edit_url": url_for("series.ask_edit", meeting_id=meeting.id),
        "message_url": url_for("broadcast.ask", meeting_id=meeting.id) if meeting.kind == "programme" else None,
        "extra_url": url_for("one_date.ask_extra", meeting_id=meeting.id) if meeting.kind == "programme" else None,
        "close_url": url_for("closures.ask", what=f"meeting:{meeting.id}"),
        "history_url": url_for("history.show", meeting_id=meeting.id),
        "undo": _undo(meeting),
    }
    listed = [_date_row(row, meeting, counts.get(row.id, {})) for row in rows]
    return page("meetings/dates.html", meeting=head, zone=meeting.zone, dates=listed, pager=None)


@door.get("/<uuid:occurrence_id>/cancellation")
@guards.needs("meetings:change")
def ask_cancel(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact texts that cancelling a date would send, and ask."""
    occurrence = _date_of(meeting_id, occurrence_id)
    return _canceller(occurrence, _look_at_cancelling(occurrence))


@door.post("/<uuid:occurrence_id>/cancellation")
@guards.needs("meetings:change")
def cancel(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel one date and tell everybody whom it concerns, if what they will read was seen."""
    occurrence = _date_of(meeting_id, occurrence_id)
    if occurrence.status != "cancelled":
        change = _look_at_cancelling(occurrence)
        if not change_page.has_seen(change):
            return _canceller(occurrence, change)
    done = changes.cancel_occurrence(occurrence.organisation_id, occurrence.id, by=actor.person_id())
    pages.say("go", " ".join((_("This date is cancelled."), change_page.told(done.told))))
    return pages.see("dates.show", meeting_id=meeting_id)


@door.get("/<uuid:occurrence_id>/move")
@guards.needs("meetings:change")
def ask_move(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form that moves one date."""
    occurrence = _date_of(meeting_id, occurrence_id)
    given = {
        "date": occurrence.start_local.date().isoformat(),
        "time": f"{occurrence.start_local:%H:%M}",
        "minutes": str(_minutes(occurrence)),
    }
    return _mover(occurrence, given)


@door.post("/<uuid:occurrence_id>/move")
@guards.needs("meetings:change")
def move(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact texts that moving a date would send, or move it and send them; what was not seen is not sent."""
    occurrence = _date_of(meeting_id, occurrence_id)
    given = {name: request.form.get(name, "").strip() for name in _MOVE}
    try:
        to, minutes = forms.move(given)
        change = _look_ahead(occurrence, to, minutes)
        if not change_page.has_seen(change, do="move"):
            return _mover(occurrence, given, change=change, seen=change_page.token(change))
        keys = occurrence.organisation_id, occurrence.id
        done = changes.move_occurrence(*keys, to=to, minutes=minutes, by=actor.person_id())
    except Invalid as refusal:
        abandon()
        wrong = {_FIELDS.get(name, name): said for name, said in refusal.fields.items()}
        return _mover(_date_of(meeting_id, occurrence_id), given, errors=wrong, status=422)
    pages.say("go", " ".join((_("The date is moved."), change_page.told(done.told))))
    return pages.see("dates.show", meeting_id=meeting_id)


#: What the verb calls a field, where the form has another name for it.
_FIELDS = {"start": "date"}


def _date_of(meeting_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    return schedule.get_date(actor.current().organisation_id, meeting_id, occurrence_id)


def _keys(occurrence: Occurrence) -> dict[str, Any]:
    return {"meeting_id": occurrence.meeting_id, "occurrence_id": occurrence.id}


def _date_row(row: Occurrence, meeting: Meeting, counts: dict[str, int]) -> dict[str, Any]:
    return shown.date(row, meeting, None) | {
        "going": counts.get("going", 0) + counts.get("offered", 0),
        "waiting": counts.get("waitlisted", 0) + counts.get("maybe", 0),
        "roll_url": url_for("attendance.roll", occurrence_id=row.id),
        "move_url": url_for("dates.ask_move", **_keys(row)),
        "cancel_url": url_for("dates.ask_cancel", **_keys(row)),
        "restore_url": url_for("one_date.ask_reinstate", **_keys(row)) if row.starts_at > clock.now() else None,
        "elsewhere_url": url_for("one_date.ask_place", **_keys(row)) if closed.by_place(row) else None,
        "more": _more(row),
    }


def _more(row: Occurrence) -> list[tuple[str, str]]:
    """Give what else can be done to a date: (words, address)."""
    words = {
        "one_date.ask_place": _("Another place"),
        "one_date.ask_seats": _("Other seats"),
        "one_date.ask_note": _("Note"),
        "one_date.ask_substitute": _("Somebody else leads"),
    }
    return [(said, url_for(endpoint, **_keys(row))) for endpoint, said in words.items()]


def _undo(meeting: Meeting) -> dict[str, str] | None:
    """Offer to undo the last change, as long as that can be done."""
    last = next((each for each in history.undoable(meeting.organisation_id, meeting.id)), None)
    if last is None or not undoing.can_undo(last):
        return None
    return {"title": history_shown.title(last), "url": history_web.undo_url(meeting.id, last.id)}


def _look_at_cancelling(occurrence: Occurrence) -> dict[str, Any]:
    return change_page.look(foresight.of_cancelling(occurrence.organisation_id, occurrence.id))


def _canceller(occurrence: Occurrence, change: dict[str, Any]) -> ResponseReturnValue:
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    return page(
        "meetings/cancel.html",
        meeting={"name": meeting.name},
        date=shown.date(occurrence, meeting, None),
        outlook=change["outlook"],
        seen=change_page.token(change),
        action=url_for("dates.cancel", **_keys(occurrence)),
        back_url=url_for("dates.show", meeting_id=meeting.id),
    )


def _mover(occurrence: Occurrence, given: dict[str, str], **more: Any) -> ResponseReturnValue:
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    status = more.pop("status", 200)
    return page(
        "meetings/move.html",
        status,
        meeting={"name": meeting.name},
        date=shown.date(occurrence, meeting, None),
        form=given,
        action=url_for("dates.move", **_keys(occurrence)),
        back_url=url_for("dates.show", meeting_id=meeting.id),
        **({"errors": {}, "change": None, "seen": ""} | more),
    )


def _look_ahead(occurrence: Occurrence, to: datetime, minutes: int | None) -> dict[str, Any]:
    """Say what moving would do: the new time, and who reads what."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    outlook = foresight.of_moving(occurrence.organisation_id, occurrence.id, to=to, minutes=minutes)
    starts_at = instant(to, meeting.zone)
    return {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes or _minutes(occurrence)),
        "zone": meeting.zone,
        "outlook": outlook_shown.shown(outlook),
        "warnings": [],
    }


def _minutes(occurrence: Occurrence) -> int:
    return int((occurrence.ends_at - occurrence.starts_at).total_seconds() // 60)
