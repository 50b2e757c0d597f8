"""When a row's meeting is: weekdays, start, length, zone."""

from dataclasses import dataclass
from datetime import time

from aftercare.meetings.exchange.listing import DAY_NAMES
from aftercare.meetings.exchange.row import Row
from aftercare.meetings.exchange.wall_time import clock_time, weekday
from aftercare.meetings.exchange.zones import find_zone

DAY_MINUTES = 24 * 60
LONG_MINUTES = 8 * 60


@dataclass(frozen=True, slots=True)
class When:
    """Weekdays (0 = Monday), start, length in minutes and zone; empty where the meeting is by appointment."""

    weekdays: tuple[int, ...] = ()
    start: time | None = None
    minutes: int | None = None
    zone: str | None = None


def read_when(row: Row, *, zone: str | None) -> When:
    """Read when a meeting is; `zone` is the one given for the list. Refuses what cannot be read for certain."""
    days, start = _days(row), _start(row)
    if not days or start is None:
        if days:
            row.find("day_without_time", "day", row.get("day"))
        elif start is not None:
            row.find("time_without_day", "time", row.get("time"))
        return When(zone=_stated_zone(row))
    return When(days, start, _minutes(row, start), _zone(row, zone))


def _days(row: Row) -> tuple[int, ...]:
    said = row.get("day")
    if said is None:
        return ()
    items = said if isinstance(said, list) else _split_days(said)
    known = [day for item in items if (day := weekday(item)) is not None]
    if not known:
        raise row.refuse("day_unknown", "day", said)
    if len(known) < len(items):
        row.find("day_partly_unknown", "day", said)
    days = tuple(sorted(set(known)))
    if isinstance(said, str):
        row.find("day_read", "day", said, made=", ".join(DAY_NAMES[day] for day in days))
    return days


def _split_days(said: object) -> list[object]:
    if isinstance(said, str) and ("," in said or "[" in said):
        return [part.strip(" '\"") for part in said[:200].strip("[] ").split(",")]
    return [said]


def _start(row: Row) -> time | None:
    said = row.get("time")
    if said is None:
        return None
    start = clock_time(said)
    if start is None:
        raise row.refuse("time_unknown", "time", said)
    _note_dialect(row, "time", said, start)
    return start


def _note_dialect(row: Row, field: str, said: object, read: time) -> None:
    if said != (plain := read.isoformat("minutes")):
        row.find("time_read", field, said, made=plain)


def _minutes(row: Row, start: time) -> int | None:
    said = row.get("end_time")
    if said is None:
        return None
    end = time(0) if said == "24:00" else clock_time(said)
    if end is None:
        row.find("end_unknown", "end_time", said)
        return None
    _note_dialect(row, "end_time", said, end)
    minutes = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % DAY_MINUTES
    if minutes == 0:
        row.find("end_is_start", "end_time", said)
        return None
    if minutes > LONG_MINUTES:
        row.find("long", "end_time", said, made=f"{minutes / 60:.1f}".removesuffix(".0"))
    return minutes


def _stated_zone(row: Row) -> str | None:
    said = row.line("timezone")
    return find_zone(said) if said else None


def _zone(row: Row, default: str | None) -> str:
    said = row.line("timezone")
    if said is None:
        return _zone_of_list(row, default)
    found = find_zone(said)
    if found is None:
        if default is None:
            raise row.refuse("zone_unreadable", "timezone", said)
        row.find("zone_default", "timezone", said, made=default)
        return default
    if found != said:
        row.find("zone_alias", "timezone", said, made=found)
    return found


def _zone_of_list(row: Row, default: str | None) -> str:
    if default is None:
        raise row.refuse("zone_missing", "timezone")
    row.tally.count("zone_of_list", field=row.called("timezone"), made=default)
    return default
