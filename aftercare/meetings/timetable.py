"""The dates of an organisation's programme meetings, as its staff look at a day."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.meetings.models import Meeting, Occurrence, Place


@dataclass(frozen=True)
class Listed:
    """One date, its meeting, and where it is."""

    occurrence: Occurrence
    meeting: Meeting
    place: Place | None


def between(organisation_id: uuid.UUID, *, since: datetime, until: datetime, limit: int = 50) -> list[Listed]:
    """Give the dates that start from one moment up to another, in order, cancelled ones included."""
    return _read(organisation_id, Occurrence.starts_at >= since, Occurrence.starts_at < until, limit=limit)


def named(organisation_id: uuid.UUID, occurrence_ids: Collection[uuid.UUID]) -> list[Listed]:
    """Give several dates of an organisation by their ids."""
    return _read(organisation_id, Occurrence.id.in_(occurrence_ids), limit=len(occurrence_ids))


def has_meetings(organisation_id: uuid.UUID) -> bool:
    """Tell whether an organisation lists anything yet."""
    wanted = select(exists().where(Meeting.organisation_id == organisation_id, Meeting.ended_at.is_(None)))
    return bool(db.session.scalar(wanted))


def groups(organisation_id: uuid.UUID) -> Sequence[Meeting]:
    """Give the programme meetings of an organisation that have dates to come, by name."""
    has_dates = exists().where(
        Occurrence.organisation_id == Meeting.organisation_id,
        Occurrence.meeting_id == Meeting.id,
        Occurrence.ends_at > clock.now(),
    )
    wanted = select(Meeting).where(
        Meeting.organisation_id == organisation_id, Meeting.kind == "programme", Meeting.ended_at.is_(None), has_dates
    )
    return sorted(db.session.scalars(wanted), key=lambda meeting: (meeting.name.casefold(), meeting.id))


def names(organisation_id: uuid.UUID) -> Sequence[str]:
    """Give the names of all meetings of an organisation, each once."""
    wanted = select(Meeting.name).where(Meeting.organisation_id == organisation_id, Meeting.ended_at.is_(None))
    return db.session.scalars(wanted.distinct()).all()


def _read(organisation_id: uuid.UUID, *conditions: ColumnElement[bool], limit: int) -> list[Listed]:
    wanted = (
        select(Occurrence, Meeting, Place)
        .join(Meeting, and_(Meeting.organisation_id == Occurrence.organisation_id, Meeting.id == Occurrence.meeting_id))
        .outerjoin(
            Place,
            and_(
                Place.organisation_id == Occurrence.organisation_id,
                Place.id == func.coalesce(Occurrence.place_id, Meeting.place_id),
            ),
        )
        .where(Occurrence.organisation_id == organisation_id, *conditions)
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(limit)
    )
    return [Listed(row[0], row[1], row[2]) for row in db.session.execute(wanted)]
