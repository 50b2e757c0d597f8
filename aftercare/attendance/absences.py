"""Who was expected at a date and did not come: read from a final roll, never stored (product.md section 4)."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from aftercare.attendance.models import Attendance
from aftercare.attendance.standing import CREDITED, ROLL_OPEN_FOR, is_expected
from aftercare.core.db import db
from aftercare.meetings import members
from aftercare.meetings.models import Occurrence, Rsvp

Key = tuple[uuid.UUID, uuid.UUID]


def rolls_closed(*, since: datetime, limit: int = 500) -> Sequence[Key]:
    """Find the dates of the last days whose rolls became final after a moment and stayed so: (organisation, date)."""
    wanted = (
        select(Occurrence.organisation_id, Occurrence.id)
        .where(Occurrence.roll == "final", Occurrence.status != "cancelled")
        .where(Occurrence.ends_at >= since - ROLL_OPEN_FOR, Occurrence.roll_final_at >= since)
        .order_by(Occurrence.roll_final_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def no_shows(occurrence: Occurrence) -> list[uuid.UUID]:
    """Give who was expected at a date and is not on its final roll; nobody while the roll is not final."""
    if occurrence.roll != "final" or occurrence.status == "cancelled":
        return []
    whose = (occurrence.organisation_id, occurrence.id)
    recorded = set(
        db.session.scalars(
            select(Attendance.person_id).where(
                Attendance.organisation_id == whose[0],
                Attendance.occurs_on == occurrence.occurs_on,
                Attendance.occurrence_id == whose[1],
            )
        )
    )
    answered = select(Rsvp.person_id, Rsvp.status).where(
        Rsvp.organisation_id == whose[0], Rsvp.occurrence_id == whose[1]
    )
    answers = {row[0]: row[1] for row in db.session.execute(answered)}
    theirs = {row[1] for row in db.session.execute(members.members_at(whose[0], [whose[1]]))}
    concerned = (set(answers) | theirs) - recorded
    return sorted(each for each in concerned if is_expected(answers.get(each, "none"), is_member=each in theirs))


def who_came_since(organisation_id: uuid.UUID, people: Collection[uuid.UUID], moment: datetime) -> set[uuid.UUID]:
    """Tell which of these people arrived at any date after a moment."""
    wanted = select(Attendance.person_id).where(
        Attendance.organisation_id == organisation_id,
        Attendance.person_id.in_(people),
        Attendance.credit_date >= moment.date() - timedelta(days=1),
        Attendance.arrived_at > moment,
        Attendance.state.in_([state.value for state in CREDITED]),
    )
    return set(db.session.scalars(wanted))
