"""BMLT JSON, the exchange format of NA (meeting-guide.md 1.6): every value a text, formats by the server's own keys."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from aftercare.meetings.exchange import json_rows
from aftercare.meetings.exchange.bmlt_formats import Formats, formats_of, read_formats
from aftercare.meetings.exchange.row import Told

DAY_MINUTES = 24 * 60
DAYS = frozenset("1234567")
PLAIN_CLOCK = re.compile(r"\d{2}:\d{2}:\d{2}")
HYBRID = frozenset({"HYBR", "HY"})
CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::\d{2})?")
# Their names for what Meeting Guide JSON has too.
CALLED = {
    "slug": "id_bigint",
    "name": "meeting_name",
    "time": "start_time",
    "timezone": "time_zone",
    "address": "location_street",
    "city": "location_municipality",
    "state": "location_province",
    "postal_code": "location_postal_code_1",
    "country": "location_nation",
    "latitude": "latitude",
    "longitude": "longitude",
    "location": "location_text",
    "location_notes": "location_info",
    "notes": "comments",
    "conference_url": "virtual_meeting_link",
    "conference_url_notes": "virtual_meeting_additional_info",
    "conference_phone": "phone_meeting_number",
    "contact_1_name": "contact_name_1",
    "contact_1_email": "contact_email_1",
    "contact_1_phone": "contact_phone_1",
    "contact_2_name": "contact_name_2",
    "contact_2_email": "contact_email_2",
    "contact_2_phone": "contact_phone_2",
    "email": "email_contact",
}
# Read here, in ways of their own.
DAY, LENGTH, VENUE, PUBLISHED = "weekday_tinyint", "duration_time", "venue_type", "published"
ALSO_CALLED = {"day": DAY, "types": "formats", "attendance_option": VENUE, "end_time": LENGTH}
WAYS = {"train_lines": "Train", "bus_lines": "Bus"}
REGION_WORDS = ("location_sub_province", "location_municipality", "location_city_subsection", "location_neighborhood")
READ_WORDS = frozenset(
    {*CALLED.values(), *ALSO_CALLED.values(), *WAYS, *REGION_WORDS, PUBLISHED, "format_shared_id_list"}
)
# What the server says of itself or of the question it was asked.
SILENT_TEXT = """
    worldid_mixed shared_group_id_bigint service_body_bigint service_body_name lang_enum distance_in_km
    distance_in_miles root_server_uri root_server_id zone
"""
SILENT_WORDS = frozenset(SILENT_TEXT.split())
VENUES = {"1": "in_person", "2": "online", "3": "hybrid"}


def rows_in(text: TextIO, formats: bytes | None) -> Iterator[Any]:
    """Give the rows of a BMLT answer; `formats` is the server's answer to GetFormats, where it is at hand."""
    given = read_formats(formats)
    rows, brought = json_rows.bmlt_in(text)
    known = formats_of(brought) if brought else given
    for row in rows:
        yield _told(row, known) if isinstance(row, dict) else row


def _told(row: Mapping[str, Any], formats: Formats) -> Told:
    named, unknown = formats.of(row)
    said: dict[str, Any] = {ours: row[theirs] for ours, theirs in CALLED.items() if row.get(theirs) not in (None, "")}
    said |= {name: value for name, value in row.items() if name not in READ_WORDS and name not in SILENT_WORDS}
    said |= {
        "fellowship": "na",
        "day": _day(row),
        "time": _start(row),
        "types": [each.code for each in named if each.code],
        "attendance_option": _attendance(row, {each.world_id for each in named}),
        "location_notes": _way(row),
        "regions": [each for word in REGION_WORDS if isinstance(each := row.get(word), str) and each.strip()],
    }
    counted = [("format_unknown", "types", key) for key in unknown]
    counted += [("format_own", "types", f"{each.key} ({each.name})") for each in named if not each.is_known]
    minutes, is_length = _minutes(row.get(LENGTH))
    return Told(
        said,
        CALLED | ALSO_CALLED,
        minutes=minutes,
        found=() if is_length else (("end_unknown", "end_time", row.get(LENGTH), ""),),
        counted=tuple(counted),
        refused=_refused(row),
    )


def _refused(row: Mapping[str, Any]) -> tuple[str, str | None, object] | None:
    if row.get(PUBLISHED) in ("0", 0, False):
        return "unpublished", PUBLISHED, None
    if row.get(DAY) not in (None, "") and _day(row) is None:
        return "day_unknown", "day", row[DAY]
    return None


def _day(row: Mapping[str, Any]) -> int | None:
    # 1 is Sunday here, where Meeting Guide JSON has 0.
    day = str(row.get(DAY)).strip()
    return int(day) - 1 if day in DAYS else None


def _start(row: Mapping[str, Any]) -> object:
    start = row.get("start_time")
    return start[:5] if isinstance(start, str) and PLAIN_CLOCK.fullmatch(start) else start


def _minutes(said: object) -> tuple[int | None, bool]:
    """Give the length, and whether it could be read; 00:00:00 leaves it to the server, so it is unknown."""
    if said in (None, ""):
        return None, True
    length = CLOCK.fullmatch(said) if isinstance(said, str) else None
    minutes = int(length[1]) * 60 + int(length[2]) if length else DAY_MINUTES + 1
    return (minutes or None, True) if minutes <= DAY_MINUTES else (None, False)


def _attendance(row: Mapping[str, Any], world_ids: set[str]) -> str | None:
    """Say how people attend where the server says it: a closed building leaves the call, or nothing."""
    by_format = "hybrid" if world_ids & HYBRID else "online" if "VM" in world_ids else None
    stated = VENUES.get(str(row.get(VENUE)), by_format)
    if "TC" in world_ids:
        return "online" if stated in ("online", "hybrid") else "inactive"
    return stated


def _way(row: Mapping[str, Any]) -> str | None:
    lines = [row.get("location_info"), *(_lines(row, word, name) for word, name in WAYS.items())]
    return "\n".join(line for line in lines if isinstance(line, str) and line) or None


def _lines(row: Mapping[str, Any], word: str, name: str) -> str | None:
    return f"{name}: {said}" if isinstance(said := row.get(word), str) and said.strip() else None
