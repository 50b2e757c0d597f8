"""How people stand to dates: what they answered, and whether the meeting is theirs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union,
)

from aftercare.core.db import db
from aftercare.meetings.models import Meeting, Member, Occurrence, Rsvp
from aftercare.people import accounts
from aftercare.people.models import Person

#: What is known already, or only to the statement.
GivenId = SQLColumnExpression[uuid.UUID] | uuid.UUID
GivenMoment = SQLColumnExpression[datetime] | datetime


@dataclass(frozen=True)
class Tie:
    """One date as it concerns somebody; `answer` is what they had said, even if a cancellation made it void."""

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
    wanted = _tied(person.organisation_id, person.id, since, until, shown=(Occurrence,))
    if ending_after is not None:
        wanted = wanted.where(Occurrence.ends_at >= ending_after)
    if only_own:
        wanted = wanted.where(_concerns(person.organisation_id, person.id))
    return [Tie(row[0], row[1], row[2], bool(row[3])) for row in db.session.execute(wanted)]


class Counted(NamedTuple):
    """One date as a streak counts it, read in columns, because a way is long; `answer` as in a tie."""

    id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    start_local: datetime
    status: str
    roll: str
    attends: str
    answer: str
    is_member: bool


def counted(person: Person, *, since: datetime, until: datetime) -> list[Counted]:
    """Give the dates that were somebody's own, from one moment to another, in order: all that a streak asks of them."""
    given = {"organisation_id": person.organisation_id, "person_id": person.id, "since": since, "until": until}
    db.session.flush()
    return [Counted._make(row) for row in db.session.connection().execute(_COUNTED, given)]


def is_member_at(person_id: GivenId) -> ColumnElement[bool]:
    """Spell that the meeting of a date was somebody's on that day, for a query over occurrences."""
    return exists().where(
        Member.organisation_id == Occurrence.organisation_id,
        Member.meeting_id == Occurrence.meeting_id,
        Member.person_id == person_id,
        Member.since <= Occurrence.occurs_on,
        or_(Member.until.is_(None), Member.until >= Occurrence.occurs_on),
    )


def concerned(occurrence: Occurrence) -> Sequence[uuid.UUID]:
    """Give everybody whom a date concerns: members of its meeting on that day, and whoever answered."""
    return db.session.scalars(concerned_by(occurrence)).all()


def affected(
    occurrence: Occurrence, *, leaving_out: Sequence[str] = ("declined", "cancelled", "void")
) -> list[uuid.UUID]:
    """Give everybody who must hear of a change: whom the date concerns, but for those who said they do not come."""
    said_no = select(Rsvp.person_id).where(
        Rsvp.organisation_id == occurrence.organisation_id,
        Rsvp.occurrence_id == occurrence.id,
        Rsvp.status.in_(leaving_out),
    )
    away = set(db.session.scalars(said_no))
    return [person_id for person_id in concerned(occurrence) if person_id not in away]


def on_day(meeting: Meeting, day: date) -> list[uuid.UUID]:
    """Give who is a member of a meeting on a day."""
    wanted = select(Member.person_id).where(
        Member.organisation_id == meeting.organisation_id,
        Member.meeting_id == meeting.id,
        Member.since <= day,
        or_(Member.until.is_(None), Member.until >= day),
    )
    return list(db.session.scalars(wanted.distinct()))


def concerned_by(occurrence: Occurrence, *also: Select[uuid.UUID]) -> CompoundSelect[uuid.UUID]:
    """Spell who is concerned by a date, for a query over people; `also` adds whom a room above knows of."""
    answered = select(Rsvp.person_id).where(
        Rsvp.organisation_id == occurrence.organisation_id, Rsvp.occurrence_id == occurrence.id
    )
    theirs = select(Member.person_id).where(
        Member.organisation_id == occurrence.organisation_id,
        Member.meeting_id == occurrence.meeting_id,
        Member.since <= occurrence.occurs_on,
        or_(Member.until.is_(None), Member.until >= occurrence.occurs_on),
    )
    return union(answered, theirs, *also)


def members_at(
    organisation_id: uuid.UUID, occurrence_ids: Sequence[uuid.UUID]
) -> Select[uuid.UUID, uuid.UUID, str, str]:
    """Spell who was a member at several dates, as (date, person, "member", ""), to stand in a union."""
    return (
        select(Occurrence.id, Member.person_id, literal("member"), literal(""))
        .join(
            Member,
            and_(Member.organisation_id == Occurrence.organisation_id, Member.meeting_id == Occurrence.meeting_id),
        )
        .where(
            Occurrence.organisation_id == organisation_id,
            Occurrence.id.in_(occurrence_ids),
            Member.since <= Occurrence.occurs_on,
            or_(Member.until.is_(None), Member.until >= Occurrence.occurs_on),
        )
    )


def _tied(
    organisation_id: GivenId, person_id: GivenId, since: GivenMoment, until: GivenMoment, *, shown: Sequence[Any]
) -> Select[*tuple[Any, ...]]:
    """Spell the dates of a time with how somebody stands to each: how it is attended, their answer, if it is theirs."""
    answer = func.coalesce(Rsvp.voided_from, Rsvp.status, "none")
    return (
        select(*shown, Meeting.attendance, answer, is_member_at(person_id))
        .join(
            Meeting,
            and_(Meeting.organisation_id == Occurrence.organisation_id, Meeting.id == Occurrence.meeting_id),
        )
        .outerjoin(
            Rsvp,
            and_(
                Rsvp.organisation_id == Occurrence.organisation_id,
                Rsvp.occurrence_id == Occurrence.id,
                Rsvp.person_id == person_id,
            ),
        )
        .where(
            Occurrence.organisation_id == organisation_id,
            Occurrence.starts_at >= since,
            Occurrence.starts_at <= until,
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


def _concerns(organisation_id: GivenId, person_id: GivenId) -> ColumnElement[bool]:
    """Narrow to dates that were answered or whose meeting was theirs, by two short lists instead of every date."""
    answered = select(Rsvp.occurrence_id).where(Rsvp.organisation_id == organisation_id, Rsvp.person_id == person_id)
    theirs = select(Member.meeting_id).where(Member.organisation_id == organisation_id, Member.person_id == person_id)
    return or_(Occurrence.id.in_(answered), Occurrence.meeting_id.in_(theirs))


def join(meeting: Meeting, person: Person, *, since: date) -> Member:
    """Let a patient belong to a programme meeting: they are expected at its dates unless they decline."""
    member = Member(organisation_id=meeting.organisation_id, meeting_id=meeting.id, person_id=person.id, since=since)
    db.session.add(member)
    db.session.flush()
    accounts.touch_calendars(person.organisation_id, [person.id])
    return member


_WHOSE: tuple[BindParameter[uuid.UUID], BindParameter[uuid.UUID]] = bindparam("organisation_id"), bindparam("person_id")
_COUNTED = _tied(
    *_WHOSE, bindparam("since"), bindparam("until"),
    shown=(
        Occurrence.id, Occurrence.starts_at, Occurrence.ends_at, Occurrence.start_local, Occurrence.status,
        Occurrence.roll,
    ),
).where(_concerns(*_WHOSE))  # fmt: skip
