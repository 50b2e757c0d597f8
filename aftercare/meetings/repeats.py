"""How a meeting repeats: the few shapes that we offer, written as the value of an RRULE (RFC 5545, 3.3.10)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

from aftercare.core.errors import Invalid

Unit = Literal["week", "month"]

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES: dict[Unit, str] = {"week": "WEEKLY", "month": "MONTHLY"}
UNITS: dict[str, Unit] = {frequency: unit for unit, frequency in FREQUENCIES.items()}
LONGEST_INTERVAL: dict[Unit, int] = {"week": 52, "month": 12}
NTHS = (1, 2, 3, 4, 5, -1)
MOST_DATES = 1000
LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Repeat:
    """Say how often, on which days, and until when.

    Weekdays count from Monday = 0; a weekly repeat without any keeps the weekday of its first date. `nth` (1 to 5, or
    -1 for the last) goes with months and only with them. `until` is the last day that may have a date.
    """

    every: int = 1
    unit: Unit = "week"
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    until: date | None = None
    count: int | None = None


def write_rule(repeat: Repeat) -> str:
    """Write the repeat as the value of an RRULE, its end in wall time."""
    _check(repeat)
    parts = [f"FREQ={FREQUENCIES[repeat.unit]}"]
    if repeat.every > 1:
        parts.append(f"INTERVAL={repeat.every}")
    if repeat.weekdays:
        parts.append("BYDAY=" + ",".join(f"{repeat.nth or ''}{DAYS[day]}" for day in sorted(set(repeat.weekdays))))
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
    weekdays, nth = _read_days(parts.get("BYDAY", ""))
    repeat = Repeat(
        every=int(parts.get("INTERVAL", "1")),
        unit=UNITS[parts["FREQ"]],
        weekdays=weekdays,
        nth=nth,
        until=until.date() if until else None,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
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
    "BYDAY": re.compile(r"(-?\d)?[A-Z]{2}(,(-?\d)?[A-Z]{2}){0,6}").fullmatch,
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


def _read_days(text: str) -> tuple[tuple[int, ...], int | None]:
    days = text.split(",") if text else []
    nths = {day[:-2] for day in days}
    if len(nths) > 1 or not all(day[-2:] in DAYS for day in days):
        raise _not_offered()
    nth = nths.pop() if nths else ""
    return tuple(sorted({DAYS.index(day[-2:]) for day in days})), int(nth) if nth else None


def _check(repeat: Repeat) -> None:
    problems = {field: sentence for field, is_right, sentence in _claims(repeat) if not is_right}
    if problems:
        raise Invalid(next(iter(problems.values())), fields=problems, code="repeat")


def _claims(repeat: Repeat) -> list[tuple[str, bool, str]]:
    longest = LONGEST_INTERVAL.get(repeat.unit, 0)
    is_monthly = repeat.unit == "month"
    return [
        ("unit", repeat.unit in FREQUENCIES, "A meeting repeats by weeks or by months."),
        ("every", 1 <= repeat.every <= longest, "Enter a smaller number, 1 or more."),
        ("weekdays", set(repeat.weekdays) <= set(range(7)), "Choose days of the week."),
        ("weekdays", bool(repeat.weekdays) or not is_monthly, "Choose a day of the week."),
        ("nth", repeat.nth in NTHS if is_monthly else repeat.nth is None, "Choose which week of the month."),
        ("count", repeat.count is None or 1 <= repeat.count <= MOST_DATES, "Enter fewer dates, 1 or more."),
        ("count", repeat.count is None or repeat.until is None, "End on a day or after a number of dates, not both."),
    ]


def _not_offered() -> Invalid:
    sentence = "We do not offer this way of repeating."
    return Invalid(sentence, fields={"rule": sentence}, code="repeat")
