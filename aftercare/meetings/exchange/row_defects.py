"""The defects of one row of a Meeting Guide feed. Nothing is read into it here: what it says is what programs get."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from aftercare.meetings import types
from aftercare.meetings.exchange.call_hosts import dialled, host_of, is_known_host
from aftercare.meetings.exchange.plain_text import ENTITY, TAG
from aftercare.meetings.exchange.row_facts import ACCOUNTS
from aftercare.meetings.exchange.row_place import EXACT_PARTS
from aftercare.meetings.exchange.wall_time import clock_time, weekday
from aftercare.meetings.exchange.zones import find_zone, is_zone, keeps_time_of

Row = Mapping[str, Any]
Found = tuple[str, str | None, object, object]
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
HALVES = re.compile(r"(\d{1,2}):(\d{2})\s*([ap])\.?m?\.?", re.IGNORECASE)
OFFSET = re.compile(r"(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?", re.IGNORECASE)
SAFE_SLUG = re.compile(r"[A-Za-z0-9_~.-]+")
UPDATED = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
SAID_TIME = re.compile(r"\b\d{1,2}(?::\d{2})?\s*[ap]\.?m\b", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
MAILTO = re.compile(r"mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
CONTACT = re.compile(r"contact_[123]_(?:name|email|phone)")
INFERRED = frozenset({"ONL", "online", "in-person", "active", "inactive"})
TEXTS = """
    name formatted_address address city state postal_code country location location_notes group group_notes notes
    conference_url conference_url_notes conference_phone conference_phone_notes venmo square paypal homegroup_online
    url edit_url updated feedback_url entity entity_email entity_phone entity_location entity_logo entity_website_url
    entity_url website region sub_region timezone end_time
