from dataclasses import replace
from datetime import timedelta

import pytest

from aftercare import config
from aftercare.audit import trail
from aftercare.consent import ledger
from aftercare.conversations import incoming
from aftercare.core.db import db, transaction
from aftercare.messaging import claims, inbox, results, senders
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import CarrierUnsure, Sent
from aftercare.messaging.models import CarrierEvent, InboundText, Message
from aftercare.messaging.results import Outcome
from aftercare.messaging.rows import reference_of
from aftercare.people import organisations
from tests.carrier_wire import ACCOUNT, NUMBER, SERVICE, TOKEN, inbound_form, sign
from tests.factories import make_person
from tests.messaging.posting import only_message, post_text

BASE = "https://meet.example.org"
SID = "SM" + "1" * 32
SENDER = senders.Sender(SERVICE)


@pytest.fixture
def carrier(app, client):
    """Let the carrier of an installation that texts through Twilio ask us."""
    before = app.extensions[config.EXTENSION]
    app.extensions[config.EXTENSION] = replace(
        before,
        sms="twilio",
        base_url=BASE,
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=(TOKEN, "the-next-token"),
        twilio_messaging_service_sid=SERVICE,
    )
    yield Asking(client)
    app.extensions[config.EXTENSION] = before


class Asking:
    """A carrier that posts signed forms to us."""

    def __init__(self, client):
        self.client = client

    def post(self, path, form, *, token=TOKEN, signature=None, **given):
        headers = {"X-Twilio-Signature": sign(BASE + path, form, token) if signature is None else signature}
        return self.client.post(path, data=form, headers=headers, **given)

    def tell(self, message, status, *, sid=SID, attempt=1, code=None, **given):
        form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": ACCOUNT}
        return self.post(status_path(message, attempt), form | ({"ErrorCode": str(code)} if code else {}), **given)


def status_path(message, attempt=1):
    return f"/sms/status?m={reference_of(message)}&a={attempt}"


def sending(person, **given):
    """Post a text and claim it: the carrier has it in hand."""
    message = post_text(person, **given)
    with transaction():
        worker = claims.Worker("worker", SENDER, BASE, nothing_unwanted)
        (claimed,) = claims.claim([person.organisation_id], 1, by=worker).texts
    return message, claimed


def record(claimed, answer):
    with transaction():
        results.record([Outcome(claimed, answer)], SENDER)


def count(model):
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(model))


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


@pytest.mark.parametrize("path", ["/sms/status?m=1&a=1", "/sms/inbound"])
@pytest.mark.parametrize("signature", ["", "forged", sign(BASE + "/sms/inbound", {}, "another-token")])
def test_what_the_carrier_did_not_sign_is_turned_away_and_nothing_is_kept(carrier, path, signature):
    form = inbound_form("STOP", sender=make_person().phone) | {"MessageStatus": "delivered"}

    answer = carrier.post(path, form, signature=signature)

    assert (answer.status_code, answer.data) == (403, b"")
    assert (count(InboundText), count(CarrierEvent)) == (0, 0)


def test_a_signature_for_another_text_is_turned_away(carrier):
    form = inbound_form("Y", sender="+13035550100")
    signature = sign(BASE + "/sms/inbound", form)

    assert carrier.post("/sms/inbound", form | {"Body": "STOP"}, signature=signature).status_code == 403


def test_the_address_is_ours_whatever_the_request_says(carrier):
    form = inbound_form("Hello", sender="+13035550100")

    answer = carrier.post("/sms/inbound", form, base_url="http://10.0.0.7:8000")

    assert answer.status_code == 200


def test_both_tokens_hold_while_one_is_changed(carrier):
    form = inbound_form("Hello", sender="+13035550100")

    assert carrier.post("/sms/inbound", form, token="the-next-token").status_code == 200


def test_without_a_carrier_nobody_is_believed(app, client):
    form = inbound_form("Hello", sender="+13035550100")
    signature = sign("http://localhost/sms/inbound", form, "")

    answer = client.post("/sms/inbound", data=form, headers={"X-Twilio-Signature": signature})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/sms/status", "/sms/inbound"])
