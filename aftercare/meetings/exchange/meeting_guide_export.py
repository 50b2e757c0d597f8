"""Write Meeting Guide JSON that every client reads alike (meeting-guide.md 1.3 to 1.5)."""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, time
from typing import Any

from aftercare.meetings import types
from aftercare.meetings.exchange.listing import Entity, Listing, Place

DAY_MINUTES = 24 * 60
# A slug has 64 characters; two are kept for the day.
SAFE_SLUG = re.compile(r"[A-Za-z0-9_-]{1,62}")
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
Row = dict[str, Any]


def write(listings: Iterable[Listing], *, feedback_url: str, zone: str) -> list[Row]:
    """Give the rows of a feed, one a weekday, in a stable order, every slug once.

    `feedback_url` and `zone` are the organisation's, for listings that have none of their own.
    """
    rows: dict[str, Row] = {}
    for listing in sorted(listings, key=lambda listing: (listing.slug, listing.fingerprint)):
        for row in _rows(listing, feedback_url, zone):
            if row["slug"] in rows:
                row["slug"] = f"{row['slug'][:53]}-{_mark(listing.fingerprint)}"
            rows[row["slug"]] = row
    return [rows[slug] for slug in sorted(rows)]


def _rows(listing: Listing, feedback_url: str, zone: str) -> list[Row]:
    said, slug = _row(listing, feedback_url, zone), _safe(listing.slug)
    if listing.start is None or not listing.weekdays:
        return [{"slug": slug, **said}]
    # A row with several days breaks clients, though the format allows it (meeting-guide.md 1.4).
    days = sorted((weekday + 1) % 7 for weekday in listing.weekdays)
    slugs = [slug] if len(days) == 1 else [f"{slug}-{day}" for day in days]
    return [
        {"slug": own, **_when(day, listing.start, listing.minutes), **said}
        for own, day in zip(slugs, days, strict=True)
    ]


def _safe(slug: str) -> str:
    if SAFE_SLUG.fullmatch(slug):
        return slug
    return f"{UNSAFE.sub('-', slug)[:53].strip('-')}-{_mark(slug)}".lstrip("-")


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def _when(day: int, start: time, minutes: int | None) -> Row:
    end = _end(start, minutes)
    return {"day": day, "time": start.isoformat("minutes"), **({"end_time": end} if end else {})}


def _end(start: time, minutes: int | None) -> str | None:
    if minutes is None or not 0 < minutes < DAY_MINUTES:
        return None
    end = start.hour * 60 + start.minute + minutes
    # An hour is what clients take for a missing end, and they get it right past midnight, where a written end fails.
    if end > DAY_MINUTES and minutes == 60:
        return None
    return f"{end // 60 % 24:02d}:{end % 60:02d}"


def _row(listing: Listing, feedback_url: str, zone: str) -> Row:
    said: Row = {
        "name": listing.name,
        "timezone": listing.zone or zone,
        "types": _types(listing),
        "feedback_url": listing.feedback_url or feedback_url,
        "feedback_emails": list(listing.feedback_emails),
        "group": listing.group,
        "group_notes": listing.group_notes,
        "notes": listing.notes,
        "url": listing.url,
        "website": listing.website,
        "updated": listing.updated.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if listing.updated else None,
        **_where(listing, zone),
        **_call(listing),
        **_entity(listing.entity),
        **_collection(listing),
    }
    return {field: value for field, value in said.items() if value not in (None, "", [])}


def _types(listing: Listing) -> list[str]:
    """Give the types in Meeting Guide codes; a fellowship's own code becomes the one that says the same, or nothing."""
    known = (types.find(fellowship, code) for fellowship, code in listing.types)
    codes = {kind.guide: None for kind in known if kind and kind.guide}
    if listing.attendance == "online":
        codes = {code: None for code in codes if code not in types.IN_PERSON_ONLY}
    if _is_place_shut(listing):
        codes["TC"] = None
    else:
        codes.pop("TC", None)
    return sorted(codes)


def _is_place_shut(listing: Listing) -> bool:
    """Say whether clients must be told TC to see that nobody comes in person; a mere town needs no telling."""
    if listing.attendance in ("in_person", "hybrid"):
        return False
    return not listing.place.approximate or any(code == "TC" for _, code in listing.types)


def _where(listing: Listing, zone: str) -> Row:
    place = listing.place
    is_approximate = place.approximate and listing.attendance in ("online", "inactive")
    return {
        "formatted_address": place.address or _town(place, listing.zone or zone),
        "approximate": "yes" if is_approximate else "no",
        "location": place.name,
        "location_notes": place.notes,
        "latitude": _five_decimals(place.latitude),
        "longitude": _five_decimals(place.longitude),
        "regions": list(place.region),
    }


def _town(place: Place, zone: str) -> str:
    # Clients pass over a row without any address; the town that names the time zone is always true enough.
    return ", ".join(reversed(place.region)) or zone.rpartition("/")[2].replace("_", " ")


def _five_decimals(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 5)


def _call(listing: Listing) -> Row:
    """Give the way to join, only where it is open: a link is what tells clients that a meeting is online."""
    if listing.attendance not in ("online", "hybrid"):
        return {}
    call = listing.call
    return {
        # Without a way to join, only this word of TSML's says that the meeting is not there in person.
        "attendance_option": None if call.url or call.phone else listing.attendance,
        "conference_url": call.url,
        "conference_url_notes": call.url_notes,
        "conference_phone": call.phone,
        "conference_phone_notes": call.phone_notes,
    }


def _entity(entity: Entity | None) -> Row:
    if entity is None:
        return {}
    return {
        "entity": entity.name,
        "entity_email": entity.email,
        "entity_phone": entity.phone,
        "entity_location": entity.location,
        "entity_logo": entity.logo,
        # The text of the format says the first, its example and every client the second.
        "entity_website_url": entity.url,
        "entity_url": entity.url,
    }


def _collection(listing: Listing) -> Row:
    accounts = listing.seventh_tradition
    return {
        "venmo": accounts.venmo,
        "square": accounts.square,
        "paypal": accounts.paypal,
        "homegroup_online": accounts.homegroup,
    }
