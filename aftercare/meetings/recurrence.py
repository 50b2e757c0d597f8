"""When a meeting takes place: wall time and a rule in, dates out (calendars.md, Store)."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import count, dropwhile, takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from aftercare.core.errors import Invalid
from aftercare.meetings import public_holidays, wording
from aftercare.meetings.repeats import LAST, LAST_SECOND, Repeat, Unit, read_rule, read_until, write_rule

__all__ = [
    "Pattern",
    "Repeat",
    "clock_change_warnings",
    "given",
    "in_words",
    "instant",
    "is_on",
    "next_slot",
    "normalised",
    "read_rule",
    "repeat_of",
    "skipped",
    "slots",
    "weekdays_of",
    "write_rule",
    "zone_named",
]

ClockChange = Literal["gap", "overlap"]

LONGEST_MEETING = 24 * 60
FIRST_YEAR, LAST_YEAR = 1970, 2900
DAY = timedelta(days=1)
#: Leap days that come every tenth year are forty years apart; who finds no date in this time will find none.
YEARS_AHEAD = 60
FREQUENCIES: dict[Unit, Literal[0, 1, 2, 3]] = {"day": DAILY, "week": WEEKLY, "month": MONTHLY, "year": YEARLY}


@dataclass(frozen=True)
class Pattern:
    """A series as it is kept: the wall time it begins at, its length, its rule (None = once) and its IANA zone.

    The series starts on the first date on or after `first` that the rule names; intervals and COUNT run from there.
    It skips the public `holidays` of a country or region, and `days_off`: there the rule has a slot, but no date.
    """

    first: datetime
    minutes: int
    rule: str | None
    zone: str
    holidays: str = ""
    days_off: tuple[date, ...] = ()


def slots(pattern: Pattern, *, after: datetime, before: datetime) -> list[datetime]:
    """List the wall times of the series from `after` up to, not including, `before`, without the days it skips."""
    by_rule = given(pattern, after=after, before=before)
    return [slot for slot in by_rule if not _is_off(pattern, slot.date())] if _skips(pattern) else by_rule


def skipped(pattern: Pattern, *, after: datetime, before: datetime) -> list[datetime]:
    """List the wall times that fall on a holiday or a day off: what a feed writes as EXDATE."""
    by_rule = given(pattern, after=after, before=before) if _skips(pattern) else []
    return [slot for slot in by_rule if _is_off(pattern, slot.date())]


def given(pattern: Pattern, *, after: datetime, before: datetime) -> list[datetime]:
    """List the wall times that the rule alone gives, skipped ones included."""
    return list(_given(pattern, after, before))


def next_slot(pattern: Pattern, *, after: datetime) -> datetime | None:
    """Give the first wall time of the series from `after` on, without looking at any later one."""
    begin = max(after, pattern.first)
    before = begin.replace(year=min(begin.year + YEARS_AHEAD, MAXYEAR), month=12, day=31)
    coming = _given(pattern, after, before)
    return next((slot for slot in coming if not _is_off(pattern, slot.date())), None)


def is_on(pattern: Pattern, day: date) -> bool:
    """Tell whether the series has a date on a day."""
    if pattern.first.date() > day or _is_off(pattern, day):
        return False
    if pattern.rule is None:
        return pattern.first.date() == day
    repeat = repeat_of(pattern)
    if not _falls_on(day, repeat):
        return False
    # Nearly every series is a plain weekly one.
    is_plain = repeat.every == 1 and repeat.until is None and repeat.count is None
    midnight = datetime.combine(day, time())
    return is_plain or bool(given(pattern, after=midnight, before=midnight + DAY))


def weekdays_of(pattern: Pattern) -> tuple[int, ...]:
    """Give every weekday on which the series can have a date, 0 is Monday."""
    repeat = repeat_of(pattern) if pattern.rule else Repeat(weekdays=(pattern.first.weekday(),))
    return repeat.weekdays or tuple(range(7))


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
    if repeat.unit != "week" or repeat.weekdays:
        return repeat
    return replace(repeat, weekdays=(pattern.first.weekday(),))


def normalised(pattern: Pattern) -> Pattern:
    """Move the first date onto the rule and write the rule out, or refuse a series that makes no sense."""
    _check(pattern)
    off = public_holidays.checked(pattern.holidays), tuple(sorted(set(pattern.days_off)))
    pattern = replace(pattern, holidays=off[0], days_off=off[1])
    if pattern.rule is None:
        return replace(pattern, holidays="", days_off=())
    repeat = repeat_of(pattern)
    first = _first_on(pattern.first, repeat)
    if repeat.until and first.date() > repeat.until:
        raise _invalid("until", "The series ends before its first date.")
    return replace(pattern, first=first, rule=write_rule(repeat))


def in_words(pattern: Pattern, language: str) -> str:
    """Say the series in English or Spanish: "Every other Tuesday at 7:00 PM"."""
    if pattern.rule is None:
        return wording.once(pattern.first, language)
    said = wording.repeated(pattern.first, repeat_of(pattern), language)
    return said + wording.skipping(pattern.holidays, pattern.days_off, language)


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


def _given(pattern: Pattern, after: datetime, before: datetime) -> Iterator[datetime]:
    once = iter([pattern.first])
    moments = _moments(pattern.first, repeat_of(pattern), after) if pattern.rule else once
    return takewhile(lambda slot: slot < before, dropwhile(lambda slot: slot < after, moments))


def _moments(first: datetime, repeat: Repeat, after: datetime) -> Iterator[datetime]:
    start = _first_on(first, repeat)
    # COUNT counts from the first date, so such a series is walked from its beginning.
    begin = start if repeat.count else _advanced(start, repeat, to=after)
    weekdays = [weekday(day, nth) for nth in repeat.nths or (None,) for day in repeat.weekdays]
    return iter(
        rrule(
            FREQUENCIES[repeat.unit],
            dtstart=begin,
            interval=repeat.every,
            wkst=MO,
            count=repeat.count,
            until=datetime.combine(repeat.until, LAST_SECOND) if repeat.until else None,
            bymonth=repeat.month,
            bymonthday=repeat.month_days or None,
            byweekday=weekdays or None,
        )
    )


def _advanced(start: datetime, repeat: Repeat, *, to: datetime) -> datetime:
    """Skip whole intervals: a series begun years ago costs no more than a new one. A date may begin before its day."""
    match repeat.unit:
        case "day":
            return start + max((to - start) // (repeat.every * DAY), 0) * repeat.every * DAY
        case "week":
            monday = start - start.weekday() * DAY
            whole = (to - monday) // timedelta(weeks=repeat.every)
            return monday + whole * timedelta(weeks=repeat.every) if whole > 0 else start
        case "month":
            months = (to.year - start.year) * 12 + to.month - start.month
            whole = months // repeat.every
            years, month = divmod(start.month - 1 + whole * repeat.every, 12)
            return start.replace(year=start.year + years, month=month + 1, day=1) if whole > 0 else start
        case "year":
            whole = (to.year - start.year) // repeat.every
            years = whole * repeat.every
            return start.replace(year=start.year + years, month=1, day=1) if whole > 0 else start


def _first_on(first: datetime, repeat: Repeat) -> datetime:
    return next(day for day in (first + n * DAY for n in count()) if _falls_on(day, repeat))


def _falls_on(day: date, repeat: Repeat) -> bool:
    """Tell whether a rule names a day, whatever its interval."""
    if repeat.month not in {None, day.month}:
        return False
    if repeat.month_days:
        is_last = LAST in repeat.month_days and (day + DAY).day == 1
        return day.day in repeat.month_days or is_last
    if repeat.weekdays and day.weekday() not in repeat.weekdays:
        return False
    return not repeat.nths or not {(day.day - 1) // 7 + 1, _from_last(day)}.isdisjoint(repeat.nths)


def _from_last(day: date) -> int:
    """Say which of its weekday in its month a day is, counted from the last, which is -1."""
    return -((monthrange(day.year, day.month)[1] - day.day) // 7 + 1)


def _skips(pattern: Pattern) -> bool:
    return bool(pattern.rule and (pattern.holidays or pattern.days_off))


def _is_off(pattern: Pattern, day: date) -> bool:
    if not _skips(pattern):
        return False
    is_holiday = bool(pattern.holidays) and public_holidays.is_holiday(pattern.holidays, day)
    return is_holiday or day in pattern.days_off


def _check(pattern: Pattern) -> None:
    zone_named(pattern.zone)
    if pattern.first.tzinfo is not None or not FIRST_YEAR <= pattern.first.year <= LAST_YEAR:
        raise _invalid("first", "The first date must be a wall time of our days.")
    if not 1 <= pattern.minutes <= LONGEST_MEETING:
        raise _invalid("minutes", "A meeting lasts from one minute to 24 hours.")


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence}, code=field)
