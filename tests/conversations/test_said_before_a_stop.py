"""What was said, or was on its way, before a STOP: nothing of it goes out or counts after the STOP."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from aftercare.consent import ledger
from aftercare.conversations import agreement, subscriptions
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import callbacks, fitness, rows
from aftercare.messaging.models import Message
from aftercare.messaging.senders import Sender
from aftercare.people import accounts
from tests.conversations.texting import ask, kinds, pending, reach, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person
from tests.messaging.posting import post_text

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic, monday, hold):
    ana = make_person(clinic)
    hold(monday + MINUTE)
    return ana


def again(person):
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def leave(message):
    """Let the carrier have a text."""
    sent = {"state": "sent", "sid": "SMx", "carrier_rank": 3, "attempts": 1, "claimed_at": clock.now()}
    with transaction():
        db.session.execute(update(Message).where(Message.id == message.id).values(**sent, sent_at=clock.now()))


def fail(message_id):
    """Let the carrier say of it that the phone is off: a trouble that passes."""
    with transaction():
        row = db.session.scalars(select(Message).where(Message.id == message_id)).one()
        callbacks.take_status(
            "SMx", "undelivered", error_code=30003, reference=rows.reference_of(row), attempt=1,
            sender=Sender("simulator"),
        )  # fmt: skip


def reason(message_id):
    """Say why a text may not go now; None if it may."""
    db.session.rollback()
    row = db.session.scalars(select(Message).where(Message.id == message_id)).one()
    verdict = fitness.judge([row], fitness.nothing_unwanted, now=clock.now()).get(message_id)
    return (verdict.state, verdict.reason) if verdict else None


def test_an_answer_that_did_not_arrive_is_not_tried_again_after_a_stop(ana, hold, monday):
    (said,) = text(ana, "NEXT")
    said_id = said.id
    leave(said)
    hold(monday + 2 * MINUTE)
    text(ana, "STOP")
    fail(said_id)

    assert reason(said_id) == ("cancelled", "stopped")


def test_an_answer_that_did_not_arrive_is_tried_again_if_nobody_stopped(ana):
    (said,) = text(ana, "NEXT")
    said_id = said.id
    leave(said)
    fail(said_id)

    assert [(m.id, m.state) for m in pending()] == [(said_id, "pending")]
    assert reason(said_id) is None


@pytest.mark.parametrize("kind", ["stop", "start", "help", "crisis", "signin_code", "number_code", "number_start"])
def test_what_somebody_asks_for_after_a_stop_still_goes(ana, kind):
    text(ana, "STOP")

    assert reason(post_text(ana, kind=kind, needs_consent=False).id) is None


def test_on_a_shared_phone_a_stop_takes_back_what_was_said_to_nobody_in_particular(ana, clinic):
    make_person(clinic, name="Ben Ho", phone=ana.phone)
    assert kinds(ana, "NEXT") == ["who"]
    assert kinds(ana, "HELP") == ["help"]

    text(ana, "STOP")

    assert [(m.kind, m.person_id) for m in pending()] == [("stop", None)]


def test_on_a_shared_phone_a_stop_recalls_what_is_being_sent_to_nobody_in_particular(ana, clinic):
    make_person(clinic, name="Ben Ho", phone=ana.phone)
    (said,) = text(ana, "NEXT")
    said_id = said.id
    with transaction():
        db.session.execute(update(Message).where(Message.id == said_id).values(state="sending"))

    text(ana, "STOP")

    assert db.session.scalars(select(Message.recalled).where(Message.id == said_id)).one()


def test_what_was_said_to_nobody_in_particular_and_did_not_arrive_is_not_tried_again(ana, clinic):
    make_person(clinic, name="Ben Ho", phone=ana.phone)
    (said,) = text(ana, "NEXT")
    said_id = said.id
    leave(said)
    text(ana, "STOP")
    fail(said_id)

    assert [m.kind for m in pending()] == ["stop"]


@pytest.mark.parametrize("word", ["YES", "START"])
def test_a_yes_that_was_said_before_a_stop_and_is_read_after_it_brings_nothing_back(ana, clinic, hold, monday, word):
    ask(ana, make_occurrence(make_meeting(clinic)))
    said_at = clock.now()
    hold(monday + 2 * MINUTE)
    text(ana, "STOP")
    hold(monday + 3 * MINUTE)

    assert kinds(ana, word, sent_at=said_at) == ["help"]
    assert not ledger.allows_texts(again(ana))

    assert kinds(ana, word, sent_at=clock.now()) == ["start"]
    assert ledger.allows_texts(again(ana))


def on_the_page(person, _by):
    agreement.stop(again(person))


def by_word_to_staff(person, by):
    agreement.stop_for(again(person), by=by.id)


STOPS = pytest.mark.parametrize("stop", [on_the_page, by_word_to_staff], ids=lambda stop: stop.__name__)


@STOPS
def test_a_yes_to_an_old_reminder_does_not_undo_a_stop_in_another_way_but_start_does(ana, clinic, hold, monday, stop):
    ask(ana, make_occurrence(make_meeting(clinic)))
    with transaction():
        stop(ana, make_person(clinic, role="counsellor"))
    hold(monday + 2 * MINUTE)

    assert "start" not in kinds(ana, "YES")
    assert not ledger.allows_texts(again(ana))

    assert kinds(ana, "START") == ["start"]
    assert ledger.allows_texts(again(ana))


@STOPS
def test_a_yes_to_an_old_invitation_does_not_undo_a_stop_in_another_way(clinic, hold, monday, stop):
    new, by = make_person(clinic, agrees_to_texts=False), make_person(clinic, role="counsellor")
    with transaction():
        reach(subscriptions.invite(again(new), way="paper", recorded_by=by.id))
    hold(monday + 2 * MINUTE)
    with transaction():
        stop(new, by)
    hold(monday + 3 * MINUTE)

    assert "welcome" not in kinds(new, "Y")
    assert not ledger.allows_texts(again(new))


@pytest.mark.parametrize(("hours", "said"), [(0, ["stop"]), (12, [])], ids=["by day", "at night"])
def test_a_stop_told_to_staff_is_confirmed_by_day_and_never_in_the_night(ana, clinic, hold, monday, hours, said):
    hold(monday + timedelta(hours=hours))  # ten in the morning, ten at night in Denver
    with transaction():
        by_word_to_staff(ana, make_person(clinic, role="counsellor"))

    assert [m.kind for m in pending()] == said
    assert not ledger.allows_texts(again(ana))


def test_a_stop_by_text_is_confirmed_at_any_hour(ana, hold, monday):
    hold(monday + timedelta(hours=12))

    assert kinds(ana, "STOP") == ["stop"]
