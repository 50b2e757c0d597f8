"""Rules of other calendars, brought into the shapes that we offer; what has no such shape is refused, never bent."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aftercare.core.errors import Invalid
from aftercare.meetings.repeats import Repeat, read_rule, write_rule

Parts = dict[str, str]


def our_rule(rule: str, *, start: datetime, until: datetime | date | None, zone: str | None) -> str:
    """Give a rule as we write it, its end in wall time; raise Invalid for what we do not offer."""
    parts = _parts(rule)
    if until is not None:
        parts["UNTIL"] = _wall(until, zone)
    for change in (_without_hours, _without_week_start, _nth, _named_day):
        parts = change(parts, start)
    return write_rule(read_rule(";".join(f"{name}={value}" for name, value in parts.items())))


def weekdays_of(rule: str | None, first: date) -> tuple[int, ...]:
    """Give the weekdays on which a rule may have dates."""
    repeat = read_rule(rule) if rule else Repeat()
    if repeat.weekdays:
        return repeat.weekdays
    return (first.weekday(),) if repeat.unit == "week" else tuple(range(7))


def _parts(rule: str) -> Parts:
    pairs = [part.partition("=") for part in rule.upper().split(";") if part]
    if len({name for name, _, _ in pairs}) < len(pairs):
        raise Invalid("A part of the rule stands there twice.", code="repeat")
    return {name: value for name, _, value in pairs}


def _wall(until: datetime | date, zone: str | None) -> str:
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}"
    if until.tzinfo is not None:
        until = until.astimezone(ZoneInfo(zone) if zone else UTC)
    return f"{until:%Y%m%dT%H%M%S}"


def _without_hours(parts: Parts, start: datetime) -> Parts:
    said = {"BYHOUR": start.hour, "BYMINUTE": start.minute, "BYSECOND": start.second}
    return {name: value for name, value in parts.items() if not (name in said and value == str(said[name]))}


def _without_week_start(parts: Parts, start: datetime) -> Parts:  # noqa: ARG001  # every change is called alike
    # The start of the week matters only to "every other week" on several days.
    matters = parts.get("INTERVAL", "1") != "1" and "," in parts.get("BYDAY", "")
    return parts if matters else {name: value for name, value in parts.items() if name != "WKST"}


def _nth(parts: Parts, start: datetime) -> Parts:  # noqa: ARG001
    days, places = parts.get("BYDAY", ""), parts.get("BYSETPOS")
    is_of_month = parts.get("FREQ") == "MONTHLY" or (parts.get("FREQ") == "YEARLY" and "BYMONTH" in parts)
    if places is None or not is_of_month or len(days) != 2:
        return parts
    kept = {name: value for name, value in parts.items() if name != "BYSETPOS"}
    return kept | {"BYDAY": ",".join(f"{place}{days}" for place in places.split(","))}


def _named_day(parts: Parts, start: datetime) -> Parts:
    """Write out which day is meant, where it is that of the first date; "daily on weekdays" is weekly."""
    has_day = "BYDAY" in parts or "BYMONTHDAY" in parts
    match parts.get("FREQ"):
        case "MONTHLY" if not has_day:
            return parts | {"BYMONTHDAY": str(start.day)}
        case "YEARLY" if "BYDAY" not in parts:
            return {"BYMONTH": str(start.month), "BYMONTHDAY": str(start.day)} | parts
        case "DAILY" if "BYDAY" in parts and parts.get("INTERVAL", "1") == "1":
            return parts | {"FREQ": "WEEKLY"}
    return parts
