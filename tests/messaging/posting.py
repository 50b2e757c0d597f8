"""Texts that wait in the outbox, and carriers that answer as a test wants."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from aftercare.core import clock, ids
from aftercare.core.db import db, transaction
from aftercare.messaging.delivery import Delivery
from aftercare.messaging.gateway import CarrierCopy, OutgoingText, Sent
from aftercare.messaging.models import Message
from aftercare.messaging.senders import Sender

SENDER = Sender("+15035550111")


def post_text(person, **given):
    """Post a text that is due now, whatever the hour, and useful for two hours."""
    (message,) = post_together(text_for(person, **given))
    return message


def post_together(*messages):
    """Post texts in one transaction, so that a worker finds all of them or none."""
    with transaction():
        db.session.add_all(messages)
    return messages


def text_for(person, **given):
    """Write a text as post_text posts it."""
    defaults = {
        "organisation_id": person.organisation_id,
        "id": ids.new(),
        "occurs_on": clock.today(person.zone),
        "once": f"test:{uuid.uuid4()}",
        "kind": "reminder",
        "person_id": person.id,
        "language": person.language,
        "number": person.phone,
        "body": "Reminder: Tue Dec 1, 6:00 PM.",
        "is_answer": True,
        "due_at": clock.now(),
        "useful_until": clock.now() + timedelta(hours=2),
    }
    return Message(**defaults | given)


def states():
    """Give the state of every message, as the database has it now, in the order they were posted."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Message.state).order_by(Message.id)))


def only_message():
    """Give the one message there is, as the database has it now."""
    db.session.rollback()
    return db.session.scalars(db.select(Message).execution_options(populate_existing=True)).one()


def grow_older(**by):
    """Let all claims, leases and looks be so much longer ago."""
    wait = timedelta(**by)
    for message in db.session.scalars(db.select(Message)):
        for column in ("claimed_at", "lease_until", "looked_at"):
            moment = getattr(message, column)
            setattr(message, column, moment and moment - wait)
    with transaction():
        db.session.flush()


class Carrier:
    """A carrier in memory: it takes every text, unless `answer` raises."""

    def __init__(self, answer: Callable[[OutgoingText], None] = lambda _text: None, no_list: Exception | None = None):
        self.answer, self.calls, self.no_list = answer, 0, no_list
        self.took: list[OutgoingText] = []
        self.listed: list[CarrierCopy] = []
        self._lock = Lock()

    def send(self, text):
        with self._lock:
            self.calls += 1
        self.answer(text)
        with self._lock:
            self.took.append(text)
            return Sent(f"SM{len(self.took):032d}", "accepted")

    def sent_since(self, _to, _since):
        if self.no_list is not None:
            raise self.no_list
        return list(self.listed)

    @property
    def bodies(self):
        return [text.body for text in self.took]


def delivery(app, carrier, *, sender=SENDER, **given):
    """Make a delivery with two threads, unless told otherwise."""
    return Delivery(app, carrier, sender, **{"concurrency": 2, **given})
