from datetime import timedelta

import pytest

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import confirmation
from aftercare.messaging.models import Message
from aftercare.people import accounts
from tests.carrier import FakeCarrier
from tests.carrier_wire import NUMBER
from tests.factories import make_person
from tests.messaging.posting import SENDER, delivery, only_message, post_text, states
from tests.messaging.through_twilio import twilio_at


@pytest.fixture
def carrier():
    with FakeCarrier() as carrier:
        yield carrier


@pytest.fixture
def ana(app, monday):
    return make_person()


def send(app, carrier, person):
    message = post_text(person)
    delivery(app, twilio_at(carrier.url)).drain()
    return message


def ask(carrier, person):
    db.session.rollback()
    return confirmation.confirm(twilio_at(carrier.url), person.organisation_id, sender=SENDER)


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [("delivered", None, "delivered"), ("undelivered", 30005, "undelivered"), ("sent", None, "sent")],
)
def test_a_text_whose_callback_was_lost_becomes_what_the_carrier_says(app, carrier, ana, hold, status, code, state):
    send(app, carrier, ana)
    carrier.sent[0].status, carrier.sent[0].error_code = status, code
    hold(clock.now() + timedelta(hours=2))

    assert ask(carrier, ana) == 1

    assert (only_message().state, only_message().error_code) == (state, code)


def test_a_number_that_turns_out_dead_is_frozen(app, carrier, ana, hold):
    send(app, carrier, ana)
    carrier.sent[0].status, carrier.sent[0].error_code = "undelivered", 30005
    hold(clock.now() + timedelta(hours=2))

    ask(carrier, ana)

    db.session.rollback()
    assert accounts.get_person(ana.organisation_id, ana.id).phone_frozen_at is not None


@pytest.mark.parametrize(("later", "asked"), [(timedelta(minutes=59), 0), (timedelta(days=3, minutes=1), 0)])
def test_what_may_still_be_told_and_what_nobody_waits_for_is_not_asked(app, carrier, ana, hold, later, asked):
    send(app, carrier, ana)
    carrier.sent[0].status = "delivered"
    hold(clock.now() + later)

    assert ask(carrier, ana) == asked

    assert states() == ["accepted"]


def test_each_text_is_asked_for_once_a_day(app, carrier, ana, hold):
    send(app, carrier, ana)
    hold(clock.now() + timedelta(hours=2))

    assert [ask(carrier, ana), ask(carrier, ana)] == [1, 0]
    hold(clock.now() + timedelta(hours=25))
    assert ask(carrier, ana) == 1


@pytest.mark.parametrize("trouble", ["record:500", "record:429", "record:401"])
def test_a_carrier_that_cannot_be_asked_is_left_alone_until_tomorrow(app, carrier, ana, hold, trouble):
    for _ in range(2):
        send(app, carrier, ana)
    for text in carrier.sent:
        text.status = "delivered"
    hold(clock.now() + timedelta(hours=2))
    carrier.next(trouble)

    assert [ask(carrier, ana), ask(carrier, ana)] == [0, 0]
    hold(clock.now() + timedelta(hours=25))
    assert ask(carrier, ana) == 2
    assert states() == ["delivered"] * 2


def test_a_text_that_the_carrier_does_not_know_keeps_nobody_else_waiting(app, carrier, ana, hold):
    for _ in range(2):
        send(app, carrier, ana)
    carrier.sent[1].status = "delivered"
    hold(clock.now() + timedelta(hours=2))
    with transaction():
        lost = db.session.scalars(db.select(Message).order_by(Message.id)).all()[0]
        lost.sid = "SM" + "0" * 32

    assert ask(carrier, ana) == 1
    assert states() == ["accepted", "delivered"]


def test_texts_of_another_organisation_are_not_asked_for(app, carrier, ana, hold):
    send(app, carrier, ana)
    hold(clock.now() + timedelta(hours=2))

    assert ask(carrier, make_person()) == 0
    assert carrier.sent[0].to == ana.phone != NUMBER
