"""One listed meeting, tonight or next, near a postal code: what a text can hold (messaging.md, FIND)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.meetings import finder, gazetteer
from aftercare.meetings.finder import Found
from aftercare.meetings.geography import MILE_METERS, Point
from aftercare.meetings.models import Place
from aftercare.meetings.wishes import Near, Wish
from aftercare.people.models import Organisation

LOOKS_AHEAD = timedelta(days=6)
#: The first three digits name a region of sorting offices: near enough to travel.
REGION = 3
DIGITS = 5
REACH = 25 * MILE_METERS
MOST_PAGES = 5
_STREET = re.compile(r"(?:^|,)\s*(\d[^,]{2,60})")


def soonest(organisation: Organisation, postal: str, *, now: datetime) -> Found | None:
    """Give the next meeting that begins, in the week ahead, at a place with a postal code; else the nearest.

    Where no place is known by its coordinates, that of the region which the code begins with.
    """
    return (
        _beginning(organisation, postal, now)
        or _nearest(organisation, gazetteer.find(postal), now)
        or _beginning(organisation, postal[:REGION], now)
    )


def street_of(place: Place | None) -> str:
    """Give the street and number of a place, without its name or town; nothing where an address names none."""
    found = _STREET.search(place.address) if place else None
    return found[1].strip() if found and not _is_postal(found[1]) else ""


def _beginning(organisation: Organisation, beginning: str, now: datetime) -> Found | None:
    """Find by the beginning of a postal code: the last number of five digits in an address."""
    for row in _coming(organisation, Wish(*_week(organisation, now), text=beginning), now):
        if row.place and _postal(row.place.address).startswith(beginning):
            return row
    return None


def _nearest(organisation: Organisation, point: Point | None, now: datetime) -> Found | None:
    if point is None:
        return None
    wish = Wish(*_week(organisation, now), near=Near(point, REACH), sort="distance")
    return next(_coming(organisation, wish, now), None)


def _coming(organisation: Organisation, wish: Wish, now: datetime) -> Iterator[Found]:
    """Give what can be come to, page by page: what is by telephone alone has no street."""
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = finder.find(organisation, wish, now=now, cursor=cursor)
        for _, rows in page.days:
            yield from (row for row in rows if _is_to_come(row, now))
        cursor = page.next
        if cursor is None:
            return


def _week(organisation: Organisation, now: datetime) -> tuple[date, date]:
    today = now.astimezone(ZoneInfo(organisation.zone)).date()
    return today, today + LOOKS_AHEAD


def _postal(address: str) -> str:
    codes = re.findall(r"\b\d{5}(?=(?:-\d{4})?\b)", address)
    return codes[-1] if codes else ""


def _is_postal(part: str) -> bool:
    return re.fullmatch(r"\d{5}(?:-\d{4})?", part.strip()) is not None


def _is_to_come(row: Found, now: datetime) -> bool:
    return row.starts_at >= now and row.status != "cancelled" and row.meeting.attendance != "inactive"
