"""Delivery through twilio-python to a carrier that misbehaves, and its callbacks to our own doors, all over HTTP."""

import threading

import pytest
from werkzeug.serving import make_server

from aftercare.core.db import db
from aftercare.messaging import reconciliation
from aftercare.messaging.models import CarrierEvent
from tests.carrier import FakeCarrier
from tests.factories import make_organisation, make_person
from tests.messaging.posting import delivery, grow_older, only_message, post_text, states
from tests.messaging.through_twilio import twilio_at
from tests.worker_process import texting_through


@pytest.fixture
def carrier():
    with FakeCarrier() as carrier:
        yield carrier


def drain(app, carrier, fault=""):
    db.session.rollback()
    delivery(app, twilio_at(carrier.url, fault=fault)).drain()


def look_later(carrier):
    db.session.rollback()
    grow_older(minutes=2)
    reconciliation.reconcile(twilio_at(carrier.url))


def test_a_carrier_that_asks_to_wait_is_given_its_time(app, monday, hold, carrier):
    post_text(make_person())
    carrier.next("429:7")

    drain(app, carrier)
    hold(only_message().due_at)
    drain(app, carrier)

    assert (only_message().due_at - monday).total_seconds() == 7
    assert (len(carrier.asked), len(carrier.sent), states()) == (2, 1, ["accepted"])


@pytest.mark.parametrize("fault", ["accept+500", "accept+garbage", "accept+hang:3", "accept+reset"])
def test_a_text_whose_answer_is_lost_is_found_at_the_carrier(app, monday, carrier, fault):
    post_text(make_person())
    carrier.next(fault)

    drain(app, carrier, fault=fault)
    assert states() == ["unknown"]
    look_later(carrier)

    message = only_message()
    assert (message.state, message.sid) == ("accepted", carrier.sent[0].sid)
    assert len(carrier.asked) == 1


@pytest.mark.parametrize("fault", ["500", "garbage", "hang:3", "reset"])
def test_a_text_that_the_carrier_never_took_goes_again(app, monday, carrier, fault):
    post_text(make_person())
    carrier.next(fault)

    drain(app, carrier, fault=fault)
    for _ in range(2):
        look_later(carrier)
    drain(app, carrier)

    assert (len(carrier.asked), len(carrier.sent), states()) == (2, 1, ["accepted"])


def test_a_list_that_fails_leaves_all_in_doubt(app, monday, carrier):
    post_text(make_person())
    carrier.next("500", "list:500", "list:garbage", "list:429")

    drain(app, carrier)
    for _ in range(3):
        look_later(carrier)

    assert (states(), len(carrier.asked)) == (["unknown"], 1)


def test_one_bad_number_stops_none_of_a_batch(app, monday, carrier):
    clinic = make_organisation()
    post_text(make_person(clinic, phone="+15005550009"))
    post_text(make_person(clinic))

    drain(app, carrier)

    assert (states(), len(carrier.sent)) == (["failed", "accepted"], 1)


@pytest.mark.parametrize("manner", ["ordered", "shuffled doubled", "early shuffled"])
def test_every_text_ends_as_the_carrier_says_whatever_the_order_of_its_callbacks(app, monday, manner):
    people = [make_person() for _ in range(6)]
    for person in people:
        post_text(person)
    with FakeCarrier(callbacks=manner) as carrier, Web(app) as web:
        carrier.outcomes[people[0].phone] = ("undelivered", 30004)
        with texting_through(app, carrier, base_url=web.url, worker_concurrency=2) as worker:
            assert worker.run_once()
            carrier.settle()

    assert states() == ["undelivered"] + ["delivered"] * 5
    assert set(carrier.callback_answers) == {204}
    assert db.session.scalar(db.select(db.func.count()).select_from(CarrierEvent)) == 24


class Web:
    """The application as a web server."""

    def __init__(self, app):
        self.app = app
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
