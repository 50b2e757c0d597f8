"""What came in before: looked up by the number's keyed hash, never by its words."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import and_, func, or_, select

from aftercare.core.db import db
from aftercare.core.sealed import keyring
from aftercare.messaging.models import InboundText

_LOOKS_BACK = 3
# A text may come a day after it was sent, and no more: what is older was not said later.
_MOST_LATE = timedelta(days=2)


def same_in_a_row(inbound: InboundText) -> int:
    """Count how many of the latest texts of whoever writes, this one included, came to the same verb; three mean more.

    What somebody else wrote from the number, who had it before, does not count.
    """
    wanted = (
        select(InboundText.verb)
        .where(InboundText.number_hash.in_(keyring().marks(inbound.number, purpose="phone")))
        .where(InboundText.id != inbound.id, InboundText.received_at <= inbound.received_at)
        .where(InboundText.organisation_id.is_not_distinct_from(inbound.organisation_id))
        .where(InboundText.person_id.is_not_distinct_from(inbound.person_id))
        .order_by(InboundText.received_at.desc(), InboundText.id.desc())
        .limit(_LOOKS_BACK - 1)
    )
    return 1 + len(list(takewhile(lambda verb: verb == inbound.verb, db.session.scalars(wanted))))


def row_of(inbound: InboundText) -> list[InboundText]:
    """Give a text with the one before it from the same number, if that came to the same verb and is the same one's."""
    wanted = (
        select(InboundText)
        .where(InboundText.number_hash.in_(keyring().marks(inbound.number, purpose="phone")))
        .where(InboundText.id != inbound.id, InboundText.received_at <= inbound.received_at)
        .order_by(InboundText.received_at.desc(), InboundText.id.desc())
        .limit(1)
    )
    before = db.session.scalars(wanted).first()
    is_alike = before is not None and _whose(before) == _whose(inbound)
    return [before, inbound] if before is not None and is_alike else [inbound]


def _whose(text: InboundText) -> tuple[object, ...]:
    return text.verb, text.organisation_id, text.person_id


def unclaimed(inbound: InboundText, *, since: datetime) -> Sequence[InboundText]:
    """Give the texts of a number, before this one, of which nobody knows yet which of its people wrote them."""
    wanted = (
        select(InboundText)
        .where(InboundText.number_hash.in_(keyring().marks(inbound.number, purpose="phone")))
        .where(InboundText.id != inbound.id, InboundText.person_id.is_(None))
        .where(InboundText.received_at > since, InboundText.received_at <= inbound.received_at)
        .order_by(InboundText.received_at.desc(), InboundText.id.desc())
        .limit(_LOOKS_BACK)
    )
    return db.session.scalars(wanted).all()


def is_overtaken(
    inbound: InboundText, *, organisation_id: uuid.UUID, person_id: uuid.UUID, occurrence_id: uuid.UUID,
    verbs: Collection[str],
) -> bool:  # fmt: skip
    """Tell whether somebody has said something on the same date later, by the carrier's clock, that was read before.

    The caller holds the date's lock, so that what another process reads at the same time is seen.
    """
    said_at = func.coalesce(InboundText.sent_at, InboundText.received_at)
    later = or_(said_at > inbound.said_at, and_(said_at == inbound.said_at, InboundText.id > inbound.id))
    wanted = select(InboundText.id).where(
        InboundText.organisation_id == organisation_id,
        InboundText.person_id == person_id,
        InboundText.occurrence_id == occurrence_id,
        InboundText.received_at > inbound.received_at - _MOST_LATE,
        InboundText.verb.in_(verbs),
        InboundText.id != inbound.id,
        later,
    )
    return db.session.scalars(wanted.limit(1)).first() is not None


def find(organisation_id: uuid.UUID, inbound_id: uuid.UUID) -> InboundText | None:
    """Find a text that came in for an organisation."""
    inbound = db.session.get(InboundText, inbound_id)
    return inbound if inbound is not None and inbound.organisation_id == organisation_id else None
