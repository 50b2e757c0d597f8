"""Who holds a seat, who is next, and what an answer changes (product.md section 3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from uuid import UUID

from aftercare.core.errors import Conflict

CLOSES_BEFORE_WITH_CAPACITY = timedelta(hours=2)
LATE_CANCEL_BEFORE = timedelta(hours=2)
LONGEST_OFFER = timedelta(hours=4)
SHORTEST_OFFER = timedelta(minutes=15)
LAST_OFFER_BEFORE = timedelta(minutes=30)
QUIET_HOURS_YIELD_BEFORE = timedelta(hours=12)


class Status(StrEnum):
    """The state of one person's answer for one date."""

    NONE = "none"
    MAYBE = "maybe"
    GOING = "going"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    VOID = "void"


class Event(StrEnum):
    """What can happen to an answer."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    EXPIRY = "expiry"
    MEETING_CANCELLED = "meeting_cancelled"


HOLDING = (Status.GOING, Status.OFFERED)
ACTIVE = (Status.MAYBE, Status.GOING, Status.WAITLISTED, Status.OFFERED)


@dataclass(frozen=True)
class Seat:
    """One person's answer for one date; `demoted` once an offer ran out and put them at the end of the line."""

    person_id: UUID
    status: Status = Status.NONE
    position: int | None = None
    offered_until: datetime | None = None
    demoted: bool = False


@dataclass(frozen=True)
class Outcome:
    """What an event made of a seat; a freed seat is offered on in the same transaction (`offers`)."""

    before: Seat
    seat: Seat
    confirmed: bool = False
    late_cancel: bool = False
    on_my_way: bool = False
    after_start: bool = False

    @property
    def status(self) -> Status:
        """Say the state that the answer is in now."""
        return self.seat.status

    @property
    def is_changed(self) -> bool:
        """Say whether there is anything to write."""
        return self.seat != self.before

    @property
    def frees_seat(self) -> bool:
        """Say whether a seat that was held is free now."""
        return self.before.status in HOLDING and self.status not in HOLDING


def seats_taken(seats: Sequence[Seat]) -> int:
    """Count the seats that are held: those of people going, and those on offer."""
    return sum(seat.status in HOLDING for seat in seats)


def next_in_line(seats: Sequence[Seat], capacity: int | None) -> list[Seat]:
    """List those waiting for whom a seat is free, first come first; no capacity means a seat for all."""
    waiting = sorted((seat for seat in seats if seat.status == Status.WAITLISTED), key=_place_in_line)
    return waiting if capacity is None else waiting[: max(0, capacity - seats_taken(seats))]


def end_of_line(seats: Sequence[Seat]) -> int:
    """Give the position behind everybody."""
    return max((seat.position for seat in seats if seat.position is not None), default=0) + 1


def front_of_line(seats: Sequence[Seat]) -> int:
    """Give the position before everybody waiting, for somebody whom staff raise."""
    return min((seat.position for seat in seats if seat.position is not None), default=1) - 1


def closing_time(starts_at: datetime, capacity: int | None, closes_before: timedelta | None = None) -> datetime:
    """Say until when a new yes is taken: the start, 2 h before it if seats are counted, or as the meeting says."""
    if closes_before is None:
        closes_before = timedelta() if capacity is None else CLOSES_BEFORE_WITH_CAPACITY
    return starts_at - closes_before


