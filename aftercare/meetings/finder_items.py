"""What programs are told of the meetings that were found. Nothing about people; no way in where strangers have none."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_sql, finder_timeless, geography
from aftercare.meetings.finder_queries import Hit
from aftercare.meetings.finder_sought import Sought

Item = dict[str, Any]
SAID = ("id", "kind", "name", "fellowship", "attendance", "is_open", "zone")
JOINING = ("join_url", "join_phone", "join_notes")


def of_hits(sought: Sought, hits: Sequence[Hit], address: str) -> list[Item]:
    """Tell of what takes place, in its order. `address` is that of a meeting's page, without its id."""
    known = _Known(sought, {hit.meeting_id for hit in hits}, {hit.place_id for hit in hits})
    return [
        known.item(hit.meeting_id, hit.place_id, hit.meters, address)
        | {"starts_at": _said(hit.starts_at), "ends_at": _said(hit.ends_at), "status": hit.status}
        for hit in hits
    ]


def of_timeless(sought: Sought, address: str) -> list[Item]:
    """Tell of what is by appointment."""
    rows = finder_timeless.find(sought)
    if not rows:
        return []
    known = _Known(sought, {row.meeting_id for row in rows}, {row.place_id for row in rows})
    never = {"starts_at": None, "ends_at": None, "status": "scheduled"}
    return [known.item(row.meeting_id, row.place_id, row.meters, address) | never for row in rows]


class _Known:
    """The rows of meetings, places and types, each kind asked for once."""

    def __init__(self, sought: Sought, meetings: Collection[uuid.UUID], places: Collection[uuid.UUID | None]) -> None:
        self.zone = sought.zone
        ours = {"o": sought.organisation_id}
        ids, there = list(meetings), [each for each in places if each]
        facts = finder_ask.ask(finder_sql.facts(postgresql=is_postgresql()), ours | {"ids": ids}) if ids else ()
        self.meetings = {finder_ask.an_id(row.id): row._mapping for row in facts}
        where = finder_sql.facts_of_places(postgresql=is_postgresql())
        known = finder_ask.ask(where, ours | {"ids": there}) if there else ()
        self.places = {finder_ask.an_id(row.id): _place(row._mapping) for row in known}
        self.types: dict[uuid.UUID, list[str]] = {}
        kinds = finder_ask.ask(finder_sql.types(postgresql=is_postgresql()), ours | {"ids": ids}) if ids else ()
        for row in kinds:
            self.types.setdefault(finder_ask.an_id(row.meeting_id), []).append(row.code)

    def item(self, meeting_id: uuid.UUID, place_id: uuid.UUID | None, meters: int | None, address: str) -> Item:
        """Tell of one meeting."""
        row = self.meetings[meeting_id]
        shown = {name: row[name] for name in SAID}
        hidden = row["is_join_withheld"] or (row["kind"] == "programme" and not row["is_open"])
        joining = {name: "" if hidden else row[name] for name in JOINING}
        languages = row["languages"]
        more = {
            "id": str(meeting_id),
            "url": f"{address}{meeting_id}",
            "group": row["group_name"],
            "is_open": None if row["is_open"] is None else bool(row["is_open"]),
            "languages": json.loads(languages) if isinstance(languages, str) else languages,
            "types": self.types.get(meeting_id, []),
            "place": self.places.get(place_id) if place_id else None,
            "place_detail": row["place_detail"],
            "distance": None if meters is None else geography.counted(meters, self.zone),
        }
        return shown | joining | more


def _place(row: Mapping[str, Any]) -> Item:
    return {**row, "id": str(finder_ask.an_id(row["id"])), "is_approximate": bool(row["is_approximate"])}


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
