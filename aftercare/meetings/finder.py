"""Find what takes place: listings by their weekdays, programme meetings by their dates, in order of their start.

Every page takes the same few statements, however many meetings there are. A page begins behind the last row of the
one before (never an OFFSET, never a COUNT), and reads little more than it shows.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, takewhile
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.core.errors import Invalid
from aftercare.meetings import finder_ask, finder_queries, finder_timeless
from aftercare.meetings.finder_hits import Hit
from aftercare.meetings.finder_sought import Key, Sought
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.meetings.wishes import Wish
from aftercare.people.models import Organisation

Row = TypeVar("Row", Meeting, Place)
PAGE = 60
# What has just begun can still be joined; apps of the field show it as long.
GRACE = timedelta(minutes=10)
#: In meters; half around the earth.
FURTHEST = 20_040_000
# Two hours, and what begins just then.
SOON = timedelta(hours=2, seconds=1)


@dataclass(frozen=True)
class Found:
    """One meeting on one day."""

    meeting: Meeting
    place: Place | None
    types: Sequence[MeetingType]
    starts_at: datetime
    ends_at: datetime
    status: str
    meters: int | None = None


@dataclass(frozen=True)
class Timeless:
    """A meeting by appointment."""

    meeting: Meeting
    place: Place | None
    types: Sequence[MeetingType]
    meters: int | None = None


@dataclass(frozen=True)
class Page:
    """The days of a page with what takes place on them, and the cursor of the page that follows.

    Where the nearest comes first, a day stands as often as its meetings come after others. The last page of a list
    ends with the meetings that are by appointment.
    """

    days: list[tuple[date, list[Found]]]
    next: str | None
    timeless: list[Timeless] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Count the rows of this page."""
        return sum(len(rows) for _, rows in self.days) + len(self.timeless)


def find(
    organisation: Organisation, wish: Wish, *, now: datetime, limit: int = PAGE, cursor: str | None = None
) -> Page:
    """Give a page of what an organisation lists, by day and start; raise Invalid for a cursor that is not ours."""
    sought = seek(organisation, wish, now=now, limit=limit, cursor=cursor)
    page, following = look(sought)
    days = list(_by_day(page, organisation))
    return Page(days, following, [] if following else list(_timeless(sought)))


def seek(organisation: Organisation, wish: Wish, *, now: datetime, limit: int, cursor: str | None) -> Sought:
    """Give a wish with what its questions need; raise Invalid for a cursor that is not ours."""
    return Sought(
        organisation_id=organisation.id,
        version=organisation.calendar_version,
        zone=organisation.zone,
        language=organisation.language,
        wish=wish,
        earliest=now - GRACE,
        latest=now + SOON if wish.is_soon else None,
        after=_read(cursor) if cursor else None,
        limit=limit,
    )


def look(sought: Sought) -> tuple[list[Hit], str | None]:
    """Give the rows of a page, and the cursor of the page that follows."""
    hits, whole_until = finder_queries.hits(sought)
    page = list(takewhile(lambda hit: whole_until is None or hit.key <= whole_until, hits))[: sought.limit]
    if len(hits) > len(page) and len(page) == sought.limit:
        return page, _write(page[-1].key)
    # A page may come out short where listings that fell out filled it; the next one begins where this one looked last.
    return page, _write(whole_until) if whole_until else None


def _by_day(hits: Sequence[Hit], organisation: Organisation) -> Iterator[tuple[date, list[Found]]]:
    zone = ZoneInfo(organisation.zone)
    for day, rows in groupby(_told(hits, organisation.id), key=lambda row: row.starts_at.astimezone(zone).date()):
        yield day, list(rows)


def _told(hits: Sequence[Hit], organisation_id: uuid.UUID) -> Iterator[Found]:
    known = _Known(organisation_id, hits)
    for hit in hits:
        yield Found(*known.about(hit), hit.starts_at, hit.ends_at, hit.status, hit.meters)


def _timeless(sought: Sought) -> Iterator[Timeless]:
    rows = finder_timeless.find(sought)
    if not rows:
        return
    known = _Known(sought.organisation_id, rows)
    for row in rows:
        yield Timeless(*known.about(row), row.meters)


class _Known:
    """The meetings, places and types of rows, each kind asked for once."""

    def __init__(self, organisation_id: uuid.UUID, rows: Sequence[Hit | finder_timeless.Row]) -> None:
        wanted = {finder_ask.an_id(row.meeting_id) for row in rows}
        there = {finder_ask.an_id(row.place_id) for row in rows if row.place_id}
        self._meetings = {row.id: row for row in _rows(Meeting, organisation_id, wanted)}
        self._places = {row.id: row for row in _rows(Place, organisation_id, there)}
        self._types = _types(organisation_id, wanted)

    def about(self, row: Hit | finder_timeless.Row) -> tuple[Meeting, Place | None, list[MeetingType]]:
        """Give what a row is about."""
        meeting = self._meetings[finder_ask.an_id(row.meeting_id)]
        place = self._places.get(finder_ask.an_id(row.place_id)) if row.place_id else None
        return meeting, place, self._types.get(meeting.id, [])


def _rows(model: type[Row], organisation_id: uuid.UUID, wanted: set[uuid.UUID]) -> Sequence[Row]:
    return db.session.scalars(select(model).where(model.organisation_id == organisation_id, model.id.in_(wanted))).all()


def _types(organisation_id: uuid.UUID, wanted: set[uuid.UUID]) -> dict[uuid.UUID, list[MeetingType]]:
    kept: dict[uuid.UUID, list[MeetingType]] = {}
    rows = select(MeetingType).where(MeetingType.organisation_id == organisation_id, MeetingType.meeting_id.in_(wanted))
    for row in db.session.scalars(rows.order_by(MeetingType.code)):
        kept.setdefault(row.meeting_id, []).append(row)
    return kept


def _write(key: Key) -> str:
    return f"{key[0]}-{int(key[1].timestamp())}-{key[2].replace('-', '')}"


def _read(cursor: str) -> Key:
    meters, _, rest = cursor.partition("-")
    seconds, _, mark = rest.partition("-")
    try:
        if (far := int(meters)) > FURTHEST:
            raise ValueError("Nothing is as far away.")
        return far, datetime.fromtimestamp(int(seconds), tz=UTC), finder_ask.mark(uuid.UUID(mark))
    except (ValueError, OverflowError, OSError) as error:
        sentence = "This page of the list does not exist. Start again from the first."
        raise Invalid(sentence, fields={"after": sentence}) from error
