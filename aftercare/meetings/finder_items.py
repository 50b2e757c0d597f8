"""What programs are told of the meetings that were found. Nothing about people; no way in where strangers have none.

Written as JSON at once: a page of dicts, built only to be written out, would cost more than the questions for it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from json.encoder import encode_basestring as text

from aftercare.core.db import is_postgresql
from aftercare.meetings import finder_ask, finder_closed, finder_sql, finder_timeless, geography
from aftercare.meetings.finder_ask import Asked
from aftercare.meetings.finder_closed import Closed
from aftercare.meetings.finder_queries import Hit
from aftercare.meetings.finder_sought import Sought

Shown = Hit | finder_timeless.Row


def of_hits(sought: Sought, hits: Sequence[Hit], address: str) -> str:
    """Tell of what takes place, in its order. `address` is that of a meeting's page, without its id."""
    known = _Known(sought, hits, address)
    shut = finder_closed.Closed(sought, [hit.starts_at for hit in hits])
    return ",".join([_of_hit(hit, known.item(hit), shut) for hit in hits])


def of_timeless(sought: Sought, address: str) -> str:
    """Tell of what is by appointment."""
    rows = finder_timeless.find(sought)
    known, shut = _Known(sought, rows, address), finder_closed.Closed(sought, [sought.earliest])
    said = [known.item(row) for row in rows]
    return ",".join(
        [
            f'{{{told},"starts_at":null,"ends_at":null,"status":"scheduled",{shut.told(told, sought.earliest, "")[1]}}}'
            for told in said
        ]
    )


def _of_hit(hit: Hit, told: str, shut: Closed) -> str:
    status, closed = shut.told(told, hit.starts_at, hit.status)
    times = f'"starts_at":{_said(hit.starts_at)},"ends_at":{_said(hit.ends_at)},"status":"{status}"'
    return f"{{{told},{times},{closed}}}"


class _Known:
    """What is told of meetings and their places, read with one question; of places of single dates, with one more."""

    def __init__(self, sought: Sought, rows: Sequence[Shown], address: str) -> None:
        self._zone, self._address = sought.zone, address
        self._meetings: dict[str, tuple[str, str]] = {}
        self._places: dict[str | None, str] = {None: "null"}
        ids = {row.meeting_id for row in rows}
        self._read_meetings(sought.organisation_id, ids)
        if elsewhere := {row.place_id for row in rows if row.place_id} - self._places.keys():
            self._read_places(sought.organisation_id, elsewhere)

    def item(self, row: Shown) -> str:
        """Tell of one meeting."""
        told, detail = self._meetings[row.meeting_id]
        distance = "null" if row.meters is None else geography.counted(row.meters, self._zone)
        return f'{told},"place":{self._places.get(row.place_id, "null")},"place_detail":{detail},"distance":{distance}'

    def _read_meetings(self, organisation_id: uuid.UUID, ids: set[str]) -> None:
        sql = finder_sql.facts(postgresql=is_postgresql())
        for row in finder_ask.ask(sql, {"o": organisation_id, "ids": ids}) if ids else ():
            self._meetings[row[0]] = _meeting(row, self._address), text(row[14])
            if row[15]:
                self._places[row[15]] = _place(row[15:])

    def _read_places(self, organisation_id: uuid.UUID, ids: set[str]) -> None:
        sql = finder_sql.facts_of_places(postgresql=is_postgresql())
        for row in finder_ask.ask(sql, {"o": organisation_id, "ids": ids}):
            self._places[row[0]] = _place(row)


def _meeting(row: Asked, address: str) -> str:
    mark, kind, name, fellowship, attendance, is_open, zone, url, phone, notes, withheld, group, languages, types = row[
        :14
    ]
    if withheld or (kind == "programme" and not is_open):
        url = phone = notes = ""
    key = _id(mark)
    return (
        f'"id":"{key}","kind":"{kind}","name":{text(name)},"fellowship":{text(fellowship)},'
        f'"attendance":"{attendance}","is_open":{"null" if is_open is None else _truth(is_open)},"zone":{text(zone)},'
        f'"join_url":{text(url)},"join_phone":{text(phone)},"join_notes":{text(notes)},"url":{text(address + key)},'
        f'"group":{text(group)},"languages":{languages},"types":{types}'
    )


def _place(row: Asked) -> str:
    mark, name, address, region, latitude, longitude, is_approximate = row
    return (
        f'{{"id":"{_id(mark)}","name":{text(name)},"address":{text(address)},"region":{text(region)},'
        f'"latitude":{_number(latitude)},"longitude":{_number(longitude)},"is_approximate":{_truth(is_approximate)}}}'
    )


def _id(mark: str) -> str:
    return f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}-{mark[16:20]}-{mark[20:]}" if len(mark) == 32 else mark


def _truth(value: object) -> str:
    return "true" if value else "false"


def _number(value: float | None) -> str:
    return "null" if value is None else repr(value)


def _said(moment: datetime) -> str:
    """Write a moment of UTC."""
    return f'"{moment.isoformat()[:19]}Z"'