""".split()  # noqa: SIM905  # as a text it can be read
# Where TSML UI was seen to stop.
STOPPED_BY_NUMBERS = frozenset({"conference_phone", "city", "time"})
LONGEST = {"name": 255, "group": 255, "location": 255}
LINKS = ("url", "feedback_url", "entity_logo", "entity_url", "entity_website_url")
ADDRESS = ("formatted_address", "address", "city", "state", "postal_code", "country")
PROSE = ("name", "location", "location_notes", "group", "group_notes", "notes")
SLUG = 64


def of_row(row: Row, *, fellowship: str) -> Iterator[Found]:
    """Give kind, field, value and what programs make of it, for every defect of a row."""
    for check in (_texts, _slug, _name, _when, _end, _zone, _where, _call, _links, _people, _facts):
        yield from check(row)
    yield from _types(row, _codes(fellowship))


def _texts(row: Row) -> Iterator[Found]:
    for key in getattr(row, "repeated", ()):
        yield "repeated_key", key, None, ""
    for field in TEXTS:
        value = row.get(field)
        if value is None or isinstance(value, str):
            continue
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield ("number" if field in STOPPED_BY_NUMBERS else "number_text"), field, value, ""
        else:
            yield "not_text", field, value, ""


def _text(row: Row, field: str) -> str:
    return value.strip() if isinstance(value := row.get(field), str) else ""


def _slug(row: Row) -> Iterator[Found]:
    slug = row.get("slug")
    if slug is None or slug == "":
        yield "slug_missing", "slug", None, ""
    elif isinstance(slug, str):
        if len(slug) > SLUG:
            yield "slug_long", "slug", slug, ""
        if not SAFE_SLUG.fullmatch(slug):
            yield "slug_unsafe", "slug", slug, ""
    elif isinstance(slug, bool) or not isinstance(slug, int):
        yield "not_text", "slug", slug, ""


def _name(row: Row) -> Iterator[Found]:
    if not _text(row, "name") and not isinstance(row.get("name"), int | float):
        yield "name_missing", "name", None, ""
    for field, most in LONGEST.items():
        if len(_text(row, field)) > most:
            yield "too_long", field, row[field], most
    if said := SAID_TIME.search(_text(row, "name")):
        yield "name_says_time", "name", said[0], ""


def _when(row: Row) -> Iterator[Found]:
    day, start = row.get("day"), row.get("time")
    has_start = start not in (None, "")
    if day in (None, "", []):
        if has_start:
            yield "day_missing", "day", day, ""
    else:
        yield from _day(day)
        if not has_start:
            yield "day_without_time", "time", start, ""
    if has_start:
        yield from _time(start)


def _day(day: object) -> Iterator[Found]:
    if isinstance(day, list):
        # Whether that does harm shows only with the other rows.
        if any(weekday(each) is None for each in day):
            yield "day_unknown", "day", day, ""
    elif weekday(day) is None:
        is_word = isinstance(day, str) and not day.strip().lstrip("-").isdigit()
        yield ("day_word" if is_word else "day_unknown"), "day", day, ""
    elif isinstance(day, str):
        yield ("day_text" if day.strip().isdigit() else "day_word"), "day", day, ""
    elif day == 7:
        yield "day_seven", "day", day, ""


def _time(start: object) -> Iterator[Found]:
    if not isinstance(start, str):
        is_number = isinstance(start, int | float) and not isinstance(start, bool)
        yield ("number" if is_number else "not_text"), "time", start, ""
    elif CLOCK.fullmatch(start):
        return
    elif (half := HALVES.fullmatch(start.strip())) and (read := clock_time(start)):
        is_lost = half[3].lower() == "p" and int(half[1]) != 12
        yield "time_half" if is_lost else "time_noon", "time", start, start[:5].strip() if is_lost else f"{read:%H:%M}"
    else:
        yield "time_unknown" if clock_time(start) is None else "time_shape", "time", start, ""


def _end(row: Row) -> Iterator[Found]:
    start, end = _text(row, "time"), _text(row, "end_time")
    if not end:
        return
    if not CLOCK.fullmatch(end):
        yield "end_unknown", "end_time", end, ""
    elif CLOCK.fullmatch(start):
        if end == start:
            yield "end_is_start", "end_time", end, ""
        elif end != "00:00" and end < start and _minutes(start, end) == 60:
            yield "end_past_midnight", "end_time", end, ""


def _minutes(start: str, end: str) -> int:
    begin, stop = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (start, end))
    return (stop - begin) % (24 * 60)


def _zone(row: Row) -> Iterator[Found]:
    said = _text(row, "timezone")
    if not said:
        if row.get("time") and not row.get("timezone"):
            yield "zone_missing", "timezone", None, ""
    elif OFFSET.fullmatch(said):
        yield "zone_offset", "timezone", said, ""
    elif not is_zone(said):
        yield "zone_unknown", "timezone", said, ""
    elif "/" not in said and said != "UTC":
        yield "zone_fixed", "timezone", said, find_zone(said) or "a name such as America/Denver"
    elif not keeps_time_of(_text(row, "formatted_address") or _text(row, "country"), said):
        yield "zone_elsewhere", "timezone", said, ""


def _where(row: Row) -> Iterator[Found]:
    if all(row.get(field) in (None, "") for field in ADDRESS):
        yield "no_address", "formatted_address", None, ""
    if row.get("approximate") not in (None, "", "yes", "no"):
        yield "approximate", "approximate", row["approximate"], ""
    latitude, longitude = row.get("latitude"), row.get("longitude")
    for field, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if isinstance(value, str) and value:
            yield "not_number", field, value, ""
        elif isinstance(value, int | float) and abs(value) > most:
            yield "coordinates", field, value, ""
    if (latitude in (None, "")) != (longitude in (None, "")):
        yield "coordinates", "latitude" if latitude in (None, "") else "longitude", None, ""
    regions = row.get("regions")
    if isinstance(regions, list) and any(not each for each in regions):
        yield "empty_region", "regions", regions, ""


def _codes(fellowship: str) -> Collection[str]:
    return types.GUIDE.keys() | types.OWN.get(fellowship, {}).keys()


def _types(row: Row, known: Collection[str]) -> Iterator[Found]:
    said = row.get("types")
    if isinstance(said, str) and said:
        yield "types_text", "types", said, ""
    if not isinstance(said, list):
        return
    codes = [code for code in said if isinstance(code, str)]
    if len(codes) < len(said):
        yield "null_entry", "types", said, "types"
    for code in codes:
        if code in INFERRED:
            yield "type_inferred", "types", code, ""
        elif code not in known:
            yield "type_unknown", "types", code, ""
        elif code in types.IN_PERSON_ONLY and is_online(row) and not is_in_person(row):
            yield "in_person_only", "types", code, ""
    if {"O", "C"} <= set(codes):
        yield "open_and_closed", "types", "O, C", ""


def _call(row: Row) -> Iterator[Found]:
    url, phone = _text(row, "conference_url"), _text(row, "conference_phone")
    is_link = bool(LINK.fullmatch(url))
    if url and not is_link:
        yield "call_link", "conference_url", url, ""
    if phone and dialled(phone) is None:
        yield "phone_short", "conference_phone", phone, ""
    if is_link and not is_known_host(url):
        is_lost = not is_online(row) and not is_in_person(row) and not _is_shut(row)
        yield ("inactive_host" if is_lost else "host_unknown"), "conference_url", host_of(url), ""
    elif not is_online(row) and not is_in_person(row) and not _is_shut(row):
        address = _text(row, "formatted_address")
        is_short = address[:1].isdigit() and row.get("approximate") != "yes"
        if address:
            yield ("inactive_short" if is_short else "inactive_town"), "formatted_address", address, ""


def is_online(row: Row) -> bool:
    """Say whether programs take a meeting for one that can be joined from afar (meeting-guide.md 1.3)."""
    return is_known_host(_text(row, "conference_url")) or dialled(_text(row, "conference_phone")) is not None


def is_in_person(row: Row) -> bool:
    """Say whether programs take a meeting for one that meets in a room (meeting-guide.md 1.3)."""
    return not _is_shut(row) and not _is_approximate(row)


def _is_shut(row: Row) -> bool:
    said = row.get("types")
    return isinstance(said, list) and "TC" in said


def _is_approximate(row: Row) -> bool:
    said = row.get("approximate")
    if said in ("yes", "no"):
        return bool(said == "yes")
    whole = _text(row, "formatted_address")
    if not whole:
        return not _text(row, "address")
    return len(whole.split(",")) < EXACT_PARTS


def _links(row: Row) -> Iterator[Found]:
    for field in LINKS:
        said = _text(row, field)
        if said and not LINK.fullmatch(said) and not (field == "feedback_url" and MAILTO.fullmatch(said)):
            yield "link", field, said, ""
    if (website := _text(row, "website")) and not LINK.fullmatch(website):
        yield "website", "website", website, ""
    if row.get("feedback_emails") and not _text(row, "feedback_url"):
        yield "feedback_emails", "feedback_emails", row["feedback_emails"], ""


def _people(row: Row) -> Iterator[Found]:
    for field in row:
        if CONTACT.fullmatch(field) and row[field] not in (None, ""):
            # The value is a name or a number of somebody: it is nobody's to print.
            yield "contact", field, None, ""
    if _text(row, "edit_url"):
        yield "edit_url", "edit_url", None, ""


def _facts(row: Row) -> Iterator[Found]:
    for field in PROSE:
        said = _text(row, field)
        if ("<" in said or "&" in said) and (TAG.search(said) or ENTITY.search(said)):
            yield "html", field, said, ""
    for field, shape in ACCOUNTS.items():
        if (said := _text(row, field)) and not shape.fullmatch(said):
            yield "collection", field, said, ""
    if (updated := _text(row, "updated")) and not UPDATED.fullmatch(updated):
        yield "updated", "updated", updated, ""
    entity = [field for field in row if field.startswith("entity_") and row[field] not in (None, "")]
    if entity and not _text(row, "entity"):
        yield "entity_missing", "entity", ", ".join(entity), ""
    if _text(row, "entity_url") != _text(row, "entity_website_url"):
        yield "entity_one_url", "entity_url", row.get("entity_url"), ""
