"""How much of somebody's way one calendar holds: what is oldest is folded into its months, so that nothing is lost.

What leaves a feed leaves the phone (calendars.md, "Emit"), yet programs stop at about 1,000 events, and Google at 1 MB.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from aftercare.calendars import ics

NOON = time(12)
#: Makes the entry of a month of which only the number of dates is kept; None where even that would say too much.
Fold = Callable[[date, int], ics.Entry | None]


@dataclass(frozen=True)
class Room:
    """What there is room for: bytes and entries, and since when dates may be folded, counted from their end."""

    size: int
    most: int
    folds_before: datetime


def fitting(
    entries: Sequence[ics.Entry], counts: Mapping[date, int], host: str, fold: Fold, *, room: Room, now: datetime
) -> list[bytes]:
    """Write entries, and the months of `counts`, as far as there is room: old months are folded, the oldest first.

    If that is not enough, those nearest to now stay.
    """
    parts = _Parts(host)
    for number, entry in enumerate(entries):
        parts.put(number, entry)
    folded = Counter(counts)
    for month in sorted(folded):
        parts.put(month, fold(month, folded[month]))
    if parts.fit(room):
        return parts.in_order()
    for month, numbers in sorted(_old(entries, room.folds_before).items()):
        if parts.fit(room):
            break
        folded[month] += len(numbers)
        for number in numbers:
            parts.drop(number)
        parts.put(month, fold(month, folded[month]))
    return parts.nearest(room, now)


def moment(entry: ics.Entry) -> datetime:
    """Say when an entry is."""
    match entry:
        case ics.Single():
            return entry.starts_at
        case ics.AllDay():
            return datetime.combine(entry.on, NOON, UTC)
        case ics.Series():
            return entry.first.replace(tzinfo=UTC)


def month_of(day: date) -> date:
    """Give the first day of a day's month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """Give the last day of a month."""
    return month_of(month + timedelta(days=31)) - timedelta(days=1)


class _Parts:
    """Written entries by their number or their month, and how much room they take."""

    def __init__(self, host: str) -> None:
        self._host, self._size = host, 0
        self._written: dict[int | date, tuple[ics.Entry, bytes]] = {}

    def put(self, key: int | date, entry: ics.Entry | None) -> None:
        self.drop(key)
        if entry is not None:
            written = ics.fragment(entry, self._host)
            self._written[key] = entry, written
            self._size += len(written)

    def drop(self, key: int | date) -> None:
        if key in self._written:
            self._size -= len(self._written.pop(key)[1])

    def fit(self, room: Room) -> bool:
        return self._size <= room.size and len(self._written) <= room.most

    def in_order(self) -> list[bytes]:
        return [written for _, written in sorted((moment(entry), written) for entry, written in self._written.values())]

    def nearest(self, room: Room, now: datetime) -> list[bytes]:
        """Give what there is room for, in the order of time."""
        kept: list[tuple[datetime, bytes]] = []
        left = room.size
        for entry, written in sorted(self._written.values(), key=lambda part: abs(moment(part[0]) - now)):
            left -= len(written)
            if left < 0 or len(kept) == room.most:
                break
            kept.append((moment(entry), written))
        return [written for _, written in sorted(kept)]


def _old(entries: Sequence[ics.Entry], before: datetime) -> dict[date, list[int]]:
    """Give by month what may be folded, by number: whole months alone."""
    months: dict[date, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if isinstance(entry, ics.Single):
            months[month_of(entry.starts_at.date())].append(number)
    return {month: numbers for month, numbers in months.items() if last_of(month) < before.date()}