def test_what_is_too_large_is_turned_away(carrier, path):
    assert carrier.post(path, inbound_form("x" * 70_000, sender="+13035550100")).status_code == 413
    assert count(InboundText) == 0


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/sms/inbound", {"MessageSid": ""}),
        ("/sms/inbound", {"MessageSid": "SM1\x00"}),
        ("/sms/inbound", {"From": "somebody"}),
        ("/sms/inbound", {"OptOutType": "1; DROP"}),
        ("/sms/status", {"MessageStatus": ""}),
        ("/sms/status", {"MessageStatus": "delivered", "ErrorCode": "x"}),
    ],
)
def test_what_cannot_be_understood_is_turned_away(carrier, path, wrong):
    form = inbound_form("Hello", sender="+13035550100") | wrong

    assert carrier.post(path, form).status_code == 400
    assert (count(InboundText), count(CarrierEvent)) == (0, 0)


def test_a_text_is_kept_once_and_answered_through_the_outbox(carrier, monday):
    form = inbound_form("HELP", sender=make_person().phone)

    first, second = carrier.post("/sms/inbound", form), carrier.post("/sms/inbound", form)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content_type == "text/xml; charset=utf-8"
    assert first.data.decode().endswith("<Response/>")
    assert (count(InboundText), count(Message)) == (1, 1)
    assert only_message().kind == "help"


def test_stop_holds_at_once(carrier, monday):
    ana = make_person()
    post_text(ana, due_at=monday + timedelta(hours=1))

    carrier.post("/sms/inbound", inbound_form("Stop texting me", sender=ana.phone))

    db.session.rollback()
    assert not ledger.allows_texts(ana)
    assert db.session.scalar(db.select(Message.state).where(Message.kind == "reminder")) == "cancelled"


def test_what_the_carrier_has_answered_we_do_not_answer_again(carrier, monday):
    ana = make_person()

    carrier.post("/sms/inbound", inbound_form("STOP", sender=ana.phone, OptOutType="STOP"))

    db.session.rollback()
    assert not ledger.allows_texts(ana)
    assert count(Message) == 0


def test_where_a_text_was_sent_from_is_not_kept(carrier, monday):
    carrier.post("/sms/inbound", inbound_form("Hello", sender="+13035550100"))

    db.session.rollback()
    kept = db.session.scalars(db.select(InboundText)).one()
    stored = " ".join(str(getattr(kept, column.name)) for column in InboundText.__table__.columns)
    assert "PORTLAND" not in stored
    assert "97201" not in stored
    assert (kept.number, kept.body, kept.sent_to) == ("+13035550100", "Hello", NUMBER)


def test_a_text_that_could_not_be_read_is_read_again(app, monday):
    ana = make_person()
    with transaction():
        kept = inbox.take_in("SM9", sender=ana.phone, to=NUMBER, body="HELP")
        assert kept is not None
    (unread,) = inbox.find_unread()

    for _ in range(2):
        with transaction():
            incoming.read_again(unread)

    assert inbox.find_unread() == []
    assert only_message().kind == "help"


def test_a_text_whose_reading_fails_is_kept_for_later_and_nothing_half_done(carrier, monday):
    ana = make_person()
    clinic = organisations.get_organisation(ana.organisation_id)
    set_zone(clinic, "Nowhere/Never")

    answer = carrier.post("/sms/inbound", inbound_form("STOP", sender=ana.phone))

    db.session.rollback()
    assert answer.status_code == 200
    assert ledger.allows_texts(ana)
    assert trail.verify(clinic.id) == (0, None)
    set_zone(clinic, ana.zone)
    (unread,) = inbox.find_unread()
    with transaction():
        incoming.read_again(unread)
    assert not ledger.allows_texts(ana)


def set_zone(clinic, zone):
    with transaction():
        clinic.zone = zone
