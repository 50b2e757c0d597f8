"""Cancel, reinstate or move one date: one transaction puts seats, texts, calendars right (product.md 2).

Each verb notes itself in the history. What stands below them with `put_` changes the date alone: to undo is to do that.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import aftermath, members, notices, rsvps, schedule, still_off, waitlist
from aftercare.meetings.models import Occurrence
from aftercare.meetings.publishing import LONGEST
from aftercare.meetings.recurrence import instant
from aftercare.messaging import outbox


@dataclass(frozen=True)
class Changed:
    """One date as it is now, and how many people are told of it."""

    occurrence: Occurrence
    told: int = 0


def cancel_occurrence(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, by: uuid.UUID | None) -> Changed:
    """Cancel one date: its answers are void, everybody affected is told once, and asked about the next date."""
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    if occurrence.status == "cancelled":
        return Changed(occurrence)
    aftermath.refuse_if_begun(occurrence, now)
    before = {"status": occurrence.status}
    told = put_off(occurrence, now)
    aftermath.note(occurrence, "occurrence.cancelled", by=by, before=before, after={"status": "cancelled"})
    return Changed(occurrence, told)


def reinstate_occurrence(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, by: uuid.UUID | None) -> Changed:
    """Let a cancelled date take place after all: its answers come back as far as there are seats, and who heard that
    it was off is told once.
    """
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    if occurrence.status != "cancelled":
        return Changed(occurrence)
    aftermath.refuse_if_begun(occurrence, now)
    closure_id = str(occurrence.closure_id) if occurrence.closure_id else None
    before = {"status": "cancelled", "closure_id": closure_id, "called_off": occurrence.is_called_off}
    told = put_on(occurrence, now)
    aftermath.note(occurrence, "occurrence.reinstated", by=by, before=before, after={"status": occurrence.status})
    return Changed(occurrence, told)


def move_occurrence(
    organisation_id: uuid.UUID,
    occurrence_id: uuid.UUID,
    *,
    to: datetime,
    minutes: int | None = None,
    by: uuid.UUID | None,
) -> Changed:
    """Move one date to another wall time of its meeting's zone; it stays the same date, and answers are asked anew."""
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    starts_at, length = checked_move(occurrence, to, minutes, now)
    if (starts_at, length) == (occurrence.starts_at, occurrence.ends_at - occurrence.starts_at):
        return Changed(occurrence)
    before = time_of(occurrence)
    told = put_at(occurrence, to, starts_at, length, now=now)
    aftermath.note(occurrence, "occurrence.moved", by=by, before=before, after=time_of(occurrence))
    return Changed(occurrence, told)


def checked_move(
    occurrence: Occurrence, to: datetime, minutes: int | None, now: datetime
) -> tuple[datetime, timedelta]:
    """Give the moment and the length that a move comes to; raise if it cannot be."""
    aftermath.refuse_if_begun(occurrence, now)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled. It cannot be moved.", code="cancelled")
    length = timedelta(minutes=minutes) if minutes else occurrence.ends_at - occurrence.starts_at
    starts_at = instant(to, schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id).zone)
    if (starts_at, length) != (occurrence.starts_at, occurrence.ends_at - occurrence.starts_at):
        check_time(starts_at, length, now)
    return starts_at, length


def check_time(starts_at: datetime, length: timedelta, now: datetime) -> None:
    """Raise Invalid for a time that is over, or a length that no date has."""
    if starts_at <= now:
        raise Invalid("Choose a time that is still to come.", fields={"start": "Choose a time that is still to come."})
    if not timedelta(minutes=1) <= length <= timedelta(minutes=LONGEST):
        raise Invalid("Enter a length between 1 minute and 24 hours.", fields={"minutes": "Enter 1 to 1440 minutes."})


