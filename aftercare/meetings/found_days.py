"""The rows that a meeting is found by: one for each weekday it can be on, with all that a page of listings needs.

Law. So a page is read from one table, in the order of one index, and told without another question.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from aftercare.meetings import finder_told, geography
from aftercare.meetings.recurrence import Pattern, is_on, weekdays_of

DEFAULT_MINUTES = 60
#: Every week on some days, without an end: the rule of nearly every listing.
_PLAIN = re.compile(r"FREQ=WEEKLY;BYDAY=[A-Z,]+")


def rows(meeting: Mapping[str, Any], place: Mapping[str, Any] | None, codes: Iterable[str]) -> list[dict[str, Any]]:
    """Give the rows of a meeting; none if it is by appointment. `meeting` and `place` are their columns."""
    start: datetime | None = meeting["start_local"]
    if start is None:
        return []
    pattern, (words, blank, marks) = _pattern(meeting, start), meeting["search_text"].partition(" _")
    place_id, latitude, longitude = (place[each] if place else None for each in ("id", "latitude", "longitude"))
    same = {
        "start_minute": start.hour * 60 + start.minute, "zone": meeting["zone"], "is_shown": is_shown(meeting),
        "attendance": meeting["attendance"], "minutes": meeting["minutes"] or DEFAULT_MINUTES, "since": start.date(),
        "series": "" if _is_plain(pattern) else _written(pattern), "words": f"{words} ",
        "marks": f"{blank}{marks} ", "place_id": place_id, "latitude": latitude, "longitude": longitude,
        "cell": geography.cell(latitude, longitude), "told": finder_told.listing(meeting, place, codes),
    }  # fmt: skip
    return [same | {"weekday": day} for day in sorted(set(weekdays_of(pattern)))]


def is_shown(meeting: Mapping[str, Any]) -> bool:
    """Tell whether strangers see a meeting as a listing: programme meetings are found by their dates."""
    is_there = meeting["ended_at"] is None and meeting["vanished_at"] is None
    return bool(meeting["kind"] == "fellowship" and meeting["listed"] and is_there)


@lru_cache(maxsize=4096)
def takes_place(series: str, zone: str, day: date) -> bool:
    """Tell whether a series that is not simply every week has a date on a day."""
    first, minutes, rule, holidays, days_off = json.loads(series)
    off = tuple(map(date.fromisoformat, days_off))
    return is_on(Pattern(datetime.fromisoformat(first), minutes, rule, zone, holidays, off), day)


def _pattern(meeting: Mapping[str, Any], start: datetime) -> Pattern:
    off = tuple(map(date.fromisoformat, meeting["days_off"] or ()))
    minutes = meeting["minutes"] or DEFAULT_MINUTES
    return Pattern(start, minutes, meeting["rule"], meeting["zone"], meeting["holidays"], off)


def _is_plain(pattern: Pattern) -> bool:
    is_whole = not pattern.holidays and not pattern.days_off
    return is_whole and pattern.rule is not None and bool(_PLAIN.fullmatch(pattern.rule))


def _written(pattern: Pattern) -> str:
    off = [day.isoformat() for day in pattern.days_off]
    return json.dumps([pattern.first.isoformat(), pattern.minutes, pattern.rule, pattern.holidays, off])
