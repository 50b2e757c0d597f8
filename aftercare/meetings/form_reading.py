"""Fields of a form, read one by one; what went wrong is kept, so that all of it is said at once."""

import re
import uuid
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from aftercare.core.errors import Invalid

#: Beyond them a day more, or another zone, would lead out of the calendar that computers have. The API has the same.
FIRST, LAST = date(1970, 1, 1), date(2899, 12, 31)


def day(typed: str) -> date:
    """Read a date; raise ValueError for what is none, or far from anybody's life."""
    read = date.fromisoformat(typed)
    if not FIRST <= read <= LAST:
        raise ValueError("Nobody meets then.")
    return read


class Reading:
    """Reads fields as they were typed."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.wrong: dict[str, str] = {}

    def day(self, name: str) -> date:
        """Read a date; of one that is none a day that does no harm."""
        try:
            return day(self.given[name])
        except ValueError:
            self.wrong[name] = "Enter a date, like 2026-11-24."
            return date(2000, 1, 1)

    def clock(self, name: str) -> time:
        """Read a time of the day."""
        if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", self.given[name]):
            hour, minute = self.given[name].split(":")
            return time(int(hour), int(minute))
        self.wrong[name] = "Enter a time, like 18:30."
        return time()

    def number(self, name: str, *, default: int | None = None) -> int | None:
        """Read a whole number, or what it is if nothing was typed."""
        if not self.given[name]:
            return default
        if re.fullmatch(r"\d{1,5}", self.given[name]):
            return int(self.given[name])
        self.wrong[name] = "Enter a whole number."
        return default

    def minutes(self) -> int:
        """Read a length; an hour if nothing was typed."""
        minutes = self.number("minutes", default=60)
        return 60 if minutes is None else minutes

    def ids(self, name: str) -> tuple[uuid.UUID, ...]:
        """Read what was ticked in a list of people."""
        try:
            return tuple(uuid.UUID(each) for each in self.given[name])
        except ValueError:
            self.wrong[name] = "Choose from the list."
            return ()

    def chosen(self, name: str, allowed: Mapping[str, int]) -> tuple[int, ...]:
        """Read what was ticked in a list of numbers."""
        if not set(self.given[name]) <= set(allowed):
            self.wrong[name] = "Choose from the list."
            return ()
        return tuple(allowed[each] for each in allowed if each in self.given[name])

    def refuse(self) -> None:
        """Raise Invalid if anything could not be read, naming each field."""
        if self.wrong:
            raise Invalid(" ".join(self.wrong.values()), fields=self.wrong)
