"""How a listing is kept in our tables, and given back as it was: what has no column of its own stands in `extra`."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from aftercare.meetings.exchange.listing import Call, Contact, Entity, Listing, Place, SeventhTradition
from aftercare.meetings.models import Meeting
from aftercare.meetings.models import Place as PlaceRow
from aftercare.meetings.repeats import Repeat, read_rule, write_rule
from aftercare.meetings.types import TypePair

# A weekly listing has no first date. Any week would do, as long as it is always the same one.
FIRST_MONDAY = date(2026, 1, 5)
# Raised when a listing is kept in another way, so that the next import files every row anew.
FILING = "1"
LEVELS = " > "
PLAIN_EXTRAS = ("group_notes", "url", "website", "feedback_url", "edit_url")
PLACE_COLUMNS = ("name", "address", "region", "latitude", "longitude", "is_approximate", "notes")
PLACE_FACTS = ("region", "latitude", "longitude", "approximate", "notes")
Facts = dict[str, Any]


def mark(listing: Listing) -> str:
    """Give what changes when a listing has to be filed anew."""
    return f"{FILING}:{listing.fingerprint}"


def columns(listing: Listing, *, zone: str, shared: Place) -> Facts:
    """Give the columns of a listing's meeting. `zone` is the organisation's, `shared` what is known of the place."""
    return {
        "name": listing.name,
        "fellowship": listing.fellowship,
        "group_name": listing.group or "",
        "description": listing.notes or "",
        "languages": list(listing.languages),
        "attendance": listing.attendance,
        "is_open": listing.is_open,
        "join_url": listing.call.url or "",
        "join_phone": listing.call.phone or "",
        "join_notes": listing.call.url_notes or "",
        "zone": listing.zone or zone,
        "start_local": _first_start(listing),
        "minutes": listing.minutes,
        "rule": _rule(listing),
        "days_off": [day.isoformat() for day in listing.dates.days_off] if listing.dates else [],
        "fingerprint": mark(listing),
        "extra": _extra(listing, shared),
    }


def place_columns(place: Place) -> Facts:
    """Give the columns of a place."""
    return {
        "name": place.name or "",
        "address": place.address or "",
        "region": LEVELS.join(place.region),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "is_approximate": place.approximate,
        "notes": place.notes or "",
    }


def place_kept(row: PlaceRow | RowMapping | None) -> Place:
    """Give a place back from its row."""
    if row is None:
        return Place()
    kept = row if isinstance(row, RowMapping) else {name: getattr(row, name) for name in PLACE_COLUMNS}
    return Place(
        name=kept["name"] or None,
        address=kept["address"] or None,
        region=tuple(kept["region"].split(LEVELS)) if kept["region"] else (),
        latitude=kept["latitude"],
        longitude=kept["longitude"],
        approximate=kept["is_approximate"],
        notes=kept["notes"] or None,
    )


def place_said(meeting: Meeting, row: PlaceRow | None) -> Place:
    """Give a meeting's place in its list's own words: one that two lists share keeps what was said of it first."""
    shared, own = place_kept(row), meeting.extra.get("place", {})
    said = {fact: own.get(fact, getattr(shared, fact)) for fact in PLACE_FACTS}
    return Place(shared.name, shared.address, **said | {"region": tuple(said["region"])})


def call_kept(meeting: Meeting) -> Call:
    """Give the way to join back from a meeting's row, for those who may know it."""
    return Call(
        url=meeting.join_url or None,
        url_notes=meeting.join_notes or None,
        phone=meeting.join_phone or None,
        phone_notes=meeting.extra.get("phone_notes"),
    )


def listing_kept(meeting: Meeting, place: PlaceRow | None, types: Iterable[TypePair]) -> Listing:
    """Give a listing back from its rows, as strangers may know it."""
    extra, start = meeting.extra, meeting.start_local
    return Listing(
        slug=meeting.source_key or meeting.id.hex,
        name=meeting.name,
        fellowship=meeting.fellowship,
        weekdays=weekdays_of(meeting),
        start=start.time() if start else None,
        minutes=meeting.minutes if start else None,
        zone=meeting.zone,
        place=place_said(meeting, place),
        call=Call() if meeting.hides_join else call_kept(meeting),
        group=meeting.group_name or None,
        notes=meeting.description or None,
        types=tuple(sorted(types)),
        languages=tuple(meeting.languages),
        attendance=meeting.attendance,  # type: ignore[arg-type]  # the database holds it to the four words
        is_open=meeting.is_open,
        feedback_emails=tuple(extra.get("feedback_emails", ())),
        entity=Entity(**extra["entity"]) if "entity" in extra else None,
        seventh_tradition=SeventhTradition(**extra.get("seventh_tradition", {})),
        contacts=tuple(Contact(**contact) for contact in extra.get("contacts", ())),
        updated=datetime.fromisoformat(extra["updated"]) if "updated" in extra else meeting.updated_at,
        **{name: extra.get(name) for name in PLAIN_EXTRAS},
    )


def weekdays_of(meeting: Meeting) -> tuple[int, ...]:
    """Give the weekdays on which a meeting can be, 0 is Monday."""
    if meeting.start_local is None:
        return ()
    return (meeting.rule and read_rule(meeting.rule).weekdays) or (meeting.start_local.weekday(),)


def _first_start(listing: Listing) -> datetime | None:
    if listing.start is None or not listing.weekdays:
        return None
    if listing.dates:
        return datetime.combine(listing.dates.first, listing.start)
    return datetime.combine(FIRST_MONDAY + timedelta(days=listing.weekdays[0]), listing.start)


def _rule(listing: Listing) -> str | None:
    if listing.dates:
        return listing.dates.rule
    return write_rule(Repeat(weekdays=listing.weekdays)) if listing.weekdays else None


def _extra(listing: Listing, shared: Place) -> Facts:
    said = {name: getattr(listing, name) for name in PLAIN_EXTRAS}
    said["phone_notes"] = listing.call.phone_notes
    said["feedback_emails"] = list(listing.feedback_emails)
    said["entity"] = _said(listing.entity)
    said["seventh_tradition"] = _said(listing.seventh_tradition)
    said["contacts"] = [_said(contact) for contact in listing.contacts]
    said["updated"] = listing.updated.isoformat() if listing.updated else None
    said["place"] = _own_facts(listing.place, shared)
    return {name: value for name, value in said.items() if value not in (None, [], {})}


def _own_facts(place: Place, shared: Place) -> Facts:
    own = {fact: getattr(place, fact) for fact in PLACE_FACTS if getattr(place, fact) != getattr(shared, fact)}
    return own | ({"region": list(place.region)} if "region" in own else {})


def _said(record: object | None) -> Facts:
    return {name: value for name, value in vars(record).items() if value is not None} if record else {}
