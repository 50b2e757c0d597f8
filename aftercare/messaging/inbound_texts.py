"""What came in before: looked up by the number's keyed hash, never by its words."""

from itertools import takewhile

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.core.sealed import keyring
from aftercare.messaging.models import InboundText

_LOOKS_BACK = 3


def same_in_a_row(inbound: InboundText) -> int:
    """Count how many of a number's latest texts, this one included, came to the same verb; three mean three or more."""
    wanted = (
        select(InboundText.verb)
        .where(InboundText.number_hash.in_(keyring().marks(inbound.number, purpose="phone")))
        .where(InboundText.id != inbound.id, InboundText.received_at <= inbound.received_at)
        .order_by(InboundText.received_at.desc(), InboundText.id.desc())
        .limit(_LOOKS_BACK - 1)
    )
    return 1 + len(list(takewhile(lambda verb: verb == inbound.verb, db.session.scalars(wanted))))
