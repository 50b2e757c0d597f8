"""When a text may leave, in the recipient's own time (law: messaging.md, "Rules"; twilio-and-rules.md, quiet hours)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = 24 * 60
# A text moved to the evening leaves before the window closes, so that a busy queue does not push it into the night.
_BEFORE_CLOSING = 30


@dataclass(frozen=True)
class Window:
    """The part of each local day in which texts may leave, in minutes after midnight: from `opens`, before `closes`."""

    opens: int = 9 * 60
    closes: int = 20 * 60

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= _DAY:
            raise ValueError("A window opens before it closes, within one day.")

    @property
    def evening(self) -> int:
        """Say the minute at which texts leave that were due in the night after."""
        return self.closes - max(1, min(_BEFORE_CLOSING, (self.closes - self.opens) // 2))


DEFAULT = Window()


def allowed(now: datetime, window: Window, zone: str) -> bool:
    """Tell whether a text may leave now."""
    local = now.astimezone(ZoneInfo(zone))
    return window.opens <= local.hour * 60 + local.minute < window.closes


def fit(due: datetime, window: Window, zone: str, *, useful_until: datetime, now: datetime) -> datetime | None:
    """Move a time out of the night: earlier, else to the next morning; None when that is too late to be useful."""
    wanted = max(due, now)
    fitting = wanted if allowed(wanted, window, zone) else _out_of_the_night(wanted, window, zone, now)
    return fitting if fitting < useful_until else None


def stricter(one: Window, other: Window) -> Window | None:
    """Give the hours that both windows allow; None if there are none."""
    opens, closes = max(one.opens, other.opens), min(one.closes, other.closes)
    return Window(opens, closes) if opens < closes else None


def _out_of_the_night(wanted: datetime, window: Window, zone: str, now: datetime) -> datetime:
    evening = _last_evening(wanted, window, zone)
    if evening >= now:
        return evening
    return now if allowed(now, window, zone) else _next_morning(wanted, window, zone)


def _last_evening(moment: datetime, window: Window, zone: str) -> datetime:
    return next(
        at for at in _daily(moment, window.evening, zone, step=-1) if at <= moment and allowed(at, window, zone)
    )


def _next_morning(moment: datetime, window: Window, zone: str) -> datetime:
    return next(at for at in _daily(moment, window.opens, zone, step=1) if at >= moment and allowed(at, window, zone))


def _daily(moment: datetime, minute: int, zone: str, *, step: int) -> Iterator[datetime]:
    # A local minute that the clock change skips may fall outside a narrow window; the next day then serves.
    today = moment.astimezone(ZoneInfo(zone)).date()
    for days in range(4):
        yield _instant(today + timedelta(days=step * days), minute, zone)


def _instant(day: date, minute: int, zone: str) -> datetime:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time, placed in its zone below
    return (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
