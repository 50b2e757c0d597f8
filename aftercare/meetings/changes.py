"""Cancel or move one date, or change its seats: one transaction puts seats, texts, calendars right (product.md 2)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import members, notices, rsvps, schedule, waitlist
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import LONGEST
from aftercare.meetings.recurrence import instant
from aftercare.messaging import outbox
from aftercare.people import accounts, organisations


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
    refuse_if_begun(occurrence, now)
    affected = members.affected(occurrence)
    rsvps.void_all(occurrence, now)
    occurrence.status, occurrence.hear_by = "cancelled", hear_by(occurrence, occurrence.starts_at, now)
    _mark_changed(occurrence, now)
    outbox.cancel(organisation_id, about=occurrence_id, kinds=notices.ABOUT_THE_DATE, reason="meeting cancelled")
    notices.say_again(occurrence, now=now)
    told = notices.tell(occurrence, notices.of_cancelling(occurrence, notices.readers(occurrence, affected), now=now))
    _note_change(occurrence, "occurrence.cancelled", affected, by)
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
    before = occurrence.starts_at
    if (starts_at, length) == (before, occurrence.ends_at - before):
        return Changed(occurrence)
    occurrence.hear_by = hear_by(occurrence, min(before, starts_at), now)
    occurrence.start_local, occurrence.starts_at, occurrence.ends_at = to, starts_at, starts_at + length
    occurrence.status = "moved" if to != occurrence.slot_local else "scheduled"
    _mark_changed(occurrence, now)
    outbox.cancel(organisation_id, about=occurrence_id, kinds=notices.ABOUT_THE_DATE, reason="meeting moved")
    notices.say_again(occurrence, now=now)
    ask_anew(occurrence, now)
    affected = members.affected(occurrence)
    people = notices.readers(occurrence, affected)
    told = notices.tell(occurrence, notices.of_moving(occurrence, people, before=before, starts_at=starts_at, now=now))
    _note_change(occurrence, "occurrence.moved", affected, by)
    return Changed(occurrence, told)


def change_capacity(
    organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, capacity: int | None, by: uuid.UUID | None
) -> Occurrence:
    """Change the seats of one date: more seats are offered to whoever waits, fewer throw nobody out."""
    if capacity is not None and capacity < 1:
        raise Invalid("Give at least one seat.", fields={"capacity": "Give at least one seat."})
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    refuse_if_begun(occurrence, clock.now())
    occurrence.capacity = capacity
    _mark_changed(occurrence, clock.now())
    db.session.flush()
    rsvps.offer_free_seats(organisation_id, occurrence_id)
    _note_change(occurrence, "occurrence.capacity", [], by)
    return occurrence


def checked_move(
    occurrence: Occurrence, to: datetime, minutes: int | None, now: datetime
) -> tuple[datetime, timedelta]:
    """Give the moment and the length that a move comes to; raise if it cannot be."""
    refuse_if_begun(occurrence, now)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled. It cannot be moved.", code="cancelled")
    length = timedelta(minutes=minutes) if minutes else occurrence.ends_at - occurrence.starts_at
    starts_at = instant(to, schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id).zone)
    if (starts_at, length) != (occurrence.starts_at, occurrence.ends_at - occurrence.starts_at):
        _check_move(starts_at, length, now)
    return starts_at, length


def refuse_if_begun(occurrence: Occurrence, now: datetime) -> None:
    """Raise Conflict if a date has begun."""
    if occurrence.starts_at <= now:
        raise Conflict("This date has begun. What has begun cannot be changed.", code="begun")


def _check_move(starts_at: datetime, length: timedelta, now: datetime) -> None:
    if starts_at <= now:
        raise Invalid("Choose a time that is still to come.", fields={"start": "Choose a time that is still to come."})
    if not timedelta(minutes=1) <= length <= timedelta(minutes=LONGEST):
        raise Invalid("Enter a length between 1 minute and 24 hours.", fields={"minutes": "Enter 1 to 1440 minutes."})


def ask_anew(occurrence: Occurrence, now: datetime) -> None:
    """Keep every answer, but unconfirmed: the new time has to be answered. No offer outlives an earlier start."""
    until = waitlist.offer_until(now, occurrence.starts_at) or occurrence.starts_at
    for row in rsvps.active_answers(occurrence):
        row.confirmed_at = row.confirmed_via = row.answered_at = None
        if row.offered_until is not None:
            row.offered_until = min(row.offered_until, until)
    db.session.flush()


def hear_by(occurrence: Occurrence, moment: datetime, now: datetime) -> datetime:
    """Say when a change must have been heard: at the earliest start that anybody may still believe in."""
    earlier = occurrence.hear_by
    return min(moment, earlier) if earlier is not None and earlier > now else moment


def _mark_changed(occurrence: Occurrence, now: datetime) -> None:
    """Calendar apps ignore a change that does not raise SEQUENCE."""
    occurrence.sequence += 1
    occurrence.updated_at = now
    raised = update(Meeting).where(
        Meeting.organisation_id == occurrence.organisation_id, Meeting.id == occurrence.meeting_id
    )
    db.session.execute(raised.values(sequence=Meeting.sequence + 1, updated_at=now))
    db.session.flush()


def _note_change(occurrence: Occurrence, act: str, affected: Iterable[uuid.UUID], by: uuid.UUID | None) -> None:
    accounts.touch_calendars(occurrence.organisation_id, [*affected, *members.concerned(occurrence)])
    organisations.touch_public_calendar(occurrence.organisation_id)
    trail.record(
        act, organisation_id=occurrence.organisation_id, about="occurrence", about_id=occurrence.id, actor_id=by
    )
