"""What was written is forgotten after thirty days: words and numbers here, and at the carrier if the settings say so.

States, times and keyed hashes stay, for figures. Each call is one small transaction, so that nobody waits long for it,
and finds what is left to do in an index that holds nothing else.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, or_, select, tuple_, update

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import rows
from aftercare.messaging.gateway import CarrierRefused, CarrierUnsure, Redactor
from aftercare.messaging.models import READABLE, UNREDACTED, UNREDACTED_IN, InboundText, Message, SimulatedText
from aftercare.messaging.references import Reference
from aftercare.messaging.retries import Failure
from aftercare.messaging.states import UNFINISHED

log = structlog.get_logger()
KEPT = timedelta(days=30)
#: When the carrier is asked again for a text that it would not forget.
ASKED_AGAIN = timedelta(days=1)
AT_ONCE = 200
NO_SUCH_TEXT = 20404
# What is wrong with us or the way to the carrier would fail every other text too.
_ENDS_THE_ROUND = frozenset({Failure.CONFIGURATION, Failure.NOT_PROCESSED, Failure.UNKNOWN})
_ERASED: dict[str, Any] = {"body_sealed": None, "number_sealed": None}


@dataclass(frozen=True)
class Kept:
    """A text that the carrier still has: a message of ours, or one that came in."""

    sid: str
    key: Reference | uuid.UUID


def erase_messages(organisation_id: uuid.UUID) -> int:
    """Erase some of an organisation's old texts that will not change any more; say how many."""
    key = tuple_(rows.TABLE.c.organisation_id, rows.TABLE.c.id, rows.TABLE.c.occurs_on)
    old = (
        select(Message.organisation_id, Message.id, Message.occurs_on)
        .where(Message.organisation_id == organisation_id, READABLE, Message.created_at < _until())
        .where(Message.state.not_in(sorted(UNFINISHED)))
        .order_by(Message.created_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    keys = [tuple(row) for row in db.session.execute(old)]
    if keys:
        db.session.execute(update(rows.TABLE).where(key.in_(keys)).values(_ERASED))
    return len(keys)


def erase_inbound() -> int:
    """Erase some of the old texts that came in; say how many."""
    return _erase(InboundText, InboundText.received_at)


def erase_simulated() -> int:
    """Erase some of the old texts of the simulated carrier; say how many."""
    return _erase(SimulatedText, SimulatedText.created_at)


def erase_all(organisation_id: uuid.UUID) -> None:
    """Erase everything of an organisation that is old, a little at a time."""
    while _one_step(erase_messages, organisation_id) == AT_ONCE:
        pass


def erase_common() -> None:
    """Erase everything old that belongs to no organisation's table, a little at a time."""
    for step in (erase_inbound, erase_simulated):
        while _one_step(step) == AT_ONCE:
            pass


def redact_at_carrier(carrier: Redactor, organisation_id: uuid.UUID | None) -> int:
    """Have the carrier forget what was erased here: an organisation's texts, or (None) those that came in.

    No transaction is open while it is asked. What it will not forget is asked for again tomorrow.
    """
    with transaction(reading=True):
        kept = list(_kept_out(organisation_id) if organisation_id else _kept_in())
    done = 0
    for text in kept:
        is_forgotten = _ask(carrier, text)
        if is_forgotten is None:
            break
        with transaction():
            _note(text, {"redacted_at" if is_forgotten else "looked_at": clock.now()})
        done += is_forgotten
    return done


def _one_step(step: Any, *given: Any) -> int:
    with transaction():
        return int(step(*given))


def _until() -> datetime:
    return clock.now() - KEPT


def _erase(model: type[InboundText] | type[SimulatedText], at: Any) -> int:
    old = select(model.id).where(READABLE, at < _until()).order_by(at).limit(AT_ONCE)
    ids = db.session.scalars(old.with_for_update(skip_locked=True)).all()
    if ids:
        db.session.execute(update(model.__table__).where(model.__table__.c.id.in_(ids)).values(_ERASED))  # type: ignore[arg-type]
    return len(ids)


def _kept_out(organisation_id: uuid.UUID) -> Iterator[Kept]:
    wanted = (
        select(Message.sid, Message.organisation_id, Message.id, Message.occurs_on)
        .where(Message.organisation_id == organisation_id, UNREDACTED, Message.created_at < _until())
        .where(Message.channel == "text", Message.state.not_in(sorted(UNFINISHED)), _is_due(Message.looked_at))
        .order_by(Message.created_at)
        .limit(AT_ONCE)
    )
    for row in db.session.execute(wanted):
        yield Kept(row.sid, Reference(row.organisation_id, row.id, row.occurs_on))


def _kept_in() -> Sequence[Kept]:
    old = (UNREDACTED_IN, InboundText.received_at < _until(), _is_due(InboundText.looked_at))
    wanted = select(InboundText.sid, InboundText.id).where(*old).order_by(InboundText.received_at).limit(AT_ONCE)
    return [Kept(row.sid, row.id) for row in db.session.execute(wanted)]


def _is_due(looked_at: Any) -> ColumnElement[bool]:
    return or_(looked_at.is_(None), looked_at < clock.now() - ASKED_AGAIN)


def _ask(carrier: Redactor, text: Kept) -> bool | None:
    """Ask the carrier to forget a text: True when it has, False if it will not, None if it cannot be asked now."""
    try:
        carrier.redact(text.sid)
    except CarrierRefused as refusal:
        if refusal.code == NO_SUCH_TEXT:
            return True
        log.warning("not_redacted", sid=text.sid, failure=str(refusal.klass), code=refusal.code)
        return None if refusal.klass in _ENDS_THE_ROUND else False
    except CarrierUnsure as trouble:
        log.warning("not_redacted", sid=text.sid, failure=str(trouble))
        return None
    return True


def _note(text: Kept, values: dict[str, Any]) -> None:
    if isinstance(text.key, Reference):
        rows.change_all([text.key], values)
    else:
        db.session.execute(update(InboundText).where(InboundText.id == text.key).values(values))
