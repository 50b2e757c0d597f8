"""Write calendar feeds (RFC 5545, RFC 7986): entries in, bytes out. The only import of icalendar.

A feed is a header, one fragment an entry, and a closing line, so fragments may be kept and joined again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from dateutil.rrule import rrulestr
from icalendar.parser import Contentline
from icalendar.prop import vRecur

from aftercare.calendars import values, vtimezone

# COLOR wants a CSS name, Apple's calendar the same colour as a number.
COLORS = {
    "teal": "#008080",
    "seagreen": "#2E8B57",
    "olive": "#808000",
    "steelblue": "#4682B4",
    "slategray": "#708090",
    "indigo": "#4B0082",
    "purple": "#800080",
    "sienna": "#A0522D",
    "darkgoldenrod": "#B8860B",
}
_WIDTH = 75
Status = Literal["confirmed", "tentative", "cancelled"]
_CANCELLED = {"en": "Cancelled: ", "es": "Cancelada: "}
# NEL, LS and PS are no controls, but parsers that split by str.splitlines would begin a new line there.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# ical-expander 3.2 takes the wrong months where a rule names the last day and skips months, or fails where it names
# other days beside the last one.
_ODD_LAST_DAY = re.compile("INTERVAL=.*BYMONTHDAY=-1|BYMONTHDAY=[^;]*,-1")
#: Most texts need no change.
_PLAIN = re.compile(r"[ -+\-.-:<-\[\]-~\u00a0-\u2027\u202a-\ud7ff\ue000-\U0010ffff]*")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What every entry of a calendar tells, whenever it is; `uid` is the part before the host."""

    uid: str
    stamp: datetime
    title: str
    sequence: int = 0
    status: Status = "confirmed"
    language: Literal["en", "es"] = "en"
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    url: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    conference: str = ""
    is_transparent: bool = False
    alarm_minutes: int | None = None
    alarm_words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Single(Details):
    """One date, in UTC: the form that every calendar program reads alike."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Series(Details):
    """Dates by a rule, in wall time: only where `is_safe_as_series` says so."""

    first: datetime
    minutes: int
    zone: str
    rule: str
    excluded: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AllDay(Details):
    """A day to remember, such as a milestone; it keeps nobody busy."""

    on: date
    is_transparent: bool = True


Entry = Single | Series | AllDay


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A feed: what calendar programs show about it, and its entries in order."""

    name: str
    host: str
    entries: Sequence[Entry] = ()
    description: str = ""
    color: str = "teal"
    source_url: str = ""
    refresh_minutes: int = 60


def write(calendar: Calendar) -> bytes:
    """Write a whole feed: the same calendar gives the same bytes."""
    return assemble(header(calendar), [fragment(entry, calendar.host) for entry in calendar.entries])


def header(calendar: Calendar) -> bytes:
    """Write the opening of a feed, with the clocks of every zone that its series use."""
    name, description = escape(calendar.name), escape(calendar.description)
    refresh, source = values.duration(calendar.refresh_minutes), values.uri(clean(calendar.source_url))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Aftercare//Calendars//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        *([f"DESCRIPTION:{description}", f"X-WR-CALDESC:{description}"] if description else []),
        f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}",
        f"X-PUBLISHED-TTL:{refresh}",
        f"COLOR:{calendar.color}",
        f"X-APPLE-CALENDAR-COLOR:{COLORS[calendar.color]}",
        *([f"SOURCE;VALUE=URI:{source}"] if source else []),
    ]
    return b"".join([_joined(lines), *_clocks(calendar.entries)])


def fragment(entry: Entry, host: str) -> bytes:
    """Write one entry as a VEVENT, its lines in the order of icalendar's Event, in a twentieth of its time."""
    stamp = values.in_utc(entry.stamp)
    lines = [
        "BEGIN:VEVENT",
        _said("SUMMARY", _title(entry)),
        *_when(entry),
        f"DTSTAMP:{stamp}",
        f"UID:{escape(entry.uid)}@{escape(host)}",
        f"SEQUENCE:{entry.sequence}",
        *_repeating(entry),
        *_what(entry),
        f"LAST-MODIFIED:{stamp}",
        *_where(entry),
        *_alarm(entry),
        "END:VEVENT",
    ]
    return _joined(lines)


def assemble(opening: bytes, fragments: Iterable[bytes]) -> bytes:
    """Join a header and fragments into a feed."""
    return b"".join([opening, *fragments, b"END:VCALENDAR\r\n"])


