"""How a meeting repeats: the few shapes that we offer, written as the value of an RRULE (RFC 5545, 3.3.10)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

from aftercare.core.errors import Invalid

Unit = Literal["day", "week", "month", "year"]

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES: dict[Unit, str] = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
UNITS: dict[str, Unit] = {frequency: unit for unit, frequency in FREQUENCIES.items()}
LONGEST_INTERVAL: dict[Unit, int] = {"day": 365, "week": 52, "month": 12, "year": 10}
LAST, SECOND_TO_LAST = -1, -2
NTHS = (1, 2, 3, 4, 5, SECOND_TO_LAST, LAST)
#: The ones that every month of every year has.
YEARLY_NTHS = (1, 2, 3, 4, SECOND_TO_LAST, LAST)
MONTH_DAYS = (*range(1, 32), LAST)
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOST_DATES = 1000
LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Repeat:
    """Say how often, on which days, and until when.

    By days: every so many. By weeks: on `weekdays` (0 is Monday; none: that of the first date). By months: on the
    `nth` of its weekdays (1 to 5, -1 the last, -2 the one before) and `also` on further ones, or on `month_days` (-1
    the last day; a month without such a day has no date). By years: the same of one `month`, but one day and no fifth.
    `until` is the last day that may have a date, `count` the number of dates from the first, those that fall on
    holidays included (RFC 5545, 3.3.10).
    """

    every: int = 1
    unit: Unit = "week"
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    until: date | None = None
    count: int | None = None
    also: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    month: int | None = None

    @property
    def nths(self) -> tuple[int, ...]:
        """Give which of the weekdays of a month are meant, the last one last."""
        return in_order(self.also if self.nth is None else (self.nth, *self.also))


def in_order(numbers: Iterable[int]) -> tuple[int, ...]:
    """Put weeks or days of a month in order, each once, the last one last."""
    return tuple(sorted(set(numbers), key=lambda number: (number < 0, number)))


def write_rule(repeat: Repeat) -> str:
    """Write the repeat as the value of an RRULE, its end in wall time."""
    _check(repeat)
    parts = [f"FREQ={FREQUENCIES[repeat.unit]}"]
    if repeat.every > 1:
        parts.append(f"INTERVAL={repeat.every}")
    if repeat.month:
        parts.append(f"BYMONTH={repeat.month}")
    if repeat.month_days:
        parts.append("BYMONTHDAY=" + ",".join(map(str, in_order(repeat.month_days))))
    if repeat.weekdays:
        nths = repeat.nths or ("",)
        parts.append("BYDAY=" + ",".join(f"{nth}{DAYS[day]}" for nth in nths for day in sorted(set(repeat.weekdays))))
    if repeat.until:
        parts.append(f"UNTIL={datetime.combine(repeat.until, LAST_SECOND):%Y%m%dT%H%M%S}")
    if repeat.count is not None:
        parts.append(f"COUNT={repeat.count}")
    return ";".join(parts)


@lru_cache(maxsize=2048)
def read_rule(rule: str) -> Repeat:
    """Read a rule that may come from anybody; refuse every shape that we do not offer."""
    parts = _parts(rule)
    until = read_until(rule)
    weekdays, nths = _read_days(parts.get("BYDAY", ""))
    repeat = Repeat(
        every=int(parts.get("INTERVAL", "1")),
        unit=UNITS[parts["FREQ"]],
        weekdays=weekdays,
        nth=nths[0] if nths else None,
        until=until.date() if until else None,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        also=nths[1:],
        month_days=in_order(int(day) for day in parts["BYMONTHDAY"].split(",")) if "BYMONTHDAY" in parts else (),
        month=int(parts["BYMONTH"]) if "BYMONTH" in parts else None,
    )
    _check(repeat)
    return repeat


def read_until(rule: str) -> datetime | None:
    """Say the last wall time that the rule allows, the end of the day if it names only a day."""
    text = _parts(rule).get("UNTIL")
    if text is None:
        return None
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        moment = time(int(text[9:11]), int(text[11:13]), int(text[13:15])) if "T" in text else LAST_SECOND
    except ValueError as error:
        raise _not_offered() from error
    return datetime.combine(day, moment)


# WKST=MO is what we mean anyway; any other start of the week would move "every other week".
PART_SHAPES: dict[str, Callable[[str], object]] = {
    "FREQ": UNITS.__contains__,
    "INTERVAL": re.compile(r"\d{1,4}").fullmatch,
    "BYDAY": re.compile(r"(-?\d)?[A-Z]{2}(,(-?\d)?[A-Z]{2}){0,48}").fullmatch,
    "BYMONTHDAY": re.compile(r"-?\d{1,2}(,-?\d{1,2}){0,31}").fullmatch,
    "BYMONTH": re.compile(r"\d{1,2}").fullmatch,
    "UNTIL": re.compile(r"\d{8}(T\d{6})?").fullmatch,
    "COUNT": re.compile(r"\d{1,4}").fullmatch,
    "WKST": "MO".__eq__,
}


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.split(";")]
    parts = {name: value for name, _, value in pairs}
    repeated = len(parts) < len(pairs)
    if not rule.isascii() or repeated or "FREQ" not in parts:
        raise _not_offered()
    if not all(name in PART_SHAPES and PART_SHAPES[name](value) for name, value in parts.items()):
        raise _not_offered()
    return parts


def _read_days(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Read weekdays and which of them are meant: the same ones of each weekday, or it is no shape of ours."""
    days = text.split(",") if text else []
    named = [(day[:-2], day[-2:]) for day in days]
    nths, weekdays = {nth for nth, _ in named}, {day for _, day in named}
    if not weekdays <= set(DAYS) or len(set(named)) < len(nths) * len(weekdays) or (len(nths) > 1 and "" in nths):
        raise _not_offered()
    return tuple(sorted(map(DAYS.index, weekdays))), in_order(int(nth) for nth in nths if nth)


