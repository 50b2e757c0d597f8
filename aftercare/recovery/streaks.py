"""How regularly somebody comes, without ever counting against them: facts in, streak out (product.md section 5)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

DAYS = 7
WINDOW = 5
FIRST_GOAL = 1
MOST_EXCUSED = 2
EXCUSED_OVER_WEEKS = 4
PENDING_DAYS = 14


class Status(StrEnum):
    """What became of a week."""

    MET = "met"
    OPEN = "open"
    NEUTRAL = "neutral"
    PENDING = "pending"
    MISSED = "missed"


COUNTED = (Status.MET, Status.MISSED)


@dataclass(frozen=True)
class Pause:
    """Days that ask nothing, the first and the last included; without a last day it still runs."""

    first_day: date
    last_day: date | None = None

    def covers(self, day: date) -> bool:
        """Say whether a day is one that asks nothing."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class Facts:
    """All that a streak depends on, in any order; one date for each occurrence.

    `credited`: attended or late. `host_cancelled`: expected at, and cancelled by the host. `unknown`: nobody knows yet.
    `goals`: the day a goal was chosen and the meetings a week. `week_start` counts from Monday = 0; `today` is the
    patient's.
    """

    today: date
    enrolled_on: date
    credited: Collection[date] = ()
    host_cancelled: Collection[date] = ()
    excused: Collection[date] = ()
    unknown: Collection[date] = ()
    goals: Collection[tuple[date, int]] = ()
    pauses: Collection[Pause] = ()
    week_start: int = 0


@dataclass(frozen=True)
class Week:
    """One week: how many meetings were credited, how many it asked for in the end, and what became of it."""

    start: date
    done: int
    goal: int
    status: Status


@dataclass(frozen=True)
class Streak:
    """What a patient is shown, in this order: meetings in all, weeks on goal, this week, weeks in a row."""

    total: int
    weeks_on_goal: int
    this_week_done: int
    this_week_goal: int
    current: int
    best: int
    weeks: tuple[Week, ...]


def streak_of(facts: Facts) -> Streak:
    """Count the weekly goal streak of one patient (product.md section 5)."""
    weeks = tuple(_weeks(facts))
    current, best = current_and_best(week.status for week in weeks)
    return Streak(
        total=len(facts.credited),
        weeks_on_goal=sum(week.status == Status.MET for week in weeks),
        this_week_done=weeks[-1].done,
        this_week_goal=weeks[-1].goal,
        current=current,
        best=best,
        weeks=weeks,
    )


def current_and_best(statuses: Iterable[Status]) -> tuple[int, int]:
    """Give the streak that reaches the latest counted week, and the longest ever; both count the weeks MET.

    A streak is a stretch of MET and MISSED weeks in which any 5 in a row hold at most 1 MISSED: the next MISSED but one
    stands at least 5 further. So the longest stretch up to a week begins after the last MISSED that had another MISSED
    too close behind it.
    """
    current = best = since_missed = 0
    last_missed: int | None = None
    for place, status in enumerate(status for status in statuses if status in COUNTED):
        if status == Status.MET:
            current, since_missed = current + 1, since_missed + 1
        else:
            if last_missed is not None and place - last_missed < WINDOW:
                current = since_missed
            last_missed, since_missed = place, 0
        best = max(best, current)
    return current, best


def is_paused(day: date, pauses: Iterable[Pause]) -> bool:
    """Say whether a day asks nothing of somebody."""
    return any(pause.covers(day) for pause in pauses)


def week_of(day: date, week_start: int) -> date:
    """Give the first day of the week that a day belongs to."""
    return day - timedelta(days=(day.weekday() - week_start) % DAYS)


def _weeks(facts: Facts) -> Iterator[Week]:
    def by_week(days: Iterable[date]) -> Counter[date]:
        return Counter(week_of(day, facts.week_start) for day in days)

    starts = _starts(facts)
    done, unknown, cancelled = by_week(facts.credited), by_week(facts.unknown), by_week(facts.host_cancelled)
    excused = _relieving(by_week(facts.excused), starts)
    paused = by_week(_paused_days(facts.pauses, starts[0], starts[-1] + timedelta(days=DAYS - 1)))
    goals = _goals(facts, starts)
    for start in starts:
        asked = ceil(goals[start] * (DAYS - paused[start]) / DAYS)
        goal = max(0, asked - cancelled[start] - excused[start])
        yield Week(start, done[start], goal, _status(start, done[start], goal, unknown[start], facts))


def _starts(facts: Facts) -> list[date]:
    last = week_of(facts.today, facts.week_start)
    first = min(week_of(facts.enrolled_on, facts.week_start), last)
    return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, DAYS)]


def _status(start: date, done: int, goal: int, unknown: int, facts: Facts) -> Status:
    last_day = start + timedelta(days=DAYS - 1)
    if done >= max(1, goal):
        return Status.MET
    if facts.today <= last_day:
        return Status.OPEN
    if goal == 0 or facts.enrolled_on > start:
        return Status.NEUTRAL
    if done + unknown >= goal:
        # Paperwork that is never done must not break a streak.
        return Status.PENDING if facts.today <= last_day + timedelta(days=PENDING_DAYS) else Status.NEUTRAL
    return Status.MISSED


def _goals(facts: Facts, starts: list[date]) -> dict[date, int]:
    """Say the goal of each week: the one of the first day holds at once; then a rise waits for the next week."""
    standing = FIRST_GOAL
    chosen: dict[date, list[int]] = {}
    # Of two goals chosen on one day the lower one is taken for the later, so that no order matters.
    for day, goal in sorted(facts.goals, key=lambda choice: (choice[0], -choice[1])):
        if day <= facts.enrolled_on:
            standing = goal
        else:
            chosen.setdefault(week_of(day, facts.week_start), []).append(goal)
    goals = {}
    for start in starts:
        choices = chosen.get(start, [])
        goals[start] = min([standing, *choices])
        standing = choices[-1] if choices else standing
    return goals


def _relieving(excused: Counter[date], starts: list[date]) -> Counter[date]:
    """Say how many excused meetings relieve each week: at most 2 in any 4 weeks, the earlier first."""
    counted: Counter[date] = Counter()
    for start in starts:
        spent = sum(counted[start - timedelta(weeks=back)] for back in range(1, EXCUSED_OVER_WEEKS))
        counted[start] = min(excused[start], MOST_EXCUSED - spent)
    return counted


def _paused_days(pauses: Collection[Pause], first: date, last: date) -> set[date]:
    days: set[date] = set()
    for pause in pauses:
        begin, end = max(first, pause.first_day), min(last, pause.last_day or last)
        days.update(begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return days
