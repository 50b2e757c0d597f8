"""Which dates people have before them: what they said yes or maybe to, and what is theirs and unanswered."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select, tuple_, union_all

from aftercare.core.db import db
from aftercare.meetings.expected import EXPECTED
from aftercare.meetings.models import Member, Occurrence, Rsvp

Key = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class Coming:
    """One date that somebody is expected at."""

    organisation_id: uuid.UUID
    person_id: uuid.UUID
    occurrence_id: uuid.UUID
    starts_at: datetime


def dates_of(people: Collection[Key], *, after: datetime, until: datetime) -> Sequence[Coming]:
    """Give the dates between two moments at which these people, of any organisations, are expected; in one query."""
    soon = (Occurrence.starts_at > after, Occurrence.starts_at <= until, Occurrence.status != "cancelled")
    answered = (
        select(Rsvp.organisation_id, Rsvp.person_id, Occurrence.id, Occurrence.starts_at)
        .join(Occurrence, _of_rsvp())
        .where(tuple_(Rsvp.organisation_id, Rsvp.person_id).in_(sorted(people)), Rsvp.status.in_(EXPECTED), *soon)
    )
    theirs = (
        select(Member.organisation_id, Member.person_id, Occurrence.id, Occurrence.starts_at)
        .join(Occurrence, _of_member())
        .where(tuple_(Member.organisation_id, Member.person_id).in_(sorted(people)), ~_has_answered(), *soon)
    )
    if not people:
        return []
    return [Coming(*row) for row in db.session.execute(union_all(answered, theirs))]


def _of_rsvp() -> ColumnElement[bool]:
    return and_(Occurrence.organisation_id == Rsvp.organisation_id, Occurrence.id == Rsvp.occurrence_id)


def _of_member() -> ColumnElement[bool]:
    return and_(
        Occurrence.organisation_id == Member.organisation_id,
        Occurrence.meeting_id == Member.meeting_id,
        Member.since <= Occurrence.occurs_on,
        Member.until.is_(None) | (Member.until >= Occurrence.occurs_on),
    )


def _has_answered() -> ColumnElement[bool]:
    return exists().where(
        Rsvp.organisation_id == Occurrence.organisation_id,
        Rsvp.occurrence_id == Occurrence.id,
        Rsvp.person_id == Member.person_id,
    )
