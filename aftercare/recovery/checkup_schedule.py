"""When check-ups are asked for after discharge or a step down, and what becomes of each (product.md section 6).

The index date is the day of discharge or of the latest step to another level of care, which lets the schedule begin
anew. The product names windows for days 7 to 365; the questionnaire of the index date itself may be answered until the
window of day 7 opens.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

ITEMS, LOW, HIGH = 10, 1, 6


class State(StrEnum):
    """Where a check-up stands: ahead; its window is open; its day has come; done, and so closed; missed."""

    AHEAD = "ahead"
    OPEN = "open"
    DUE = "due"
    CLOSED = "closed"
    MISSED = "missed"


@dataclass(frozen=True)
class Window:
    """The day of a check-up after the index date, the days on which its window opens and closes (both inside), and
    whether the ten items of BARC-10 are asked then.
    """

    day: int
    opens: int
    closes: int
    asks_items: bool = False


WINDOWS = (
    Window(0, 0, 2, asks_items=True),
    Window(7, 3, 7),
    Window(30, 23, 37),
    Window(90, 76, 104, asks_items=True),
    Window(180, 160, 200, asks_items=True),
    Window(365, 335, 395, asks_items=True),
)


@dataclass(frozen=True)
class Planned:
    """One check-up of somebody: its window in days of the calendar, where it stands, and the day it was done."""

    window: Window
    opens_on: date
    due_on: date
    closes_on: date
    state: State
    done_on: date | None


def index_of(indexes: Collection[date], *, today: date) -> date | None:
    """Give the index date that holds today: the latest that has come; None if there is none."""
    return max((index for index in indexes if index <= today), default=None)


def schedule_of(indexes: Collection[date], done: Collection[date], *, today: date) -> tuple[Planned, ...]:
    """Plan the check-ups from the index date that holds today. `done`: the days on which check-ups were finished."""
    index = index_of(indexes, today=today)
    return () if index is None else _plan(index, done, today, following=None)


def history_of(
    indexes: Collection[date], done: Collection[date], *, today: date
) -> tuple[tuple[date, tuple[Planned, ...]], ...]:
    """Tell of every index date and its check-ups, the oldest first.

    What was not over when the next began is left out: it was taken back, not missed.
    """
    begun = sorted({index for index in indexes if index <= today})
    followed = [*[(index, following) for index, following in pairwise(begun)], *[(index, None) for index in begun[-1:]]]
    return tuple((index, _plan(index, done, today, following)) for index, following in followed)


def open_now(schedule: Collection[Planned]) -> Planned | None:
    """Give the check-up that can be answered now; windows never overlap."""
    return next((each for each in schedule if each.state in (State.OPEN, State.DUE)), None)


def total(answers: Sequence[int | None]) -> int | None:
    """Add up the ten answers of BARC-10, 10 to 60; None unless all ten are given. No number of it is a pass mark."""
    given = [answer for answer in answers if answer is not None]
    if any(not LOW <= answer <= HIGH for answer in given):
        raise ValueError(f"An answer is a number from {LOW} to {HIGH}.")
    return sum(given) if len(given) == len(answers) == ITEMS else None


def _plan(index: date, done: Collection[date], today: date, following: date | None) -> tuple[Planned, ...]:
    end = following or date.max
    planned = [
        _planned(window, index, [day for day in done if day <= today and day < end], today) for window in WINDOWS
    ]
    return tuple(each for each in planned if each.done_on or each.closes_on < end)


def _planned(window: Window, index: date, done: Collection[date], today: date) -> Planned:
    opens_on, due_on, closes_on = (index + timedelta(days=day) for day in (window.opens, window.day, window.closes))
    done_on = min((day for day in done if opens_on <= day <= closes_on), default=None)
    return Planned(
        window=window,
        opens_on=opens_on,
        due_on=due_on,
        closes_on=closes_on,
        state=State.CLOSED if done_on else _state(today, opens_on, due_on, closes_on),
        done_on=done_on,
    )


def _state(today: date, opens_on: date, due_on: date, closes_on: date) -> State:
    if today < opens_on:
        return State.AHEAD
    if today > closes_on:
        return State.MISSED
    return State.DUE if today >= due_on else State.OPEN
