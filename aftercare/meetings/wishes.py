"""What somebody looks for, read from the address of the page: the same words for people, bookmarks and programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from aftercare.meetings import types
from aftercare.meetings.geography import Point

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD = ("now", "today", "tomorrow", "week")
WHOLE_DAY = ((0, 24 * 60),)
# As the apps of the field cut the day (meeting-guide.md 1.3): the parts overlap.
HOURS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "morning": ((4 * 60, 12 * 60),),
    "midday": ((11 * 60, 17 * 60),),
    "evening": ((16 * 60, 21 * 60),),
    "night": ((0, 5 * 60), (20 * 60, 24 * 60)),
}
ATTENDS = ("in_person", "online", "hybrid")
OPENS = ("open", "closed")
#: How far somebody looks, in miles or kilometers as the organisation counts.
REACHES = (1, 2, 5, 10, 25, 50)
REACH = 10
#: The days that can be asked for are today and as many more.
LAST_AHEAD = 6
SORTS = ("start", "distance")
FIELDS = ("q", "near", "within", "sort", "day", "time", "type", "language", "attend", "open")
LONGEST_TEXT = 100
NOT_CHOSEN = "Choose from the list."


@dataclass(frozen=True)
class Near:
    """A point, and how many meters around it somebody looks."""

    point: Point
    meters: float


@dataclass(frozen=True)
class Wish:
    """What somebody looks for. Days are the organisation's; `hours` are minutes of its day, from and until.

    `is_soon`: what has just begun, or begins within two hours. `place` is what was typed of where, `within` how far
    from there; `near` is where that is.
    """

    first: date
    last: date
    hours: tuple[tuple[int, int], ...] = WHOLE_DAY
    is_soon: bool = False
    type: str | None = None
    language: str | None = None
    attend: str | None = None
    is_open: bool | None = None
    text: str = ""
    place: str = ""
    within: int = REACH
    sort: str = "start"
    near: Near | None = None

    @property
    def by_distance(self) -> bool:
        """Tell whether the nearest comes first."""
        return self.near is not None and self.sort == "distance"

    @property
    def any_time(self) -> bool:
        """Tell whether a meeting without a time can be meant."""
        return self.hours == WHOLE_DAY and not self.is_soon


def read(given: Mapping[str, str], *, today: date) -> tuple[Wish, dict[str, str]]:
    """Read a wish from what was chosen; what cannot be read is passed over and named with a sentence, by field."""
    chosen = {field: given.get(field, "").strip() for field in FIELDS}
    wrong = {field: NOT_CHOSEN for field, known in _known().items() if chosen[field] and chosen[field] not in known}
    chosen |= dict.fromkeys(wrong, "")
    first, last = _days(chosen["day"], is_search=bool(chosen["q"] or chosen["near"]), today=today)
    wish = Wish(
        first=first,
        last=last,
        hours=HOURS.get(chosen["time"], WHOLE_DAY),
        is_soon=chosen["day"] == "now",
        type=chosen["type"] or None,
        language=chosen["language"] or None,
        attend=chosen["attend"] or None,
        is_open={"open": True, "closed": False}.get(chosen["open"]),
        text=chosen["q"][:LONGEST_TEXT],
        place=chosen["near"][:LONGEST_TEXT],
        within=int(chosen["within"] or REACH),
        sort=chosen["sort"] or "start",
    )
    return wish, wrong


def type_codes() -> list[str]:
    """Give the Meeting Guide codes to look for; language and open or closed are asked for by themselves."""
    apart = {"access", "status", "language"}
    return [code for code, kind in types.GUIDE.items() if kind.category not in apart]


def languages() -> list[str]:
    """Give the languages that a list can name."""
    return [kind.language for kind in types.GUIDE.values() if kind.language]


def _days(day: str, *, is_search: bool, today: date) -> tuple[date, date]:
    if day in DAYS:
        that = today + timedelta(days=(DAYS.index(day) - today.weekday()) % 7)
        return that, that
    ahead = {"now": (0, 1), "today": (0, 0), "tomorrow": (1, 1), "week": (0, LAST_AHEAD)}
    # Whoever looks for a name or a place wants to find it, whatever its day.
    since, until = ahead.get(day, (0, LAST_AHEAD) if is_search else (0, 1))
    return today + timedelta(days=since), today + timedelta(days=until)


@cache
def _known() -> dict[str, frozenset[str]]:
    return {
        "day": frozenset({*AHEAD, *DAYS}),
        "time": frozenset(HOURS),
        "type": frozenset(type_codes()),
        "language": frozenset(languages()),
        "attend": frozenset(ATTENDS),
        "open": frozenset(OPENS),
        "within": frozenset(map(str, REACHES)),
        "sort": frozenset(SORTS),
    }
