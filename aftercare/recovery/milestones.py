"""Which numbers are worth a word: meetings, and weeks on goal (product.md section 5). Never taken back once reached."""

from collections.abc import Iterator
from itertools import count, takewhile
from typing import Literal

Kind = Literal["meetings", "weeks"]

FIRST: dict[Kind, tuple[int, ...]] = {"meetings": (1, 5, 10, 25, 50, 90, 100), "weeks": (4, 12, 26, 52)}
THEN_EVERY: dict[Kind, int] = {"meetings": 100, "weeks": 52}


def reached(total_meetings: int, weeks_on_goal: int) -> list[tuple[Kind, int]]:
    """List every milestone that these totals have reached, meetings first, each in rising order."""
    meetings = takewhile(lambda number: number <= total_meetings, _numbers("meetings"))
    weeks = takewhile(lambda number: number <= weeks_on_goal, _numbers("weeks"))
    return [("meetings", number) for number in meetings] + [("weeks", number) for number in weeks]


def next_milestone(kind: Kind, so_far: int) -> int:
    """Give the next number that is worth a word."""
    return next(number for number in _numbers(kind) if number > so_far)


def _numbers(kind: Kind) -> Iterator[int]:
    yield from FIRST[kind]
    yield from count(FIRST[kind][-1] + THEN_EVERY[kind], THEN_EVERY[kind])
