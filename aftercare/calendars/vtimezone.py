"""How a zone changes its clocks: as a VTIMEZONE where that follows a rule, and as wall times a series must avoid."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

# Weekdays and leap years repeat every 28 years: a rule that holds so long holds for good.
YEARS = 28
# Some programs ignore the VTIMEZONE for zone data of their own: that of ical-expander 3.2 knows no rule made later,
# and no zone outside these areas.
_KNOWN_SINCE = 2019
_AREAS = ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"]
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Change:
    """One change of the clocks: when, and from which offset to which."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def onset(self) -> datetime:
        """The wall time that clocks showed as they were changed (RFC 5545 3.6.5)."""
        return _wall(self.at, self.before)

    def touches(self, start: datetime, end: datetime) -> bool:
        """Say whether a meeting between two wall times meets the hour that is skipped or lived twice."""
        shown = sorted((_wall(self.at, self.before), _wall(self.at, self.after)))
        return start < shown[1] and end >= shown[0]


@lru_cache(maxsize=1024)
def changes(zone: str, since: int) -> tuple[Change, ...]:
    """List the clock changes of a zone from the start of a year, 28 years long."""
    clocks = ZoneInfo(zone)
    # Local time may run a day ahead of UTC, so New Year's Eve belongs to it. No zone changes twice within a week.
    eve = datetime(since, 1, 1, tzinfo=UTC) - timedelta(days=1)
    weeks = [eve + timedelta(weeks=week) for week in range(YEARS * 366 // 7)]
    offsets = [moment.astimezone(clocks).utcoffset() for moment in weeks]
    differing = [week for week, (before, after) in enumerate(pairwise(offsets)) if before != after]
    return tuple(_change_between(clocks, weeks[week], weeks[week + 1]) for week in differing)


@lru_cache(maxsize=1024)
def write(zone: str, since: int) -> bytes | None:
    """Write the VTIMEZONE that holds from the start of a year, or None where no yearly rule gives the zone's clocks."""
    observances = _observances(zone, since)
    if observances is None:
        return None
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}", *observances, "END:VTIMEZONE", ""]
    return "\r\n".join(lines).encode()


def is_settled(zone: str, since: int) -> bool:
    """Say whether old and new calendar programs agree on a zone's clocks from the start of a year."""
    if is_utc(zone):
        return True
    return zone.split("/")[0] in _AREAS and write(zone, min(since, _KNOWN_SINCE)) is not None


def is_utc(zone: str) -> bool:
    """Say whether a zone is UTC by one of its names: it needs no VTIMEZONE, only a Z."""
    return zone.removeprefix("Etc/") in {"UTC", "UCT", "Universal", "Zulu"}


def touched(zone: str, first: datetime, minutes: int) -> list[datetime]:
    """List the wall times, at the hour of `first`, at which a meeting would meet a clock change."""
    length = timedelta(minutes=minutes)
    return [
        start
        for change in changes(zone, first.year)
        for start in _starts_near(change, first, length)
        if start >= first and change.touches(start, start + length)
    ]


def _change_between(clocks: ZoneInfo, low: datetime, high: datetime) -> Change:
    before = _offset(clocks, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(clocks, middle) == before:
            low = middle
        else:
            high = middle
    return Change(high, before, _offset(clocks, high), high.astimezone(clocks).tzname() or "")


def _offset(clocks: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(clocks).utcoffset() or timedelta()


def _wall(moment: datetime, offset: timedelta) -> datetime:
    return moment.replace(tzinfo=None) + offset


def _starts_near(change: Change, first: datetime, length: timedelta) -> list[datetime]:
    day = (change.onset - length - timedelta(days=1)).date()
    days = length.days + 4
    return [datetime.combine(day + timedelta(days=ahead), first.time()) for ahead in range(days)]


def _observances(zone: str, since: int) -> list[str] | None:
    found = changes(zone, since)
    if not found:
        return _never_changing(zone, since)
    forward = [change for change in found if change.after > change.before]
    back = [change for change in found if change.after < change.before]
    parts = [_observance("DAYLIGHT", forward, since), _observance("STANDARD", back, since)]
    if None in parts or not _are_opposite(forward[0], back[0]):
        return None
    return [line for part in parts for line in part or []]


def _never_changing(zone: str, since: int) -> list[str]:
    moment = datetime(since, 2, 1, tzinfo=ZoneInfo(zone))
    offset = moment.utcoffset() or timedelta()
    change = Change(moment, offset, offset, moment.tzname() or "")
    return _lines("STANDARD", change, first=datetime(since - 1, 1, 1), rule=None)  # noqa: DTZ001


def _observance(kind: str, found: Sequence[Change], since: int) -> list[str] | None:
    years = [change.onset.year for change in found]
    if years != list(range(since, since + YEARS)) or len({(change.before, change.after) for change in found}) > 1:
        return None
    rule = _yearly_rule([change.onset for change in found])
    if rule is None:
        return None
    # Begun a year early, so that the offset of the first January is known too.
    first = rrulestr(rule, dtstart=found[0].onset.replace(year=since - 1, day=1))[0]
    return _lines(kind, found[0], first=first, rule=rule)


def _are_opposite(forward: Change, back: Change) -> bool:
    return (forward.before, forward.after) == (back.after, back.before)


def _yearly_rule(onsets: Sequence[datetime]) -> str | None:
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) > 1:
        return None
    days = _days_of_the_month([onset.date() for onset in onsets])
    return days and f"FREQ=YEARLY;BYMONTH={onsets[0].month};{days}"


def _days_of_the_month(days: Sequence[date]) -> str | None:
    weekday = _WEEKDAYS[days[0].weekday()]
    ordinals = {(day.day - 1) // 7 + 1 for day in days}
    if len(ordinals) == 1:
        return f"BYDAY={ordinals.pop()}{weekday}"
    if all(day.day + 7 > monthrange(day.year, day.month)[1] for day in days):
        return f"BYDAY=-1{weekday}"
    earliest, latest = min(day.day for day in days), max(day.day for day in days)
    if latest - earliest != 6:
        return None
    window = ",".join(str(day) for day in range(earliest, latest + 1))
    return f"BYMONTHDAY={window};BYDAY={weekday}"


def _lines(kind: str, change: Change, *, first: datetime, rule: str | None) -> list[str]:
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{first:%Y%m%dT%H%M%S}",
        *([f"RRULE:{rule}"] if rule else []),
        f"TZNAME:{change.name}",
        f"TZOFFSETFROM:{_signed(change.before)}",
        f"TZOFFSETTO:{_signed(change.after)}",
        f"END:{kind}",
    ]


def _signed(offset: timedelta) -> str:
    minutes = offset // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{rest:02}"
