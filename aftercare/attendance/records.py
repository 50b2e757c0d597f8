"""What is written of who was there: one record for a person at a date, and every event that led to it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select

from aftercare.attendance.assurance import ASSURANCE, STAFF
from aftercare.attendance.models import Attendance, AttendanceEvent
from aftercare.attendance.standing import CREDITED, Standing, arrival
from aftercare.core.db import db
from aftercare.meetings.models import Occurrence

CREDITED_STATES = tuple(state.value for state in CREDITED)


@dataclass(frozen=True)
class Said:
    """What was said of a person at a date, and how."""

    person_id: uuid.UUID
    state: Standing
    way: str
    at: datetime
    arrived_at: datetime
    credit_date: date
    by: uuid.UUID | None = None
    reason: str | None = None

    @property
    def assurance(self) -> int:
        """Say how much this is worth (product.md section 4)."""
        return ASSURANCE[self.way]

    @property
    def is_arrival(self) -> bool:
        """Tell whether this says that the person was there."""
        return self.state in CREDITED


def find(occurrence: Occurrence, person_id: uuid.UUID) -> Attendance | None:
    """Give the record of a person at a date, or None."""
    wanted = select(Attendance).where(
        Attendance.organisation_id == occurrence.organisation_id,
        Attendance.occurs_on == occurrence.occurs_on,
        Attendance.occurrence_id == occurrence.id,
        Attendance.person_id == person_id,
    )
    return db.session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


def of_person(organisation_id: uuid.UUID, person_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str, date]]:
    """Give everything recorded of a person: (date of a meeting, state, day it is credited to)."""
    wanted = select(Attendance.occurrence_id, Attendance.state, Attendance.credit_date).where(
        Attendance.organisation_id == organisation_id, Attendance.person_id == person_id
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(wanted)]


def arrivals(occurrence: Occurrence) -> int:
    """Count who is recorded as having been at a date."""
    wanted = select(func.count()).where(
        Attendance.organisation_id == occurrence.organisation_id,
        Attendance.occurs_on == occurrence.occurs_on,
        Attendance.occurrence_id == occurrence.id,
        Attendance.state.in_(CREDITED_STATES),
    )
    return db.session.scalars(wanted).one()


def counts(organisation_id: uuid.UUID, occurrence_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Count who is recorded as having been at several dates, in one query."""
    wanted = (
        select(Attendance.occurrence_id, func.count())
        .where(
            Attendance.organisation_id == organisation_id,
            Attendance.occurrence_id.in_(occurrence_ids),
            Attendance.state.in_(CREDITED_STATES),
        )
        .group_by(Attendance.occurrence_id)
    )
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def write(occurrence: Occurrence, said: Said) -> tuple[Attendance, bool]:
    """Keep what was said; give the record, and whether it changed. The caller holds the date's lock."""
    _note(occurrence, said.person_id, said.state.value, said.way, said.at, said.by, said.reason)
    record = find(occurrence, said.person_id)
    if record is None:
        record = _first(occurrence, said)
        db.session.add(record)
        db.session.flush()
        return record, True
    before = (record.state, record.arrived_at, record.assurance)
    _merge(record, said, occurrence.starts_at)
    db.session.flush()
    return record, (record.state, record.arrived_at, record.assurance) != before


def take_back(
    occurrence: Occurrence, person_id: uuid.UUID, *, at: datetime, by: uuid.UUID, reason: str | None, way: str = "roll"
) -> bool:
    """Drop the record of a person at a date; its events stay. False if there was none."""
    record = find(occurrence, person_id)
    if record is None:
        return False
    _note(occurrence, person_id, "undone", way, at, by, reason)
    gone = delete(Attendance).where(
        Attendance.organisation_id == record.organisation_id,
        Attendance.occurs_on == record.occurs_on,
        Attendance.id == record.id,
    )
    db.session.execute(gone)
    return True


def _first(occurrence: Occurrence, said: Said) -> Attendance:
    return Attendance(
        organisation_id=occurrence.organisation_id,
        occurs_on=occurrence.occurs_on,
        occurrence_id=occurrence.id,
        person_id=said.person_id,
        state=said.state.value,
        credit_date=said.credit_date,
        arrived_at=said.arrived_at,
        way=said.way,
        assurance=said.assurance,
        reason=said.reason,
        recorded_by=said.by,
        updated_at=said.at,
    )


def _merge(record: Attendance, said: Said, starts_at: datetime) -> None:
    """Let the first arrival and the highest assurance win; `credit_date` stays as first written."""
    was_there = record.state in CREDITED_STATES
    if was_there and said.is_arrival:
        _merge_arrivals(record, said, starts_at)
    elif _outweighs(record, said):
        _replace(record, said)


def _merge_arrivals(record: Attendance, said: Said, starts_at: datetime) -> None:
    first = min(record.arrived_at, said.arrived_at)
    if said.assurance >= record.assurance:
        _replace(record, said)
    record.arrived_at = first
    if record.assurance < STAFF:
        # What nobody of staff has judged is judged by the clock of the first arrival.
        record.state = arrival(first, starts_at).value


def _outweighs(record: Attendance, said: Said) -> bool:
    """Say whether an excuse and an arrival change places: proof of being there does, a mere word of one's own not."""
    if said.is_arrival:
        return said.assurance > 0
    return said.assurance >= record.assurance


def _replace(record: Attendance, said: Said) -> None:
    record.state, record.way, record.assurance = said.state.value, said.way, said.assurance
    record.arrived_at, record.updated_at = said.arrived_at, said.at
    record.recorded_by, record.reason = said.by, said.reason


def _note(
    occurrence: Occurrence,
    person_id: uuid.UUID,
    act: str,
    way: str,
    at: datetime,
    by: uuid.UUID | None,
    reason: str | None,
) -> None:
    db.session.add(
        AttendanceEvent(
            organisation_id=occurrence.organisation_id,
            occurs_on=occurrence.occurs_on,
            occurrence_id=occurrence.id,
            person_id=person_id,
            act=act,
            way=way,
            assurance=ASSURANCE[way],
            at=at,
            recorded_by=by,
            reason=reason,
        )
    )
