"""The life of a roll: open, held (the host said so), final. Absence follows from it and is never stored."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from aftercare.attendance import records
from aftercare.attendance.models import Attendance
from aftercare.attendance.records import CREDITED_STATES
from aftercare.attendance.standing import FINAL_AFTER, becomes_final, was_held
from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict
from aftercare.meetings import expected, members, schedule
from aftercare.meetings.models import Occurrence
from aftercare.people import accounts

ASKED_FOR = timedelta(days=14)
Key = tuple[uuid.UUID, uuid.UUID]


def say_held(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, by: uuid.UUID) -> Occurrence:
    """Note that the host says the date took place; its roll becomes final by itself 24 h after the end."""
    occurrence = _lock_begun(organisation_id, occurrence_id)
    if occurrence.roll == "open":
        _become(occurrence, "held", by=by)
    return occurrence


def finish(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, by: uuid.UUID) -> Occurrence:
    """Close the roll: whoever was expected and is not on it was not there."""
    occurrence = _lock_begun(organisation_id, occurrence_id)
    if occurrence.roll != "final":
        _close(occurrence, clock.now(), by=by)
    return occurrence


def reopen(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, by: uuid.UUID) -> Occurrence:
    """Open a final roll again; what was not recorded is unknown once more. It closes by itself after 24 h."""
    occurrence = _lock_begun(organisation_id, occurrence_id)
    if occurrence.roll == "final":
        occurrence.roll_final_at = clock.now() + FINAL_AFTER
        _become(occurrence, "held", by=by)
    return occurrence


def finalise(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> bool:
    """Close a roll by itself, 24 h after the end, if the date is known to have taken place; say whether it did."""
    now = clock.now()
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    held = was_held(anyone_recorded=records.arrivals(occurrence) > 0, host_said_held=occurrence.roll == "held")
    is_waiting = occurrence.roll_final_at is not None and occurrence.roll_final_at > now
    if occurrence.roll == "final" or occurrence.status == "cancelled" or is_waiting:
        return False
    if not becomes_final(occurrence.ends_at, now=now, held=held):
        return False
    _close(occurrence, now, by=None)
    return True


def due_for_final(*, limit: int = 500) -> Sequence[Key]:
    """Find the rolls that close by themselves now: (organisation, date). Each is `finalise`d in its own transaction."""
    now = clock.now()
    is_over = or_(Occurrence.roll_final_at.is_(None), Occurrence.roll_final_at <= now)
    return _find(now, or_(Occurrence.roll == "held", _has_arrival()), is_over, limit=limit)


def untold(*, limit: int = 500) -> Sequence[Key]:
    """Find dates of the last two weeks that are over since 24 h and of which nobody has said a word.

    A date at which nobody was expected leaves nothing unknown, so nobody is asked for it.
    """
    now = clock.now()
    is_recent = Occurrence.ends_at > now - ASKED_FOR
    return _find(now, Occurrence.roll == "open", ~_has_arrival(), is_recent, expected.has_anybody(), limit=limit)


def _find(now: datetime, *conditions: ColumnElement[bool], limit: int) -> Sequence[Key]:
    wanted = (
        select(Occurrence.organisation_id, Occurrence.id)
        .where(
            Occurrence.roll.in_(("open", "held")),
            Occurrence.ends_at <= now - FINAL_AFTER,
            Occurrence.status != "cancelled",
            *conditions,
        )
        .order_by(Occurrence.organisation_id, Occurrence.ends_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def _has_arrival() -> ColumnElement[bool]:
    return exists().where(
        and_(
            Attendance.organisation_id == Occurrence.organisation_id,
            Attendance.occurs_on == Occurrence.occurs_on,
            Attendance.occurrence_id == Occurrence.id,
            Attendance.state.in_(CREDITED_STATES),
        )
    )


def _lock_begun(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled.", code="cancelled")
    if clock.now() < occurrence.starts_at:
        raise Conflict("This date has not begun yet.", code="not_begun")
    return occurrence


def _close(occurrence: Occurrence, now: datetime, *, by: uuid.UUID | None) -> None:
    occurrence.roll_final_at = now
    _become(occurrence, "final", by=by)


def _become(occurrence: Occurrence, roll: str, *, by: uuid.UUID | None) -> None:
    """Change the roll; the streaks of everybody it concerns may change with it, and so their calendars."""
    occurrence.roll, occurrence.status = roll, "held"
    db.session.flush()
    accounts.touch_calendars(occurrence.organisation_id, members.concerned(occurrence))
    trail.record(
        f"roll.{roll}", organisation_id=occurrence.organisation_id, about="occurrence", about_id=occurrence.id,
        actor_id=by,
    )  # fmt: skip
