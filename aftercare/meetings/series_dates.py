"""The dates to come of a series: which of them a change may touch, and how each stands under a new rule."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.meetings import closed, schedule, surviving
from aftercare.meetings.change_models import Closure
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
    slots: frozenset[datetime] = frozenset()
    shut: Sequence[Closure] = ()


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


def manner_of(meeting: Meeting, rows: Collection[Occurrence]) -> Manner:
    """Say what dates have from their meeting as it is now, its slots included where some dates are cancelled."""
    cancelled = [day_of(row) for row in rows if row.status == "cancelled"]
    days = (min(cancelled), max(cancelled)) if cancelled else None
    return Manner(
        meeting.zone,
        meeting.minutes or 60,
        meeting.capacity,
        meeting.closes_minutes_before,
        meeting.place_id,
        frozenset(schedule.planned(meeting, since=days[0], until=days[1]) if days else ()),
        closed.of_meeting(meeting, *days) if days else (),
    )


def plan(
    meeting: Meeting, dates: Dates, was: Manner, *, since: date, now: datetime
) -> tuple[list[Step], list[datetime]]:
    """Say how each date stands under the rule that a meeting has now, and which slots have no date yet."""
    matched = surviving.match([_given(row) for row in dates.free], _slots(meeting, dates, since=since, now=now))
    slots = matched.kept | matched.met
    steps = [
        Step(
            row, footing(row), _to(row, meeting, was, slots.get(row.id), is_met=row.id in matched.met, now=now),
            is_placed=is_placed(row, meeting, was.place_id),
        )
        for row in dates.free
    ]  # fmt: skip
    return steps, [slot for slot in matched.new if instant(slot, meeting.zone) > now]


def off(row: Occurrence) -> Step:
    """Say that a date no longer takes place."""
    was = footing(row)
    return Step(row, was, replace(was, status="cancelled"))


def back(
    row: Occurrence, footings: Mapping[uuid.UUID, Footing], meeting: Meeting, place_id: uuid.UUID | None
) -> Step:  # fmt: skip
    """Say that a date stands again as it did, before it was in a place, or, if it did not exist, that it is off."""
    if row.id not in footings:
        return off(row)
    return Step(row, footing(row), footings[row.id], is_placed=is_placed(row, meeting, place_id))


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
        return replace(stood, meeting_id=meeting.id, status="cancelled")
    status = (
        "cancelled" if _is_off_by_hand(row, was) else "moved" if slot is not None and start != slot else "scheduled"
    )
    return Footing(
        meeting.id, slot, start, starts_at, starts_at + length, status,
        meeting.capacity if row.capacity == was.capacity else row.capacity,
        meeting.closes_minutes_before if row.closes_minutes_before == was.closes else row.closes_minutes_before,
    )  # fmt: skip


def _is_off_by_hand(row: Occurrence, was: Manner) -> bool:
    """Tell whether a date was cancelled or is closed by somebody, not by a rule that no longer had it."""
    return row.status == "cancelled" and (
        row.slot_local is None
        or row.closure_id is not None
        or row.slot_local in was.slots
        or closed.on_day(was.shut, row.slot_local.date()) is not None
    )
