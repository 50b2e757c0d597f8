"""What is found, as JSON that any program and any page may read."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, url_for

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
    wish, wrong = wishes.read(given, today=clock.today(organisation.zone))
    wish, unknown = whereabouts.located(organisation, wish)
    limit = _limit(given.get("limit", ""))
    if wrong or unknown or limit is None:
        named = wrong | unknown | ({} if limit else {"limit": "Ask for 1 to 200."})
        raise Invalid(" ".join(dict.fromkeys(named.values())), fields=named)
    found = page(organisation, wish, limit=limit, cursor=given.get("after", ""))
    more = {**{name: given[name] for name in given}, "after": found["next"]}
    address = config.current().base_url + url_for("finder.search", slug=organisation.slug)
    said = found | {"next": f"{address}?{urlencode(more)}" if found["next"] else None}
    sent = PublicList(json.dumps(said, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    sent.headers["Access-Control-Allow-Origin"] = "*"
    # Where somebody is, or wants to go, is kept by no cache on the way.
    sent.headers["Cache-Control"] = "private, no-store" if wish.place else f"public, max-age={MAX_AGE}"
    return sent


def page(organisation: Organisation, wish: Wish, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """Give a page of what is found; its last page ends with what is by appointment."""
    sought = finder.seek(organisation, wish, now=clock.now(), limit=limit, cursor=cursor)
    hits, following = finder.look(sought)
    address = f"{config.current().base_url}/m/"
    return {
        "items": finder_items.of_hits(sought, hits, address),
        "by_appointment": [] if following else finder_items.of_timeless(sought, address),
        "zone": organisation.zone,
        "distance_unit": geography.unit(organisation.zone),
        "next": following,
    }


def nothing(organisation: Organisation) -> dict[str, Any]:
    """Give an empty page."""
    about = {"zone": organisation.zone, "distance_unit": geography.unit(organisation.zone)}
    return {"items": [], "by_appointment": [], "next": None} | about


def _limit(text: str) -> int | None:
    if not text:
        return LIMIT
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
    return number if 1 <= number <= MOST else None
