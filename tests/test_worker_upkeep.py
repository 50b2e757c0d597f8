"""The rounds of a worker that keep texts flowing, and forget them in time."""

import signal
from datetime import timedelta

import pytest

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.jobs import Worker
from aftercare.messaging import senders
from aftercare.messaging.models import CarrierEvent, WorkerBeat
from aftercare.messaging.retries import Failure
from aftercare.messaging.senders import Sender
from aftercare.people import accounts
from aftercare.recovery.models import OutreachTask
from tests.carrier import FakeCarrier
from tests.carrier_wire import SERVICE
from tests.factories import make_person
from tests.messaging.posting import only_message, post_text, states
from tests.messaging.through_twilio import text_to, twilio_at
from tests.worker_process import environment, running, texting_through, wait_until

LONG_AGO = timedelta(days=31)


@pytest.fixture
def carrier():
    with FakeCarrier() as carrier:
        yield carrier


def run_once(app):
    db.session.rollback()
    assert Worker(app).run_once()
    db.session.rollback()


def signs():
    db.session.rollback()
    return db.session.scalars(db.select(WorkerBeat).execution_options(populate_existing=True)).all()


def kinds():
    return list(db.session.scalars(db.select(OutreachTask.kind)))


def test_a_worker_says_that_it_lives_and_that_it_stops(app):
    with running(environment(app)) as worker:
        wait_until(signs)
        assert [sign.stopped_at for sign in signs()] == [None]
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0

    assert all(sign.stopped_at for sign in signs())


def test_a_worker_that_is_killed_says_nothing(app):
    with running(environment(app)) as worker:
        wait_until(signs)
        worker.kill()
        worker.wait()

    assert [sign.stopped_at for sign in signs()] == [None]


def test_one_pass_leaves_a_sign_of_life(app):
    run_once(app)

    (sign,) = signs()
    assert sign.stopped_at is not None


def test_a_worker_that_starts_tries_a_sender_whose_set_up_may_have_been_mended(app, carrier):
    post_text(make_person())
    pause = clock.now() + timedelta(minutes=30)
    with transaction():
        senders.pause(Sender(SERVICE), pause, failure=Failure.CONFIGURATION, code=20003, now=clock.now())

    with texting_through(app, carrier) as worker:
        assert worker.run_once()

    assert states() == ["accepted"]


def test_events_of_nobodys_texts_and_old_ones_are_dropped(app):
    with transaction():
        for sid, age, is_settled in [("SM1", 2, False), ("SM2", 31, True), ("SM3", 2, True)]:
            at = clock.now() - timedelta(days=age)
            db.session.add(CarrierEvent(sid=sid, status="sent", error_code=0, is_settled=is_settled, at=at))

    run_once(app)

    assert list(db.session.scalars(db.select(CarrierEvent.sid))) == ["SM3"]


def test_staff_are_asked_about_a_number_that_turned_out_dead(app):
    ana = make_person()
    post_text(ana, state="failed", reason="recipient", claimed_at=clock.now())
    with transaction():
        accounts.freeze_phone(ana)

    run_once(app)

    assert kinds() == ["number"]


@pytest.mark.parametrize(("wanted", "body"), [(True, ""), (False, "Reminder: Tue Dec 1, 6:00 PM. ¿? & é")])
def test_old_texts_are_erased_here_and_if_wanted_at_the_carrier(app, carrier, wanted, body):
    ana = make_person()
    sid = twilio_at(carrier.url).send(text_to(ana.phone)).sid
    post_text(ana, state="delivered", sid=sid, created_at=clock.now() - LONG_AGO)

    with texting_through(app, carrier, redacts_at_carrier=wanted) as worker:
        assert worker.run_once()

    assert (only_message().body, carrier.sent[0].body) == ("", body)
    assert (only_message().redacted_at is not None) is wanted


def test_a_wrong_credential_holds_texts_back_loses_none_and_tells_admins_why(app, carrier):
    for _ in range(3):
        post_text(make_person())

    with texting_through(app, carrier, twilio_auth_tokens=("wrong",)) as worker:
        assert worker.run_once()
    assert (states(), carrier.sent) == (["pending"] * 3, [])
    with texting_through(app, carrier, twilio_auth_tokens=("wrong",)) as worker:
        assert worker.run_once()
    told = db.session.scalars(db.select(OutreachTask)).all()
    assert {(task.kind, task.facts["code"]) for task in told} == {("sender_paused", 20003)}

    with texting_through(app, carrier) as worker:
        assert worker.run_once()
        assert worker.run_once()

    assert states() == ["accepted"] * 3
    db.session.rollback()
    assert all(task.closed_at for task in db.session.scalars(db.select(OutreachTask)))
