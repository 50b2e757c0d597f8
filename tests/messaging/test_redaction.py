from datetime import timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.messaging import inbox, redaction
from aftercare.messaging.models import READABLE, UNREDACTED, UNREDACTED_IN, InboundText, Message, SimulatedText
from tests.carrier import FakeCarrier
from tests.factories import make_organisation, make_person
from tests.messaging.posting import only_message, post_text, post_together, text_for
from tests.messaging.test_recall import plan
from tests.messaging.through_twilio import BODY, text_to, twilio_at

OLD = timedelta(days=30, seconds=1)
FINAL = ["delivered", "undelivered", "failed", "cancelled", "expired", "accepted", "sent"]


@pytest.fixture
def carrier():
    with FakeCarrier() as carrier:
        yield carrier


def erase(organisation_id):
    db.session.rollback()
    redaction.erase_all(organisation_id)
    redaction.erase_common()
    db.session.rollback()


def old_text(person, now, **given):
    return post_text(person, **{"created_at": now - OLD, "state": "delivered"} | given)


@pytest.mark.parametrize("state", FINAL)
def test_words_and_number_of_a_text_are_erased_after_thirty_days(app, monday, state):
    ana = make_person()
    old_text(ana, monday, state=state, sid="SM1", error_code=30003)

    erase(ana.organisation_id)

    message = only_message()
    assert (message.body_sealed, message.number_sealed) == (None, None)
    assert (message.state, message.sid, message.error_code) == (state, "SM1", 30003)


@pytest.mark.parametrize("state", ["pending", "sending", "unknown"])
def test_a_text_that_may_still_go_is_not_erased(app, monday, state):
    ana = make_person()
    old_text(ana, monday, state=state)

    erase(ana.organisation_id)

    assert only_message().body == BODY[:29]


def test_a_text_of_thirty_days_is_not_erased_yet(app, monday):
    ana = make_person()
    old_text(ana, monday, created_at=monday - timedelta(days=30))

    erase(ana.organisation_id)

    assert only_message().number == ana.phone


def test_the_texts_of_another_organisation_wait_for_their_own_turn(app, monday):
    old_text(make_person(), monday)

    with transaction():
        assert redaction.erase_messages(make_organisation().id) == 0


def test_texts_that_came_in_are_erased_after_thirty_days(app, monday, hold):
    take_in("SM1", "I feel better")
    hold(monday + OLD)
    take_in("SM2", "Y")

    erase(make_organisation().id)

    texts = db.session.scalars(db.select(InboundText).order_by(InboundText.sid)).all()
    assert [(text.body, text.number) for text in texts] == [("", ""), ("Y", "+13035550100")]


def test_simulated_texts_are_erased_after_thirty_days(app, monday):
    with transaction():
        db.session.add(
            SimulatedText(sid="SM1", message_ref="1", number="+13035550100", body=BODY, created_at=monday - OLD)
        )

    erase(make_organisation().id)

    (text,) = db.session.scalars(db.select(SimulatedText)).all()
    assert (text.body_sealed, text.number_sealed) == (None, None)


def test_many_texts_are_erased_some_at_a_time_and_all_in_the_end(app, monday):
    ana = make_person()
    old = {"created_at": monday - OLD, "state": "delivered"}
    post_together(*(text_for(ana, **old) for _ in range(redaction.AT_ONCE + 1)))
    with transaction():
        assert redaction.erase_messages(ana.organisation_id) == redaction.AT_ONCE

    erase(ana.organisation_id)

    assert {message.body for message in db.session.scalars(db.select(Message))} == {""}


def test_the_carrier_forgets_what_was_erased_here_once(app, monday, carrier):
    ana = make_person()
    sent = send(carrier, ana.phone)
    old_text(ana, monday, sid=sent)
    erase(ana.organisation_id)

    assert [redact(carrier, ana.organisation_id) for _ in range(2)] == [1, 0]

    assert (carrier.sent[0].body, carrier.redacted, only_message().redacted_at) == ("", [sent], monday)


def test_nothing_is_forgotten_at_the_carrier_that_is_not_erased_here(app, monday, carrier):
    ana = make_person()
    post_text(ana, state="delivered", sid=send(carrier, ana.phone))
    erase(ana.organisation_id)

    assert redact(carrier, ana.organisation_id) == 0
    assert carrier.bodies() == [BODY]


def test_the_carrier_forgets_texts_that_came_in(app, monday, hold, carrier):
    take_in("SM1", "I feel better")
    carrier.received["SM1"] = "I feel better"
    hold(monday + OLD)
    erase(make_organisation().id)

    assert [redact(carrier, None) for _ in range(2)] == [1, 0]
    assert carrier.received == {"SM1": ""}


def test_a_text_that_the_carrier_has_not_any_more_counts_as_forgotten(app, monday, carrier):
    ana = make_person()
    old_text(ana, monday, sid="SM404")
    erase(ana.organisation_id)

    assert redact(carrier, ana.organisation_id) == 1


@pytest.mark.parametrize("fault", ["record:500", "record:429:5", "record:reset", "record:garbage", "record:code:20003"])
def test_a_carrier_that_cannot_be_asked_is_asked_again_in_the_next_round(app, monday, carrier, fault):
    ana = make_person()
    for _ in range(2):
        old_text(ana, monday, sid=send(carrier, ana.phone))
    erase(ana.organisation_id)
    carrier.next(fault)

    assert [redact(carrier, ana.organisation_id) for _ in range(2)] == [0, 2]
    assert carrier.bodies() == ["", ""]


def test_a_text_that_the_carrier_will_not_forget_keeps_no_other_and_is_asked_for_tomorrow(app, monday, hold, carrier):
    ana = make_person()
    for _ in range(2):
        old_text(ana, monday, sid=send(carrier, ana.phone))
    erase(ana.organisation_id)
    carrier.next("record:code:20009")

    assert [redact(carrier, ana.organisation_id) for _ in range(2)] == [1, 0]
    hold(monday + timedelta(days=1, seconds=1))
    assert redact(carrier, ana.organisation_id) == 1


@pytest.mark.parametrize(
    ("table", "where", "index"),
    [
        (Message, READABLE, "ix_messages_readable"),
        (Message, UNREDACTED, "ix_messages_unredacted"),
        (InboundText, READABLE, "ix_inbound_texts_readable"),
        (InboundText, UNREDACTED_IN, "ix_inbound_texts_unredacted"),
        (SimulatedText, READABLE, "ix_simulated_texts_readable"),
    ],
)
def test_what_is_erased_is_never_looked_at_again(app, monday, table, where, index):
    at = InboundText.received_at if table is InboundText else table.created_at
    mine = (Message.organisation_id == make_organisation().id,) if table is Message else ()

    assert index in plan(db.select(table.id).where(*mine, where, at < monday).order_by(at).limit(9))


def take_in(sid, body):
    with transaction():
        inbox.take_in(sid, sender="+13035550100", to="+15035550111", body=body)


def send(carrier, to):
    return twilio_at(carrier.url).send(text_to(to)).sid


def redact(carrier, organisation_id):
    db.session.rollback()
    done = redaction.redact_at_carrier(twilio_at(carrier.url), organisation_id)
    db.session.rollback()
    return done