def is_safe_as_series(first: datetime, rule: str, *, minutes: int, zone: str) -> bool:
    """Say whether every calendar program reads this series alike; if not, send each date as a Single.

    It begins on its rule, its zone has long changed the clocks by a yearly rule, and no date meets a change.
    """
    if _ODD_LAST_DAY.search(rule):
        return False
    dates = rrulestr(rule, dtstart=first)
    if next(iter(dates), None) != first or not vtimezone.is_settled(zone, first.year):
        return False
    touched = vtimezone.touched(zone, first, minutes)
    return not touched or set(touched).isdisjoint(dates.between(first, max(touched), inc=True))


def clean(text: str) -> str:
    """Make every line end a newline and drop what no calendar may carry: control characters and half surrogates."""
    if _PLAIN.fullmatch(text):
        return text
    return _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", text))


def escape(text: str) -> str:
    """Write text as a TEXT value (RFC 5545 3.3.11)."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


@lru_cache(maxsize=1024)
def _said(name: str, text: str) -> str:
    """Write a TEXT property, unless it says nothing."""
    said = escape(text)
    return f"{name}:{said}" if said else ""


def _title(entry: Entry) -> str:
    # Outlook ignores STATUS, so the title says it as well.
    return _CANCELLED[entry.language] + entry.title if entry.status == "cancelled" else entry.title


def _alarm(entry: Entry) -> list[str]:
    """Let the device ring before an entry; nobody needs to be told of what does not take place."""
    if entry.alarm_minutes is None or entry.status == "cancelled":
        return []
    words = escape(entry.alarm_words or entry.title)
    trigger = f"TRIGGER:-{values.duration(entry.alarm_minutes)}"
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{words}", trigger, "END:VALARM"]


def _joined(lines: Iterable[str]) -> bytes:
    """Join lines that are not empty, and break the long ones."""
    folded = [line if len(line) <= _WIDTH and line.isascii() else _broken(line) for line in lines if line]
    return "\r\n".join([*folded, ""]).encode()


@lru_cache(maxsize=1024)
def _broken(line: str) -> str:
    """Break a long line; the dates of a series say the same in each of theirs."""
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return folded.decode()


def _clocks(entries: Iterable[Entry]) -> list[bytes]:
    since: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, Series) and not vtimezone.is_utc(entry.zone):
            since[entry.zone] = min(entry.first.year, since.get(entry.zone, entry.first.year))
    return [_clock(zone, since[zone]) for zone in sorted(since)]


def _clock(zone: str, since: int) -> bytes:
    written = vtimezone.write(zone, since)
    if written is None:
        raise ValueError(f"{zone} changes its clocks by no yearly rule: its dates go out as Single entries.")
    return written


def _when(entry: Entry) -> tuple[str, str]:
    match entry:
        case Single():
            return f"DTSTART:{values.in_utc(entry.starts_at)}", f"DTEND:{values.in_utc(entry.ends_at)}"
        case AllDay():
            return f"DTSTART{_day(entry.on)}", f"DTEND{_day(entry.on + timedelta(days=1))}"
        case Series():
            last = entry.first + timedelta(minutes=entry.minutes)
            return f"DTSTART{_local(entry.first, entry.zone)}", f"DTEND{_local(last, entry.zone)}"


def _repeating(entry: Entry) -> list[str]:
    if not isinstance(entry, Series):
        return []
    rule = vRecur.from_ical(values.with_until_in_utc(entry.rule, entry.zone)).to_ical().decode()
    excluded = sorted(set(entry.excluded))
    return [f"RRULE:{rule}", *(f"EXDATE{_local(slot, entry.zone)}" for slot in excluded)]


def _what(entry: Entry) -> list[str]:
    categories = ",".join([escape(category) for category in entry.categories if category])
    return [
        f"CATEGORIES:{categories}" if categories else "",
        _conference(entry.conference),
        _said("DESCRIPTION", entry.description),
        "" if entry.latitude is None or entry.longitude is None else f"GEO:{entry.latitude:.6f};{entry.longitude:.6f}",
    ]


def _where(entry: Entry) -> list[str]:
    address = values.uri(clean(entry.url))
    return [
        _said("LOCATION", entry.place),
        f"STATUS:{entry.status.upper()}",
        "TRANSP:TRANSPARENT" if entry.is_transparent or entry.status == "cancelled" else "TRANSP:OPAQUE",
        f"URL:{address}" if address else "",
    ]


def _conference(address: str) -> str:
    feature, link = "PHONE" if address.startswith("tel:") else "VIDEO", values.uri(clean(address))
    return f"CONFERENCE;FEATURE={feature};VALUE=URI:{link}" if link else ""


def _local(wall: datetime, zone: str) -> str:
    # icalendar drops TZID=UTC, and the time would float.
    if vtimezone.is_utc(zone):
        return f":{wall:%Y%m%dT%H%M%SZ}"
    return f";TZID={zone}:{wall:%Y%m%dT%H%M%S}"


def _day(on: date) -> str:
    return f";VALUE=DATE:{on:%Y%m%d}"
