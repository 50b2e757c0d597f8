"""Texts that come in and go out, for tests of conversations."""

from sqlalchemy import select, update

from aftercare.conversations import replies
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.ids import new
from aftercare.meetings import notices, schedule
from aftercare.messaging import outbox
from aftercare.messaging.models import InboundText, Message
from aftercare.recovery.models import OutreachTask


def text(sender, body, **given):
    """Let a text come in, from a person or a number; give what we answer, oldest first."""
    number = sender if isinstance(sender, str) else sender.phone
    db.session.rollback()
    with transaction():
        inbound = InboundText(sid=f"SM{new().hex}", number=number, sent_to="+13035550100", body=body, **given)
        inbound.received_at = clock.now()
        db.session.add(inbound)
        db.session.flush()
        replies.take(inbound)
        sid = inbound.sid
    return answers_to(sid)


def kinds(sender, body, **given):
    """Let a text come in, and name the kinds of what we answer."""
    return [message.kind for message in text(sender, body, **given)]


def answers_to(sid):
    """Give what was posted in answer to a text."""
    wanted = select(Message).where(Message.once.in_([f"{what}:{sid}" for what in ("crisis", "answer", "who")]))
    wanted = wanted.order_by(Message.id)
    return list(db.session.scalars(wanted))


def ask(person, occurrence, kind="reminder", **values):
    """Let a text that asks about a date reach a person now."""
    with transaction():
        date = schedule.get_occurrence(occurrence.organisation_id, occurrence.id)
        said = notices.said_of(date, person)
        message = outbox.post(
            person, kind, once=f"{kind}:{new()}", occurs_on=date.occurs_on, about=date.id, asks=True, is_answer=True,
            useful_until=date.ends_at, **said | values,
        )  # fmt: skip
        assert message is not None
        reach(message)


def reach(*messages):
    """Let texts reach their readers now."""
    ids = [message.id for message in messages]
    arrived = {"state": "delivered", "claimed_at": clock.now(), "sent_at": clock.now()}
    db.session.execute(update(Message).where(Message.id.in_(ids)).values(**arrived))


def tasks(kind=None):
    """Give the tasks of staff."""
    db.session.rollback()
    wanted = select(OutreachTask).order_by(OutreachTask.opened_at, OutreachTask.id)
    return [task for task in db.session.scalars(wanted) if kind in (None, task.kind)]


def pending():
    """Give what waits to leave."""
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.state == "pending").order_by(Message.id)))
