"""What the carrier tells us of a text: in any order, twice, or before it has answered us (twilio-and-rules.md 2)."""

import random
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.core import clock, ids
from aftercare.core.db import db, is_postgresql
from aftercare.messaging import numbers, results, states
from aftercare.messaging.gateway import CarrierRefused
from aftercare.messaging.models import CarrierEvent, Message
from aftercare.messaging.references import Reference
from aftercare.messaging.retries import STOPS_THE_SENDER, Failure, classify, next_try
from aftercare.messaging.senders import Sender
from aftercare.messaging.states import State

NOT_REACHED = frozenset({State.UNDELIVERED, State.FAILED})


def take_status(
    sid: str, status: str, *, error_code: int | None, reference: Reference | None, attempt: int | None, sender: Sender
) -> None:
    """Take one status of one text; what was told before changes nothing, and a status is only ever raised."""
    if not _is_news(sid, status, error_code, reference):
        return
    message = _lock(reference) if reference is not None else None
    if message is None or not _is_about(message, sid, attempt) or not states.raises(message.carrier_rank, status):
        return
    if _raise(message, sid, status, error_code) and message.state in NOT_REACHED:
        _learn(message, error_code, sender, clock.now())


def _is_news(sid: str, status: str, error_code: int | None, reference: Reference | None) -> bool:
    """Keep the event, also that of a message we do not know; say whether it is new."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    event = {
        "id": ids.new(),
        "sid": sid,
        "status": status,
        "error_code": error_code or 0,
        "message_ref": str(reference) if reference is not None else None,
        "at": clock.now(),
    }
    statement = insert(CarrierEvent).values(**event).on_conflict_do_nothing()
    return bool(getattr(db.session.execute(statement), "rowcount", 0))


def _lock(reference: Reference) -> Message | None:
    wanted = (
        select(Message)
        .where(
            Message.organisation_id == reference.organisation_id,
            Message.id == reference.id,
            Message.occurs_on == reference.occurs_on,
        )
        .with_for_update()
    )
    return db.session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


def _is_about(message: Message, sid: str, attempt: int | None) -> bool:
    """Tell whether an event is about the latest try; an earlier one no longer counts."""
    return message.sid == sid or (message.sid is None and message.attempts == attempt)


def _raise(message: Message, sid: str, status: str, error_code: int | None) -> bool:
    """Let the message become what the carrier says; say whether its state allowed that."""
    told = states.state_of(status)
    if not _may_become(State(message.state), told):
        return False
    message.state, message.carrier_rank = told, states.rank(status)
    message.sid, message.error_code = sid, error_code
    message.sent_at = message.sent_at or clock.now()
    message.lease_owner = message.lease_until = None
    return True


def _may_become(state: State, told: State) -> bool:
    # A message that was to go again because the carrier did not seem to have it: it has, so it does not go again.
    is_found = state is State.PENDING
    return state is told or is_found or states.may_become(state, told)


def _learn(message: Message, error_code: int | None, sender: Sender, now: datetime) -> None:
    """Do what an error of delivery asks for: forget the number, stop the sender, or try once more."""
    failure = classify(error_code, None) if error_code else Failure.UNLISTED
    message.reason = str(failure)
    if failure in STOPS_THE_SENDER:
        results.stop_sender(sender, CarrierRefused(error_code, failure), attempts=message.attempts)
    numbers.learn(message.number, failure, tried_at=message.sent_at)
    again = next_try(failure, message.attempts, now, useful_until=message.useful_until, jitter=random.random())
    if again is not None:
        message.state, message.due_at = State.PENDING, again
