import uuid
from datetime import UTC, datetime, timedelta

from aftercare.core.db import db, transaction
from aftercare.messaging import claims, reconciliation
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import OutgoingText
from aftercare.messaging.models import Message, SimulatedText
from aftercare.messaging.simulator import SimulatedCarrier
from tests.factories import make_person
from tests.messaging.posting import SENDER, delivery, grow_older, only_message, post_text, states


def taken():
    db.session.rollback()
    return db.session.scalars(db.select(SimulatedText).order_by(SimulatedText.order, SimulatedText.id)).all()


def test_what_is_sent_is_shown_and_recorded(app, monday):
    ana = make_person()
    message = post_text(ana, body="See you Tuesday.")
    db.session.rollback()

    delivery(app, SimulatedCarrier(app)).drain()

    (text,) = taken()
    assert (text.number, text.body, text.message_ref) == (ana.phone, "See you Tuesday.", str(message.id))
    assert (only_message().state, only_message().sid) == ("delivered", text.sid)


def test_a_text_stays_sent_when_the_worker_dies_before_writing_it_down(app, monday):
    ana = make_person()
    post_text(ana)
    carrier = SimulatedCarrier(app)
    with transaction():
        worker = claims.Worker("dying", SENDER, "", nothing_unwanted)
        (claimed,) = claims.claim([ana.organisation_id], 1, by=worker).texts

    carrier.send(claimed.text)
    grow_older(minutes=2)
    reconciliation.reconcile(carrier)

    assert (len(taken()), states()) == (1, ["delivered"])


def test_texts_of_a_number_are_kept_in_order_and_listed_newest_first(app, monday):
    ana = make_person()
    for body in ("One", "Two"):
        post_text(ana, body=body)
    db.session.rollback()
    carrier = SimulatedCarrier(app)

    delivery(app, carrier, concurrency=1).drain()

    first, second = [text.body for text in taken()]
    real_time = only_claimed_at()
    assert [copy.body for copy in carrier.sent_since(ana.phone, real_time)] == [second, first]
    assert carrier.sent_since(ana.phone, real_time + timedelta(minutes=1)) == []


def only_claimed_at():
    moment = db.session.scalar(db.select(db.func.min(Message.claimed_at)))
    db.session.rollback()
    return moment


def test_texts_taken_within_one_tick_of_the_clock_keep_their_order(app, monday):
    ana = make_person()
    carrier = SimulatedCarrier(app)
    for body in ("One", "Two", "Three"):
        carrier.send(OutgoingText(ana.phone, body, "", 60, uuid.uuid4()))
    tick = datetime(2026, 1, 1, tzinfo=UTC)
    db.session.rollback()  # What making a person has read would be older than what the carrier wrote.
    with transaction():
        db.session.execute(db.update(SimulatedText).values(order=int(tick.timestamp()) * 1_000_000))

    assert [copy.body for copy in carrier.sent_since(ana.phone, tick)] == ["Three", "Two", "One"]
