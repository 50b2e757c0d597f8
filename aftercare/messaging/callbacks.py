"""What the carrier tells us of a text: in any order, twice, or before it has answered us (twilio-and-rules.md 2)."""

import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.core import clock, ids
from aftercare.core.db import db, is_postgresql
from aftercare.messaging import after_stop, numbers, results, states
from aftercare.messaging.gateway import CarrierRefused
from aftercare.messaging.models import TAKEN, UNSETTLED, CarrierEvent, Message
from aftercare.messaging.references import Reference
from aftercare.messaging.retries import STOPS_THE_SENDER, Failure, classify, next_try
from aftercare.messaging.senders import Sender
from aftercare.messaging.states import State

NOT_REACHED = frozenset({State.UNDELIVERED, State.FAILED})


#: How long an event of a message that we do not know waits for it; how long one of a message that we know is kept.
UNKNOWN_KEPT, KNOWN_KEPT = timedelta(days=1), timedelta(days=30)
DROPPED_AT_ONCE = 1000


def take_status(
    sid: str, status: str, *, error_code: int | None, reference: Reference | None, attempt: int | None, sender: Sender
) -> None:
    """Take one status of one text; what was told before changes nothing, and a status is only ever raised."""
    message = _find(reference, sid)
    if _is_news(sid, status, error_code, reference, is_settled=message is not None) and message is not None:
        _take(message, sid, status, error_code, attempt, sender)


def find_unsettled(*, limit: int = 500) -> Sequence[tuple[uuid.UUID]]:
    """Find the events whose message has been named by the carrier since, and those that have waited for a day."""
    has_message = select(1).where(TAKEN, Message.sid == CarrierEvent.sid).exists()
    is_over = CarrierEvent.at <= clock.now() - UNKNOWN_KEPT
    wanted = select(CarrierEvent.id).where(UNSETTLED, or_(has_message, is_over)).order_by(CarrierEvent.at)
    return [(event_id,) for event_id in db.session.scalars(wanted.limit(limit))]


def settle(event_id: uuid.UUID, *, sender: Sender) -> None:
    """Take an event that came before we knew its message; drop it if nobody knows the message after a day."""
    wanted = select(CarrierEvent).where(CarrierEvent.id == event_id, UNSETTLED).with_for_update(skip_locked=True)
    event = db.session.scalars(wanted).one_or_none()
    if event is None:
        return
    message = _find(Reference.read(event.message_ref or ""), event.sid)
    if message is not None:
        event.is_settled = True
        _take(message, event.sid, event.status, event.error_code or None, None, sender)
    elif event.at <= clock.now() - UNKNOWN_KEPT:
        db.session.delete(event)


def drop_old() -> int:
    """Drop some of the events that have been settled for long; say how many."""
    old = select(CarrierEvent.id).where(CarrierEvent.at < clock.now() - KNOWN_KEPT).order_by(CarrierEvent.at)
    gone = db.session.execute(delete(CarrierEvent).where(CarrierEvent.id.in_(old.limit(DROPPED_AT_ONCE))))
    return int(getattr(gone, "rowcount", 0))


def _take(message: Message, sid: str, status: str, error_code: int | None, attempt: int | None, sender: Sender) -> None:
    if not _is_about(message, sid, attempt) or not states.raises(message.carrier_rank, status):
        return
    if _raise(message, sid, status, error_code) and message.state in NOT_REACHED:
        _learn(message, error_code, sender, clock.now())


def _is_news(sid: str, status: str, error_code: int | None, reference: Reference | None, *, is_settled: bool) -> bool:
    """Keep the event, also that of a message we do not know; say whether it is new."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    event = {
        "id": ids.new(),
        "sid": sid,
        "status": status,
        "error_code": error_code or 0,
        "message_ref": str(reference) if reference is not None else None,
        "is_settled": is_settled,
        "at": clock.now(),
    }
    statement = insert(CarrierEvent).values(**event).on_conflict_do_nothing()
    return bool(getattr(db.session.execute(statement), "rowcount", 0))


def _find(reference: Reference | None, sid: str) -> Message | None:
    """Find the message that the carrier means, by our name for it or else by its own, and lock it."""
    return _lock(reference) if reference is not None else _lock_named(sid)


def _lock_named(sid: str) -> Message | None:
    wanted = select(Message).where(TAKEN, Message.sid == sid).with_for_update()
    return db.session.scalars(wanted, execution_options={"populate_existing": True}).first()


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
    if not states.may_be_told(State(message.state), told):
        return False
    message.state, message.carrier_rank = told, states.rank(status)
    message.sid, message.error_code = sid, error_code
    message.sent_at = message.sent_at or clock.now()
    message.lease_owner = message.lease_until = None
    return True


def _learn(message: Message, error_code: int | None, sender: Sender, now: datetime) -> None:
    """Do what an error of delivery asks for: forget the number, stop the sender, or try once more."""
    failure = classify(error_code, None) if error_code else Failure.UNLISTED
    message.reason = str(failure)
    if failure in STOPS_THE_SENDER:
        results.stop_sender(sender, CarrierRefused(error_code, failure), attempts=message.attempts)
    numbers.learn(message.number, failure, tried_at=message.sent_at)
    again = next_try(failure, message.attempts, now, useful_until=message.useful_until, jitter=random.random())
    if again is not None and not _is_unnamed_answer(message):
        message.state, message.due_at = State.PENDING, again


def _is_unnamed_answer(message: Message) -> bool:
    """Tell whether nobody could say of a text, before it went again, whether its reader has said STOP meanwhile."""
    return message.person_id is None and after_stop.ends_with_stop(message.kind)
