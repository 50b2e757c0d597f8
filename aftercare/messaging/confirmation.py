"""Texts that the carrier took and of which it never said what became: it is asked, once a day (twilio-and-rules.md 2).

A callback can be lost. The answer goes the way of a callback, so whichever comes first, it is taken once.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import or_, select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import callbacks
from aftercare.messaging.gateway import CarrierRefused, CarrierUnsure, Reporter, Told
from aftercare.messaging.models import READABLE, TAKEN, Message
from aftercare.messaging.references import Reference
from aftercare.messaging.retries import Failure
from aftercare.messaging.rows import TABLE, change_all
from aftercare.messaging.senders import Sender
from aftercare.messaging.states import State

log = structlog.get_logger()
#: A callback has an hour; after three days nobody waits for one any more.
SURELY_LATE, NO_LONGER = timedelta(hours=1), timedelta(days=3)
ASKED_AGAIN = timedelta(days=1)
#: No text is written longer before it goes: this far back lie those that went in the last days.
WRITTEN_AHEAD = timedelta(days=7)
AT_ONCE = 500
NO_SUCH_TEXT = 20404
_TAKEN = (State.ACCEPTED, State.SENT)
_ENDS_THE_ROUND = frozenset({Failure.CONFIGURATION, Failure.NOT_PROCESSED})


@dataclass(frozen=True)
class _Unconfirmed:
    sid: str
    reference: Reference
    attempts: int


def confirm(carrier: Reporter, organisation_id: uuid.UUID, *, sender: Sender) -> int:
    """Ask what became of an organisation's unconfirmed texts; say of how many the carrier told.

    No transaction is open while it is asked. What cannot be asked now is asked again tomorrow.
    """
    done = 0
    for text in _take(organisation_id):
        try:
            told = carrier.report(text.sid)
        except (CarrierRefused, CarrierUnsure) as trouble:
            log.warning("not_confirmed", message=str(text.reference.id), trouble=str(trouble))
            if _ends_the_round(trouble):
                break
            continue
        _hear(text, told, sender)
        done += 1
    return done


def _ends_the_round(trouble: CarrierRefused | CarrierUnsure) -> bool:
    """Tell whether the next text would meet the same trouble."""
    if isinstance(trouble, CarrierUnsure):
        return True
    return trouble.code != NO_SUCH_TEXT and trouble.klass in _ENDS_THE_ROUND


def _take(organisation_id: uuid.UUID) -> list[_Unconfirmed]:
    """Take those whose asking is due; nobody else asks for them today, even if we die meanwhile."""
    with transaction():
        taken = list(_due(organisation_id))
        change_all((text.reference for text in taken), {"looked_at": clock.now()}, TABLE.c.state.in_(_TAKEN))
    return taken


def _due(organisation_id: uuid.UUID) -> Iterator[_Unconfirmed]:
    now = clock.now()
    since = now - WRITTEN_AHEAD - NO_LONGER
    is_due = or_(Message.looked_at.is_(None), Message.looked_at < now - ASKED_AGAIN)
    wanted = (
        select(Message.sid, Message.id, Message.occurs_on, Message.attempts)
        .where(Message.organisation_id == organisation_id, READABLE, Message.created_at > since)
        .where(TAKEN, Message.channel == "text", Message.sid.is_not(None), is_due)
        .where(Message.sent_at > now - NO_LONGER, Message.sent_at < now - SURELY_LATE)
        .order_by(Message.created_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for row in db.session.execute(wanted):
        yield _Unconfirmed(row.sid, Reference(organisation_id, row.id, row.occurs_on), row.attempts)


def _hear(text: _Unconfirmed, told: Told, sender: Sender) -> None:
    with transaction():
        callbacks.take_status(
            text.sid, told.status, error_code=told.error_code, reference=text.reference, attempt=text.attempts,
            sender=sender,
        )  # fmt: skip
