"""What is found, as JSON that any program and any page may read."""

import json
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring as text
from typing import Any
from urllib.parse import urlencode

from flask import Response

from aftercare import config
from aftercare.core import clock
from aftercare.core.errors import Invalid
from aftercare.meetings import finder, finder_items, geography, whereabouts, wishes
from aftercare.meetings.public_list import PublicList
from aftercare.meetings.wishes import Wish
from aftercare.people.models import Organisation

LIMIT, MOST = 50, 200
MAX_AGE = 60


def answer(organisation: Organisation, given: Mapping[str, str]) -> Response:
    """Give a page of what is found; raise Invalid for what cannot be read."""
    said, scope = written(organisation, given)
    sent = PublicList(said, mimetype="application/json")
    sent.headers.update(headers(scope))
    return sent


def headers(cache: str) -> dict[str, str]:
    """Give what is said beside a page."""
    return {"Access-Control-Allow-Origin": "*", "Cache-Control": cache}


def written(organisation: Organisation, given: Mapping[str, str]) -> tuple[str, str]:
    """Write a page of what is found, and say which cache may keep it; raise Invalid for what cannot be read."""
    wish, wrong = wishes.read(given, today=clock.today(organisation.zone))
    wish, unknown = whereabouts.located(organisation, wish)
    limit = _limit(given.get("limit", ""))
    if wrong or unknown or limit is None:
        named = wrong | unknown | ({} if limit else {"limit": "Ask for 1 to 200."})
        raise Invalid(" ".join(dict.fromkeys(named.values())), fields=named)
    address = f"{config.current().base_url}/o/{organisation.slug}/meetings/find.json"

    def following(cursor: str) -> str:
        return f"{address}?{urlencode({**{name: given[name] for name in given}, 'after': cursor})}"

    said = _page(organisation, wish, limit=limit, cursor=given.get("after", ""), following=following)
    # Where somebody is, or wants to go, is kept by no cache on the way.
    return said, "private, no-store" if wish.place else f"public, max-age={MAX_AGE}"


def page(organisation: Organisation, wish: Wish, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """Give a page of what is found; its last page ends with what is by appointment."""
    said: dict[str, Any] = json.loads(_page(organisation, wish, limit=limit, cursor=cursor, following=str))
    return said


def _page(
    organisation: Organisation, wish: Wish, *, limit: int, cursor: str | None, following: Callable[[str], str]
) -> str:
    sought = finder.seek(organisation, wish, now=clock.now(), limit=limit, cursor=cursor)
    hits, behind = finder.look(sought)
    address = text(f"{config.current().base_url}/m/")[1:-1]
    items = finder_items.of_hits(sought, hits, address)
    timeless = "" if behind else finder_items.of_timeless(sought, address)
    about = f'"zone":{text(organisation.zone)},"distance_unit":"{geography.unit(organisation.zone)}"'
    then = text(following(behind)) if behind else "null"
    return f'{{"items":[{items}],"by_appointment":[{timeless}],{about},"next":{then}}}'


def nothing(organisation: Organisation) -> dict[str, Any]:
    """Give an empty page."""
    about = {"zone": organisation.zone, "distance_unit": geography.unit(organisation.zone)}
    return {"items": [], "by_appointment": [], "next": None} | about


def _limit(text: str) -> int | None:
    if not text:
        return LIMIT
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    return number if 1 <= number <= MOST else None
