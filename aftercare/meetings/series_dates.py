"""The dates to come of a series: which of them a change may touch, and how each stands under a new rule."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.meetings import closed, schedule, surviving
from aftercare.meetings.closed import Closed
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.recurrence import instant
from aftercare.meetings.settling import Footing, Step, footing

#: From half an hour before a date its doors are open, and people may have checked in (product.md 4).
DOORS_OPEN = timedelta(minutes=30)


@dataclass(frozen=True)
class Dates:
    """The dates of a meeting from a day on: those that may change, and the days of those that may not."""

    free: Sequence[Occurrence]
    taken: frozenset[date]


@dataclass(frozen=True)
class Manner:
    """What dates copied from their meeting: a date that differs from it was changed by hand, and keeps what it has."""

    zone: str
    minutes: int
    capacity: int | None
    closes: int | None
    place_id: uuid.UUID | None
    attendance: str


def lock(meeting: Meeting, *, since: date | None, now: datetime) -> Dates:
    """Lock the dates to come of a meeting from a day on, in the order of their ids: no two wait in a circle."""
    rows = _locked(meeting, now)
    chosen = [row for row in rows if since is None or day_of(row) >= since]
    free = [row for row in chosen if is_free(row, now)]
    taken = frozenset(row.slot_local.date() for row in chosen if row.slot_local and not is_free(row, now))
    return Dates(sorted(free, key=lambda row: (row.starts_at, row.id)), taken)


def day_of(row: Occurrence) -> date:
    """Give the day that the rule gave a date; of an extra one, its own."""
    return (row.slot_local or row.start_local).date()


def is_free(row: Occurrence, now: datetime) -> bool:
    """Tell whether a date may be changed with its series: nobody can have checked in yet."""
    return row.starts_at > now + DOORS_OPEN and row.status != "held" and row.roll == "open"


def manner_of(meeting: Meeting) -> Manner:
    """Say what dates have from their meeting as it is now."""
    return Manner(
        meeting.zone,
        meeting.minutes or 60,
        meeting.capacity,
        meeting.closes_minutes_before,
        meeting.place_id,
        meeting.attendance,
    )


def plan(
    meeting: Meeting, dates: Dates, was: Manner, *, since: date, now: datetime
) -> tuple[list[Step], list[datetime]]:
    """Say how each date stands under the rule that a meeting has now, and which slots have no date yet."""
    matched = surviving.match([_given(row) for row in dates.free], _slots(meeting, dates, since=since, now=now))
    slots, steps, shut = matched.kept | matched.met, [], shut_around(meeting, dates.free)
    for row in dates.free:
        to = _to(row, meeting, was, slots.get(row.id), is_met=row.id in matched.met, now=now)
        to = _examined(row, to, meeting, was, shut)
        steps.append(Step(row, footing(row), to, is_placed=is_placed(row, meeting, was.place_id)))
    return steps, [slot for slot in matched.new if instant(slot, meeting.zone) > now]


def shut_around(meeting: Meeting, rows: Collection[Occurrence]) -> Closed:
    """Give what is closed on any of the days of some dates, wherever they are put in between."""
    days = [day for row in rows for day in (day_of(row), row.start_local.date())]
    return closed.between(meeting.organisation_id, min(days), max(days)) if days else closed.NOTHING


def off(row: Occurrence) -> Step:
    """Say that a date is no more: what no rule has is not closed, and opens with nothing."""
    was = footing(row)
    return Step(row, was, replace(was, status="cancelled", closure_id=None))


def is_placed(row: Occurrence, meeting: Meeting, before: uuid.UUID | None) -> bool:
    """Tell whether a date goes with its meeting from one place to another, both of them known."""
    is_there = row.place_id is None and meeting.attendance != "online"
    return is_there and before is not None and meeting.place_id not in {None, before}


def made(meeting: Meeting, slots: Collection[datetime]) -> list[uuid.UUID]:
    """Give the ids of the dates that were written out for some slots."""
    wanted = select(Occurrence.id).where(
        Occurrence.organisation_id == meeting.organisation_id,
        Occurrence.meeting_id == meeting.id,
        Occurrence.slot_local.in_(slots),
    )
    return list(db.session.scalars(wanted.order_by(Occurrence.id))) if slots else []


def _locked(meeting: Meeting, now: datetime) -> Sequence[Occurrence]:
    today = datetime.combine(clock.today(meeting.zone), datetime.min.time())
    wanted = (
        select(Occurrence)
        .where(
            Occurrence.organisation_id == meeting.organisation_id,
            Occurrence.meeting_id == meeting.id,
            or_(Occurrence.starts_at > now, and_(Occurrence.slot_local >= today, Occurrence.starts_at <= now)),
        )
        .order_by(Occurrence.id)
        .with_for_update()
    )
    return db.session.scalars(wanted, execution_options={"populate_existing": True}).all()


def _slots(meeting: Meeting, dates: Dates, *, since: date, now: datetime) -> list[datetime]:
    """Give the slots of the new rule from a day to the horizon, but for days on which it has taken place."""
    days = [day_of(row) for row in dates.free]
    first, last = min([since, *days]), max([schedule.horizon(meeting.zone), *days])
    wanted = schedule.planned(meeting, since=first, until=max(last, meeting.horizon_until or last))
    known = set(days)
    return [
        slot
        for slot in wanted
        if slot.date() not in dates.taken and (slot.date() in known or instant(slot, meeting.zone) > now)
    ]


def _given(row: Occurrence) -> surviving.Given:
    return surviving.Given(row.id, row.slot_local, row.start_local, is_cancelled=row.status == "cancelled")


def _to(
    row: Occurrence, meeting: Meeting, was: Manner, slot: datetime | None, *, is_met: bool, now: datetime
) -> Footing:
    """Say how a date stands: what was changed by hand stays, unless its day is gone or its new time is over."""
    stood = footing(row)
    is_gone = slot is None and row.slot_local is not None
    is_moved = row.slot_local is None or (row.start_local != row.slot_local and not is_met)
    start = row.start_local if is_moved or slot is None else slot
    own_length = row.ends_at - row.starts_at
    length = own_length if own_length != timedelta(minutes=was.minutes) else timedelta(minutes=meeting.minutes or 60)
    starts_at = instant(start, meeting.zone)
    if is_gone or starts_at <= now:
        return replace(stood, meeting_id=meeting.id, status="cancelled", closure_id=None)
    return Footing(
        meeting.id, slot, start, starts_at, starts_at + length, standing(row, slot, start),
        meeting.capacity if row.capacity == was.capacity else row.capacity,
        meeting.closes_minutes_before if row.closes_minutes_before == was.closes else row.closes_minutes_before,
        stood.closure_id if stood.is_on else None,
    )  # fmt: skip


def standing(row: Occurrence, slot: datetime | None, start: datetime) -> str:
    """Say how a date stands that its rule has, if nothing is closed: what somebody cancelled stays off."""
    if row.is_called_off:
        return "cancelled"
    return "moved" if start != (slot or row.added_local or start) else "scheduled"


def _examined(row: Occurrence, to: Footing, meeting: Meeting, was: Manner, shut: Closed) -> Footing:
    """Let a date be off if it is closed where it is now; not if it took place though it was closed there already."""
    if not to.is_on:
        return to
    day, site = to.start.date(), closed.site(meeting.attendance, row.place_id or meeting.place_id)
    if row.status == "cancelled":
        closure = shut.still(row.closure_id, meeting, day, place_id=row.place_id)
    else:
        is_there = site == closed.site(was.attendance, row.place_id or was.place_id)
        closure = None if is_there else shut.at(site, day)
    return replace(to, status="cancelled", closure_id=closure.id) if closure else to
