"""A calendar as a list of meetings: one event, one row, with the rule and the days off that only calendars have."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.call_hosts import is_known_host
from aftercare.meetings.exchange.ical_events import Calendar, Entry, Said, entries_in
from aftercare.meetings.exchange.ical_rules import our_rule, weekdays_of
from aftercare.meetings.exchange.listing import Dates
from aftercare.meetings.exchange.row import Told
from aftercare.meetings.exchange.row_call import LINK_IN_TEXT
from aftercare.meetings.recurrence import Pattern, normalised, slots

Refusal = tuple[str, str | None, object]
Found = list[tuple[str, str | None, object, object]]
CALLED = {
    "slug": "UID",
    "name": "SUMMARY",
    "notes": "DESCRIPTION",
    "formatted_address": "LOCATION",
    "location": "LOCATION",
    "conference_url": "CONFERENCE",
    "url": "URL",
    "types": "CATEGORIES",
    "coordinates": "GEO",
    "latitude": "GEO",
    "timezone": "TZID",
    "updated": "LAST-MODIFIED",
    "end_time": "DTEND",
}
LONGEST = 24 * 60
# How far ahead a series must have a date, not to be over.
AHEAD = timedelta(days=800)
CALLS = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")


def is_calendar(head: str) -> bool:
    """Say whether a list is a calendar."""
    return head.lstrip("\ufeff \t\r\n")[:15].upper() == "BEGIN:VCALENDAR"


def rows_in(text: TextIO, *, zone: str | None, today: date) -> Iterator[Told]:
    """Give the rows of a calendar; `zone` is that of events that name none in a calendar that names none."""
    calendar = Calendar()
    entries = list(entries_in(text, calendar))
    calendar.zone = calendar.zone or zone
    off = _cancelled(entries)
    for entry in entries:
        # A series has one event; another of the same name is refused as a copy, and must not cost as much again.
        yield _told(entry, calendar, () if entry.replaces else off.pop(entry.uid, ()), today)


def _cancelled(entries: Sequence[Entry]) -> dict[str | None, Sequence[Said]]:
    """Give the dates that an event of the same series takes away."""
    off: dict[str | None, list[Said]] = {}
    for entry in entries:
        if entry.replaces and _is_cancelled(entry):
            off.setdefault(entry.uid, []).append(entry.replaces)
    return dict(off)


def _is_cancelled(entry: Entry) -> bool:
    return entry.texts.get("STATUS", "").strip().upper() == "CANCELLED"


def _told(entry: Entry, calendar: Calendar, off: Sequence[Said], today: date) -> Told:
    said, found = _said(entry, calendar)
    refused = _refused(entry)
    if refused or entry.start is None or not isinstance(entry.start.wall, datetime):
        return Told(said, CALLED, found=(), refused=refused or ("unreadable", "DTSTART", None))
    zone = calendar.zone_called(entry.start.zone)
    start, zone = _start(entry, entry.start.wall, zone, calendar)
    said |= {"time": start.strftime("%H:%M"), "timezone": zone or entry.start.zone}
    try:
        dates = _dates(entry, start, zone, off, calendar)
    except Invalid:
        return Told(said, CALLED, refused=("rule_unknown", "RRULE", entry.rule))
    if not _goes_on(dates, start, today):
        return Told(said, CALLED, refused=("over", "DTSTART", dates.first))
    said["day"] = [(day + 1) % 7 for day in weekdays_of(dates.rule, dates.first)]
    minutes = entry.minutes if entry.minutes and 0 < entry.minutes <= LONGEST else None
    found += _found_in_dates(entry, minutes, start, zone, dates)
    counted = tuple(("left_out", name, "") for name in entry.people)
    return Told(said, CALLED, minutes, dates, found=tuple(found), counted=counted, is_in_words=True)


def _refused(entry: Entry) -> Refusal | None:
    if entry.start is None:
        return "unreadable", "DTSTART", None
    if entry.replaces:
        kind = "date_cancelled" if _is_cancelled(entry) else "date_changed"
        return kind, "RECURRENCE-ID", entry.replaces.wall
    if _is_cancelled(entry):
        return "cancelled", "STATUS", "CANCELLED"
    if entry.texts.get("CLASS", "").strip().upper() in ("PRIVATE", "CONFIDENTIAL"):
        return "private", "CLASS", entry.texts["CLASS"]
    if not isinstance(entry.start.wall, datetime):
        return "all_day", "DTSTART", entry.start.wall
    return None


def _start(entry: Entry, wall: datetime, zone: str | None, calendar: Calendar) -> tuple[datetime, str | None]:
    """Give the start on the wall. A single event in UTC is turned; a series in UTC keeps to it, as it says."""
    if zone == "UTC" and calendar.zone and not entry.rule:
        return wall.replace(tzinfo=UTC).astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None), calendar.zone
    return wall, zone


def _dates(entry: Entry, start: datetime, zone: str | None, off: Sequence[Said], calendar: Calendar) -> Dates:
    if entry.rule is None:
        return Dates(start.date(), None)
    rule = our_rule(entry.rule, start=start, until=entry.until, zone=zone)
    first = normalised(Pattern(start, 60, rule, zone or "UTC")).first
    days = {_day(each, zone, calendar) for each in (*entry.off, *off)}
    return Dates(first.date(), rule, tuple(sorted(days)))


def _day(said: Said, zone: str | None, calendar: Calendar) -> date:
    if not isinstance(said.wall, datetime):
        return said.wall
    own = calendar.zone_called(said.zone) or zone
    if own == zone or own is None or zone is None:
        return said.wall.date()
    return said.wall.replace(tzinfo=ZoneInfo(own)).astimezone(ZoneInfo(zone)).date()


def _goes_on(dates: Dates, start: datetime, today: date) -> bool:
    pattern = Pattern(datetime.combine(dates.first, start.time()), 60, dates.rule, "UTC")
    since = datetime.combine(today, time(0))
    return dates.first >= today or bool(slots(pattern, after=since, before=since + AHEAD))


def _found_in_dates(entry: Entry, minutes: int | None, start: datetime, zone: str | None, dates: Dates) -> Found:
    found: Found = []
    if entry.minutes is not None and minutes is None:
        found.append(("end_unknown", "end_time", entry.minutes, ""))
    if entry.has_extra_dates:
        found.append(("extra_dates", "RDATE", None, ""))
    if zone == "UTC":
        found.append(("in_utc", "timezone", "UTC", ""))
    if dates.first != start.date():
        found.append(("first_moved", "DTSTART", start.date(), dates.first))
    return found


def _said(entry: Entry, calendar: Calendar) -> tuple[dict[str, Any], Found]:
    texts = entry.texts
    found: Found = []
    place, call = _place_and_call(texts)
    if call and call not in texts.values():
        found.append(("call_found", "notes", call.partition("?")[0][:60], ""))
    said = {
        "slug": entry.uid,
        "name": texts.get("SUMMARY"),
        "notes": texts.get("DESCRIPTION"),
        "url": texts.get("URL"),
        "group": calendar.name,
        "types": list(entry.categories),
        "coordinates": entry.coordinates,
        "conference_url": call,
        "attendance_option": ("hybrid" if call else "in_person") if place else ("online" if call else None),
        "updated": f"{entry.updated:%Y-%m-%d %H:%M:%S}" if entry.updated else None,
        **_place(place),
    }
    return {name: value for name, value in said.items() if value}, found


def _place_and_call(texts: Mapping[str, str]) -> tuple[str | None, str | None]:
    place = texts.get("LOCATION", "").strip()
    call = next((texts[name] for name in CALLS if texts.get(name)), None)
    if LINK_IN_TEXT.fullmatch(place):
        place, call = "", call or place
    links = [
        found for name in ("URL", "LOCATION", "DESCRIPTION") for found in LINK_IN_TEXT.findall(texts.get(name, ""))
    ]
    return place or None, call or next((link for link in links if is_known_host(link)), None)


def _place(said: str | None) -> dict[str, Any]:
    if said is None:
        return {}
    first, _, rest = (part.strip() for part in said.replace("\n", ", ").partition(","))
    # "Old Firehouse, 9 Hook Lane, Juniper Falls": the house has a name, and its number begins the address.
    if rest[:1].isdigit() and not first[:1].isdigit():
        return {"location": first, "formatted_address": rest, "approximate": "no"}
    return {"formatted_address": " ".join(said.split()), "approximate": "no"}
