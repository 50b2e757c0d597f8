"""How people stand to dates: what they answered, and whether the meeting is theirs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from aftercare.core.db import db
from aftercare.meetings.models import Meeting, Member, Occurrence, Rsvp
from aftercare.people.models import Person


@dataclass(frozen=True)
class Tie:
    """One date as it concerns somebody."""

    occurrence: Occurrence
    attends: str
    answer: str
    is_member: bool


def ties(
    person: Person, *, since: datetime, until: datetime, only_own: bool = False, ending_after: datetime | None = None
) -> list[Tie]:
    """Give the dates that start from one moment to another, in order; `only_own`: answered, or of a meeting of theirs.

    One query, however many dates.
    """
    wanted = (
        select(Occurrence, Meeting.attendance, func.coalesce(Rsvp.status, "none"), _is_member(person))
        .join(
            Meeting,
            and_(Meeting.organisation_id == Occurrence.organisation_id, Meeting.id == Occurrence.meeting_id),
        )
        .outerjoin(
            Rsvp,
            and_(
                Rsvp.organisation_id == Occurrence.organisation_id,
                Rsvp.occurrence_id == Occurrence.id,
                Rsvp.person_id == person.id,
            ),
        )
        .where(
            Occurrence.organisation_id == person.organisation_id,
            Occurrence.starts_at >= since,
            Occurrence.starts_at <= until,
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    if ending_after is not None:
        wanted = wanted.where(Occurrence.ends_at >= ending_after)
    if only_own:
        wanted = wanted.where(_concerns(person))
    return [Tie(row[0], row[1], row[2], bool(row[3])) for row in db.session.execute(wanted)]


def meetings_of(organisation_id: uuid.UUID, person_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Give the meetings that somebody was ever a member of."""
    wanted = select(Member.meeting_id).where(Member.organisation_id == organisation_id, Member.person_id == person_id)
    return db.session.scalars(wanted.distinct()).all()


def is_member_at(person_id: ColumnElement[uuid.UUID] | uuid.UUID) -> ColumnElement[bool]:
    """Spell that the meeting of a date was somebody's on that day, for a query over occurrences."""
    return exists().where(
        Member.organisation_id == Occurrence.organisation_id,
        Member.meeting_id == Occurrence.meeting_id,
        Member.person_id == person_id,
        Member.since <= Occurrence.occurs_on,
        or_(Member.until.is_(None), Member.until >= Occurrence.occurs_on),
    )


def _is_member(person: Person) -> ColumnElement[bool]:
    return is_member_at(person.id)


def _concerns(person: Person) -> ColumnElement[bool]:
    """Narrow to dates that were answered or whose meeting was theirs, by two short lists instead of every date."""
    answered = select(Rsvp.occurrence_id).where(
        Rsvp.organisation_id == person.organisation_id, Rsvp.person_id == person.id
    )
    theirs = select(Member.meeting_id).where(
        Member.organisation_id == person.organisation_id, Member.person_id == person.id
    )
    return or_(Occurrence.id.in_(answered), Occurrence.meeting_id.in_(theirs))


def join(meeting: Meeting, person: Person, *, since: date) -> Member:
    """Let a patient belong to a programme meeting: they are expected at its dates unless they decline."""
    member = Member(organisation_id=meeting.organisation_id, meeting_id=meeting.id, person_id=person.id, since=since)
    db.session.add(member)
    db.session.flush()
    return member
