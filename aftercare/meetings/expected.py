"""Who is expected at coming dates: who said yes or maybe, and members who have not answered (product.md 4)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from aftercare.core.db import db
from aftercare.meetings.models import Member, Occurrence, Rsvp

Mark = tuple[datetime, uuid.UUID]
Key = tuple[uuid.UUID, uuid.UUID, uuid.UUID]
NOT_ANSWERED = "none"
EXPECTED = ("going", "maybe", NOT_ANSWERED)


@dataclass(frozen=True)
class Expected:
    """One person who is expected at a date: what they answered, and since when they know of it."""

    occurrence_id: uuid.UUID
    person_id: uuid.UUID
    answer: str
    answered_at: datetime | None = None
    knows_since: datetime | None = None
    member_since: date | None = None


@dataclass(frozen=True)
class Standing:
    """How people stand to dates, all by (organisation, date, person); `dates` by (organisation, date)."""

    dates: Mapping[tuple[uuid.UUID, uuid.UUID], Occurrence]
    answers: Mapping[Key, Rsvp]
    members: Collection[Key]

    def answer(self, key: Key) -> str:
        """Say what somebody answered for a date."""
        return self.answers[key].status if key in self.answers else NOT_ANSWERED

    def is_expected(self, key: Key) -> bool:
        """Tell whether somebody is expected at a date: they said yes or maybe, or are a member and said nothing."""
        answer = self.answer(key)
        return answer in EXPECTED and (answer != NOT_ANSWERED or key in self.members)


def dates(
    organisation_id: uuid.UUID, *, after: datetime, until: datetime, beyond: Mark | None = None, limit: int
) -> Sequence[Occurrence]:
    """Give a page of the dates between two moments that are not cancelled; `beyond` is where the last page ended."""
    wanted = select(Occurrence).where(
        Occurrence.organisation_id == organisation_id,
        Occurrence.starts_at > after,
        Occurrence.starts_at <= until,
        Occurrence.status != "cancelled",
    )
    if beyond is not None:
        moment, last = beyond
        later = and_(Occurrence.starts_at == moment, Occurrence.id > last)
        wanted = wanted.where(or_(Occurrence.starts_at > moment, later))
    return db.session.scalars(wanted.order_by(Occurrence.starts_at, Occurrence.id).limit(limit)).all()


def at(organisation_id: uuid.UUID, occurrence_ids: Collection[uuid.UUID]) -> list[Expected]:
    """Give everybody who is expected at some dates, in two queries."""
    return [*_answered(organisation_id, occurrence_ids), *_unanswered(organisation_id, occurrence_ids)]


def has_anybody() -> ColumnElement[bool]:
    """Spell that somebody was expected at a date, for a query over occurrences: they said yes, or are a member."""
    is_going = and_(
        Rsvp.organisation_id == Occurrence.organisation_id,
        Rsvp.occurrence_id == Occurrence.id,
        Rsvp.status == "going",
    )
    return or_(exists().where(is_going), exists().where(_is_member()))


def standing(keys: Collection[Key]) -> Standing:
    """Say how people stand to dates, of whichever organisations, in three queries."""
    dates = select(Occurrence).where(*_among(Occurrence.organisation_id, Occurrence.id, keys))
    answers = select(Rsvp).where(
        *_among(Rsvp.organisation_id, Rsvp.occurrence_id, keys), Rsvp.person_id.in_({key[2] for key in keys})
    )
    members = (
        select(Occurrence.organisation_id, Occurrence.id, Member.person_id)
        .join(Member, _is_member())
        .where(*_among(Occurrence.organisation_id, Occurrence.id, keys), Member.person_id.in_({key[2] for key in keys}))
    )
    fresh = {"populate_existing": True}
    return Standing(
        {(row.organisation_id, row.id): row for row in db.session.scalars(dates, execution_options=fresh)},
        {
            (row.organisation_id, row.occurrence_id, row.person_id): row
            for row in db.session.scalars(answers, execution_options=fresh)
        },
        {(row[0], row[1], row[2]) for row in db.session.execute(members)},
    )


def _answered(organisation_id: uuid.UUID, occurrence_ids: Collection[uuid.UUID]) -> list[Expected]:
    wanted = select(
        Rsvp.occurrence_id, Rsvp.person_id, Rsvp.status, Rsvp.answered_at, Rsvp.created_at
    ).where(
        Rsvp.organisation_id == organisation_id,
        Rsvp.occurrence_id.in_(occurrence_ids),
        Rsvp.status.in_(EXPECTED),
    )  # fmt: skip
    return [Expected(*row[:4], knows_since=row[3] or row[4]) for row in db.session.execute(wanted)]


def _unanswered(organisation_id: uuid.UUID, occurrence_ids: Collection[uuid.UUID]) -> list[Expected]:
    has_answered = and_(
        Rsvp.organisation_id == Occurrence.organisation_id,
        Rsvp.occurrence_id == Occurrence.id,
        Rsvp.person_id == Member.person_id,
    )
    wanted = (
        select(Occurrence.id, Member.person_id, Member.since)
        .join(Member, _is_member())
        .outerjoin(Rsvp, has_answered)
        .where(Occurrence.organisation_id == organisation_id, Occurrence.id.in_(occurrence_ids))
        .where(Rsvp.person_id.is_(None))
        .order_by(Member.since)
    )
    found = {(row[0], row[1]): row[2] for row in db.session.execute(wanted)}
    return [Expected(*key, NOT_ANSWERED, member_since=since) for key, since in found.items()]


def _is_member() -> ColumnElement[bool]:
    return and_(
        Member.organisation_id == Occurrence.organisation_id,
        Member.meeting_id == Occurrence.meeting_id,
        Member.since <= Occurrence.occurs_on,
        or_(Member.until.is_(None), Member.until >= Occurrence.occurs_on),
    )


def _among(
    organisation: InstrumentedAttribute[uuid.UUID], date: InstrumentedAttribute[uuid.UUID], keys: Collection[Key]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return organisation.in_({key[0] for key in keys}), date.in_({key[1] for key in keys})
