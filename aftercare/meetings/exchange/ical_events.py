"""The events of a calendar as somebody else wrote it (RFC 5545), one by one: the other import of icalendar.

Each event is parsed alone, so that one that cannot be read costs no other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TextIO

from icalendar import Event
from icalendar.prop import vDDDTypes, vGeo, vRecur
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from aftercare.meetings.exchange.list_text import refuse
from aftercare.meetings.exchange.zones import find_zone

MOST_EVENTS, MOST_LETTERS = 20_000, 200_000
# Of parts within parts no calendar has as many, nor of lines any event.
MOST_LEVELS, MOST_LINES = 20, 5_000
Moment = datetime | date
PEOPLE = ("ORGANIZER", "ATTENDEE", "CONTACT")
LINE_END = re.compile(r"[\r\n]+$")
NAMES = ("NAME", "X-WR-CALNAME")


@dataclass(frozen=True)
class Said:
    """One moment as it stands there: wall time, and the zone that is named. A date alone has no hour."""

    wall: Moment
    zone: str | None = None


@dataclass(frozen=True)
class Entry:
    """One VEVENT in plain values. Without a start it could not be read."""

    uid: str | None = None
    start: Said | None = None
    minutes: int | None = None
    rule: str | None = None
    until: Moment | None = None
    off: tuple[Said, ...] = ()
    replaces: Said | None = None
    has_extra_dates: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    coordinates: str | None = None
    updated: datetime | None = None
    people: tuple[str, ...] = ()


@dataclass
class Calendar:
    """What a calendar says of itself: its name, its zone, and the real names of the zones that it defines."""

    name: str | None = None
    zone: str | None = None
    zones: dict[str, str] = field(default_factory=dict)

    def zone_called(self, said: str | None) -> str | None:
        """Give the IANA name of a zone: as it is, as Windows or an older program calls it, or as defined here."""
        if said is None:
            return self.zone
        tail = "/".join(said.strip("/").split("/")[-2:])
        known = (said, self.zones.get(said), WINDOWS_TO_OLSON.get(said), tail)
        return next((zone for each in known if each and (zone := find_zone(each))), None)


def entries_in(text: TextIO, calendar: Calendar) -> Iterator[Entry]:
    """Give the events of a calendar, and note in `calendar` what stands around them."""
    depth: list[str] = []
    lines: list[str] = []
    count = 0
    for line in _unfolded(text):
        name, _, value = line.partition(":")
        match name.upper():
            case "BEGIN":
                depth.append(value.strip().upper())
                if len(depth) > MOST_LEVELS:
                    refuse("The calendar is nested too deeply to be a list of meetings.")
            case "END":
                if depth and depth.pop() == "VEVENT":
                    count += 1
                    if count > MOST_EVENTS:
                        refuse(f"The calendar holds more than {MOST_EVENTS:,} events; that is no list of meetings.")
                    yield _entry(lines)
                    lines = []
            case _ if depth[-1:] == ["VEVENT"]:
                lines.append(line)
                if len(lines) > MOST_LINES:
                    refuse(f"An event of the calendar has more than {MOST_LINES:,} lines; that is no meeting.")
            case _:
                _note_around(calendar, depth, name.upper(), value.strip())
    if count == 0:
        refuse("The calendar is empty: it holds no events.")


def _note_around(calendar: Calendar, depth: Sequence[str], name: str, value: str) -> None:
    if depth == ["VCALENDAR"] and name.partition(";")[0] in NAMES:
        calendar.name = calendar.name or value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")
    elif depth == ["VCALENDAR"] and name == "X-WR-TIMEZONE":
        calendar.zone = find_zone(value)
    elif depth[-1:] == ["VTIMEZONE"]:
        if name == "TZID":
            calendar.zones[""] = value
        elif name in ("X-LIC-LOCATION", "TZID-ALIAS-OF"):
            calendar.zones[calendar.zones.get("", "")] = value


def _unfolded(text: TextIO) -> Iterator[str]:
    """Put folded lines together; of a line without end only the beginning counts."""
    kept = ""
    for raw in text:
        line = LINE_END.sub("", raw.lstrip("\ufeff"))
        if line[:1] in (" ", "\t"):
            kept += line[1:] if len(kept) < MOST_LETTERS else ""
            continue
        if kept:
            yield kept
        kept = line
    if kept:
        yield kept


def _entry(lines: list[str]) -> Entry:
    try:
        event: Any = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""]))
        return _plain(event)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        # Whatever the library trips over, it is one event of a stranger; what it is stays in its first line.
        uid = next((line.partition(":")[2] for line in lines if line.upper().startswith("UID")), None)
        return Entry(uid=uid)


def _plain(event: Any) -> Entry:
    start = _said(_one(event, "DTSTART"))
    rules = event.get("RRULE")
    rule = rules if isinstance(rules, vRecur) else None
    return Entry(
        uid=str(_one(event, "UID") or "") or None,
        start=start,
        minutes=_minutes(event),
        # A rule that cannot be read is kept as it stands there, so that nobody takes the event for a single one.
        rule=_spelled(rule) if rule else (str(rules) if rules is not None else None),
        until=rule["UNTIL"][0] if rule and rule.get("UNTIL") else None,
        off=tuple(said for each in _all(event, "EXDATE") for said in _listed(each)),
        replaces=_said(_one(event, "RECURRENCE-ID")),
        has_extra_dates="RDATE" in event,
        texts={name: str(_one(event, name)) for name in event if isinstance(_one(event, name), str)},
        categories=tuple(str(word) for each in _all(event, "CATEGORIES") for word in getattr(each, "cats", ())),
        coordinates=_coordinates(_one(event, "GEO")),
        updated=_updated(_said(_one(event, "LAST-MODIFIED"))),
        people=tuple(name.lower() for name in PEOPLE if name in event),
    )


def _all(event: Any, name: str) -> list[Any]:
    value = event.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _one(event: Any, name: str) -> Any:
    return next(iter(_all(event, name)), None)


def _said(value: Any) -> Said | None:
    if not isinstance(value, vDDDTypes):
        return None
    zone = value.params.get("TZID")
    return _moment(value.dt, str(zone) if zone else None)


def _moment(moment: object, zone: str | None) -> Said | None:
    if isinstance(moment, datetime):
        is_utc = zone is None and moment.tzinfo is not None
        return Said(moment.replace(tzinfo=None), "UTC" if is_utc else zone)
    return Said(moment) if isinstance(moment, date) else None


def _listed(value: Any) -> Iterator[Said]:
    zone = getattr(value, "params", {}).get("TZID")
    for each in getattr(value, "dts", ()):
        if said := _moment(each.dt, str(zone) if zone else None):
            yield said


def _minutes(event: Any) -> int | None:
    begin, end, lasts = (_one(event, name) for name in ("DTSTART", "DTEND", "DURATION"))
    length = getattr(lasts, "dt", None)
    if isinstance(begin, vDDDTypes) and isinstance(end, vDDDTypes) and type(begin.dt) is type(end.dt):
        # On the wall where one of them has no zone: a clock change in between is not meant.
        is_aware = getattr(begin.dt, "tzinfo", None) and getattr(end.dt, "tzinfo", None)
        since, until = (_wall(each.dt, is_bare=not is_aware) for each in (begin, end))
        length = until - since
    return int(length.total_seconds() // 60) if isinstance(length, timedelta) else None


def _spelled(rule: Any) -> str:
    spelled: bytes = rule.to_ical()
    return spelled.decode()


def _wall(moment: Any, *, is_bare: bool) -> Any:
    return moment.replace(tzinfo=None) if is_bare and isinstance(moment, datetime) else moment


def _updated(said: Said | None) -> datetime | None:
    # The format has it in UTC; any other clock is not believed.
    return said.wall if said and said.zone == "UTC" and isinstance(said.wall, datetime) else None


def _coordinates(value: Any) -> str | None:
    return f"{value.latitude},{value.longitude}" if isinstance(value, vGeo) else None
