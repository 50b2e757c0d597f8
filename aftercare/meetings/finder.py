"""Find what takes place: listings by their weekdays, programme meetings by their dates, in order of their start.

Every page takes the same few statements, however many meetings there are. A page begins behind the last row of the
one before (never an OFFSET, never a COUNT), and reads little more than it shows.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, takewhile
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.core.errors import Invalid
from aftercare.meetings import finder_queries
from aftercare.meetings.finder_queries import Hit, Key, Sought
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.meetings.wishes import Wish
from aftercare.people.models import Organisation

Row = TypeVar("Row", Meeting, Place)
PAGE = 60
# What has just begun can still be joined; apps of the field show it as long.
GRACE = timedelta(minutes=10)


@dataclass(frozen=True)
class Found:
    """One meeting on one day."""

    meeting: Meeting
    place: Place | None
    types: Sequence[MeetingType]
    starts_at: datetime
    ends_at: datetime
    status: str


@dataclass(frozen=True)
class Page:
    """The days of a page with what takes place on them, and the cursor of the page that follows."""

    days: list[tuple[date, list[Found]]]
    next: str | None

    @property
    def count(self) -> int:
        """Count the rows of this page."""
        return sum(len(rows) for _, rows in self.days)


def find(
    organisation: Organisation, wish: Wish, *, now: datetime, limit: int = PAGE, cursor: str | None = None
) -> Page:
    """Give a page of what an organisation lists, by day and start; raise Invalid for a cursor that is not ours."""
    after = _read(cursor) if cursor else None
    sought = _sought(organisation, wish, now, limit, after)
    hits, whole_until = finder_queries.hits(sought)
    page = list(takewhile(lambda hit: whole_until is None or hit.key <= whole_until, hits))[:limit]
    return Page(list(_by_day(page, organisation)), _next(page, hits, limit, whole_until))


def _sought(organisation: Organisation, wish: Wish, now: datetime, limit: int, after: Key | None) -> Sought:
    return Sought(
        organisation_id=organisation.id,
        zone=organisation.zone,
        language=organisation.language,
        wish=wish,
        earliest=now - GRACE,
        after=after,
        # Words are looked for in all that the days hold; only then is it known how many rows hold them.
        limit=None if wish.text else limit + 1,
    )


def _next(page: Sequence[Hit], hits: Sequence[Hit], limit: int, whole_until: Key | None) -> str | None:
    if len(hits) > len(page) and len(page) == limit:
        return _write(page[-1].key)
    # A page may come out short where listings that fell out filled it; the next one begins where this one looked last.
    return _write(whole_until) if whole_until else None


def _by_day(hits: Sequence[Hit], organisation: Organisation) -> Iterator[tuple[date, list[Found]]]:
    zone = ZoneInfo(organisation.zone)
    for day, rows in groupby(_told(hits, organisation.id), key=lambda row: row.starts_at.astimezone(zone).date()):
        yield day, list(rows)


def _told(hits: Sequence[Hit], organisation_id: uuid.UUID) -> Iterator[Found]:
    wanted = {hit.meeting_id for hit in hits}
    meetings = {row.id: row for row in _rows(Meeting, organisation_id, wanted)}
    named = {hit.place_id or meetings[hit.meeting_id].place_id for hit in hits} - {None}
    places = {row.id: row for row in _rows(Place, organisation_id, {each for each in named if each})}
    types = _types(organisation_id, wanted)
    for hit in hits:
        meeting = meetings[hit.meeting_id]
        place_id = hit.place_id or meeting.place_id
        place = places.get(place_id) if place_id else None
        yield Found(meeting, place, types.get(meeting.id, []), hit.starts_at, hit.ends_at, hit.status)


def _rows(model: type[Row], organisation_id: uuid.UUID, wanted: set[uuid.UUID]) -> Sequence[Row]:
    return db.session.scalars(select(model).where(model.organisation_id == organisation_id, model.id.in_(wanted))).all()


def _types(organisation_id: uuid.UUID, wanted: set[uuid.UUID]) -> dict[uuid.UUID, list[MeetingType]]:
    kept: dict[uuid.UUID, list[MeetingType]] = {}
    rows = select(MeetingType).where(MeetingType.organisation_id == organisation_id, MeetingType.meeting_id.in_(wanted))
    for row in db.session.scalars(rows.order_by(MeetingType.code)):
        kept.setdefault(row.meeting_id, []).append(row)
    return kept


def _write(key: Key) -> str:
    return f"{int(key[0].timestamp())}-{key[1].hex}"


def _read(cursor: str) -> Key:
    seconds, _, mark = cursor.partition("-")
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC), uuid.UUID(mark)
    except (ValueError, OverflowError, OSError) as error:
        sentence = "This page of the list does not exist. Start again from the first."
        raise Invalid(sentence, fields={"after": sentence}) from error
