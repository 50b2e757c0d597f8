"""Which dates of a series survive a new rule: matched by their day, never by their place in a list (calendars.md)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Given:
    """A date as it stands: the wall time its rule gave it (None: an extra date), and when it is."""

    id: UUID
    slot: datetime | None
    start: datetime
    is_cancelled: bool = False


@dataclass(frozen=True)
class Matched:
    """What a new rule makes of dates: which get which slot, which it no longer has, and which slots are new.

    `met` are kept though their slot is gone: they had been moved by hand onto a day that the new rule has.
    """

    kept: dict[UUID, datetime]
    met: dict[UUID, datetime]
    gone: tuple[UUID, ...]
    new: tuple[datetime, ...]


def match(dates: Collection[Given], slots: Sequence[datetime]) -> Matched:
    """Give each slot to the date of its day; a rule has at most one slot a day. Extra dates are left alone."""
    of_rule = [each for each in dates if each.slot is not None]
    free = {slot.date(): slot for slot in slots}
    kept = _taken(free, ((each, each.slot.date()) for each in _living_first(of_rule) if each.slot))
    left = [each for each in of_rule if each.id not in kept and not each.is_cancelled]
    # A day that a cancelled date had is not taken by one that was moved there: both would be of that slot.
    met = _taken(free, ((each, each.start.date()) for each in left))
    gone = tuple(each.id for each in of_rule if each.id not in kept and each.id not in met)
    return Matched(kept, met, gone, tuple(free.values()))


def _taken(free: dict[date, datetime], wishes: Iterable[tuple[Given, date]]) -> dict[UUID, datetime]:
    return {each.id: free.pop(day) for each, day in wishes if day in free}


def _living_first(dates: Iterable[Given]) -> list[Given]:
    return sorted(dates, key=lambda each: (each.is_cancelled, each.start, each.id))
