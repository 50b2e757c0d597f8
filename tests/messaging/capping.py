"""Texts that nobody waits for, and what became of them, for tests of caps."""

from datetime import UTC, timedelta

from aftercare.core import clock
from aftercare.core.db import db
from tests.messaging.posting import Carrier, delivery, text_for

DAY = timedelta(days=1)


def capped(person, **given):
    """Write a text that nobody waits for, due now."""
    now = clock.now()
    return text_for(person, **{"is_answer": False, "kind": "broadcast", "useful_until": now + 10 * DAY} | given)


def remind(person, date, **given):
    """Write a reminder of a date, due now."""
    about = {"occurrence_id": date.id, "occurs_on": date.occurs_on, "useful_until": date.starts_at}
    return capped(person, kind="reminder", **about | given)


def drain(app, **given):
    """Let a worker send all that may go now; give the words it sent."""
    db.session.rollback()
    carrier = Carrier()
    delivery(app, carrier, **given).drain()
    return sorted(carrier.bodies)


def again(message):
    db.session.rollback()
    db.session.refresh(message)
    return message.state, message.reason


def waits(message):
    db.session.rollback()
    db.session.refresh(message)
    assert message.state == "pending"
    return message.due_at.astimezone(UTC)
