"""What became of the texts that were sent: recorded in batches, behind a fence (twilio-and-rules.md 4)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from aftercare.core import clock
from aftercare.messaging import mailboxes, numbers, rows, senders, states
from aftercare.messaging.channels import EMAIL
from aftercare.messaging.claims import Claimed
from aftercare.messaging.gateway import CarrierRefused, CarrierUnsure, Sent
from aftercare.messaging.retries import PERMANENT, STOPS_THE_SENDER, next_try
from aftercare.messaging.rows import TABLE, Change
from aftercare.messaging.senders import Sender
from aftercare.messaging.states import State

log = structlog.get_logger()
#: What the carrier answered; None if it was not asked.
Answer = Sent | CarrierRefused | CarrierUnsure | None


@dataclass(frozen=True)
class Outcome:
    """A claimed text, and what the carrier said to it."""

    claimed: Claimed
    answer: Answer


def record(outcomes: Sequence[Outcome], sender: Sender) -> None:
    """Write down what became of texts that one worker sent, each only if it is still that worker's."""
    now = clock.now()
    _record_alike(outcomes, now)
    refused = [(each.claimed, each.answer) for each in outcomes if isinstance(each.answer, CarrierRefused)]
    for claimed, refusal in refused:
        _record_refused(claimed, refusal, sender, now)
    stops = [(claimed, refusal) for claimed, refusal in refused if refusal.klass in STOPS_THE_SENDER]
    if stops:
        stop_sender(sender, stops[0][1], attempts=max(claimed.attempts for claimed, _ in stops))
    elif any(isinstance(each.answer, Sent) for each in outcomes):
        senders.resume(sender, now=now)
    senders.give_back(sender, len(refused) + sum(each.answer is None for each in outcomes))


def stop_sender(sender: Sender, refusal: CarrierRefused, *, attempts: int) -> None:
    """Pause a sender whose own set-up the carrier refuses; what waits keeps waiting (the breaker)."""
    now = clock.now()
    later = now + timedelta(days=2)
    until = next_try(refusal.klass, attempts, now, useful_until=later, jitter=random.random()) or later
    senders.pause(sender, until, failure=refusal.klass, code=refusal.code, now=now)
    log.error("sender_paused", failure=str(refusal.klass), code=refusal.code, until=until.isoformat())


def _record_alike(outcomes: Sequence[Outcome], now: datetime) -> None:
    sent = [(each.claimed, _taken(each.answer, now)) for each in outcomes if isinstance(each.answer, Sent)]
    unsure = [(each.claimed, _over(State.UNKNOWN)) for each in outcomes if isinstance(each.answer, CarrierUnsure)]
    unasked = [(each.claimed, _given_back(each.claimed)) for each in outcomes if each.answer is None]
    for alike in (sent, unsure, unasked):
        if alike:
            changes = [_change(claimed, values) for claimed, values in alike]
            rows.change_each(changes, *_fence(alike[0][0]))
    # What was given back because somebody wants it back has its reason by now.
    given_back = (claimed.reference for claimed, _ in unasked)
    rows.change_all(given_back, {"state": State.CANCELLED}, TABLE.c.recalled, TABLE.c.state == State.PENDING)


def _taken(sent: Sent, now: datetime) -> dict[str, Any]:
    state, rank = states.state_of(sent.status), states.rank(sent.status)
    return _over(state) | {"sid": sent.sid, "carrier_rank": rank, "sent_at": now}


def _given_back(claimed: Claimed) -> dict[str, Any]:
    return _over(State.PENDING) | {"attempts": claimed.attempts - 1}


def _record_refused(claimed: Claimed, refusal: CarrierRefused, sender: Sender, now: datetime) -> None:
    if rows.change_one(_change(claimed, _after_refusal(claimed, refusal, now)), *_fence(claimed)):
        log.warning("refused", message=str(claimed.reference.id), failure=str(refusal.klass), code=refusal.code)
        if sender.channel == EMAIL:
            mailboxes.learn(claimed.reference, claimed.text.to, refusal.klass)
        else:
            numbers.learn(claimed.text.to, refusal.klass)


def _after_refusal(claimed: Claimed, refusal: CarrierRefused, now: datetime) -> dict[str, Any]:
    if refusal.klass in PERMANENT:
        return _over(State.FAILED) | {"reason": str(refusal.klass), "error_code": refusal.code}
    if refusal.klass in STOPS_THE_SENDER:
        return _over(State.PENDING) | {"error_code": refusal.code}
    again = next_try(
        refusal.klass,
        claimed.attempts,
        now,
        useful_until=claimed.useful_until,
        jitter=random.random(),
        retry_after=refusal.retry_after,
    )
    # What would be too late comes up once more when it is useless, and expires then.
    return _over(State.PENDING) | {"error_code": refusal.code, "due_at": again or claimed.useful_until}


def _over(state: State) -> dict[str, Any]:
    return {"state": state, "lease_owner": None, "lease_until": None}


def _change(claimed: Claimed, values: dict[str, Any]) -> Change:
    return claimed.reference, claimed.attempts, values


def _fence(claimed: Claimed) -> tuple[Any, ...]:
    return TABLE.c.lease_owner == claimed.owner, TABLE.c.state == State.SENDING
