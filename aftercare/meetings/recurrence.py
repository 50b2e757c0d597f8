"""When a meeting takes place: wall time and a rule in, dates out (calendars.md, Store)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, dropwhile, takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday

from aftercare.core.errors import Invalid
from aftercare.meetings import wording
from aftercare.meetings.repeats import LAST_SECOND, Repeat, read_rule, read_until, write_rule

__all__ = [
    "Pattern",
    "Repeat",
    "clock_change_warnings",
    "in_words",
    "instant",
    "normalised",
    "read_rule",
    "repeat_of",
    "slots",
    "write_rule",
    "zone_named",
]

ClockChange = Literal["gap", "overlap"]

LONGEST_MEETING = 24 * 60
FIRST_YEAR, LAST_YEAR = 1970, 2900


@dataclass(frozen=True)
class Pattern:
    """A series as it is kept: the wall time it begins at, its length, its rule (None = once) and its IANA zone.

    The series starts on the first date on or after `first` that the rule names; intervals and COUNT run from there.
    """

    first: datetime
    minutes: int
    rule: str | None
    zone: str


def slots(pattern: Pattern, *, after: datetime, before: datetime) -> list[datetime]:
    """List the wall times of the series from `after` up to, not including, `before`."""
    if pattern.rule is None:
        return [pattern.first] if after <= pattern.first < before else []
    moments = _moments(pattern.first, repeat_of(pattern), after)
    return list(takewhile(lambda slot: slot < before, dropwhile(lambda slot: slot < after, moments)))


def instant(wall: datetime, zone: str) -> datetime:
    """Give the UTC instant of a wall time: in a gap by the offset before it, in an overlap the first (RFC 5545)."""
    return wall.replace(tzinfo=zone_named(zone), fold=0).astimezone(UTC)


def zone_named(name: str) -> ZoneInfo:
    """Find the IANA zone of that name, or refuse it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        sentence = "This time zone is not known."
        raise Invalid(sentence, fields={"zone": sentence}, code="zone") from error


def repeat_of(pattern: Pattern) -> Repeat:
    """Read the rule of a series as it holds from its first date: weekdays named, the last day exact."""
    repeat = read_rule(pattern.rule or "")
    last = read_until(pattern.rule or "")
    if last and pattern.first.time() > last.time():
        repeat = replace(repeat, until=last.date() - timedelta(days=1))
    return repeat if repeat.weekdays else replace(repeat, weekdays=(pattern.first.weekday(),))


def normalised(pattern: Pattern) -> Pattern:
    """Move the first date onto the rule and write the rule out, or refuse a series that makes no sense."""
    _check(pattern)
    if pattern.rule is None:
        return pattern
    repeat = repeat_of(pattern)
    first = _first_on(pattern.first, repeat)
    if repeat.until and first.date() > repeat.until:
        raise _invalid("until", "The series ends before its first date.")
    return replace(pattern, first=first, rule=write_rule(repeat))


def in_words(pattern: Pattern, language: str) -> str:
    """Say the series in English or Spanish: "Every other Tuesday at 7:00 PM"."""
    if pattern.rule is None:
        return wording.once(pattern.first, language)
    return wording.repeated(pattern.first, repeat_of(pattern), language)


def clock_change_warnings(pattern: Pattern, *, after: datetime, before: datetime) -> list[tuple[datetime, ClockChange]]:
    """List the dates whose wall time is skipped ("gap") or comes twice ("overlap") when the clocks change."""
    zone = zone_named(pattern.zone)
    changes = ((slot, _clock_change(slot, zone)) for slot in slots(pattern, after=after, before=before))
    return [(slot, change) for slot, change in changes if change]


def _clock_change(wall: datetime, zone: ZoneInfo) -> ClockChange | None:
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if first == second:
        return None
    return "gap" if first < second else "overlap"


def _moments(first: datetime, repeat: Repeat, after: datetime) -> Iterator[datetime]:
    start = _first_on(first, repeat)
    # COUNT counts from the first date, so such a series is walked from its beginning.
    begin = start if repeat.count else _advanced(start, repeat, to=after)
    return iter(
        rrule(
            MONTHLY if repeat.unit == "month" else WEEKLY,
            dtstart=begin,
            interval=repeat.every,
            wkst=MO,
            count=repeat.count,
            until=datetime.combine(repeat.until, LAST_SECOND) if repeat.until else None,
            byweekday=[weekday(day, repeat.nth) for day in repeat.weekdays],
        )
    )


def _advanced(start: datetime, repeat: Repeat, *, to: datetime) -> datetime:
    # A series begun years ago costs no more than a new one: skip whole intervals, to the start of a week or month.
    if repeat.unit == "week":
        monday = start - timedelta(days=start.weekday())
        whole = (to - monday) // timedelta(weeks=repeat.every)
        return monday + whole * timedelta(weeks=repeat.every) if whole > 0 else start
    months = (to.year - start.year) * 12 + to.month - start.month
    whole = months // repeat.every
    years, month = divmod(start.month - 1 + whole * repeat.every, 12)
    return start.replace(year=start.year + years, month=month + 1, day=1) if whole > 0 else start


def _first_on(first: datetime, repeat: Repeat) -> datetime:
    return next(day for day in (first + timedelta(days=n) for n in count()) if _falls_on(day, repeat))


def _falls_on(day: date, repeat: Repeat) -> bool:
    if day.weekday() not in repeat.weekdays:
        return False
    if repeat.nth == -1:
        return (day + timedelta(weeks=1)).month != day.month
    return repeat.nth is None or repeat.nth == (day.day - 1) // 7 + 1


def _check(pattern: Pattern) -> None:
    zone_named(pattern.zone)
    if pattern.first.tzinfo is not None or not FIRST_YEAR <= pattern.first.year <= LAST_YEAR:
        raise _invalid("first", "The first date must be a wall time of our days.")
    if not 1 <= pattern.minutes <= LONGEST_MEETING:
        raise _invalid("minutes", "A meeting lasts from one minute to 24 hours.")


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence}, code=field)
