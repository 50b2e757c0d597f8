"""What differs between a meeting and its list, field by field, in words for whoever looks at it."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings.exchange.import_report import Difference
from aftercare.meetings.local_edits import FIELDS, Edits, Said
from aftercare.meetings.models import Place
from aftercare.meetings.recurrence import Pattern, in_words

LONGEST = 200
WHEN = ("start_local", "rule", "zone")
PlaceNames = Mapping[str, str]


def between(before: Said, says: Said, edits: Edits, names: PlaceNames) -> tuple[Difference, ...]:
    """Give the fields that change because the list says something else than before; none that staff have changed."""
    return tuple(
        _difference(field, before, says, names)
        for field in FIELDS
        if field not in edits and _differs(field, before, says)
    )


def held(now: Said, says: Said, edits: Edits, names: PlaceNames) -> tuple[Difference, ...]:
    """Give the fields of which staff say something else than the list, whose word does not count there."""
    return tuple(
        _difference(field, now, says, names) for field in FIELDS if field in edits and _differs(field, now, says)
    )


def described(says: Said, place: str) -> tuple[Difference, ...]:
    """Say of a new meeting when and where it is."""
    when = _difference("when", {}, says, {})
    return tuple(each for each in (when, Difference("place", "", place)) if each.said)


def told(field: str, said: Said, names: PlaceNames, language: str = "en") -> str:
    """Say a field in words."""
    if field == "when":
        return when(said, language=language)
    if field == "place":
        return names.get(said.get("place_id") or "", "")
    if field == "types":
        return ", ".join(code for _, code in said.get("types", ()))
    value: Any = said.get(FIELDS[field][0])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)[:LONGEST]


def when(said: Said, *, language: str, zone_words: str | None = None) -> str:
    """Say when a meeting is, with its zone by the name that is given, else by that of computers."""
    if not said.get("start_local"):
        return ""
    first = datetime.fromisoformat(said["start_local"])
    pattern = Pattern(first=first, minutes=60, rule=said.get("rule"), zone=said.get("zone") or "UTC")
    return f"{in_words(pattern, language)} ({zone_words or pattern.zone})"


def place_names(organisation_id: uuid.UUID, saids: Collection[Said]) -> dict[str, str]:
    """Give the names of the places that are spoken of, in one query."""
    wanted = {uuid.UUID(said["place_id"]) for said in saids if said.get("place_id")}
    rows = select(Place.id, Place.name, Place.address).where(
        Place.organisation_id == organisation_id, Place.id.in_(wanted)
    )
    return {
        each.hex: ", ".join(filter(None, (name, address)))
        for each, name, address in (db.session.execute(rows) if wanted else ())
    }


def _difference(field: str, one: Said, other: Said, names: PlaceNames) -> Difference:
    rules = [{name: each.get(name) for name in WHEN} for each in (one, other)] if field == "when" else None
    return Difference(field, told(field, one, names), told(field, other, names), rules)


def _differs(field: str, one: Said, other: Said) -> bool:
    return any(one.get(column) != other[column] for column in FIELDS[field] if column in other)
