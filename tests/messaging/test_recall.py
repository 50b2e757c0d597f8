"""What is wanted back while a worker has it in hand goes no more, if its call has not begun."""

import re
import threading
import uuid
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from aftercare.conversations import subscriptions
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import claims, outbox, results
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import CarrierRefused
from aftercare.messaging.models import WANTED_BACK, Message
from aftercare.messaging.results import Outcome
from aftercare.messaging.retries import Failure
from aftercare.people import accounts
from tests.factories import make_person
from tests.messaging.posting import SENDER, Carrier, delivery, only_message, post_text, states
from tests.worker_process import wait_until

DATE = uuid.UUID(int=7)


@contextmanager
def looks():
    """Note when a worker looks whether something is wanted back."""
    seen = threading.Event()

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT") and "messages.lease_owner =" in " ".join(statement.split()):
            seen.set()

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def during_the_first_call(app, deed):
    """Give a carrier whose first call takes as long as a deed, and until a worker has looked afterwards."""

    def answer(text):
        if text.body != "First":
            return
        with app.app_context(), looks() as seen:
            with transaction():
                deed()
            seen.clear()
            for _ in range(2):
                wait_until(seen.is_set)
                seen.clear()

    return Carrier(answer)


def send_two(app, ana, deed, **given):
    soon = clock.now() + timedelta(minutes=1)
    post_text(ana, body="First", useful_until=soon, **given)
    post_text(ana, body="Second", **given)
    carrier = during_the_first_call(app, deed)
    db.session.rollback()
    delivery(app, carrier, concurrency=1).drain()
    return carrier


def test_a_stop_calls_back_what_a_worker_has_not_begun_to_send(app, monday):
    ana = make_person()
    key = ana.organisation_id, ana.id

    carrier = send_two(app, ana, lambda: subscriptions.stop([accounts.get_person(*key)]))

    assert carrier.bodies == ["First"]
    assert states() == ["accepted", "cancelled"]
    assert reasons()[1] == outbox.STOPPED


def test_a_date_that_is_cancelled_calls_back_its_texts(app, monday):
    ana = make_person()
    clinic = ana.organisation_id

    def cancel():
        outbox.cancel(clinic, about=DATE, reason="date_cancelled")

    carrier = send_two(app, ana, cancel, occurrence_id=DATE)

    assert (carrier.bodies, states(), reasons()[1]) == (["First"], ["accepted", "cancelled"], "date_cancelled")


def test_help_in_danger_is_not_called_back(app, monday):
    ana = make_person()
    clinic, key = ana.organisation_id, ana.id

    def stop():
        outbox.cancel(clinic, person_id=key, reason=outbox.STOPPED)

    carrier = send_two(app, ana, stop, kind="crisis")

    assert carrier.bodies == ["First", "Second"]


def test_no_call_begins_once_a_text_is_useless(app, monday, hold):
    ana = make_person()
    carrier = send_two_the_second_too_late(app, ana, monday, hold)

    assert (carrier.bodies, states()) == (["First"], ["accepted", "expired"])


def send_two_the_second_too_late(app, ana, monday, hold):
    post_text(ana, body="First", useful_until=monday + timedelta(minutes=1))
    post_text(ana, body="Second", useful_until=monday + timedelta(minutes=2))
    carrier = Carrier(lambda text: hold(monday + timedelta(minutes=2)) if text.body == "First" else None)
    db.session.rollback()
    delivery(app, carrier, concurrency=1).drain()
    return carrier


@pytest.mark.parametrize("answer", [CarrierRefused(20429, Failure.NOT_PROCESSED, 5), None])
def test_what_was_called_back_is_never_tried_again(app, monday, hold, answer):
    ana = make_person()
    post_text(ana)
    worker = claims.Worker("test", SENDER, "", nothing_unwanted)
    with transaction():
        (claimed,) = claims.claim([ana.organisation_id], 1, by=worker).texts
    with transaction():
        outbox.cancel(ana.organisation_id, person_id=ana.id, reason="left_group")
    with transaction():
        results.record([Outcome(claimed, answer)], SENDER)
    hold(monday + timedelta(minutes=1))
    db.session.rollback()

    delivery(app, carrier := Carrier()).drain()

    assert (carrier.calls, only_message().state, only_message().reason) == (0, "cancelled", "left_group")


def test_looking_for_what_is_wanted_back_reads_an_index(app):
    wanted = db.select(Message.id).where(WANTED_BACK, Message.lease_owner == "me")

    # With few rows, PostgreSQL finds that of all texts in flight as cheap: both hold no more than workers hold in hand.
    assert {"ix_messages_wanted_back", "ix_messages_in_flight"} & set(re.findall(r"ix_\w+", plan(wanted)))


def plan(wanted):
    """Say how the database would read a query from a table that is large."""
    spelled = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
    with transaction(reading=True):
        if db.engine.dialect.name == "sqlite":
            return str(db.session.execute(db.text(f"EXPLAIN QUERY PLAN {spelled}")).all())
        # With few rows any short index is as cheap as the right one, and a sort costs nothing.
        for dear in ("seqscan", "sort", "bitmapscan"):
            db.session.execute(db.text(f"SET LOCAL enable_{dear} = off"))
        return str(db.session.execute(db.text(f"EXPLAIN {spelled}")).all())


def reasons():
    return list(db.session.scalars(db.select(Message.reason).order_by(Message.id)))
