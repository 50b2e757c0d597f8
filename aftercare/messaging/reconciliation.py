"""Texts of which nobody knows whether the carrier has them: looked up, never blindly sent again.

twilio-and-rules.md 6, step 5. A callback that names the message settles it by itself (`callbacks`); this is for the
rest, and asks the carrier's own list.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import or_, select, tuple_

from aftercare.core import clock
from aftercare.core.db import database_now, db, transaction
from aftercare.messaging import claims, rows, states
from aftercare.messaging.gateway import Carrier, CarrierCopy, CarrierRefused, CarrierUnsure
from aftercare.messaging.models import IN_FLIGHT, CarrierEvent, Message
from aftercare.messaging.references import Reference
from aftercare.messaging.retries import LOOK_AFTER, Reconciliation, after_looking
from aftercare.messaging.states import State

log = structlog.get_logger()
#: Why a message waits a second time; it is not sent a third time without a human.
SENT_AGAIN = "sent_again"
_AT_ONCE = 100


@dataclass(frozen=True)
class Doubt:
    """A text that the carrier may have; its number and body are kept out of every printed form."""

    reference: Reference
    attempts: int
    number: str
    body: str
    claimed_at: datetime
    useful_until: datetime
    looks: int
    was_sent_again: bool
    person_id: uuid.UUID | None

    def __repr__(self) -> str:
        return f"Doubt({self.reference.id})"


def reconcile(carrier: Carrier, channel: str = "text") -> int:
    """Look up what is in doubt, in a transaction of its own before and after asking; say how many texts were."""
    with transaction():
        claims.give_up_leases()
        doubts = _take_doubts(channel)
    for number, about in _by_number(doubts).items():
        listed = _ask(carrier, number, about)
        if listed is not None:
            with transaction():
                _settle(about, listed)
    return len(doubts)


def _take_doubts(channel: str) -> list[Doubt]:
    """Take those whose look is due; nobody else looks for them within a minute, even if we die meanwhile."""
    now = database_now()
    is_due = or_(Message.looked_at.is_(None), Message.looked_at <= now - LOOK_AFTER)
    wanted = (
        select(Message)
        .where(IN_FLIGHT, Message.claimed_at <= now - LOOK_AFTER, is_due, Message.channel == channel)
        .order_by(Message.claimed_at)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    messages = db.session.scalars(wanted).all()
    for message in messages:
        message.looked_at = now
    return [doubt for message in messages if (doubt := _doubt(message)) is not None]


def _doubt(message: Message) -> Doubt | None:
    try:
        return Doubt(
            reference=rows.reference_of(message),
            attempts=message.attempts,
            number=message.number,
            body=message.body,
            claimed_at=message.claimed_at or message.created_at,
            useful_until=message.useful_until,
            looks=message.looks,
            was_sent_again=message.reason == SENT_AGAIN,
            person_id=message.person_id,
        )
    except ValueError:
        log.error("unreadable", message=str(message.id))
        return None


def _by_number(doubts: Iterable[Doubt]) -> dict[str, list[Doubt]]:
    found: dict[str, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        found[doubt.number].append(doubt)
    return found


def _ask(carrier: Carrier, number: str, about: Sequence[Doubt]) -> list[CarrierCopy] | None:
    """Ask what the carrier has for a number; None if it does not say, and all stays in doubt."""
    try:
        return carrier.sent_since(number, min(doubt.claimed_at for doubt in about))
    except (CarrierRefused, CarrierUnsure) as trouble:
        log.warning("list_not_read", messages=[str(doubt.reference.id) for doubt in about], trouble=str(trouble))
        return None


def _settle(doubts: Sequence[Doubt], listed: Sequence[CarrierCopy]) -> None:
    free = _of_nobody_else(doubts, listed)
    now = clock.now()
    for doubt in doubts:
        copy = next((copy for copy in free if copy.is_of(doubt.body, claimed_at=doubt.claimed_at)), None)
        if copy is not None:
            free.remove(copy)
        changes = _adopted(copy, now) if copy is not None else _missed(doubt, now)
        rows.change_one((doubt.reference, doubt.attempts, changes), rows.TABLE.c.state.in_(_IN_DOUBT))


_IN_DOUBT = (State.SENDING, State.UNKNOWN)


def _of_nobody_else(doubts: Sequence[Doubt], listed: Sequence[CarrierCopy]) -> list[CarrierCopy]:
    """Leave out the copies that are known to be of other messages; the oldest first."""
    sids = [copy.sid for copy in listed]
    owners = [(doubt.reference.organisation_id, doubt.person_id) for doubt in doubts if doubt.person_id]
    theirs = tuple_(Message.organisation_id, Message.person_id).in_(owners)
    taken = set(db.session.scalars(select(Message.sid).where(theirs, Message.sid.in_(sids))))
    ours = [str(doubt.reference) for doubt in doubts]
    told = CarrierEvent.sid.in_(sids) & CarrierEvent.message_ref.not_in(ours)
    taken |= set(db.session.scalars(select(CarrierEvent.sid).where(told)))
    return sorted((copy for copy in listed if copy.sid not in taken), key=lambda copy: copy.created_at)


def _adopted(copy: CarrierCopy, now: datetime) -> dict[str, Any]:
    state, rank = states.state_of(copy.status), states.rank(copy.status)
    return _let_go(state) | {"sid": copy.sid, "carrier_rank": rank, "sent_at": now}


def _missed(doubt: Doubt, now: datetime) -> dict[str, Any]:
    looks = doubt.looks + 1
    verdict = after_looking(
        found=False, looks=looks, was_sent_again=doubt.was_sent_again, now=now, useful_until=doubt.useful_until
    )
    log.warning("not_at_carrier", message=str(doubt.reference.id), looks=looks, verdict=str(verdict))
    if verdict is Reconciliation.SEND_AGAIN:
        return _let_go(State.PENDING) | {"looks": looks, "reason": SENT_AGAIN}
    if verdict is Reconciliation.EXPIRE:
        return _let_go(State.EXPIRED) | {"looks": looks, "reason": "in_doubt"}
    return {"looks": looks}


def _let_go(state: State) -> dict[str, Any]:
    return {"state": state, "lease_owner": None, "lease_until": None}
