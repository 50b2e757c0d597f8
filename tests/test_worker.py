"""Killed at any moment, the worker loses no text and sends none twice (messaging.md; twilio-and-rules.md 6)."""

import signal
import time
from collections import Counter
from datetime import timedelta

import pytest

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message, SimulatedText
from tests.carrier import FakeCarrier
from tests.factories import make_organisation, make_person
from tests.messaging.posting import grow_older, post_text, post_together, states, text_for
from tests.worker_process import environment, running, texting_through, wait_until


@pytest.fixture
def carrier():
    with FakeCarrier() as carrier:
        yield carrier


@pytest.fixture
def people():
    clinic = make_organisation()
    return [make_person(clinic) for _ in range(3)]


def post_many(people, count, *, first=0):
    texts = [text_for(people[n % len(people)], body=f"Text {first + n}") for n in range(count)]
    return [text.body for text in post_together(*texts)]


def recover(app, carrier):
    """Start again, three times, a good minute apart."""
    with texting_through(app, carrier) as worker:
        for _ in range(3):
            assert worker.run_once()
            db.session.rollback()
            grow_older(minutes=2)


def once_each(bodies):
    return Counter(dict.fromkeys(bodies, 1))


def test_killed_before_and_after_the_carrier_took_a_text_it_goes_out_once(app, people, carrier):
    bodies = post_many(people, 3)
    with running(environment(app, carrier, AFTERCARE_WORKER_CONCURRENCY="2")) as worker:
        wait_until(lambda: states() == ["accepted"] * 3)
        carrier.next("hang", "accept+hang")
        bodies += post_many(people, 9, first=3)
        wait_until(lambda: len(carrier.asked) == 5 and len(carrier.sent) == 4)
        worker.kill()
        worker.wait()
    assert Counter(states()) == {"accepted": 3, "sending": 9}

    recover(app, carrier)

    assert Counter(carrier.bodies()) == once_each(bodies)
    assert states() == ["accepted"] * 12


def test_killed_between_the_answer_and_writing_it_down_a_text_goes_out_once(app, database, people, carrier):
    bodies = post_many(people, 3)
    carrier.latency = 1.0
    with running(environment(app, carrier)) as worker:
        wait_until(lambda: len(carrier.asked) == 3)
        with transaction():
            db.session.execute(db.text("SELECT id FROM messages" + " FOR UPDATE" * (database == "postgresql")))
            wait_until(lambda: len(carrier.sent) == 3)
            time.sleep(0.5)
            worker.kill()
            worker.wait()
    assert states() == ["sending"] * 3

    carrier.latency = 0
    recover(app, carrier)

    assert Counter(carrier.bodies()) == once_each(bodies)
    assert states() == ["accepted"] * 3


def test_three_workers_on_one_database_send_nothing_twice(app, people, carrier):
    bodies = post_many(people, 400)
    carrier.latency = 0.5  # Slow until all three have texts in hand.
    settings = environment(app, carrier)

    with running(settings), running(settings), running(settings):
        wait_until(lambda: len(owners()) == 3)
        carrier.latency = 0
        wait_until(lambda: states() == ["accepted"] * 400)

    assert Counter(carrier.bodies()) == once_each(bodies)


def owners():
    """Name the workers in whose hands texts are."""
    db.session.rollback()
    return db.session.scalars(db.select(Message.lease_owner).where(Message.lease_owner.is_not(None)).distinct()).all()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_finishes_what_flies_and_gives_the_rest_back(app, people, carrier, sign):
    post_many(people, 20)
    carrier.latency = 1.5
    with running(environment(app, carrier, AFTERCARE_WORKER_CONCURRENCY="2")) as worker:
        wait_until(lambda: len(carrier.asked) == 2)
        worker.send_signal(sign)
        status = worker.wait(120)

    assert status == 0
    assert (len(carrier.asked), len(carrier.sent)) == (2, 2)
    assert Counter(states()) == {"accepted": 2, "pending": 18}
    waiting = db.session.scalars(db.select(Message).where(Message.state == "pending")).all()
    assert {(message.attempts, message.lease_owner) for message in waiting} == {(0, None)}


def test_asked_to_stop_it_does_not_wait_for_a_carrier_that_hangs(app, people, carrier):
    post_many(people, 1)
    carrier.hang_seconds = 600
    carrier.next("accept+hang")
    with running(environment(app, carrier)) as worker:
        wait_until(lambda: len(carrier.sent) == 1)
        worker.terminate()

        assert worker.wait(120) == 0

    assert states() == ["unknown"]
    recover(app, carrier)
    assert (len(carrier.sent), states()) == (1, ["accepted"])


def test_once_does_all_there_is_to_do_and_ends(app, people):
    post_many(people, 5)

    with running(environment(app), "--once") as worker:
        assert worker.wait(120) == 0

    assert states() == ["delivered"] * 5
    assert db.session.scalar(db.select(db.func.count()).select_from(SimulatedText)) == 5


def test_a_leap_of_the_demos_clock_is_noticed_at_once(app, people, tmp_path):
    offset = tmp_path / "clock"
    offset.write_text("0")
    post_text(people[0], due_at=clock.now() + timedelta(days=2), useful_until=clock.now() + timedelta(days=3))
    post_text(people[0])
    with running(environment(app, AFTERCARE_DEMO_CLOCK=str(offset))):
        wait_until(lambda: sorted(states()) == ["delivered", "pending"])
        moved_at = time.monotonic()
        offset.write_text(str(timedelta(days=2, minutes=1).total_seconds()))
        wait_until(lambda: states() == ["delivered"] * 2)

    assert time.monotonic() - moved_at < 30
