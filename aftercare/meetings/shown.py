"""What pages show of meetings, dates and answers: plain values, with times left to the templates."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from babel.numbers import format_decimal
from flask import url_for
from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.meetings import geography, rsvps, schedule, types, waitlist
from aftercare.meetings.exchange import filing
from aftercare.meetings.exchange.listing import Place as SaidPlace
from aftercare.meetings.finder import Found, Timeless
from aftercare.meetings.models import Meeting, MeetingType, Occurrence, Place, Rsvp
from aftercare.meetings.recurrence import in_words
from aftercare.meetings.waitlist import Seat, Status

# Types that a page says in another way than by their name.
SAID_APART = frozenset({"access", "language", "status"})


def meeting(
    row: Meeting, place: Place | None, type_rows: Sequence[MeetingType], language: str, *, tells_join: bool = False
) -> dict[str, Any]:
    """Show a meeting as its page does. How to join a group is shown only if its reader may know, not to strangers."""
    said, listing = filing.place_said(row, place), filing.listing_kept(row, place, ())
    call, entity = listing.call, listing.entity
    if tells_join:
        call = filing.call_kept(row)
    is_listing = row.kind == "fellowship"
    return {
        "name": row.name,
        "name_language": _foreign(row.languages, language),
        "in_words": when_in_words(row, language),
        "zone": row.zone,
        "place": said.name or said.address,
        "address": ", ".join(filter(None, (said.address, row.place_detail))) if said.name else None,
        "region": ", ".join(reversed(said.region)) or None,
        "map_url": map_url(said),
        "access": said.notes,
        "transport": None,
        "attend": _attend(row),
        "join_url": call.url,
        "join_phone": call.phone,
        "passcode": None if is_listing else call.url_notes,
        "join_notes": [each for each in (call.url_notes, call.phone_notes) if each and is_listing],
        "fellowship": types.FELLOWSHIPS.get(row.fellowship) if is_listing else None,
        "group": listing.group,
        "group_notes": listing.group_notes,
        "description": listing.notes,
        "languages": row.languages,
        "types": type_names(type_rows, language),
        "is_open": row.is_open,
        "closure": closure(row, type_rows),
        "kind": row.kind,
        "contact": (entity.phone or entity.email) if entity else None,
        "verified_on": row.verified_on or (listing.updated.date() if row.source_id and listing.updated else None),
        "source": entity.name if entity else None,
    }


def found(row: Found, *, zone: str, language: str) -> dict[str, Any]:
    """Show one row of the finder, in the time of whoever lists it."""
    when = {"starts_at": row.starts_at, "ends_at": row.ends_at, "status": row.status}
    return timeless(row, zone=zone, language=language) | when


def timeless(row: Found | Timeless, *, zone: str, language: str) -> dict[str, Any]:
    """Show one row of the finder that is by appointment."""
    said = filing.place_said(row.meeting, row.place)
    fellowship = types.FELLOWSHIPS.get(row.meeting.fellowship) if row.meeting.kind == "fellowship" else None
    is_there = row.meeting.attendance != "online"
    return {
        "name": row.meeting.name,
        "name_language": _foreign(row.meeting.languages, language),
        "url": meeting_url(row.meeting.id),
        "starts_at": None,
        "ends_at": None,
        "zone": zone,
        "place": (said.name or said.address) if is_there else None,
        "address": said.address if said.name and is_there else None,
        "attend": _attend(row.meeting),
        "languages": row.meeting.languages,
        "types": [*filter(None, [fellowship]), *type_names(row.types, language)],
        "status": "scheduled",
        "kind": row.meeting.kind,
        "is_mine": False,
        "rsvp_status": None,
        "closure": _("Closed for now") if row.meeting.attendance == "inactive" else None,
        "distance": distance(row.meters, zone=zone, language=language),
    }


def distance(meters: int | None, *, zone: str, language: str) -> str | None:
    """Say how far away something is, in miles or km as it is counted there."""
    if meters is None:
        return None
    number = format_decimal(geography.counted(meters, zone), locale=language)
    if geography.unit(zone) == "km":
        return str(_("%(number)s km", number=number))
    return str(_("%(number)s miles", number=number))


def closure(row: Meeting, type_rows: Sequence[MeetingType]) -> str | None:
    """Say that nobody should go where a meeting used to be, and whether it goes on by telephone or on the screen."""
    kinds = (types.find(each.fellowship, each.code) for each in type_rows)
    is_shut = any(kind is not None and kind.guide == "TC" for kind in kinds)
    said: str | None = None
    if row.attendance == "inactive":
        said = _("Nobody can come to this meeting right now. Look for another one, or ask whoever lists it.")
        if is_shut:
            said = _("This meeting is closed for now. Please do not go there.")
    elif is_shut and row.attendance == "online":
        said = _("The place is closed for now. You can join online or by phone.")
    elif is_shut:
        said = _("The place may be closed. Ask before you go.")
    return said


def date(occurrence: Occurrence, row: Meeting, place: Place | None, *, shows_link: bool = False) -> dict[str, Any]:
    """Show one date of a meeting."""
    link = row.join_url if shows_link or not row.hides_join else ""
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
        "note": occurrence.note or None,
        "url": None,
    }


def rsvp(occurrence: Occurrence, row: Meeting, person_id: uuid.UUID, *, url: str, about: str = "") -> dict[str, Any]:
    """Show a person's answer for a date, and what they can still say."""
    rows = rsvps.answers(occurrence)
    mine = next((row for row in rows if row.person_id == person_id), None)
    taken = waitlist.seats_taken([Seat(row.person_id, Status(row.status)) for row in rows])
    left = None if occurrence.capacity is None else max(0, occurrence.capacity - taken)
    status = mine.status if mine else "none"
    said = "void" if occurrence.status == "cancelled" else status
    return {
        "id": occurrence.id,
        "url": url,
        "status": said,
        "about": about,
        "is_open": is_open(occurrence, status),
        "is_full": left == 0 and status not in waitlist.HOLDING,
        "place_in_line": place_in_line(rows, person_id) if status == "waitlisted" else None,
        "offered_until": mine.offered_until if mine else None,
        "seats_left": left,
        "zone": row.zone,
        "join": _released(row) if row.tells_join(said) else None,
        "hides_join": _released(row) is not None and not row.tells_join(said),
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
    return [kind.named(language) for kind in named if kind is not None and kind.category not in SAID_APART]


def map_url(place: SaidPlace) -> str | None:
    """Give a link that any phone opens as a map; none for an address that is only a town."""
    if place.approximate or not place.address:
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
    if row.attendance == "inactive":
        return []
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


def _released(row: Meeting) -> dict[str, str] | None:
    """Give how to join what tells it only to those who come; None where it is told elsewhere, or there is nothing."""
    known = {"url": row.join_url, "phone": row.join_phone, "passcode": row.join_notes}
    return known if row.is_join_withheld and any(known.values()) else None


def _attend(row: Meeting) -> str:
    return "in_person" if row.attendance == "inactive" else row.attendance


def _foreign(languages: Sequence[str], language: str) -> str | None:
    """Say in which language a name is written when it is not the reader's (for `lang` on the word)."""
    return languages[0] if languages and language not in languages else None
