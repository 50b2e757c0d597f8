"""The small changes of one date, and one date more: its seats, its place, its note, an extra date."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import aftermath, changes, closed, members, notices, places, rsvps, schedule
from aftercare.meetings.change_models import Closure
from aftercare.meetings.changes import Changed
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.recurrence import instant
from aftercare.messaging import outbox

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Extra:
    """One more date, at a wall time of its meeting's zone, that no rule gives; what is left out is as the meeting's."""

    start: datetime
    minutes: int | None = None
    note: str = ""


def change_capacity(
    organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, capacity: int | None, by: uuid.UUID | None
) -> Occurrence:
    """Change the seats of one date: more seats are offered to whoever waits, fewer throw nobody out."""
    if capacity is not None and capacity < 1:
        raise Invalid("Give at least one seat.", fields={"capacity": "Give at least one seat."})
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    aftermath.refuse_if_begun(occurrence, clock.now())
    before = occurrence.capacity
    if before != capacity:
        put_seats(occurrence, capacity)
        aftermath.note(
            occurrence, "occurrence.capacity", by=by, before={"capacity": before}, after={"capacity": capacity}
        )
    return occurrence


def put_seats(occurrence: Occurrence, capacity: int | None) -> None:
    """Give a date so many seats, and offer those that are free."""
    occurrence.capacity = capacity
    aftermath.stamp(occurrence, clock.now())
    rsvps.offer_free_seats(occurrence.organisation_id, occurrence.id)
    aftermath.touch_calendars(occurrence)


def change_place(
    organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, name: str, address: str, by: uuid.UUID | None
) -> Changed:
    """Let one date be in another place (nothing: in its meeting's own) and tell everybody affected once."""
    now = clock.now()
    closed.hold(organisation_id)
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    check_place(occurrence, name, address, now)
    before = occurrence.place_id
    place_id = places.named(organisation_id, name, address)
    usual = schedule.get_meeting(organisation_id, occurrence.meeting_id).place_id
    if (place_id or usual) == (before or usual):
        return Changed(occurrence)
    said = places.said(occurrence)
    told = put_place(occurrence, place_id, now)
    aftermath.note(
        occurrence, "occurrence.placed", by=by,
        before={"place_id": str(before) if before else None, "place": said},
        after={"place_id": str(place_id) if place_id else None, "place": places.said(occurrence)},
    )  # fmt: skip
    return Changed(occurrence, told)


def check_place(occurrence: Occurrence, name: str, address: str, now: datetime) -> None:
    """Raise if a date cannot be in a place."""
    aftermath.refuse_if_begun(occurrence, now)
    if occurrence.status == "cancelled" and not closed.by_place(occurrence):
        raise Conflict("This date was cancelled.", code="cancelled")
    if schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id).attendance == "online":
        raise Conflict("This meeting is online. It has no place.", code="online")
    if max(len(name), len(address)) > places.LONGEST:
        raise Invalid("Use at most 255 characters.", fields={"place": "Use at most 255 characters."})


def put_place(occurrence: Occurrence, place_id: uuid.UUID | None, now: datetime, *, undoes: bool = False) -> int:
    """Put a date in a place and tell everybody; when that undoes a change, only those who have heard of the change.

    In a place that is closed then it is off until that opens; out of one, it takes place.
    """
    closure = _put(occurrence, place_id)
    if occurrence.status != "cancelled":
        told = changes.put_off(occurrence, now, closure_id=closure.id) if closure else None
        return _tell_where(occurrence, now, undoes=undoes) if told is None else told
    if closure is None:
        told = changes.put_on(occurrence, now, is_placed=not undoes)
        occurrence.placed_in = None if undoes else occurrence.sequence
        return told
    occurrence.closure_id = closure.id
    aftermath.raise_sequence(occurrence, now)
    aftermath.touch_calendars(occurrence)
    return 0


