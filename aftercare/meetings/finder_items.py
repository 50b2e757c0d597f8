"""What programs are told of the meetings that were found, as JSON.

What is told of a listing stands ready in its rows; a page of it is only put together.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_closed, finder_sql, finder_timeless, finder_told, geography
from aftercare.meetings.finder_closed import Closed
from aftercare.meetings.finder_hits import Hit
from aftercare.meetings.finder_sought import Sought

Shown = Hit | finder_timeless.Row
COLUMNS = (
    "id", "kind", "name", "fellowship", "attendance", "is_open", "zone", "join_url", "join_phone", "join_notes",
    "is_join_withheld", "group_name", "languages", "types", "place_detail",
)  # fmt: skip
OF_PLACE = ("id", "name", "address", "region", "latitude", "longitude", "is_approximate")
APPOINTMENT = '"starts_at":null,"ends_at":null,"status":"scheduled"'


def of_hits(sought: Sought, hits: Sequence[Hit], address: str) -> str:
    """Tell of what takes place, in its order. `address` is that of a meeting's page, without its id."""
    known = _Known(sought, [hit for hit in hits if not hit.told])
    shut = finder_closed.Closed(sought, [hit.starts_at for hit in hits])
    unit = geography.reach(1, sought.zone)
    return ",".join([_of_hit(hit, hit.told or known.told(hit), shut, address, unit) for hit in hits])


def of_timeless(sought: Sought, address: str) -> str:
    """Tell of what is by appointment."""
    rows = finder_timeless.find(sought)
    known, shut = _Known(sought, rows), finder_closed.Closed(sought, [sought.earliest])
    said, unit = [(row, known.told(row)) for row in rows], geography.reach(1, sought.zone)
    return ",".join(
        [
            _item(told, address, row.meters, unit, f"{APPOINTMENT},{shut.told(told, sought.earliest, '')[1]}")
            for row, told in said
        ]
    )


def _of_hit(hit: Hit, told: str, shut: Closed, address: str, unit: float) -> str:
    status, closed = shut.told(told, hit.starts_at, hit.status)
    return _item(told, address, hit.meters, unit, f"{_times(hit.starts_at, hit.ends_at, status)},{closed}")


def _item(told: str, address: str, meters: int | None, unit: float, times: str) -> str:
    distance = "null" if meters is None else round(meters / unit, 1)
    return f'{{{told},"url":"{address}{told[finder_told.ID]}","distance":{distance},{times}}}'


@lru_cache(maxsize=8192)
def _times(starts_at: datetime, ends_at: datetime, status: str) -> str:
    """Tell of two moments of UTC."""
    begins, ends = starts_at.isoformat()[:19], ends_at.isoformat()[:19]
    return f'"starts_at":"{begins}Z","ends_at":"{ends}Z","status":"{status}"'


class _Known:
    """What is told of meetings whose rows hold it not, read with one question; of other places, with one more."""

    def __init__(self, sought: Sought, rows: Sequence[Shown]) -> None:
        self._meetings: dict[str, tuple[str, str]] = {}
        self._places: dict[str | None, str] = {None: "null"}
        self._organisation_id = sought.organisation_id
        if rows:
            self._read_meetings({row.meeting_id for row in rows})
        if elsewhere := {row.place_id for row in rows if row.place_id} - self._places.keys():
            self._read_places(elsewhere)

    def told(self, row: Shown) -> str:
        """Tell of one meeting, at the place of this date."""
        said, detail = self._meetings[row.meeting_id]
        return finder_told.at(said, self._places.get(row.place_id, "null"), detail)

    def _read_meetings(self, ids: set[str]) -> None:
        sql = finder_sql.facts(postgresql=is_postgresql())
        for row in finder_ask.ask(sql, {"o": self._organisation_id, "ids": ids}):
            meeting: dict[str, Any] = dict(zip(COLUMNS, row, strict=False))
            meeting["languages"] = json.loads(meeting["languages"])
            said = finder_told.about(meeting, json.loads(meeting["types"]))
            self._meetings[row[0]] = said, meeting["place_detail"]
            if place_id := row[len(COLUMNS)]:
                self._places[place_id] = _place(row[len(COLUMNS) :])

    def _read_places(self, ids: set[str]) -> None:
        sql = finder_sql.facts_of_places(postgresql=is_postgresql())
        for row in finder_ask.ask(sql, {"o": self._organisation_id, "ids": ids}):
            self._places[row[0]] = _place(row)


def _place(row: finder_ask.Asked) -> str:
    return finder_told.where(dict(zip(OF_PLACE, row, strict=True)))
