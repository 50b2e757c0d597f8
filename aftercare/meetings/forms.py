"""What a counsellor typed into the editor -> a draft of a meeting; what cannot be read comes back by field."""

import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from werkzeug.datastructures import MultiDict

from aftercare.core.errors import Invalid
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat

EMPTY: dict[str, Any] = {
    "name": "", "discreet_title": "", "kind": "programme", "fellowship": "", "types": [], "description": "",
    "language": "en", "attend": "in_person", "start_date": "", "start_time": "18:00", "minutes": "60", "zone": "",
    "repeat": "week", "every": "1", "weekdays": [], "nth": "1", "nth_weekday": "0", "ends": "never", "until": "",
    "count": "", "place_name": "", "address": "", "join_url": "", "join_phone": "", "passcode": "", "capacity": "",
    "open": "", "facilitators": [], "place_detail": "", "closes": "",
}  # fmt: skip
_LISTS = {"types", "weekdays", "facilitators"}


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """Give what was typed, field by field, so that the form can be shown again as it was."""
    return {
        name: form.getlist(name) if name in _LISTS else form.get(name, default).strip()
        for name, default in EMPTY.items()
    }


def draft(given: Mapping[str, Any]) -> Draft:
    """Read a draft from what was typed; raise Invalid naming every field that cannot be read."""
    reading = _Reading(given)
    first = datetime.combine(reading.day("start_date"), reading.clock("start_time"))
    is_programme = given["kind"] == "programme"
    made = Draft(
        name=given["name"],
        first=first,
        minutes=reading.minutes(),
        kind=given["kind"],
        repeat=reading.repeat(),
        zone=given["zone"],
        discreet_title=given["discreet_title"],
        description=given["description"],
        fellowship=given["fellowship"],
        types=tuple(given["types"]),
        languages=(given["language"],) if given["language"] else (),
        attendance=given["attend"],
        place_name=given["place_name"],
        place_address=given["address"],
        place_detail=given["place_detail"],
        join_url=given["join_url"],
        join_phone=given["join_phone"],
        join_notes=given["passcode"],
        capacity=reading.number("capacity"),
        closes_minutes_before=reading.number("closes"),
        is_open={"yes": True, "no": False}.get(given["open"]),
        facilitators=reading.ids("facilitators") if is_programme else (),
    )
    reading.refuse()
    return made


def move(given: Mapping[str, Any]) -> tuple[datetime, int | None]:
    """Read the new wall time and length of one date."""
    reading = _Reading(given)
    to = datetime.combine(reading.day("date"), reading.clock("time"))
    minutes = reading.number("minutes")
    reading.refuse()
    return to, minutes


def day(given: str, name: str) -> date:
    """Read one day; raise Invalid naming its field."""
    reading = _Reading({name: given})
    read = reading.day(name)
    reading.refuse()
    return read


class _Reading:
    """Reads field by field and keeps what went wrong, so that all of it is said at once."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.wrong: dict[str, str] = {}

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.given[name])
        except ValueError:
            self.wrong[name] = "Enter a date, like 2026-11-24."
            return date(2000, 1, 1)

    def clock(self, name: str) -> time:
        if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", self.given[name]):
            hour, minute = self.given[name].split(":")
            return time(int(hour), int(minute))
        self.wrong[name] = "Enter a time, like 18:30."
        return time()

    def number(self, name: str, *, default: int | None = None) -> int | None:
        if not self.given[name]:
            return default
        if re.fullmatch(r"\d{1,5}", self.given[name]):
            return int(self.given[name])
        self.wrong[name] = "Enter a whole number."
        return default

    def minutes(self) -> int:
        minutes = self.number("minutes", default=60)
        return 60 if minutes is None else minutes

    def ids(self, name: str) -> tuple[uuid.UUID, ...]:
        try:
            return tuple(uuid.UUID(each) for each in self.given[name])
        except ValueError:
            self.wrong[name] = "Choose from the list."
            return ()

    def repeat(self) -> Repeat | None:
        if self.given["repeat"] == "once":
            return None
        every = self.number("every", default=1) or 1
        until = self.day("until") if self.given["ends"] == "until" else None
        count = self._count() if self.given["ends"] == "count" else None
        if self.given["repeat"] == "month_nth":
            day, nth = self._weekdays([self.given["nth_weekday"]]), self._nth()
            return Repeat(every=every, unit="month", weekdays=day, nth=nth, until=until, count=count)
        days = self._weekdays(self.given["weekdays"])
        return Repeat(every=every, unit="week", weekdays=days, until=until, count=count)

    def refuse(self) -> None:
        if self.wrong:
            raise Invalid(" ".join(self.wrong.values()), fields=self.wrong)

    def _count(self) -> int:
        count = self.number("count")
        if not count:
            self.wrong["count"] = "Enter how many times it happens."
        return count or 1

    def _nth(self) -> int:
        if self.given["nth"] not in {"1", "2", "3", "4", "5", "-1"}:
            self.wrong["nth"] = "Choose from the list."
            return 1
        return int(self.given["nth"])

    def _weekdays(self, given: list[str]) -> tuple[int, ...]:
        if any(day not in "0123456" or len(day) != 1 for day in given):
            self.wrong["weekdays"] = "Choose from the list."
            return ()
        return tuple(sorted({int(day) for day in given}))
