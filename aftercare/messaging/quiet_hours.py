"""When a text may leave, in the recipient's own time (law: messaging.md, "Rules"; twilio-and-rules.md, quiet hours)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = 24 * 60
# A text moved to the evening leaves before the window closes, so that a busy queue does not push it into the night.
_BEFORE_CLOSING = 30
# A window that is open on one weekday alone, and then skipped by a clock change, is open again within two weeks.
_LOOKS_FAR = 15


@dataclass(frozen=True)
class Hours:
    """A part of one local day, in minutes after midnight: from `opens`, before `closes`."""

    opens: int = 9 * 60
    closes: int = 20 * 60

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= _DAY:
            raise ValueError("A window opens before it closes, within one day.")

    @property
    def evening(self) -> int:
        """Say the minute at which texts leave that were due in the night after."""
        return self.closes - max(1, min(_BEFORE_CLOSING, (self.closes - self.opens) // 2))


@dataclass(frozen=True)
class Window:
    """The hours in which texts may leave on each weekday, Monday first; None for a day on which none may."""

    days: tuple[Hours | None, ...]

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError("A window says something of each weekday.")

    def on(self, day: date) -> Hours | None:
        """Give the hours of a day."""
        return self.days[day.weekday()]


def every_day(opens: int = Hours.opens, closes: int = Hours.closes) -> Window:
    """Make a window that is the same on each day."""
    return Window((Hours(opens, closes),) * 7)


def week(monday_to_friday: Hours, saturday: Hours, sunday: Hours) -> Window:
    """Make a window that differs at the end of the week."""
    return Window((monday_to_friday,) * 5 + (saturday, sunday))


DEFAULT = every_day()


def allowed(now: datetime, window: Window, zone: str) -> bool:
    """Tell whether a text may leave now."""
    local = now.astimezone(ZoneInfo(zone))
    hours = window.on(local.date())
    return hours is not None and hours.opens <= local.hour * 60 + local.minute < hours.closes


def fit(due: datetime, window: Window, zone: str, *, useful_until: datetime, now: datetime) -> datetime | None:
    """Move a time out of the night: earlier, else to when texts may leave again; None when that is too late."""
    wanted = max(due, now)
    fitting = wanted if allowed(wanted, window, zone) else _out_of_the_night(wanted, window, zone, now)
    return fitting if fitting is not None and fitting < useful_until else None


def opening(day: date, window: Window, zone: str) -> datetime | None:
    """Say when texts may first leave on a day; None if they may not."""
    hours = window.on(day)
    if hours is None:
        return None
    opens = _instant(day, hours.opens, zone)
    return opens if allowed(opens, window, zone) else None


def last_day(useful_until: datetime, window: Window, zone: str) -> date | None:
    """Say on which day a text may leave for the last time that is useless from a moment on; None if it never may."""
    for day in _days(useful_until, zone, step=-1):
        opens = opening(day, window, zone)
        if opens is not None and opens < useful_until:
            return day
    return None


def stricter(windows: Sequence[Window]) -> Window:
    """Give the hours that all of these windows allow."""
    first, *others = windows
    days = first.days
    for other in others:
        days = tuple(_both(one, two) for one, two in zip(days, other.days, strict=True))
    return Window(days)


def _both(one: Hours | None, other: Hours | None) -> Hours | None:
    if one is None or other is None:
        return None
    opens, closes = max(one.opens, other.opens), min(one.closes, other.closes)
    return Hours(opens, closes) if opens < closes else None


def _out_of_the_night(wanted: datetime, window: Window, zone: str, now: datetime) -> datetime | None:
    evening = _last_evening(wanted, window, zone)
    if evening is not None and evening >= now:
        return evening
    return now if allowed(now, window, zone) else _next_opening(wanted, window, zone)


def _last_evening(moment: datetime, window: Window, zone: str) -> datetime | None:
    for day in _days(moment, zone, step=-1):
        hours = window.on(day)
        evening = None if hours is None else _instant(day, hours.evening, zone)
        if evening is not None and evening <= moment and allowed(evening, window, zone):
            return evening
    return None


def _next_opening(moment: datetime, window: Window, zone: str) -> datetime | None:
    openings = (opening(day, window, zone) for day in _days(moment, zone, step=1))
    return next((opens for opens in openings if opens is not None and opens >= moment), None)


def _days(moment: datetime, zone: str, *, step: int) -> Iterator[date]:
    # A local minute that the clock change skips may fall outside a narrow window; another day then serves.
    today = moment.astimezone(ZoneInfo(zone)).date()
    for days in range(_LOOKS_FAR):
        yield today + timedelta(days=step * days)


def _instant(day: date, minute: int, zone: str) -> datetime:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time, placed in its zone below
    return (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
