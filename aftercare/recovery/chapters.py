"""Chapters of somebody's own recovery, each from a day that they named, and the marks in it (product.md section 5).

Only they name such a day; nothing is inferred. A new day begins a new chapter and erases nothing: the chapters before
keep every mark that was reached by the day on which the new one was named.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, takewhile

from dateutil.relativedelta import relativedelta


class Unit(StrEnum):
    """What a mark is counted in."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Mark:
    """A time that is worth a word: 24 hours, 30 days, 6 months, 1 year."""

    number: int
    unit: Unit


FIRST = (
    Mark(24, Unit.HOURS),
    Mark(30, Unit.DAYS),
    Mark(60, Unit.DAYS),
    Mark(90, Unit.DAYS),
    Mark(6, Unit.MONTHS),
    Mark(9, Unit.MONTHS),
    Mark(1, Unit.YEARS),
    Mark(18, Unit.MONTHS),
)
#: After these comes every year from this one on.
THEN_YEARS_FROM = 2


@dataclass(frozen=True)
class Start:
    """The first day of a chapter, and the day on which its person named it."""

    began_on: date
    named_on: date


@dataclass(frozen=True)
class Chapter:
    """One chapter up to today: its days (None before the first is over: a zero cannot be shown), the marks reached with
    their days, and in the last chapter the next mark. `ended_on` is the day on which the next chapter began.
    """

    began_on: date
    ended_on: date | None
    days: int | None
    reached: tuple[tuple[Mark, date], ...]
    following: tuple[Mark, date] | None


def chapters_of(starts: Collection[Start], *, today: date) -> tuple[Chapter, ...]:
    """Tell the chapters of somebody, the oldest first, from the days that they named in any order."""
    named = [start for start in starts if max(start.began_on, start.named_on) <= today]
    first_named: dict[date, date] = {}
    for start in named:
        first_named[start.began_on] = min(start.named_on, first_named.get(start.began_on, start.named_on))
    ordered = [Start(began_on, first_named[began_on]) for began_on in sorted(first_named)]
    return tuple(_chapter(start, ordered[place + 1 :], today) for place, start in enumerate(ordered))


def day_of(mark: Mark, began_on: date) -> date:
    """Give the day of a mark. Months and years end with their month: a year after February 29 is February 28."""
    if mark.unit == Unit.HOURS:
        return began_on + timedelta(hours=mark.number)
    if mark.unit == Unit.DAYS:
        return began_on + timedelta(days=mark.number)
    return began_on + relativedelta(months=mark.number * (12 if mark.unit == Unit.YEARS else 1))


def in_words(mark: Mark, language: str) -> str:
    """Say a mark: "18 months", "1 year"."""
    one, more = _WORDS["es" if language.lower().startswith("es") else "en"][mark.unit]
    return f"{mark.number} {one if mark.number == 1 else more}"


def _chapter(start: Start, later: Sequence[Start], today: date) -> Chapter:
    # What was reached before anybody spoke of a later start was reached, and stays so.
    until = min([today, *[max(each.began_on, each.named_on) for each in later]])
    ended_on = later[0].began_on if later else None
    marks = ((mark, day_of(mark, start.began_on)) for mark in _marks())
    return Chapter(
        began_on=start.began_on,
        ended_on=ended_on,
        days=((ended_on or today) - start.began_on).days or None,
        reached=tuple(takewhile(lambda each: each[1] <= until, marks)),
        following=None if later else _following(start.began_on, today),
    )


def _following(began_on: date, today: date) -> tuple[Mark, date]:
    marks = ((mark, day_of(mark, began_on)) for mark in _marks())
    return next(each for each in marks if each[1] > today)


def _marks() -> Iterator[Mark]:
    yield from FIRST
    yield from (Mark(years, Unit.YEARS) for years in count(THEN_YEARS_FROM))


_WORDS = {
    "en": {
        Unit.HOURS: ("hour", "hours"),
        Unit.DAYS: ("day", "days"),
        Unit.MONTHS: ("month", "months"),
        Unit.YEARS: ("year", "years"),
    },
    "es": {
        Unit.HOURS: ("hora", "horas"),
        Unit.DAYS: ("día", "días"),
        Unit.MONTHS: ("mes", "meses"),
        Unit.YEARS: ("año", "años"),
    },
}
