"""Weeks in a row with one group (product.md section 5).

These are the weeks, up to the latest that is over and this one once you came, in which you came to one of the dates
that the group held; a week counts against them only if the group held dates in it and you are known to have missed
each, one such week in any five is forgiven as in the weekly streak, and every other week is passed over.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from aftercare.attendance.standing import CREDITED, Standing
from aftercare.recovery.streaks import DAYS, Pause, Status, current_and_best, is_paused, week_of


@dataclass(frozen=True)
class GroupDate:
    """What one date of the group was to somebody. A date that was cancelled was not held."""

    day: date
    standing: Standing
    is_cancelled: bool = False


@dataclass(frozen=True)
class GroupStreak:
    """Weeks in which somebody came to the group: in a row, and in the longest row ever. None where there is none: a
    zero cannot be shown.
    """

    current: int | None
    best: int | None


def group_streak_of(
    dates: Collection[GroupDate], *, today: date, pauses: Collection[Pause] = (), week_start: int = 0
) -> GroupStreak:
    """Count somebody's weeks in a row with one group, from its dates in any order."""
    asking = [each for each in dates if _asks(each, today, pauses)]
    current, best = current_and_best(_weeks(asking, today, week_start))
    return GroupStreak(current or None, best or None)


def _asks(each: GroupDate, today: date, pauses: Collection[Pause]) -> bool:
    """Leave out what was not held, what is to come, and what could be missed in a pause."""
    if each.is_cancelled or each.day > today:
        return False
    return each.standing in CREDITED or not is_paused(each.day, pauses)


def _weeks(dates: Iterable[GroupDate], today: date, week_start: int) -> Iterator[Status]:
    by_week: dict[date, set[Standing]] = defaultdict(set)
    for each in dates:
        by_week[week_of(each.day, week_start)].add(each.standing)
    return (_status(start, by_week[start], today) for start in sorted(by_week))


def _status(start: date, standings: Collection[Standing], today: date) -> Status:
    if any(standing in CREDITED for standing in standings):
        return Status.MET
    if today < start + timedelta(days=DAYS):
        return Status.OPEN
    return Status.MISSED if set(standings) == {Standing.NO_SHOW} else Status.NEUTRAL
