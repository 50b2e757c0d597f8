"""A wish with all that its questions need: from which moment on, behind which row, how many, and which words."""

import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import cos, radians
from typing import Any

from flask import current_app

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_sql, search_words
from aftercare.meetings.finder_windows import Window, windows
from aftercare.meetings.geography import DEGREE_METERS
from aftercare.meetings.wishes import Wish

#: The distance in meters where the nearest comes first, else 0; the start; the id of the meeting or date as text.
Key = tuple[int, datetime, str]
EXTENSION = "aftercare.finder"
#: What a process remembers of lists as they stand: which zones they keep, which words are rare in them.
REMEMBERED = 2_000
IN_BOX = " AND p.latitude BETWEEN :south AND :north AND p.longitude BETWEEN :west AND :east"
DAY_IN_BOX = IN_BOX.replace("p.", "d.")


@dataclass(frozen=True)
class Sought:
    """What is looked for in an organisation, in its own time; `version` changes with what it lists."""

    organisation_id: uuid.UUID
    version: int
    zone: str
    language: str
    wish: Wish
    earliest: datetime
    latest: datetime | None
    after: Key | None
    limit: int

    @cached_property
    def since(self) -> datetime:
        """Give the moment from which on rows are read."""
        is_further = self.after is not None and not self.wish.by_distance
        return max(self.earliest, self.after[1]) if is_further and self.after else self.earliest

    @cached_property
    def windows(self) -> list[Window]:
        """Give the stretches of time that are meant, in order."""
        days = [self.wish.first + timedelta(days=n) for n in range((self.wish.last - self.wish.first).days + 1)]
        return windows(days, self.wish.hours, zone=self.zone, since=self.since, until=self.latest)

    @cached_property
    def words(self) -> finder_sql.Words:
        """Give the words and marks that a meeting must hold."""
        wish = self.wish
        marks: list[tuple[str, ...]] = []
        if wish.type:
            marks.append((search_words.of_type(wish.type),))
        if wish.language:
            # A meeting that names no language speaks that of the house.
            unsaid = (search_words.NO_LANGUAGE,) if wish.language == self.language else ()
            marks.append((search_words.of_language(wish.language), *unsaid))
        if wish.attend or wish.near:
            # Nobody walks to a screen.
            marks.append((f"_{wish.attend or 'in_person'}_",))
        if wish.is_open is not None:
            marks.append((search_words.OPEN if wish.is_open else search_words.CLOSED,))
        return finder_sql.words_for(wish.text, marks)

    @cached_property
    def match(self) -> str:
        """Give what the full-text index is asked of this organisation."""
        return finder_sql.match(self.words, self.organisation_id.hex, postgresql=is_postgresql())

    @cached_property
    def match_anywhere(self) -> str:
        """Give what it is asked of all: the same, and less to look through, where words are rare in all of them."""
        return finder_sql.match(self.words, None, postgresql=is_postgresql())

    @cached_property
    def held(self) -> dict[str, str]:
        """Give the parameters of the conditions below."""
        return finder_sql.held(self.words)

    @cached_property
    def conditions(self) -> str:
        """Give the same, and what no index holds, as conditions on rows of days."""
        return self._conditions(finder_sql.OF_DAY, "d")

    @cached_property
    def conditions_on_meetings(self) -> str:
        """Give the same as conditions on meetings."""
        return self._conditions(finder_sql.OF_MEETING, "m")

    def _conditions(self, hays: tuple[str, str], row: str) -> str:
        held = finder_sql.holding(self.words, hays, postgresql=is_postgresql())
        # Nobody can come; whoever looks for it by name finds it, and reads why.
        return held if self.wish.attend or self.wish.text else f"{held} AND {row}.attendance <> 'inactive'"

    @cached_property
    def box(self) -> dict[str, float]:
        """Give the corners around the circle that somebody looks in."""
        near = self.wish.near
        assert near is not None
        high = near.meters / DEGREE_METERS * 1.01
        wide = min(360.0, high / max(0.001, cos(radians(min(90.0, abs(near.point.latitude) + high)))))
        return {
            "south": near.point.latitude - high, "north": near.point.latitude + high,
            "west": near.point.longitude - wide, "east": near.point.longitude + wide,
        }  # fmt: skip

    @cached_property
    def zones(self) -> list[str]:
        """Give the zones that the organisation's listings keep."""
        given = {"o": self.organisation_id}
        zones: list[str] = self.remember("zones", lambda: [row[0] for row in finder_ask.ask(finder_sql.zones(), given)])
        return zones

    def has_any(self, of: str) -> bool:
        """Tell whether the organisation shows any meeting of a kind."""
        given = {"o": self.organisation_id}
        return bool(self.remember(of, lambda: finder_ask.ask(finder_sql.is_any(of), given)[0][0]))

    def remember(self, what: str, ask: Callable[[], Any]) -> Any:
        """Give an answer about the list as it stands; ask for it once."""
        known: OrderedDict[tuple[Any, ...], Any] = current_app.extensions.setdefault(EXTENSION, OrderedDict())
        key = (self.organisation_id, self.version, what)
        if key not in known:
            known[key] = ask()
            while len(known) > REMEMBERED:
                known.popitem(last=False)
        return known[key]
