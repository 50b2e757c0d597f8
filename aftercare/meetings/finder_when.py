"""When somebody looks, as conditions on the rows of days in all the zones that an organisation's listings keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aftercare.meetings.finder_ask import Asked
from aftercare.meetings.finder_sought import Key, Sought
from aftercare.meetings.finder_windows import Piece, at, pieces


@dataclass(frozen=True)
class When:
    """The pieces of days that are meant."""

    sought: Sought
    parts: Sequence[Piece]

    @cached_property
    def is_in_time(self) -> bool:
        """Tell whether weekdays and minutes alone put rows in the order of their times: they do in one zone."""
        days = {piece.day for piece in self.parts}
        return follow(self.parts) and len(days) == len({day.weekday() for day in days})

    @cached_property
    def conditions(self) -> str:
        """Give the conditions."""
        if not self.is_in_time:
            days = sorted({piece.day.weekday() for piece in self.parts})
            return f" AND d.weekday IN ({', '.join(map(str, days))})"
        numbers = range(len(self.parts))
        each = (f"d.weekday = :w{n} AND d.start_minute >= :s{n} AND d.start_minute < :e{n}" for n in numbers)
        return f" AND ({' OR '.join(each)})"

    @cached_property
    def given(self) -> dict[str, Any]:
        """Give their parameters."""
        return given(self.parts) if self.is_in_time else {}

    def end_of(self, rows: Sequence[Asked]) -> Key | None:
        """Say up to where rows in the order of their times are whole, if there may be more of them."""
        if not self.is_in_time or len(rows) <= self.sought.limit:
            return None
        zone, weekday, minute, mark = rows[-1][1:5]
        day = next(piece.day for piece in self.parts if piece.day.weekday() == weekday)
        return 0, at(day, minute, zone), mark


def of(sought: Sought) -> When:
    """Give when somebody looks."""
    return When(sought, [piece for window in sought.windows for zone in sought.zones for piece in pieces(window, zone)])


def given(parts: Sequence[Piece]) -> dict[str, Any]:
    """Give pieces of days as parameters, each with its number."""
    found: dict[str, Any] = {}
    for number, piece in enumerate(parts):
        found[f"w{number}"], found[f"s{number}"], found[f"e{number}"] = piece.day.weekday(), piece.start, piece.end
    return found


def follow(parts: Sequence[Piece]) -> bool:
    """Tell whether pieces follow each other in time: those of one zone do."""
    return len({piece.zone for piece in parts}) == 1 and all(piece.is_exact for piece in parts)


def begins_behind(sought: Sought, piece: Piece) -> bool:
    """Tell whether a piece begins at the very minute at which the page before ended."""
    after = sought.after
    return bool(after and piece.is_exact and at(piece.day, piece.start, piece.zone) == after[1])
