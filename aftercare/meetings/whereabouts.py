"""Where somebody means: coordinates, a postal code, or a town or place that the list itself names."""

import re
from dataclasses import replace
from statistics import median

from aftercare.core.db import is_postgresql
from aftercare.core.errors import Invalid
from aftercare.meetings import finder_ask, finder_sql, gazetteer, geography, search_words
from aftercare.meetings.geography import Point
from aftercare.meetings.wishes import Near, Wish
from aftercare.people.models import Organisation

UNKNOWN = "We do not know this place. Enter a ZIP code, or a town from this list."
#: As many meetings at a place of that name say where it is.
WITNESSES = 40
_COORDINATES = re.compile(r"(-?\d{1,2}(?:\.\d{1,12})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,12})?)")


def located(organisation: Organisation, wish: Wish) -> tuple[Wish, dict[str, str]]:
    """Give a wish with the point that its place is; what is not known is named with a sentence."""
    if not wish.place:
        return wish, {}
    try:
        point = get(organisation, wish.place)
    except Invalid as refusal:
        return wish, refusal.fields
    return replace(wish, near=Near(point, geography.reach(wish.within, organisation.zone))), {}


def get(organisation: Organisation, text: str) -> Point:
    """Give the point that a text means; raise Invalid if it is not known."""
    point = find(organisation, text)
    if point is None:
        raise Invalid(UNKNOWN, fields={"near": UNKNOWN})
    return point


def find(organisation: Organisation, text: str) -> Point | None:
    """Find the point that a text means; None if it is not known."""
    if given := _COORDINATES.fullmatch(text.strip()):
        latitude, longitude = float(given[1]), float(given[2])
        return Point(latitude, longitude) if geography.is_point(latitude, longitude) else None
    return gazetteer.find(text.strip()) or _named(organisation, text)


def _named(organisation: Organisation, text: str) -> Point | None:
    words = finder_sql.words_for(text, ())
    if not words:
        return None
    asked = finder_sql.match(words, organisation.id.hex, postgresql=is_postgresql())
    sql = finder_sql.where_words_are(postgresql=is_postgresql())
    rows = finder_ask.ask(sql, {"o": organisation.id, "words": asked, "n": WITNESSES})
    # A name is looked for in what is said of places alone: "Portland Group" may meet anywhere.
    wanted = search_words.typed(text)
    there = [row for row in rows if _says(" ".join(row[:3]), wanted)]
    if not there:
        return None
    return Point(median(row[3] for row in there), median(row[4] for row in there))


def _says(place: str, wanted: tuple[str, ...]) -> bool:
    words = search_words.words_of(place)
    return {*wanted[:-1]} <= {*words} and any(word.startswith(wanted[-1]) for word in words)