def time_of(occurrence: Occurrence) -> dict[str, object]:
    """Say when a date is, as the history keeps it."""
    minutes = int((occurrence.ends_at - occurrence.starts_at).total_seconds() // 60)
    return {"start_local": occurrence.start_local.isoformat(), "minutes": minutes, "status": occurrence.status}


def put_off(occurrence: Occurrence, now: datetime, *, of: str = "restored", closure_id: uuid.UUID | None = None) -> int:
    """Make a date cancelled, and tell whoever does not believe that anyway: who was to hear the news `of` it, and has
    not; say how many people are told. With a closure it is off as long as that stands, else until somebody says so.
    """
    knows = notices.take_back(occurrence, of) if closure_id is None else set()
    affected = members.affected(occurrence)
    make_cancelled(occurrence, now, closure_id=closure_id)
    notices.say_again(occurrence, now=now)
    people = notices.readers(occurrence, (each for each in affected if each not in knows))
    told = notices.tell(occurrence, notices.of_cancelling(occurrence, people, now=now))
    aftermath.touch_calendars(occurrence, affected)
    return told


def make_cancelled(occurrence: Occurrence, now: datetime, *, closure_id: uuid.UUID | None = None) -> None:
    """Make a date cancelled and its answers void, and take back what texts ask about it; nobody is told yet."""
    rsvps.void_all(occurrence, now)
    occurrence.hear_by = aftermath.hear_by(occurrence, occurrence.starts_at, now)
    occurrence.status, occurrence.closure_id, occurrence.is_called_off = "cancelled", closure_id, closure_id is None
    aftermath.raise_sequence(occurrence, now)
    outbox.cancel(
        occurrence.organisation_id, about=occurrence.id, kinds=notices.ABOUT_THE_DATE, reason="meeting cancelled"
    )


def put_on(occurrence: Occurrence, now: datetime, *, is_placed: bool = False) -> int:
    """Let a cancelled date take place, and tell who has heard that it is off (if it is in another place now, everybody,
    of that); say how many people are told.
    """
    unaware, closure_id = notices.take_back(occurrence, "cancelled"), occurrence.closure_id
    make_open(occurrence, now)
    knows = set() if is_placed else unaware
    people = notices.readers(occurrence, (each for each in members.affected(occurrence) if each not in knows))
    write = notices.of_placing if is_placed else notices.of_restoring
    others = still_off.news(still_off.closed_with(occurrence, closure_id, now), unaware, now)
    told = notices.tell(occurrence, [*write(occurrence, people, now=now), *others])
    occurrence.hear_by = occurrence.starts_at if people else None
    rsvps.ask_anew(occurrence, {person.id for person in people})
    notices.say_again_what_follows(occurrence, now=now)
    aftermath.touch_calendars(occurrence)
    return told


def make_open(occurrence: Occurrence, now: datetime) -> None:
    """Let a cancelled date take place with the answers it had; nobody is told yet, but for those offered a seat."""
    occurrence.status, occurrence.closure_id = schedule.status_of(occurrence), None
    occurrence.is_called_off = False
    aftermath.raise_sequence(occurrence, now)
    rsvps.come_back(occurrence, now)


def put_at(
    occurrence: Occurrence, to: datetime, starts_at: datetime, length: timedelta, *, now: datetime, undoes: bool = False
) -> int:
    """Put a date at another time and tell everybody; when that undoes a move, only those who have heard of the move."""
    before = occurrence.starts_at
    unaware = notices.take_back(occurrence, "moved") if undoes else set()
    occurrence.hear_by = aftermath.hear_by(occurrence, min(before, starts_at), now)
    occurrence.start_local, occurrence.starts_at, occurrence.ends_at = to, starts_at, starts_at + length
    occurrence.status = schedule.status_of(occurrence)
    aftermath.raise_sequence(occurrence, now)
    outbox.cancel(occurrence.organisation_id, about=occurrence.id, kinds=notices.ABOUT_THE_DATE, reason="meeting moved")
    notices.say_again(occurrence, now=now)
    affected = members.affected(occurrence)
    people = notices.readers(occurrence, (each for each in affected if each not in unaware))
    if undoes and not people:
        occurrence.hear_by = None
    ask_anew(occurrence, now)
    told = notices.tell(occurrence, notices.of_moving(occurrence, people, before=before, starts_at=starts_at, now=now))
    aftermath.touch_calendars(occurrence, affected)
    return told


def ask_anew(occurrence: Occurrence, now: datetime) -> None:
    """Keep every answer, but unconfirmed: the new time has to be answered. No offer outlives an earlier start."""
    until = waitlist.offer_until(now, occurrence.starts_at) or occurrence.starts_at
    for row in rsvps.active_answers(occurrence):
        row.confirmed_at = row.confirmed_via = row.answered_at = None
        if row.offered_until is not None:
            row.offered_until = min(row.offered_until, until)
    db.session.flush()
