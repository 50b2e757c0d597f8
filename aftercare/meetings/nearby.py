"""One listed meeting, tonight or next, near a postal code: what a text can hold (messaging.md, FIND)."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings import finder
from aftercare.meetings.finder import Found
from aftercare.meetings.models import Place
from aftercare.meetings.wishes import Wish
from aftercare.people.models import Organisation

LOOKS_AHEAD = timedelta(days=6)
#: The first three digits name a region of sorting offices: near enough to travel.
REGION = 3
DIGITS = 5
_MOST_PLACES = 500
_STREET = re.compile(r"(?:^|,)\s*(\d[^,]{2,60})")


def soonest(organisation: Organisation, postal: str, *, now: datetime) -> Found | None:
    """Give the next meeting that begins, in the week ahead, at a place with a postal code; else in its region."""
    return _soonest(organisation, postal, now) or _soonest(organisation, postal[:REGION], now)


def street_of(place: Place | None) -> str:
    """Give the street and number of a place, without its name or town; nothing where an address names none."""
    found = _STREET.search(place.address) if place else None
    return found[1].strip() if found and not _is_postal(found[1]) else ""


def _soonest(organisation: Organisation, beginning: str, now: datetime) -> Found | None:
    near = frozenset(place.id for place in _places(organisation, beginning))
    if not near:
        return None
    today = now.astimezone(ZoneInfo(organisation.zone)).date()
    wish = replace(Wish(today, today + LOOKS_AHEAD), near=near)
    page = finder.find(organisation, wish, now=now)
    rows = (row for _, rows in page.days for row in rows)
    return next((row for row in rows if _is_to_come(row, now) and row.place and row.place.id in near), None)


def _places(organisation: Organisation, beginning: str) -> list[Place]:
    """Find places by the beginning of their postal code: the last number of five digits in an address."""
    wanted = select(Place).where(Place.organisation_id == organisation.id, Place.address.contains(beginning))
    found = db.session.scalars(wanted.limit(_MOST_PLACES))
    return [place for place in found if _postal(place.address).startswith(beginning)]


def _postal(address: str) -> str:
    codes = re.findall(r"\b\d{5}(?=(?:-\d{4})?\b)", address)
    return codes[-1] if codes else ""


def _is_postal(part: str) -> bool:
    return re.fullmatch(r"\d{5}(?:-\d{4})?", part.strip()) is not None


def _is_to_come(row: Found, now: datetime) -> bool:
    return row.starts_at >= now and row.status != "cancelled"
