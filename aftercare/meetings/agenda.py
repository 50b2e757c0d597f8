"""Dates as calendars show them: those of one person, and those that anybody may see of an organisation."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union,
)

from aftercare.core.db import db
from aftercare.meetings.models import Meeting, MeetingType, Member, Occurrence, Place, Rsvp

TURNED_DOWN = ("declined", "cancelled")
# A date may be moved far from its slot; the index that finds a person's answers is by the day of the slot.
MOVED_AT_MOST = timedelta(days=400)


@dataclass(frozen=True)
class Date:
    """One date, the meeting it belongs to, where it is, and what the person said of it."""

    occurrence: Occurrence
    meeting: Meeting
    place: Place | None = None
    answer: Rsvp | None = None


class Shown(NamedTuple):
    """One date as somebody's calendar shows it, and what they said of it: read in columns, because a year has many.

    `was_local`: when it was to be at first, if that was another time (schedule.first_of). `changed_at`: when it, or
    their answer, changed last.
    """

    meeting: Meeting
    place: Place | None
    id: uuid.UUID
    was_local: datetime | None
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int
    note: str
    changed_at: datetime
    answer: str | None
    offered_until: datetime | None


def of_person(
    organisation_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    since: datetime,
    until: datetime,
    also: Collection[uuid.UUID] = (),
) -> list[Date]:
    """Give the dates that a person answered, or expects as a member, in order; `also` names dates to give in any case.

    What the person turned down is left out.
    """
    given = _given(organisation_id, person_id, since, until, also)
    dates = [Date(row[0], row[1], row[2], row[3]) for row in db.session.execute(_DATES, given)]
    dates.sort(key=lambda date: (date.occurrence.starts_at, date.occurrence.id))
    return [date for date in dates if date.occurrence.id in also or not _is_turned_down(date.answer)]


def shown_to(
    organisation_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    since: datetime,
    until: datetime,
    also: Collection[uuid.UUID] = (),
) -> list[Shown]:
    """Give the same dates as their calendar shows them."""
    named = set(also)
    rows = _rows(_given(organisation_id, person_id, since, until, ()))
    # Most that are named are among them. What is not comes by itself: each name costs as much as a row.
    missing = named.difference(row[2] for row in rows)
    rows += _rows(_given(organisation_id, person_id, until, until, missing)) if missing else []
    rows = [row for row in rows if row[10] not in TURNED_DOWN or row[2] in named]
    rows.sort(key=itemgetter(4, 2))
    meetings = _meetings(organisation_id, {row[0] for row in rows})
    at = [row[1] or meetings[row[0]].place_id for row in rows]
    places = _places(organisation_id, {place_id for place_id in at if place_id})
    return [
        Shown._make((meetings[row[0]], places[place_id] if place_id else None, *row[2:]))
        for row, place_id in zip(rows, at, strict=True)
    ]


def of_meetings(
    organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID], *, since: datetime, until: datetime
) -> dict[uuid.UUID, list[Date]]:
    """Give the dates of programme meetings whose slot (wall time), or new time, lies between two moments, in order."""
    begin, end = since.replace(tzinfo=None), until.replace(tzinfo=None)
    slots = and_(Occurrence.slot_local >= begin, Occurrence.slot_local < end)
    wanted = (
        select(Occurrence, Meeting, Place)
        .join(Meeting, _same(Occurrence, Meeting) & (Meeting.id == Occurrence.meeting_id))
        .outerjoin(Place, _is_place_of_date())
        .where(Occurrence.organisation_id == organisation_id, Occurrence.meeting_id.in_(meeting_ids))
        .where(or_(slots, and_(Occurrence.starts_at >= since, Occurrence.starts_at < until)))
        .order_by(func.coalesce(Occurrence.slot_local, Occurrence.start_local), Occurrence.id)
    )
    dates: dict[uuid.UUID, list[Date]] = defaultdict(list)
    for occurrence, meeting, place in db.session.execute(wanted):
        dates[meeting.id].append(Date(occurrence, meeting, place))
    return dates


def listed(organisation_id: uuid.UUID, *, limit: int) -> list[tuple[Meeting, Place | None]]:
    """Give the meetings that anybody may see, programme meetings first, and their places."""
    wanted = (
        select(Meeting, Place)
        .outerjoin(Place, _same(Meeting, Place) & (Place.id == Meeting.place_id))
        .where(Meeting.organisation_id == organisation_id, Meeting.listed.is_(True), Meeting.ended_at.is_(None))
        .where(Meeting.start_local.is_not(None))
        .order_by(Meeting.kind.desc(), Meeting.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def types_of(organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Sequence[MeetingType]]:
    """Give the types of several meetings."""
    wanted = select(MeetingType).where(
        MeetingType.organisation_id == organisation_id, MeetingType.meeting_id.in_(meeting_ids)
    )
    types: dict[uuid.UUID, list[MeetingType]] = defaultdict(list)
    for row in db.session.scalars(wanted.order_by(MeetingType.meeting_id, MeetingType.code)):
        types[row.meeting_id].append(row)
    return dict(types)


def all_meetings(organisation_id: uuid.UUID, kind: str | None) -> Select[Meeting]:
    """Spell the meetings of an organisation that have not ended, to be read page by page."""
    wanted = select(Meeting).where(Meeting.organisation_id == organisation_id, Meeting.ended_at.is_(None))
    return wanted.where(Meeting.kind == kind) if kind else wanted


def all_dates(meeting: Meeting, *, since: date | None, until: date | None) -> Select[Occurrence]:
    """Spell the dates of a meeting between two days, both included, to be read page by page."""
    wanted = select(Occurrence).where(
        Occurrence.organisation_id == meeting.organisation_id, Occurrence.meeting_id == meeting.id
    )
    if since:
        wanted = wanted.where(Occurrence.start_local >= datetime.combine(since, time()))
    if until:
        wanted = wanted.where(Occurrence.start_local < datetime.combine(until, time()) + timedelta(days=1))
    return wanted


def _rows(given: dict[str, Any]) -> list[Row[*tuple[Any, ...]]]:
    return list(db.session.connection().execute(_SHOWN, given))


def _given(
    organisation_id: uuid.UUID, person_id: uuid.UUID, since: datetime, until: datetime, also: Collection[uuid.UUID]
) -> dict[str, Any]:
    asked_since = (since - MOVED_AT_MOST).date()
    return {
        "organisation_id": organisation_id, "person_id": person_id, "since": since, "until": until,
        "answered_since": asked_since, "also": list(also),
    }  # fmt: skip


def _meetings(organisation_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Meeting]:
    wanted = select(Meeting).where(Meeting.organisation_id == organisation_id, Meeting.id.in_(ids))
    return {row.id: row for row in db.session.scalars(wanted)}


def _places(organisation_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Place]:
    if not ids:
        return {}
    wanted = select(Place).where(Place.organisation_id == organisation_id, Place.id.in_(ids))
    return {row.id: row for row in db.session.scalars(wanted)}


def _is_place_of_date() -> ColumnElement[bool]:
    return _same(Occurrence, Place) & (Place.id == func.coalesce(Occurrence.place_id, Meeting.place_id))


def _same(one: type[Occurrence | Meeting], other: type[Meeting | Place | Rsvp | Member]) -> ColumnElement[bool]:
    return one.organisation_id == other.organisation_id


def _is_turned_down(answer: Rsvp | None) -> bool:
    return answer is not None and answer.status in TURNED_DOWN


_ORGANISATION: BindParameter[uuid.UUID] = bindparam("organisation_id")
_PERSON: BindParameter[uuid.UUID] = bindparam("person_id")
_IN_TIME = and_(Occurrence.starts_at >= bindparam("since"), Occurrence.starts_at < bindparam("until"))
_ANSWERED = select(Rsvp.occurrence_id).where(
    Rsvp.organisation_id == _ORGANISATION, Rsvp.person_id == _PERSON, Rsvp.occurs_on >= bindparam("answered_since")
)
_OF_MEMBER = and_(
    _same(Occurrence, Member),
    Member.meeting_id == Occurrence.meeting_id,
    Occurrence.occurs_on >= Member.since,
    or_(Member.until.is_(None), Occurrence.occurs_on <= Member.until),
)
_EXPECTED = (
    select(Occurrence.id)
    .select_from(Member)
    .outerjoin(Occurrence, _OF_MEMBER)
    .where(Member.organisation_id == _ORGANISATION, Member.person_id == _PERSON)
)
_IS_NAMED = Occurrence.id.in_(bindparam("also", expanding=True))
_NAMED = select(Occurrence.id).where(Occurrence.organisation_id == _ORGANISATION, _IS_NAMED)
_MINE: CompoundSelect[uuid.UUID] = union(_ANSWERED, _EXPECTED, _NAMED)
_IS_ANSWER = _same(Occurrence, Rsvp) & (Rsvp.occurrence_id == Occurrence.id) & (Rsvp.person_id == _PERSON)
# SQLite knows no figures: asked for an order or a time alone, or not told by an outer join to begin with the members,
# it would read every date of the organisation.
_IS_MINE = and_(
    Occurrence.organisation_id == _ORGANISATION, Occurrence.id.in_(_MINE.subquery().select()), or_(_IN_TIME, _IS_NAMED)
)
_DATES = (
    select(Occurrence, Meeting, Place, Rsvp)
    .join(Meeting, _same(Occurrence, Meeting) & (Meeting.id == Occurrence.meeting_id))
    .outerjoin(Place, _is_place_of_date())
    .outerjoin(Rsvp, _IS_ANSWER)
    .where(_IS_MINE)
)
_FIRST = func.coalesce(Occurrence.slot_local, Occurrence.added_local)
_SHOWN = (
    select(
        Occurrence.meeting_id, Occurrence.place_id, Occurrence.id, case((Occurrence.start_local != _FIRST, _FIRST)),
        Occurrence.starts_at, Occurrence.ends_at, Occurrence.status, Occurrence.sequence, Occurrence.note,
        case((Rsvp.updated_at > Occurrence.updated_at, Rsvp.updated_at), else_=Occurrence.updated_at),
        Rsvp.status, Rsvp.offered_until,
    )
    .outerjoin(Rsvp, _IS_ANSWER)
    .where(_IS_MINE)
)  # fmt: skip
