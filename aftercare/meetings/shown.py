"""What pages show of meetings, dates and answers: plain values, with times left to the templates."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from flask import url_for

from aftercare.core import clock
from aftercare.meetings import rsvps, schedule, types, waitlist
from aftercare.meetings.models import Meeting, MeetingType, Occurrence, Place, Rsvp
from aftercare.meetings.recurrence import in_words
from aftercare.meetings.waitlist import Seat, Status


def meeting(row: Meeting, place: Place | None, type_rows: Sequence[MeetingType], language: str) -> dict[str, Any]:
    """Show a meeting as its page does. A withheld join link is not shown to strangers."""
    return {
        "name": row.name,
        "name_language": _foreign(row.languages, language),
        "in_words": when_in_words(row, language),
        "zone": row.zone,
        "place": (place.name or place.address) if place else None,
        "address": ", ".join(filter(None, (place.address, row.place_detail))) if place and place.name else None,
        "map_url": map_url(place) if place else None,
        "access": place.notes if place else None,
        "transport": None,
        "attend": row.attendance if row.attendance != "inactive" else "in_person",
        "join_url": None if row.is_join_withheld else row.join_url or None,
        "join_phone": None if row.is_join_withheld else row.join_phone or None,
        "passcode": None if row.is_join_withheld else row.join_notes or None,
        "description": row.description or None,
        "languages": row.languages,
        "types": type_names(type_rows, language),
        "is_open": row.is_open,
        "closure": None,
        "kind": row.kind,
        "contact": None,
        "verified_on": row.verified_on,
        "source": None,
    }


def date(occurrence: Occurrence, row: Meeting, place: Place | None, *, shows_link: bool = False) -> dict[str, Any]:
    """Show one date of a meeting."""
    link = row.join_url if shows_link or not row.is_join_withheld else ""
    return {
        "id": occurrence.id,
        "starts_at": occurrence.starts_at,
        "ends_at": occurrence.ends_at,
        "zone": row.zone,
        "place": (place.name or place.address) if place else None,
        "address": place.address if place and place.name else None,
        "attend": row.attendance,
        "join_url": link or None,
        "status": occurrence.status,
        "note": None,
        "url": None,
    }


def rsvp(occurrence: Occurrence, person_id: uuid.UUID, *, url: str, zone: str, about: str = "") -> dict[str, Any]:
    """Show a person's answer for a date, and what they can still say."""
    rows = rsvps.answers(occurrence)
    mine = next((row for row in rows if row.person_id == person_id), None)
    taken = waitlist.seats_taken([Seat(row.person_id, Status(row.status)) for row in rows])
    left = None if occurrence.capacity is None else max(0, occurrence.capacity - taken)
    status = mine.status if mine else "none"
    return {
        "id": occurrence.id,
        "url": url,
        "status": "void" if occurrence.status == "cancelled" else status,
        "about": about,
        "is_open": is_open(occurrence, status),
        "is_full": left == 0 and status not in waitlist.HOLDING,
        "place_in_line": place_in_line(rows, person_id) if status == "waitlisted" else None,
        "offered_until": mine.offered_until if mine else None,
        "seats_left": left,
        "zone": zone,
    }


def is_open(occurrence: Occurrence, status: str) -> bool:
    """Tell whether an answer can be given or changed: a yes until the closing time, a no until the start."""
    now = clock.now()
    closes = occurrence.closes_minutes_before
    before = None if closes is None else timedelta(minutes=closes)
    until = waitlist.closing_time(occurrence.starts_at, occurrence.capacity, before)
    return now < (occurrence.starts_at if status in waitlist.ACTIVE else until)


def place_in_line(rows: Sequence[Rsvp], person_id: uuid.UUID) -> int | None:
    """Say how many wait up to and including a person."""
    line = sorted((row for row in rows if row.status == "waitlisted"), key=lambda row: row.position or 0)
    return next((number for number, row in enumerate(line, 1) if row.person_id == person_id), None)


def when_in_words(row: Meeting, language: str) -> str:
    """Say how a meeting repeats; a listing without a time is by appointment."""
    if row.start_local is None:
        return "Con cita" if language == "es" else "By appointment"
    return in_words(schedule.pattern_of(row), language)


def type_names(rows: Sequence[MeetingType], language: str) -> list[str]:
    """Name the types of a meeting in the reader's language."""
    named = (types.find(row.fellowship, row.code) for row in rows)
    return [found.named(language) for found in named if found is not None and found.category != "language"]


def map_url(place: Place) -> str | None:
    """Give a link that any phone opens as a map; none for an address that is only a town."""
    if place.is_approximate or not place.address:
        return None
    return "https://www.openstreetmap.org/search?query=" + quote(place.address)


def calendar_links(feed: str, *, name: str) -> dict[str, str]:
    """Give the ways to subscribe to a public feed (ui.md 3)."""
    webcal = "webcal://" + feed.split("://", 1)[1]
    return {
        "ics": feed,
        "webcal": webcal,
        "google": "https://calendar.google.com/calendar/r?" + urlencode({"cid": webcal}),
        "outlook": "https://outlook.live.com/calendar/0/addfromweb?" + urlencode({"url": feed, "name": name}),
    }


def next_listed(row: Meeting, *, after: datetime, limit: int = 6) -> list[dict[str, Any]]:
    """Show the next dates of a fellowship listing, computed from its rule: listings have no rows of dates."""
    return [
        {
            "starts_at": starts, "ends_at": ends, "zone": row.zone, "place": None, "address": None,
            "attend": row.attendance, "join_url": None, "status": "scheduled", "note": None, "url": None,
        }
        for starts, ends in schedule.listed_dates(row, after=after, limit=limit)
    ]  # fmt: skip


def meeting_url(meeting_id: uuid.UUID) -> str:
    """Give the address of a meeting's public page."""
    return url_for("meetings.show", meeting_id=meeting_id)


def _foreign(languages: Sequence[str], language: str) -> str | None:
    """Say in which language a name is written when it is not the reader's (for `lang` on the word)."""
    return languages[0] if languages and language not in languages else None
