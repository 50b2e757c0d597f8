"""Dates as calendars show them: those of one person, and those that anybody may see of an organisation."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, union

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
    in_time = and_(Occurrence.starts_at >= since, Occurrence.starts_at < until)
    mine: CompoundSelect[uuid.UUID] = union(
        _answered(organisation_id, person_id, since).where(in_time),
        _expected(organisation_id, person_id).where(in_time),
        select(Occurrence.id).where(Occurrence.organisation_id == organisation_id, Occurrence.id.in_(also)),
    )
    rows = db.session.execute(_dates(organisation_id, person_id).where(Occurrence.id.in_(mine.subquery().select())))
    dates = [Date(row[0], row[1], row[2], row[3]) for row in rows]
    return [date for date in dates if date.occurrence.id in also or not _is_turned_down(date.answer)]


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


def _dates(organisation_id: uuid.UUID, person_id: uuid.UUID) -> Select[Occurrence, Meeting, Place, Rsvp]:
    is_answer = _same(Occurrence, Rsvp) & (Rsvp.occurrence_id == Occurrence.id) & (Rsvp.person_id == person_id)
    return (
        select(Occurrence, Meeting, Place, Rsvp)
        .join(Meeting, _same(Occurrence, Meeting) & (Meeting.id == Occurrence.meeting_id))
        .outerjoin(Place, _is_place_of_date())
        .outerjoin(Rsvp, is_answer)
        .where(Occurrence.organisation_id == organisation_id)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


def _answered(organisation_id: uuid.UUID, person_id: uuid.UUID, since: datetime) -> Select[uuid.UUID]:
    return (
        select(Occurrence.id)
        .join(Rsvp, _same(Occurrence, Rsvp) & (Rsvp.occurrence_id == Occurrence.id))
        .where(Rsvp.organisation_id == organisation_id, Rsvp.person_id == person_id)
        .where(Rsvp.occurs_on >= (since - MOVED_AT_MOST).date())
    )


def _expected(organisation_id: uuid.UUID, person_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(Occurrence.id)
        .join(Member, _same(Occurrence, Member) & (Member.meeting_id == Occurrence.meeting_id))
        .where(Member.organisation_id == organisation_id, Member.person_id == person_id)
        .where(Occurrence.occurs_on >= Member.since)
        .where(or_(Member.until.is_(None), Occurrence.occurs_on <= Member.until))
    )


def _is_place_of_date() -> ColumnElement[bool]:
    return _same(Occurrence, Place) & (Place.id == func.coalesce(Occurrence.place_id, Meeting.place_id))


def _same(one: type[Occurrence | Meeting], other: type[Meeting | Place | Rsvp | Member]) -> ColumnElement[bool]:
    return one.organisation_id == other.organisation_id


def _is_turned_down(answer: Rsvp | None) -> bool:
    return answer is not None and answer.status in TURNED_DOWN
