"""The rows of imported meetings, written many at a time."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, text, update

from aftercare.core import ids
from aftercare.core.db import Model, db, is_postgresql
from aftercare.meetings import finder_rows, search_words
from aftercare.meetings.exchange import filing
from aftercare.meetings.exchange.listing import Listing
from aftercare.meetings.exchange.listing import Place as SaidPlace
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.meetings.types import TypePair
from aftercare.people import directory

Rows = list[dict[str, Any]]
PlaceKey = tuple[str, str]
NOWHERE: PlaceKey = ("", "")
#: What no list says of a meeting, as a new one has it.
UNSAID = {"listed": True, "is_join_withheld": False, "place_detail": "", "holidays": ""}
MEETINGS, PLACES = cast(Table, Meeting.__table__), cast(Table, Place.__table__)


@dataclass(frozen=True, slots=True)
class Filed:
    """A listing, what is known of its place, and the columns of its meeting."""

    id: uuid.UUID
    listing: Listing
    place: SaidPlace
    columns: dict[str, Any]
    is_new: bool

    @property
    def types(self) -> list[TypePair]:
        """Give the types of the listing, each once."""
        return list(dict.fromkeys(self.listing.types))


class Places:
    """The places of an organisation that a list names: one row for each name and address, kept as first described."""

    def __init__(self, organisation_id: uuid.UUID) -> None:
        self.organisation_id = organisation_id
        self._known: dict[PlaceKey, tuple[uuid.UUID, SaidPlace]] = {}

    def look_up(self, places: Iterable[SaidPlace]) -> dict[PlaceKey, SaidPlace]:
        """Find the rows of places; give those of which nothing was known."""
        said: dict[PlaceKey, SaidPlace] = {}
        for place in places:
            if (key := _key(place)) != NOWHERE and key not in self._known:
                said.setdefault(key, place)
        self._find(said)
        return said

    def add(self, places: Iterable[SaidPlace]) -> None:
        """Find the rows of places, and make those that are missing."""
        said = self.look_up(places)
        new = {key: (ids.new(), place) for key, place in said.items() if key not in self._known}
        keys = {"organisation_id": self.organisation_id}
        _insert(Place, [keys | {"id": each} | filing.place_columns(place) for each, place in new.values()])
        self._known |= new

    def of(self, place: SaidPlace) -> tuple[uuid.UUID | None, SaidPlace]:
        """Give the row of a place and what is known of it; none for a meeting that names no place."""
        return self._known.get(_key(place), (None, SaidPlace()))

    def _find(self, keys: Collection[PlaceKey]) -> None:
        wanted = select(PLACES).where(
            PLACES.c.organisation_id == self.organisation_id,
            PLACES.c.name.in_({name for name, _ in keys}),
            PLACES.c.address.in_({address for _, address in keys}),
        )
        for row in db.session.execute(wanted.order_by(PLACES.c.id)).mappings() if keys else ():
            self._known.setdefault((row["name"], row["address"]), (row["id"], filing.place_kept(row)))


def insert_meetings(organisation_id: uuid.UUID, filed: Sequence[Filed]) -> None:
    """Write new meetings, their days and types, and let their ids lead to the organisation."""
    made = [_made(organisation_id, each) for each in filed]
    _insert(Meeting, made)
    _insert_types(organisation_id, filed)
    days: Rows = []
    for each, row in zip(filed, made, strict=True):
        place = {"id": row["place_id"], **filing.place_columns(each.place)} if row["place_id"] else None
        days += finder_rows.of_meeting(organisation_id, UNSAID | row, place, each.types)
    finder_rows.write(days)
    directory.enter_ids("meeting", [each.id for each in filed], organisation_id=organisation_id)


def update_meetings(organisation_id: uuid.UUID, filed: Sequence[Filed]) -> None:
    """Write changed meetings over what they were; whatever hangs on them stays."""
    if not filed:
        return
    changed = update(MEETINGS).where(
        MEETINGS.c.organisation_id == organisation_id, MEETINGS.c.id == bindparam("meeting_id")
    )
    # Calendar apps ignore a change that does not raise SEQUENCE.
    values: dict[str, Any] = {name: bindparam(name) for name in filed[0].columns}
    values["sequence"] = MEETINGS.c.sequence + 1
    db.session.execute(changed.values(values), [{"meeting_id": each.id, **each.columns} for each in filed])
    changed_ids = [each.id for each in filed]
    gone = delete(MeetingType).where(
        MeetingType.organisation_id == organisation_id, MeetingType.meeting_id.in_(changed_ids)
    )
    db.session.execute(gone, execution_options={"synchronize_session": False})
    _insert_types(organisation_id, filed)
    finder_rows.keep_all(organisation_id, changed_ids)


def take_off(organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID], *, now: datetime) -> None:
    """Take meetings off the lists that people see. They keep their rows, and whatever hangs on them."""
    gone = update(MEETINGS).where(MEETINGS.c.organisation_id == organisation_id, MEETINGS.c.id.in_(meeting_ids))
    ended = func.coalesce(MEETINGS.c.ended_at, now)
    db.session.execute(gone.values(vanished_at=now, ended_at=ended, sequence=MEETINGS.c.sequence + 1, updated_at=now))


def tell_planner() -> None:
    """Let PostgreSQL look at its tables after many new rows; until it has, it reads them in ways that take seconds."""
    if is_postgresql():
        db.session.execute(text("ANALYZE meetings, meeting_days, meeting_types, places"))


def _made(organisation_id: uuid.UUID, each: Filed) -> dict[str, Any]:
    place = each.listing.place
    there = {"name": place.name, "address": place.address, "region": " ".join(place.region)}
    return {
        "organisation_id": organisation_id, "id": each.id, "lineage_id": each.id, "kind": "fellowship",
        "search_text": search_words.written(each.columns, there, each.types), **each.columns,
    }  # fmt: skip


def _insert_types(organisation_id: uuid.UUID, filed: Sequence[Filed]) -> None:
    types = [
        {"organisation_id": organisation_id, "meeting_id": each.id, "fellowship": of, "code": code}
        for each in filed
        for of, code in each.types
    ]
    _insert(MeetingType, types)


def _insert(model: type[Model], rows: Rows) -> None:
    if rows:
        db.session.execute(insert(cast(Table, model.__table__)), rows)


def _key(place: SaidPlace) -> PlaceKey:
    return place.name or "", place.address or ""
