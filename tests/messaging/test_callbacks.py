from datetime import timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.messaging import claims, results, senders
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import CarrierUnsure, Sent
from aftercare.messaging.models import CarrierEvent
from aftercare.messaging.results import Outcome
from tests.carrier_asking import BASE, SID, texting_by_twilio
from tests.carrier_wire import SERVICE
from tests.factories import make_person
from tests.messaging.posting import only_message, post_text

SENDER = senders.Sender(SERVICE)


@pytest.fixture
def carrier(app, client):
    with texting_by_twilio(app, client) as carrier:
        yield carrier


def sending(person, **given):
    """Post a text and claim it: the carrier has it in hand."""
    message = post_text(person, **given)
    with transaction():
        (claimed,) = claims.claim([person.organisation_id], 1, by=worker()).texts
    return message, claimed


def record(claimed, answer):
    with transaction():
        results.record([Outcome(claimed, answer)], SENDER)


def test_what_became_of_a_text_is_taken_from_the_carrier(carrier, monday):
    message, claimed = sending(make_person())
    record(claimed, Sent(SID, "accepted"))

    answers = [carrier.tell(message, status).status_code for status in ("queued", "sent", "delivered")]

    assert answers == [204, 204, 204]
    assert (only_message().state, only_message().sid) == ("delivered", SID)


def test_statuses_in_any_order_and_twice_only_ever_raise(carrier, monday):
    message, claimed = sending(make_person())
    record(claimed, Sent(SID, "accepted"))

    for status in ("delivered", "queued", "sent", "delivered", "sending", "queued"):
        assert carrier.tell(message, status).status_code == 204

    assert only_message().state == "delivered"
    assert count(CarrierEvent) == 4


def test_a_status_may_come_before_the_answer_to_our_call(carrier, monday):
    message, claimed = sending(make_person())

    carrier.tell(message, "sent")
    record(claimed, Sent(SID, "accepted"))

    assert (only_message().state, only_message().sid, only_message().sent_at) == ("sent", SID, monday)


def test_a_status_settles_what_was_in_doubt(carrier, monday):
    message, claimed = sending(make_person())
    record(claimed, CarrierUnsure("ReadTimeout"))

    carrier.tell(message, "queued")

    assert (only_message().state, only_message().sid) == ("accepted", SID)


def test_a_status_keeps_a_text_from_going_again_that_seemed_lost(carrier, monday):
    message, _ = sending(make_person())
    with transaction():
        message.state = "pending"

    carrier.tell(message, "delivered")

    assert only_message().state == "delivered"


def test_a_status_of_an_earlier_try_changes_nothing(carrier, monday):
    message, _ = sending(make_person())

    carrier.tell(message, "delivered", attempt=7)

    assert (only_message().state, count(CarrierEvent)) == ("sending", 1)


def test_a_status_of_a_text_that_we_do_not_know_is_kept(carrier, monday):
    message, _ = sending(make_person())
    with transaction():
        db.session.delete(message)

    assert carrier.tell(message, "delivered").status_code == 204
    assert count(CarrierEvent) == 1


def test_a_handset_that_was_off_is_tried_once_more(carrier, monday, hold):
    message, claimed = sending(make_person())
    record(claimed, Sent(SID, "accepted"))
    carrier.tell(message, "undelivered", code=30003)

    waiting = only_message()
    assert waiting.state == "pending"
    assert monday + timedelta(minutes=10) <= waiting.due_at <= monday + timedelta(minutes=20)

    hold(waiting.due_at)
    with transaction():
        (again,) = claims.claim([message.organisation_id], 1, by=worker()).texts
    record(again, Sent("SM2", "accepted"))
    carrier.tell(message, "sent", attempt=1)
    carrier.tell(message, "undelivered", sid="SM2", attempt=2, code=30003)

    assert (only_message().state, only_message().attempts) == ("undelivered", 2)


def worker():
    return claims.Worker("worker", SENDER, BASE, nothing_unwanted)


def test_a_number_that_is_no_mobile_is_frozen(carrier, monday):
    ana = make_person()
    message, claimed = sending(ana)
    record(claimed, Sent(SID, "accepted"))

    carrier.tell(message, "undelivered", code=30006)

    db.session.refresh(ana)
    assert (only_message().state, ana.phone_frozen_at) == ("undelivered", monday)


def test_an_unregistered_sender_is_stopped(carrier, monday):
    message, claimed = sending(make_person())
    record(claimed, Sent(SID, "accepted"))

    carrier.tell(message, "undelivered", code=30034)

    with transaction(reading=True):
        assert senders.may_try(SENDER, 5, now=monday) == 0


def count(model):
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(model))