def _check(repeat: Repeat) -> None:
    problems = {field: sentence for field, is_right, sentence in _claims(repeat) if not is_right}
    if problems:
        raise Invalid(next(iter(problems.values())), fields=problems, code="repeat")


def _claims(repeat: Repeat) -> list[tuple[str, bool, str]]:
    longest = LONGEST_INTERVAL.get(repeat.unit, 0)
    return [
        ("unit", repeat.unit in FREQUENCIES, "A meeting repeats by days, weeks, months or years."),
        ("every", 1 <= repeat.every <= longest, "Enter a smaller number, 1 or more."),
        *_claims_of_unit(repeat),
        ("count", repeat.count is None or 1 <= repeat.count <= MOST_DATES, "Enter fewer dates, 1 or more."),
        ("count", repeat.count is None or repeat.until is None, "End on a day or after a number of dates, not both."),
    ]


def _claims_of_unit(repeat: Repeat) -> list[tuple[str, bool, str]]:
    has_months, is_yearly = repeat.unit in {"month", "year"}, repeat.unit == "year"
    by_weekday = repeat.unit == "week" or (has_months and not repeat.month_days)
    days_fit = len(repeat.month_days) <= (1 if is_yearly else len(MONTH_DAYS) * (repeat.unit == "month"))
    return [
        ("weekdays", set(repeat.weekdays) <= set(range(7)), "Choose days of the week."),
        ("weekdays", bool(repeat.weekdays) or not (has_months and by_weekday), "Choose a day of the week."),
        ("weekdays", by_weekday or not repeat.weekdays, "Choose days of the week or of the month, not both."),
        ("nth", _are_nths(repeat) if has_months and by_weekday else not repeat.nths, "Choose which week of the month."),
        ("month_days", set(repeat.month_days) <= set(MONTH_DAYS) and days_fit, "Choose a day of the month, 1 to 31."),
        ("month", (repeat.month in range(1, 13)) if is_yearly else repeat.month is None, "Choose a month."),
        ("month_days", not is_yearly or _is_in_month(repeat), "Choose a day that this month has."),
    ]


def _are_nths(repeat: Repeat) -> bool:
    offered = YEARLY_NTHS if repeat.unit == "year" else NTHS
    return repeat.nth is not None and set(repeat.nths) <= set(offered)


def _is_in_month(repeat: Repeat) -> bool:
    longest = LONGEST_MONTHS[repeat.month - 1] if repeat.month and repeat.month <= 12 else 31
    return all(day <= longest for day in repeat.month_days)


def _not_offered() -> Invalid:
    sentence = "We do not offer this way of repeating."
    return Invalid(sentence, fields={"rule": sentence}, code="repeat")
