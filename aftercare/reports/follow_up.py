"""Who is met again in time: after discharge, after hand-over, after a first call (law: product.md section 6).

The windows follow two measures of the NCQA's HEDIS, so that a clinic finds its own words again; they are like them, and
are not those measures. FUI (Follow-Up After High-Intensity Care for Substance Use Disorder): within 7 and 30 days of
discharge, never on the day itself. IET (Initiation and Engagement of Substance Use Disorder Treatment): initiated on
the day or one of the 13 after it; engaged by two or more visits within 34 days after the initiating one.

A share counts people whose window is over. Of a window that still runs only the good news is known early, so it would
make a share too fair; those people are counted beside it, and whoever can still be reached is named.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from aftercare.reports.rates import Rate


class Standing(StrEnum):
    """Where somebody stands in a window: met in time, no more to be met in time, not known, or still to be caught."""

    REACHED = "reached"
    MISSED = "missed"
    UNKNOWN = "unknown"
    CATCHABLE = "catchable"


@dataclass(frozen=True)
class Window:
    """Days counted from a day, the first and the last included, and how many visits they ask for."""

    first: int
    last: int
    visits: int = 1

    def holds(self, when: date, since: date) -> bool:
        """Tell whether a day lies in the window that begins with another."""
        return self.first <= (when - since).days <= self.last

    def count(self, days: Iterable[date], since: date) -> int:
        """Count the days that lie in the window that begins with another."""
        return sum(self.holds(day, since) for day in days)

    def last_day(self, since: date) -> date:
        """Give the last day of the window that begins with a day."""
        return since + timedelta(days=self.last)


SEVEN_DAYS = Window(1, 7)
THIRTY_DAYS = Window(1, 30)
INITIATION = Window(0, 13)
ENGAGEMENT = Window(1, 34, visits=2)
#: From the day of the first attempt: somebody called in the morning may come the same evening.
REENGAGEMENT = Window(0, 14)


@dataclass(frozen=True)
class Followed:
    """Somebody, the day that counts (discharge, hand-over, first attempt), and what is known since, in any order.

    `attended`: visits. `contacted`: days on which the programme spoke with them. `unknown`: days they were expected
    and nobody recorded anything. Who died, or was admitted again within the window, is left out by the caller.
    """

    person: UUID
    since: date
    attended: Sequence[date] = ()
    contacted: Sequence[date] = ()
    unknown: Sequence[date] = ()


@dataclass(frozen=True)
class Measure:
    """What came of a window: the rate where it is over; where it runs, how many there are, were reached, can be caught.

    `catchable` names people, the most urgent first; it is for those who may see them, and never leaves.
    """

    rate: Rate
    running: int
    early: int
    catchable: tuple[UUID, ...]


class _Found(NamedTuple):
    due: date
    person: UUID
    standing: Standing
    is_over: bool


def followed_up(people: Iterable[Followed], window: Window, *, today: date, contact_counts: bool = False) -> Measure:
    """Measure who was met in a window: by a visit, or where `contact_counts` by any contact with the programme."""
    found = []
    for one in people:
        met = [*one.attended, *(one.contacted if contact_counts else ())]
        due = window.last_day(one.since)
        standing = _standing(window, one.since, met=met, unknown=one.unknown, today=today)
        found.append(_Found(due, one.person, standing, is_over=due < today))
    return _measure(found)


def initiated(people: Iterable[Followed], *, today: date) -> Measure:
    """Measure who first came within 14 days of the day they were handed over, that day included."""
    return followed_up(people, INITIATION, today=today)


def engaged(people: Iterable[Followed], *, today: date) -> Measure:
    """Measure who, of all handed over, first came in time and twice more within 34 days after that.

    Each counts once 47 days are over, the longest it can take: who never came would else count before who came.
    """
    found = []
    for one in people:
        due, standing = _engagement(one, today)
        latest = ENGAGEMENT.last_day(INITIATION.last_day(one.since))
        found.append(_Found(due, one.person, standing, is_over=latest < today))
    return _measure(found)


def reengaged(people: Iterable[Followed], *, today: date) -> Measure:
    """Measure who came within 14 days of the first attempt to reach them (product.md section 6)."""
    return followed_up(people, REENGAGEMENT, today=today)


def _measure(found: Sequence[_Found]) -> Measure:
    over = Counter(one.standing for one in found if one.is_over)
    running = [one for one in found if not one.is_over]
    return Measure(
        Rate(over[Standing.REACHED], over.total(), over[Standing.UNKNOWN]),
        running=len(running),
        early=sum(one.standing == Standing.REACHED for one in running),
        catchable=tuple(one.person for one in sorted(running) if one.standing == Standing.CATCHABLE),
    )


def _standing(
    window: Window, since: date, *, met: Collection[date], unknown: Collection[date], today: date
) -> Standing:
    if window.count(met, since) >= window.visits:
        return Standing.REACHED
    if today <= window.last_day(since):
        return Standing.CATCHABLE
    possible = window.count(met, since) + window.count(unknown, since)
    return Standing.UNKNOWN if possible >= window.visits else Standing.MISSED


def _engagement(one: Followed, today: date) -> tuple[date, Standing]:
    """Say by when somebody engages, and where they stand.

    What is recorded decides. Where it falls short, a visit that nobody recorded may have been the first or a further.
    """
    first = min((day for day in one.attended if INITIATION.holds(day, one.since)), default=None)
    if first is None:
        due = INITIATION.last_day(one.since)
        standing = _standing(INITIATION, one.since, met=(), unknown=(), today=today)
    else:
        due = ENGAGEMENT.last_day(first)
        standing = _standing(ENGAGEMENT, first, met=one.attended, unknown=(), today=today)
    may_have = standing == Standing.MISSED and _may_have_engaged(one, first)
    return due, Standing.UNKNOWN if may_have else standing


def _may_have_engaged(one: Followed, first: date | None) -> bool:
    possible = [*one.attended, *one.unknown]
    firsts = [day for day in possible if INITIATION.holds(day, one.since) and (first is None or day <= first)]
    return any(ENGAGEMENT.count(possible, day) >= ENGAGEMENT.visits for day in firsts)
