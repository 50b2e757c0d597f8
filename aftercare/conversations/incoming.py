"""A text comes in: it is kept first, then read, all in one transaction; what cannot be read now is read again."""

import uuid
from datetime import datetime

import structlog

from aftercare.conversations import replies
from aftercare.core import logs
from aftercare.core.db import part
from aftercare.messaging import inbox
from aftercare.messaging.models import InboundText

log = structlog.get_logger()


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
    """Keep a text by the carrier's id and do what it asks for, once; None if it came before.

    If doing it fails the text stays, unread, and the worker reads it again: a STOP must not be lost.
    """
    inbound = inbox.take_in(
        sid, sender=sender, to=to, body=body, opt_out_type=opt_out_type, sent_at=sent_at, media_count=media_count
    )
    if inbound is None:
        return None
    inbound_id = inbound.id
    try:
        with part():
            replies.take(inbound)
    except Exception as trouble:
        told = {"kind": type(trouble).__name__, "where": logs.where(trouble)}
        log.error("text_not_read", inbound=str(inbound_id), **told)
    return inbound


def read_again(inbound_id: uuid.UUID) -> None:
    """Do what a kept text asks for, if nobody has done it meanwhile; of an old one only what is never too late."""
    inbound = inbox.lock_unread(inbound_id)
    if inbound is not None and inbox.may_be_answered(inbound):
        replies.take(inbound)
    elif inbound is not None:
        replies.take_late(inbound)
