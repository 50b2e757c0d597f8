"""What it means that a carrier blocks our texts (30004, 30007; twilio-and-rules.md 4).

Twice in a row on one number: whoever has it is taken to be unwilling. Many people in a day: the carriers filter what we
send, which is ours to mend; then nobody is taken to be unwilling.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from aftercare.core.db import database_now, db
from aftercare.messaging import holders
from aftercare.messaging.models import NOT_REACHED, Message
from aftercare.messaging.retries import Failure
from aftercare.messaging.states import State
from aftercare.people.models import Person

IN_A_ROW = 2
#: So many people of one organisation in a day are no accident.
MANY = 10
DAY = timedelta(days=1)
_OUTCOMES = (State.DELIVERED, State.UNDELIVERED, State.FAILED)


def mean_no(number: str) -> bool:
    """Tell whether the latest texts to a number were all blocked, and not because we are filtered."""
    people = holders.of(number)
    if any(is_filtered(organisation_id) for organisation_id in {person.organisation_id for person in people}):
        return False
    latest = sorted((outcome for person in people for outcome in _outcomes(person)), reverse=True)[:IN_A_ROW]
    return len(latest) == IN_A_ROW and all(reason == Failure.BLOCKED for _, reason in latest)


def is_filtered(organisation_id: uuid.UUID) -> bool:
    """Tell whether so many people's texts were blocked in a day that it cannot be because of them."""
    return len(_blocked(organisation_id, database_now() - DAY, most=MANY)) == MANY


def who_failed(organisation_id: uuid.UUID, failures: Iterable[Failure], *, since: datetime) -> set[uuid.UUID]:
    """Name the people whose texts failed for one of these reasons since a moment of the database's clock."""
    wanted = _failed(organisation_id, since).where(Message.reason.in_([str(failure) for failure in failures]))
    return {person_id for person_id in db.session.scalars(wanted.distinct()) if person_id is not None}


def _blocked(organisation_id: uuid.UUID, since: datetime, *, most: int) -> Sequence[uuid.UUID | None]:
    wanted = _failed(organisation_id, since).where(Message.reason == str(Failure.BLOCKED))
    return db.session.scalars(wanted.distinct().limit(most)).all()


def _failed(organisation_id: uuid.UUID, since: datetime) -> Select[uuid.UUID | None]:
    is_theirs = (Message.organisation_id == organisation_id, NOT_REACHED, Message.claimed_at >= since)
    return select(Message.person_id).where(*is_theirs)


def _outcomes(person: Person) -> list[tuple[datetime, str]]:
    wanted = (
        select(Message.claimed_at, Message.reason)
        .where(
            Message.organisation_id == person.organisation_id,
            Message.person_id == person.id,
            Message.number_hash == person.phone_hash,
            Message.channel == "text",
            Message.state.in_(_OUTCOMES),
            Message.claimed_at.is_not(None),
        )
        .order_by(Message.created_at.desc())
        .limit(2 * IN_A_ROW)
    )
    return [(at, reason or "") for at, reason in db.session.execute(wanted) if at is not None]
