"""What the carrier tells of a text before we know that the text is ours: kept for a day, then matched or dropped."""

import itertools
from datetime import timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.messaging import callbacks, claims, results, senders
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import Sent
from aftercare.messaging.models import TAKEN, CarrierEvent, Message
from aftercare.messaging.results import Outcome
from aftercare.messaging.rows import reference_of
from tests.carrier_asking import BASE, SID
from tests.carrier_wire import SERVICE
from tests.factories import make_person
from tests.messaging.posting import only_message, post_text
from tests.messaging.test_recall import plan

SENDER = senders.Sender(SERVICE)
DAY = timedelta(days=1)
ORDERS = list(itertools.permutations(["queued", "sent", "delivered"]))


def tell(status, *, sid=SID, reference=None, attempt=None, code=None):
    with transaction():
        callbacks.take_status(sid, status, error_code=code, reference=reference, attempt=attempt, sender=SENDER)


def settle():
    """Do what the worker does every minute."""
    with transaction(reading=True):
        found = callbacks.find_unsettled()
    for (event_id,) in found:
        with transaction():
            callbacks.settle(event_id, sender=SENDER)
    return len(found)


def sent_text(**given):
    """Post a text that the carrier has taken; give what it takes to write that down."""
    person = make_person()
    message = post_text(person, **given)
    with transaction():
        (claimed,) = claims.claim([person.organisation_id], 1, by=worker()).texts
    return message, claimed


def worker():
    return claims.Worker("worker", SENDER, BASE, nothing_unwanted)


def record(claimed, sid=SID):
    with transaction():
        results.record([Outcome(claimed, Sent(sid, "accepted"))], SENDER)


def events():
    db.session.rollback()
    wanted = db.select(CarrierEvent.status, CarrierEvent.is_settled).order_by(CarrierEvent.status)
    return [tuple(row) for row in db.session.execute(wanted)]


def test_an_event_without_our_reference_is_matched_by_the_carriers_id(app, monday):
    _, claimed = sent_text()
    record(claimed)

    tell("delivered")

    assert (only_message().state, events()) == ("delivered", [("delivered", True)])


@pytest.mark.parametrize("order", ORDERS)
def test_events_that_come_before_the_carriers_id_is_written_down_are_matched_afterwards(app, monday, order):
    _, claimed = sent_text()
    for status in (*order, order[0]):
        tell(status)
    assert (settle(), only_message().state) == (0, "sending")

    record(claimed)

    assert settle() > 0
    assert (settle(), only_message().state) == (0, "delivered")


def test_matching_twice_changes_nothing(app, monday):
    _, claimed = sent_text()
    tell("undelivered", code=30003)
    record(claimed)
    with transaction(reading=True):
        ((event_id,),) = callbacks.find_unsettled()

    for _ in range(2):
        with transaction():
            callbacks.settle(event_id, sender=SENDER)

    assert (only_message().state, only_message().attempts) == ("pending", 1)


def test_an_event_that_nobody_knows_is_kept_for_a_day_and_dropped(app, monday, hold):
    tell("delivered", sid="SM9")
    hold(monday + DAY - timedelta(seconds=1))
    assert (settle(), events()) == (0, [("delivered", False)])

    hold(monday + DAY)

    assert (settle(), events()) == (1, [])


def test_an_event_is_matched_by_our_own_name_for_its_message_before_it_is_dropped(app, monday, hold):
    message, claimed = sent_text()
    record(claimed)
    reference, values = reference_of(message), {each.name: getattr(message, each.key) for each in columns()}
    with transaction():
        db.session.delete(message)
    tell("delivered", reference=reference, attempt=1)
    assert events() == [("delivered", False)]
    with transaction():
        db.session.execute(db.insert(Message).values(**values))

    hold(monday + DAY)
    settle()

    assert (only_message().state, events()) == ("delivered", [("delivered", True)])


def columns():
    return db.inspect(Message).columns


def test_an_event_of_a_message_that_we_know_is_settled_at_once(app, monday):
    message, claimed = sent_text()
    record(claimed)

    tell("queued", reference=reference_of(message), attempt=1)

    assert events() == [("queued", True)]


def test_settled_events_are_dropped_after_thirty_days(app, monday, hold):
    _, claimed = sent_text()
    record(claimed)
    tell("delivered")
    hold(monday + timedelta(days=30))
    assert drop() == 0

    hold(monday + timedelta(days=30, seconds=1))

    assert (drop(), events()) == (1, [])


def drop():
    with transaction():
        return callbacks.drop_old()


def test_looking_for_the_message_of_an_event_reads_an_index(app):
    assert "ix_messages_taken" in plan(db.select(Message.id).where(TAKEN, Message.sid == SID))