def may_offer(now: datetime, starts_at: datetime, *, quiet: bool) -> bool:
    """Say whether a seat may be offered: not in the last 30 min; in quiet hours only under 12 h before the start."""
    left = starts_at - now
    return left >= LAST_OFFER_BEFORE and (not quiet or left < QUIET_HOURS_YIELD_BEFORE)


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Say when an offer made now runs out: after half the time left, from 15 min to 4 h; None if it is too late."""
    left = starts_at - now
    if left < LAST_OFFER_BEFORE:
        return None
    return now + max(SHORTEST_OFFER, min(LONGEST_OFFER, left / 2))


def offers(
    seats: Sequence[Seat],
    capacity: int | None,
    *,
    now: datetime,
    starts_at: datetime,
    asleep: Collection[UUID] = (),
) -> list[Seat]:
    """Give the seats to offer now, as they become: nobody waits while a seat is free and may be offered.

    Those `asleep` have their night now. The line waits for them: nobody is passed over because of where they live.
    """
    until = offer_until(now, starts_at)
    awake = takewhile(
        lambda seat: may_offer(now, starts_at, quiet=seat.person_id in asleep), next_in_line(seats, capacity)
    )
    return [replace(seat, status=Status.OFFERED, offered_until=until) for seat in awake]


def offers_run_out(seats: Sequence[Seat], now: datetime) -> list[Seat]:
    """List the seats whose offer has run out and waits for its expiry."""
    return [seat for seat in seats if _has_run_out(seat, now)]


def come_back(before: Sequence[Seat], capacity: int | None) -> list[Seat]:
    """Give the seats of a date that takes place after all; `before`, in order of arrival, is how they were.

    Who was going has a seat again as far as there are seats. An offer was no promise yet: who had one is first in line.
    """
    going = [seat for seat in before if seat.status == Status.GOING]
    seated = going if capacity is None else going[:capacity]
    offered = [seat for seat in before if seat.status == Status.OFFERED]
    line = [*going[len(seated) :], *offered, *next_in_line(before, None)]
    waiting = [
        replace(seat, status=Status.WAITLISTED, position=number, offered_until=None)
        for number, seat in enumerate(line, 1)
    ]
    return [*seated, *waiting, *(seat for seat in before if seat.status == Status.MAYBE)]


def answer(
    seat: Seat,
    event: Event,
    *,
    seats: Sequence[Seat],
    capacity: int | None,
    now: datetime,
    starts_at: datetime,
    closes_before: timedelta | None = None,
) -> Outcome:
    """Say what an event makes of a seat among all `seats` of the date; the state table of product.md section 3."""
    line = _Line(
        others=tuple(other for other in seats if other.person_id != seat.person_id),
        capacity=capacity,
        now=now,
        starts_at=starts_at,
        closes_at=closing_time(starts_at, capacity, closes_before),
    )
    # An offer that ran out is over even if no sweep has come by: what an answer gives must not hang on the sweep.
    current = _expired(seat, line) if _has_run_out(seat, now) else seat
    return replace(_decide(current, event, line), before=seat)


@dataclass(frozen=True)
class _Line:
    others: tuple[Seat, ...]
    capacity: int | None
    now: datetime
    starts_at: datetime
    closes_at: datetime

    @property
    def has_started(self) -> bool:
        return self.now >= self.starts_at

    def has_seat_for(self, seat: Seat) -> bool:
        """Say whether a seat is free when everybody before this one has theirs."""
        waiting = replace(seat, status=Status.WAITLISTED)
        if seat.status != Status.WAITLISTED:
            waiting = replace(waiting, position=end_of_line(self.others))
        return waiting in next_in_line((*self.others, waiting), self.capacity)


def _decide(seat: Seat, event: Event, line: _Line) -> Outcome:
    if event == Event.EXPIRY:
        return Outcome(seat, seat)
    if event == Event.MEETING_CANCELLED:
        return Outcome(seat, _moved(seat, Status.VOID) if seat.status in ACTIVE else seat)
    if seat.status == Status.VOID:
        raise Conflict("This date was cancelled.", code="cancelled")
    if line.has_started:
        return _after_start(seat, event, line)
    return {Event.YES: _yes, Event.NO: _no, Event.MAYBE: _maybe}[event](seat, line)


def _yes(seat: Seat, line: _Line) -> Outcome:
    if seat.status == Status.GOING:
        return Outcome(seat, seat, confirmed=True)
    if seat.status == Status.OFFERED:
        return Outcome(seat, _moved(seat, Status.GOING))
    if seat.status != Status.WAITLISTED and line.now >= line.closes_at:
        raise Conflict("It is too late to sign up for this date.", code="closed")
    if line.has_seat_for(seat):
        return Outcome(seat, _moved(seat, Status.GOING))
    return Outcome(seat, seat if seat.status == Status.WAITLISTED else _last(seat, line))


def _no(seat: Seat, line: _Line) -> Outcome:
    if seat.status == Status.CANCELLED:
        return Outcome(seat, seat)
    if seat.status == Status.GOING:
        is_late = line.starts_at - line.now < LATE_CANCEL_BEFORE
        return Outcome(seat, _moved(seat, Status.CANCELLED), late_cancel=is_late)
    return Outcome(seat, _moved(seat, Status.DECLINED))


def _maybe(seat: Seat, line: _Line) -> Outcome:  # noqa: ARG001 (one shape for the three answers)
    # A place in the line or an offer asks for no promise, so a maybe does not lose it; a seat must be meant.
    keeps_place = seat.status in (Status.WAITLISTED, Status.OFFERED)
    return Outcome(seat, seat if keeps_place else _moved(seat, Status.MAYBE))


def _after_start(seat: Seat, event: Event, line: _Line) -> Outcome:
    """Note what is said after the start: a yes means "on my way", and no seat changes hands any more."""
    if event != Event.YES:
        return Outcome(seat, seat, after_start=True)
    if seat.status != Status.GOING and not line.has_seat_for(seat):
        raise Conflict("This date is full and has begun.", code="full")
    return Outcome(seat, seat, on_my_way=True, after_start=True)


def _expired(seat: Seat, line: _Line) -> Seat:
    if seat.demoted:
        return _moved(seat, Status.DECLINED)
    return replace(_last(seat, line), demoted=True)


def _last(seat: Seat, line: _Line) -> Seat:
    return replace(_moved(seat, Status.WAITLISTED), position=end_of_line((*line.others, seat)))


def _moved(seat: Seat, status: Status) -> Seat:
    return Seat(seat.person_id, status)


def _has_run_out(seat: Seat, now: datetime) -> bool:
    return seat.status == Status.OFFERED and seat.offered_until is not None and now >= seat.offered_until


def _place_in_line(seat: Seat) -> tuple[bool, int]:
    return seat.position is None, seat.position or 0
