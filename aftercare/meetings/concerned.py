"""Who must know how some dates stand: whoever is expected, and of a cancelled one whoever would have come."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings import expected
from aftercare.meetings.models import Occurrence, Rsvp
from aftercare.meetings.waitlist import ACTIVE


@dataclass(frozen=True)
class Concerned:
    """One person, what they answered for a date, and whether they have replied to a text about it as it stands."""

    occurrence_id: uuid.UUID
    person_id: uuid.UUID
    answer: str
    has_replied: bool = False


def at(organisation_id: uuid.UUID, dates: Sequence[Occurrence]) -> list[Concerned]:
    """Give everybody who must know how these dates of an organisation stand, in four queries."""
    ids = [date.id for date in dates]
    replied = _replied(organisation_id, ids)
    known = [
        Concerned(each.occurrence_id, each.person_id, each.answer, (each.occurrence_id, each.person_id) in replied)
        for each in expected.at(organisation_id, ids)
    ]
    return [*known, *_would_have_come(organisation_id, ids)]


def _replied(organisation_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    wanted = select(Rsvp.occurrence_id, Rsvp.person_id).where(
        Rsvp.organisation_id == organisation_id, Rsvp.occurrence_id.in_(ids), Rsvp.confirmed_via == "sms"
    )
    return {(row[0], row[1]) for row in db.session.execute(wanted)}


def _would_have_come(organisation_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> list[Concerned]:
    wanted = select(Rsvp.occurrence_id, Rsvp.person_id, Rsvp.voided_from).where(
        Rsvp.organisation_id == organisation_id,
        Rsvp.occurrence_id.in_(ids),
        Rsvp.status == "void",
        Rsvp.voided_from.in_(ACTIVE),
    )
    return [Concerned(row[0], row[1], row[2] or "none") for row in db.session.execute(wanted)]