def _put(occurrence: Occurrence, place_id: uuid.UUID | None) -> Closure | None:
    """Put a date in a place; give what keeps it off there, unless it took place though that was closed already."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    day = occurrence.start_local.date()
    before, occurrence.place_id = occurrence.place_id or meeting.place_id, place_id
    there, shut = place_id or meeting.place_id, closed.between(occurrence.organisation_id, day, day)
    if occurrence.status == "cancelled":
        return shut.of(meeting, day, place_id=there)
    return shut.at(there, day) if there != before else None


def _tell_where(occurrence: Occurrence, now: datetime, *, undoes: bool) -> int:
    unaware = notices.take_back(occurrence, "placed") if undoes else set()
    occurrence.hear_by = aftermath.hear_by(occurrence, occurrence.starts_at, now)
    aftermath.raise_sequence(occurrence, now)
    occurrence.placed_in = None if undoes else occurrence.sequence
    outbox.cancel(occurrence.organisation_id, about=occurrence.id, kinds=("reminder",), reason="meeting moved")
    affected = members.affected(occurrence)
    people = notices.readers(occurrence, (each for each in affected if each not in unaware))
    if undoes and not people:
        occurrence.hear_by = None
    told = notices.tell(occurrence, notices.of_placing(occurrence, people, now=now))
    aftermath.touch_calendars(occurrence, affected)
    return told


def change_note(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, note: str, by: uuid.UUID | None) -> Occurrence:
    """Say something of one date that pages and calendars show to everybody; nobody is texted."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid("Use at most 500 characters.", fields={"note": "Use at most 500 characters."})
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    aftermath.refuse_if_begun(occurrence, clock.now())
    before = occurrence.note
    if before != note:
        put_note(occurrence, note)
        aftermath.note(occurrence, "occurrence.noted", by=by, before={"note": before}, after={"note": note})
    return occurrence


def put_note(occurrence: Occurrence, note: str) -> None:
    """Give a date a note."""
    occurrence.note = note
    aftermath.stamp(occurrence, clock.now())
    aftermath.touch_calendars(occurrence)


def add_date(organisation_id: uuid.UUID, meeting_id: uuid.UUID, extra: Extra, *, by: uuid.UUID | None) -> Changed:
    """Add one date that no rule gives, and tell the members once."""
    now = clock.now()
    meeting = schedule.lock_meeting(schedule.get_meeting(organisation_id, meeting_id))
    occurrence = drafted(meeting, extra, now)
    db.session.add(occurrence)
    db.session.flush()
    people = notices.readers(occurrence, members.affected(occurrence))
    told = notices.tell(occurrence, notices.of_adding(occurrence, people, now=now))
    occurrence.hear_by = occurrence.starts_at if people else None
    aftermath.raise_sequence(occurrence, now)
    aftermath.touch_calendars(occurrence)
    aftermath.note(occurrence, "occurrence.added", by=by, before={}, after=changes.time_of(occurrence))
    return Changed(occurrence, told)


def drafted(meeting: Meeting, extra: Extra, now: datetime) -> Occurrence:
    """Write an extra date without keeping it; raise if it cannot be."""
    if meeting.kind != "programme" or meeting.ended_at is not None:
        raise Conflict("Only a meeting that your organisation runs can have one more date.", code="no_dates")
    starts_at, length = instant(extra.start, meeting.zone), timedelta(minutes=extra.minutes or meeting.minutes or 60)
    changes.check_time(starts_at, length, now)
    if len(extra.note.strip()) > LONGEST_NOTE:
        raise Invalid("Use at most 500 characters.", fields={"note": "Use at most 500 characters."})
    if schedule.has_date_at(meeting, starts_at):
        raise Conflict("This meeting has a date at that time already.", code="taken")
    return Occurrence(
        organisation_id=meeting.organisation_id, meeting_id=meeting.id, kind="programme", slot_local=None,
        start_local=extra.start, added_local=extra.start, occurs_on=extra.start.date(),
        starts_at=starts_at, ends_at=starts_at + length,
        status="scheduled", capacity=meeting.capacity, closes_minutes_before=meeting.closes_minutes_before,
        note=extra.note.strip(), sequence=0,
    )  # fmt: skip
