"""What it means that a carrier blocks our texts (30004, 30007; twilio-and-rules.md 4).

Twice in a row on one number: whoever has it is taken to be unwilling. Many of the numbers that we write to, of
whichever organisations: the carriers filter what we send, which is ours to mend; then nobody is taken to be unwilling.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from aftercare.core.db import database_now, db
from aftercare.messaging import holders
from aftercare.messaging.models import DELIVERED, NOT_REACHED, Message
from aftercare.messaging.retries import Failure
from aftercare.messaging.states import State
from aftercare.people import organisations
from aftercare.people.models import Person

IN_A_ROW = 2
#: So many numbers in a day are no accident, if no more others were reached.
MANY = 3
DAY = timedelta(days=1)
_OUTCOMES = (State.DELIVERED, State.UNDELIVERED, State.FAILED)


def mean_no(number: str) -> bool:
    """Tell whether the latest texts to a number were all blocked, and not because we are filtered."""
    outcomes = (outcome for person in holders.of(number) for outcome in _outcomes(person))
    latest = sorted(outcomes, reverse=True)[:IN_A_ROW]
    are_blocked = len(latest) == IN_A_ROW and all(reason == Failure.BLOCKED for _, reason in latest)
    return are_blocked and not is_filtered()


def is_filtered() -> bool:
    """Tell whether at least half of the numbers we wrote to in a day were blocked, and too many to be an accident.

    A carrier knows nothing of organisations: those of all are counted, and a number that several have counts once.
    """
    since = database_now() - DAY
    blocked = _blocked(since)
    count = db.session.scalar(select(func.count(blocked.subquery().c.number_hash.distinct()))) or 0
    if count < MANY:
        return False
    reached = select(Message.number_hash).where(DELIVERED, Message.claimed_at >= since, Message.channel == "text")
    others = reached.where(Message.number_hash.not_in(blocked)).distinct().limit(count + 1)
    return len(db.session.scalars(others).all()) <= count


def who_failed(organisation_id: uuid.UUID, failures: Iterable[Failure], *, since: datetime) -> set[uuid.UUID]:
    """Name the people whose texts failed for one of these reasons since a moment of the database's clock."""
    wanted = _failed(organisation_id, since).where(Message.reason.in_([str(failure) for failure in failures]))
    return {person_id for person_id in db.session.scalars(wanted.distinct()) if person_id is not None}


def _blocked(since: datetime) -> Select[bytes | None]:
    return select(Message.number_hash).where(
        Message.organisation_id.in_(organisations.every_id()),
        NOT_REACHED,
        Message.claimed_at >= since,
        Message.reason == str(Failure.BLOCKED),
        Message.number_hash.is_not(None),
        Message.channel == "text",
    )


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
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(2 * IN_A_ROW)
    )
    return [(at, reason or "") for at, reason in db.session.execute(wanted) if at is not None]
