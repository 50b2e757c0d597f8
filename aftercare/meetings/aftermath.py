"""What every change of a date ends with: calendars, history and trail know of it (product.md 2)."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from aftercare.audit import trail
from aftercare.core.db import db
from aftercare.core.errors import Conflict
from aftercare.meetings import history, members
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.people import accounts, organisations


def refuse_if_begun(occurrence: Occurrence, now: datetime) -> None:
    """Raise Conflict if a date has begun."""
    if occurrence.starts_at <= now:
        raise Conflict("This date has begun. What has begun cannot be changed.", code="begun")


def hear_by(occurrence: Occurrence, moment: datetime, now: datetime) -> datetime:
    """Say when a change must have been heard: at the earliest start that anybody may still believe in."""
    earlier = occurrence.hear_by
    return min(moment, earlier) if earlier is not None and earlier > now else moment


def raise_sequence(occurrence: Occurrence, now: datetime) -> None:
    """Calendar apps ignore a change that does not raise SEQUENCE."""
    occurrence.sequence += 1
    occurrence.updated_at = now
    raised = update(Meeting).where(
        Meeting.organisation_id == occurrence.organisation_id, Meeting.id == occurrence.meeting_id
    )
    db.session.execute(raised.values(sequence=Meeting.sequence + 1, updated_at=now))
    db.session.flush()


def stamp(occurrence: Occurrence, now: datetime) -> None:
    """Say that a date has changed in a way that calendars show, but need not tell: neither time, place nor status."""
    occurrence.updated_at = now
    changed = update(Meeting).where(
        Meeting.organisation_id == occurrence.organisation_id, Meeting.id == occurrence.meeting_id
    )
    db.session.execute(changed.values(updated_at=now))
    db.session.flush()


def touch_calendars(occurrence: Occurrence, affected: Iterable[uuid.UUID] = ()) -> None:
    """Say that the calendars that show a date have changed: those of everybody it concerns, and the public ones."""
    accounts.touch_calendars(occurrence.organisation_id, [*affected, *members.concerned(occurrence)])
    organisations.touch_public_calendar(occurrence.organisation_id)


def note(
    occurrence: Occurrence,
    act: str,
    *,
    by: uuid.UUID | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Note an act on a date in the history of its meeting, and in the trail."""
    keys = occurrence.organisation_id, occurrence.meeting_id
    history.note(*keys, act, by=by, before=before, after=after, occurrence_id=occurrence.id)
    record(occurrence, act, by)


def record(occurrence: Occurrence, act: str, by: uuid.UUID | None) -> None:
    """Record an act on a date in the trail alone."""
    trail.record(
        act, organisation_id=occurrence.organisation_id, about="occurrence", about_id=occurrence.id, actor_id=by
    )
