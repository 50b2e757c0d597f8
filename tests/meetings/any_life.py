"""A group as plain values: which of its dates are on, and why others are off; random lives are held against it."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

FIRST, LAST = date(2026, 11, 3), date(2026, 11, 22)
DAY = timedelta(days=1)


@dataclass
class Shut:
    """What is closed: a place, or everything."""

    key: UUID
    place: str | None
    first: date
    last: date


@dataclass
class Known:
    """One date: its day by the rule, when it is, where (None: as always), and why it is off."""

    slot: date
    start: datetime
    place: str | None = None
    is_dropped: bool = False
    is_called_off: bool = False
    shut: UUID | None = None
    half: int = 0

    @property
    def is_on(self) -> bool:
        return not (self.is_dropped or self.is_called_off or self.shut)


@dataclass
class Half:
    """What is of one meeting from a day on: its weekdays, hour and place."""

    since: date
    weekdays: tuple[int, ...]
    hour: int
    place: str


@dataclass
class Life:
    """A group from its first day to its last."""

    halves: list[Half]
    dates: dict[UUID, Known] = field(default_factory=dict)
    shut: list[Shut] = field(default_factory=list)

    def copy(self) -> "Life":
        return deepcopy(self)

    def place_of(self, known: Known) -> str:
        return known.place or self.halves[known.half].place

    def days(self) -> list[date]:
        """Give the days of the rule of the last half."""
        half = self.halves[-1]
        span = [half.since + number * DAY for number in range((LAST - half.since).days + 1)]
        return [day for day in span if day.weekday() in half.weekdays]

    def covering(self, known: Known, place: str) -> list[Shut]:
        day = known.start.date()
        return [each for each in self.shut if each.first <= day <= each.last and each.place in {None, place}]

    def close(self, shut: Shut) -> None:
        self.shut.append(shut)
        for known in self.dates.values():
            if known.is_on and shut in self.covering(known, self.place_of(known)):
                known.shut = shut.key

    def lift(self, key: UUID) -> None:
        self.shut = [each for each in self.shut if each.key != key]
        for known in self.dates.values():
            if known.shut == key:
                later = [each.key for each in self.covering(known, self.place_of(known)) if each.key > key]
                known.shut = min(later, default=None)

    def examine(self, known: Known, place_before: str) -> None:
        """Hold a date against what is closed, after it or its meeting went from one place to another."""
        if known.is_dropped or known.is_called_off:
            return
        place = self.place_of(known)
        there = [each.key for each in self.covering(known, place)]
        if known.shut is not None:
            known.shut = known.shut if known.shut in there else min(there, default=None)
        elif place != place_before:
            of_place = [each.key for each in self.covering(known, place) if each.place == place]
            known.shut = min(of_place, default=None)

    def put(self, half: Half) -> None:
        """Let the last half be otherwise: dates of its days survive, the others are dropped."""
        index, before = len(self.halves) - 1, self.halves[-1].place
        self.halves[-1] = half
        theirs = {key: each for key, each in self.dates.items() if each.half == index}
        free = set(self.days())
        kept = {key for key, each in sorted(theirs.items(), key=_living_first) if _take(free, each.slot)}
        left = [key for key, each in theirs.items() if key not in kept and each.is_on]
        met = {
            key
            for key in sorted(left, key=lambda key: (theirs[key].start, key))
            if _take(free, theirs[key].start.date())
        }
        for key, each in theirs.items():
            was_off, place = not each.is_on, each.place or before
            is_moved = each.start != datetime.combine(each.slot, each.start.time()) or each.start.minute
            if key in met:
                each.slot, is_moved = each.start.date(), False
            each.is_dropped = key not in kept | met
            if each.is_dropped:
                each.shut = None
                continue
            if not is_moved:
                each.start = datetime(each.slot.year, each.slot.month, each.slot.day, half.hour)
            if was_off and not each.is_called_off and each.shut is None:
                each.shut = min((every.key for every in self.covering(each, self.place_of(each))), default=None)
            else:
                self.examine(each, place)

    def split(self, half: Half) -> None:
        """Let the dates from a day on be those of another meeting."""
        self.halves.append(Half(half.since, self.halves[-1].weekdays, self.halves[-1].hour, self.halves[-1].place))
        for known in self.dates.values():
            if known.half == len(self.halves) - 2 and known.slot >= half.since:
                known.half = len(self.halves) - 1
        self.put(half)


def _take(free: set[date], day: date) -> bool:
    is_free = day in free
    free.discard(day)
    return is_free


def _living_first(row: tuple[UUID, Known]) -> tuple[bool, datetime, UUID]:
    return not row[1].is_on, row[1].start, row[0]
