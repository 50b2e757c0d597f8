"""The inbox: a text that came in is kept once, by the carrier's id for it, before anybody reads it."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from aftercare.core import clock
from aftercare.core.db import db, insert_once
from aftercare.messaging.models import UNREAD, InboundText

#: An answer that comes later would only puzzle.
ANSWER_WITHIN = timedelta(hours=1)
READ_WITHIN = timedelta(days=30)
#: A time that the carrier gives is believed within a day of the arrival.
MOST_APART = timedelta(days=1)
_COLUMNS = (
    "id", "sid", "number_sealed", "number_hash", "sent_to", "body_sealed", "opt_out_type", "media_count", "sent_at",
    "received_at",
)  # fmt: skip


def take_in(
    sid: str,
    *,
    sender: str,
    to: str,
    body: str,
    opt_out_type: str | None = None,
    sent_at: datetime | None = None,
    media_count: int = 0,
) -> InboundText | None:
    """Keep a text that came in; None if it is kept already. Where it was sent from, and pictures, are not kept."""
    text = InboundText(sid=sid, number=sender, sent_to=to, body=_storable(body), opt_out_type=opt_out_type)
    text.received_at, text.media_count = clock.now(), media_count
    text.sent_at = sent_at if sent_at and abs(sent_at - text.received_at) <= MOST_APART else None
    if not insert_once(InboundText, **{name: getattr(text, name) for name in _COLUMNS}):
        return None
    return db.session.scalars(select(InboundText).where(InboundText.sid == sid)).one()


def find_unread(*, limit: int = 100) -> Sequence[uuid.UUID]:
    """Find the latest texts that were kept but not understood because something failed, in the order they were sent.

    A STOP among them holds however late it is read. What can never be read must not stand before what can, so when
    there are too many the oldest wait.
    """
    said_at = func.coalesce(InboundText.sent_at, InboundText.received_at)
    wanted = (
        select(InboundText.id)
        .where(UNREAD, InboundText.received_at > clock.now() - READ_WITHIN)
        .order_by(said_at.desc(), InboundText.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(wanted))[::-1]


def may_be_answered(inbound: InboundText) -> bool:
    """Tell whether an answer to a text is still of use."""
    return inbound.received_at > clock.now() - ANSWER_WITHIN


def lock_unread(inbound_id: uuid.UUID) -> InboundText | None:
    """Give a text with nobody else reading it; None if it has been read meanwhile."""
    wanted = select(InboundText).where(InboundText.id == inbound_id, UNREAD).with_for_update(skip_locked=True)
    return db.session.scalars(wanted).one_or_none()


def _storable(body: str) -> str:
    """Give a text without the halves of letters that no encoding knows."""
    return body.encode("utf-8", "replace").decode("utf-8")
