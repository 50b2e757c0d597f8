"""Who is expected at coming dates: who said yes or maybe, and members who have not answered (product.md 4)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Label,
    Select,
    Subquery,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
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
class Page:
    """Some dates of an organisation that follow each other: from the first to the last, and when they start."""

    organisation_id: uuid.UUID
    first: Mark
    last: Mark
    starts: frozenset[datetime]


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
    return db.session.scalars(_between(select(Occurrence), organisation_id, after, until, beyond).limit(limit)).all()


def at(organisation_id: uuid.UUID, occurrence_ids: Collection[uuid.UUID]) -> list[Expected]:
    """Give everybody who is expected at some dates, in two queries."""
    return [*_answered(organisation_id, occurrence_ids), *_unanswered(organisation_id, occurrence_ids)]


def next_page(
    organisation_id: uuid.UUID, *, after: datetime, until: datetime, beyond: Mark | None, dates: int, people: int
) -> Page | None:
    """Give the next page of dates between two moments: no more than so many dates, nor, but for the first, people."""
    wanted = _between(select(Occurrence.starts_at, Occurrence.id, _how_many()), organisation_id, after, until, beyond)
    found = db.session.execute(wanted.limit(dates)).all()
    if not found:
        return None
    totals = accumulate(row[2] for row in found)
    fitting = [row for row, total in zip(found, totals, strict=True) if total <= people] or found[:1]
    last = fitting[-1]
    return Page(organisation_id, (found[0][0], found[0][1]), (last[0], last[1]), frozenset(row[0] for row in fitting))


def coming(page: Page, *, until: datetime) -> Subquery:
    """Spell everybody who is expected at dates of a page that start by then, for a query: and since when they know."""
    date = (
        Occurrence.organisation_id, Occurrence.id.label("occurrence_id"), Occurrence.occurs_on, Occurrence.starts_at,
        Occurrence.sequence,
    )  # fmt: skip
    key = tuple_(Occurrence.starts_at, Occurrence.id)
    on_page = (
        Occurrence.organisation_id == page.organisation_id, Occurrence.status != "cancelled",
        Occurrence.starts_at >= page.first[0], Occurrence.starts_at <= min(until, page.last[0]),
        key >= page.first, key <= page.last,
    )  # fmt: skip
    answered = select(
        *date, Rsvp.person_id, Rsvp.status.label("answer"), Rsvp.answered_at,
        func.coalesce(Rsvp.answered_at, Rsvp.created_at).label("known_at"),
        type_coerce(null(), Date()).label("member_since"),
    ).join(Rsvp, _is_of_date()).where(*on_page, Rsvp.status.in_(EXPECTED))  # fmt: skip
    silent = (
        select(*date, Member.person_id, literal(NOT_ANSWERED), null(), null(), func.max(Member.since))
        .join(Member, _is_member())
        .where(*on_page, ~exists().where(_is_of_date(), Rsvp.person_id == Member.person_id))
        .group_by(*(each.element if isinstance(each, Label) else each for each in date), Member.person_id)
    )
    return union_all(answered, silent).subquery("coming")


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


def _between(
    wanted: Select[*tuple[Any, ...]], organisation_id: uuid.UUID, after: datetime, until: datetime, beyond: Mark | None
) -> Select[*tuple[Any, ...]]:
    key = tuple_(Occurrence.starts_at, Occurrence.id)
    wanted = wanted.where(
        Occurrence.organisation_id == organisation_id,
        Occurrence.starts_at > after,
        Occurrence.starts_at <= until,
        Occurrence.status != "cancelled",
    ).order_by(*key)
    return wanted if beyond is None else wanted.where(Occurrence.starts_at >= beyond[0], key > beyond)


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
        .order_by(Member.since, Occurrence.id, Member.person_id)
    )
    found = {(row[0], row[1]): row[2] for row in db.session.execute(wanted)}
    return [Expected(*key, NOT_ANSWERED, member_since=since) for key, since in found.items()]


def _how_many() -> ColumnElement[int]:
    """Count about how many people a date concerns."""
    answers = select(func.count()).select_from(Rsvp).where(_is_of_date()).scalar_subquery()
    members = select(func.count()).select_from(Member).where(_is_member()).scalar_subquery()
    return answers + members


def _is_of_date() -> ColumnElement[bool]:
    return and_(Rsvp.organisation_id == Occurrence.organisation_id, Rsvp.occurrence_id == Occurrence.id)


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
