"""How a meeting repeats, in the editor's form: its fields, read into a repeat, and filled from one or from words."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from aftercare.core.errors import Invalid
from aftercare.meetings import form_reading, said_dates, said_rules
from aftercare.meetings.form_reading import Reading
from aftercare.meetings.recurrence import Pattern, normalised
from aftercare.meetings.repeats import LAST, NTHS, Repeat, write_rule

EMPTY: dict[str, Any] = {
    "words": "", "repeat": "week", "every": "1", "weekdays": [], "nth": ["1"], "nth_weekday": ["0"], "month_days": "",
    "ends": "never", "until": "", "count": "", "holidays": "", "days_off": "",
}  # fmt: skip
#: What is chosen in place of how often something is, where it has no time.
BY_APPOINTMENT = "appointment"
LISTS = {"weekdays", "nth", "nth_weekday"}
_WEEKDAYS = {str(day): day for day in range(7)}
_NTHS = {str(nth): nth for nth in NTHS}
_LAST_DAY = {"last", "último", "ultimo"}


def read(reading: Reading, first: date) -> Repeat | None:
    """Read how a meeting repeats that is first held on a day; None: it does not."""
    if reading.given["repeat"] == "once":
        return None
    until = reading.day("until") if reading.given["ends"] == "until" else None
    count = _count(reading) if reading.given["ends"] == "count" else None
    every = reading.number("every", default=1) or 1
    return replace(_rhythm(reading, first, every), until=until, count=count)


def days_off(reading: Reading) -> tuple[date, ...]:
    """Read the days on which there is no meeting, however they are parted."""
    given = re.split(r"[\s,;]+", reading.given["days_off"].strip())
    try:
        return tuple(sorted({form_reading.day(each) for each in given if each}))
    except ValueError:
        reading.wrong["days_off"] = "Enter dates like 2026-12-24, one on each line."
        return ()


def filled(repeat: Repeat | None) -> dict[str, Any]:
    """Give the fields as they are typed for a repeat."""
    if repeat is None:
        return {"repeat": "once"}
    return {
        "repeat": _kind(repeat),
        "every": str(repeat.every),
        "weekdays": [str(day) for day in repeat.weekdays] if repeat.unit == "week" else [],
        "nth": [str(nth) for nth in repeat.nths] or EMPTY["nth"],
        "nth_weekday": [str(day) for day in repeat.weekdays] if repeat.nth else EMPTY["nth_weekday"],
        "month_days": _written(repeat),
        "ends": "until" if repeat.until else "count" if repeat.count else "never",
        "until": repeat.until.isoformat() if repeat.until else "",
        "count": "" if repeat.count is None else str(repeat.count),
    }


def filled_days_off(days: tuple[date, ...]) -> str:
    """Write days off as they are typed."""
    return "\n".join(day.isoformat() for day in days)


def heard(given: Mapping[str, Any], *, today: date, language: str) -> dict[str, Any]:
    """Fill the fields from what was said in words, which then is done with; raise Invalid naming the word."""
    said = said_rules.read(given["words"], today=today, language=language)
    fields = dict(given) | filled(said.repeat) | {"words": ""}
    if said.at:
        fields["start_time"] = f"{said.at:%H:%M}"
    if said.minutes:
        fields["minutes"] = str(said.minutes)
    if said.holidays:
        fields["holidays"] = said.holidays
    if said.days_off:
        fields["days_off"] = filled_days_off(said.days_off)
    first = _first(said, given, today)
    if said.lasts:
        fields |= {"ends": "until", "until": said_dates.last_day(first, *said.lasts).isoformat()}
    return fields | {"start_date": first.isoformat()}


def _first(said: said_rules.Said, given: Mapping[str, Any], today: date) -> date:
    """Give the first date of what was said: the one named, else the next from the date in the form."""
    try:
        first = said.on or form_reading.day(given["start_date"])
    except ValueError:
        first = today
    rule = write_rule(said.repeat) if said.repeat else None
    try:
        return normalised(Pattern(datetime.combine(first, said.at or time(12)), 60, rule, "UTC")).first.date()
    except Invalid as wrong:
        raise Invalid(wrong.sentence, fields={"words": wrong.sentence}) from wrong


def _rhythm(reading: Reading, first: date, every: int) -> Repeat:
    match reading.given["repeat"]:
        case "day":
            return Repeat(every, "day")
        case "month_nth":
            return _by_weekday(reading, Repeat(every, "month"))
        case "year_nth":
            return _by_weekday(reading, Repeat(every, "year", month=first.month))
        case "month_day":
            return Repeat(every, "month", month_days=_month_days(reading))
        case "year":
            return Repeat(every, "year", month=first.month, month_days=(_day_of_year(reading, first),))
        case _:
            return Repeat(every, "week", reading.chosen("weekdays", _WEEKDAYS))


def _by_weekday(reading: Reading, repeat: Repeat) -> Repeat:
    """Read which of which weekdays of a month are meant."""
    nths = reading.chosen("nth", _NTHS)
    if not nths:
        reading.wrong["nth"] = "Choose from the list."
    weekdays = reading.chosen("nth_weekday", _WEEKDAYS)
    return replace(repeat, weekdays=weekdays, nth=nths[0] if nths else 1, also=nths[1:])


def _count(reading: Reading) -> int:
    count = reading.number("count")
    if not count:
        reading.wrong["count"] = "Enter how many times it happens."
    return count or 1


def _month_days(reading: Reading) -> tuple[int, ...]:
    """Read days of the month: "1, 15", "last"."""
    given = re.split(r"[\s,;]+", reading.given["month_days"].strip().lower())
    days = [LAST if each in _LAST_DAY else int(each) if re.fullmatch(r"\d\d?", each) else 0 for each in given]
    if not all(day == LAST or 1 <= day <= 31 for day in days):
        reading.wrong["month_days"] = "Enter days of the month, like 15, or 1 and 15 as 1, 15, or last."
        return (1,)
    return tuple(days)


def _day_of_year(reading: Reading, first: date) -> int:
    wants_last = reading.given["month_days"].strip().lower() in _LAST_DAY
    return LAST if wants_last and first.day == calendar.monthrange(first.year, first.month)[1] else first.day


def _kind(repeat: Repeat) -> str:
    if repeat.unit == "year":
        return "year_nth" if repeat.nth else "year"
    by_unit = {"day": "day", "week": "week"}
    return by_unit.get(repeat.unit) or ("month_day" if repeat.month_days else "month_nth")


def _written(repeat: Repeat) -> str:
    if repeat.unit == "year" and LAST not in repeat.month_days:
        return ""
    return ", ".join("last" if day == LAST else str(day) for day in repeat.month_days)
