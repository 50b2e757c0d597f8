"""When somebody looks: stretches of time, and where they lie on the walls of the zones that listings keep. Law."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from aftercare.meetings.recurrence import instant

Window = tuple[datetime, datetime]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
#: A clock that changes within these hours of a stretch is looked at an hour more on both sides.
NEAR_CHANGE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one day on the wall of a zone, in minutes from and until, and the stretch of time it is for."""

    zone: str
    day: date
    start: int
    end: int
    window: Window
    is_exact: bool


def windows(
    days: list[date], hours: tuple[tuple[int, int], ...], *, zone: str, since: datetime, until: datetime | None
) -> list[Window]:
    """Give the stretches of time that hours of days are, in order, from one moment on and up to another."""
    found = []
    for day in days:
        for start, end in hours:
            begins, ends = at(day, start, zone), at(day, end, zone)
            begins, ends = max(begins, since), min(ends, until) if until else ends
            if begins < ends:
                found.append((begins, ends))
    return found


@lru_cache(maxsize=2048)
def pieces(window: Window, zone: str) -> tuple[Piece, ...]:
    """Give the parts of days on the wall of a zone that a stretch of time can hold."""
    begins, ends = wall(window[0], zone), wall(window[1], zone)
    is_exact = _offset(window[0] - NEAR_CHANGE, zone) == _offset(window[1] + NEAR_CHANGE, zone)
    if not is_exact:
        begins, ends = begins - HOUR, ends + HOUR
    day, found = begins.date(), list[Piece]()
    while datetime.combine(day, datetime.min.time()) < ends:
        midnight = datetime.combine(day, datetime.min.time())
        start = max(0, _minute_up(begins - midnight))
        end = min(24 * 60, _minute_up(ends - midnight))
        if start < end:
            found.append(Piece(zone, day, start, end, window, is_exact))
        day += DAY
    return tuple(found)


@lru_cache(maxsize=8192)
def at(day: date, minute: int, zone: str) -> datetime:
    """Give the moment of a minute of a day in a zone."""
    return instant(datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute), zone)


@lru_cache(maxsize=8192)
def ends(starts_at: datetime, minutes: int) -> datetime:
    """Give when something ends that takes so many minutes."""
    return starts_at + timedelta(minutes=minutes)


def wall(moment: datetime, zone: str) -> datetime:
    """Give what the clock on the wall shows at a moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _offset(moment: datetime, zone: str) -> timedelta | None:
    return moment.astimezone(ZoneInfo(zone)).utcoffset()


def _minute_up(span: timedelta) -> int:
    """Give the first whole minute at or after a span: a listing begins at whole minutes."""
    return -(-span // timedelta(minutes=1))
