"""Days in a row, for who wants them, with up to 3 days of rest in any 7 (product.md section 5).

A daily streak is a stretch of days of which any 7 in a row hold no more days without a meeting than the rest days that
its person chose. Its length is the days with a meeting. Days of a pause are neither; today counts once there is a
meeting in it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from aftercare.recovery.streaks import DAYS, Pause, is_paused

MOST_REST_DAYS = 3


@dataclass(frozen=True)
class DailyFacts:
    """All that a daily streak depends on, in any order: the days with a meeting, and the rest days in any 7."""

    today: date
    attended: Collection[date] = ()
    rest_days: int = 0
    pauses: Collection[Pause] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.rest_days <= MOST_REST_DAYS:
            raise ValueError(f"{self.rest_days} rest days in any 7: 0 to {MOST_REST_DAYS} can be chosen.")


@dataclass(frozen=True)
class DailyStreak:
    """Days with a meeting: in the streak that reaches the last day, and in the longest ever. None where there is none:
    a zero cannot be shown.
    """

    current: int | None
    best: int | None


def daily_streak_of(facts: DailyFacts) -> DailyStreak:
    """Count the daily streak of somebody who chose to see it."""
    attended = {day for day in facts.attended if day <= facts.today}
    if not attended:
        return DailyStreak(None, None)
    current, best = _current_and_best(_days(facts, attended), facts.rest_days)
    return DailyStreak(current or None, best or None)


def _days(facts: DailyFacts, attended: Collection[date]) -> list[bool | None]:
    """Tell of each day since the first meeting whether there was one; None where nothing was asked."""
    first, last = min(attended), facts.today
    if last not in attended:
        last -= timedelta(days=1)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [True if day in attended else None if is_paused(day, facts.pauses) else False for day in days]


def _current_and_best(days: list[bool | None], rest_days: int) -> tuple[int, int]:
    """Count the stretch that reaches the last day, and the longest: each begins after a day that was one rest too many.

    That is the day without a meeting which has `rest_days` more behind it within 7 days.
    """
    begins = best = 0
    without: list[int] = []
    counts = [0]
    for place, was_there in enumerate(days):
        counts.append(counts[-1] + (was_there is True))
        if was_there is False:
            without.append(place)
            if len(without) > rest_days and place - without[-1 - rest_days] < DAYS:
                begins = without[-1 - rest_days] + 1
        best = max(best, counts[-1] - counts[begins])
    return counts[-1] - counts[begins], best
