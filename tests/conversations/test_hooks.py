from datetime import timedelta
from typing import Any

import pytest

from aftercare.audit import trail
from aftercare.consent import ledger
from aftercare.conversations import incoming
from aftercare.core.db import db, transaction
from aftercare.messaging import inbox
from aftercare.messaging.models import CarrierEvent, InboundText, Message
from aftercare.people import organisations
from tests.carrier_asking import BASE, texting_by_twilio
from tests.carrier_wire import NUMBER, inbound_form, sign
from tests.factories import make_person
from tests.messaging.posting import only_message, post_text


@pytest.fixture
def carrier(app, client):
    with texting_by_twilio(app, client) as carrier:
        yield carrier


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
        ("/sms/inbound", {"NumMedia": "many"}),
        ("/sms/inbound", {"NumMedia": "-1"}),
        ("/sms/inbound", {"To": "+1303555\n0100"}),
        ("/sms/status", {"MessageStatus": ""}),
        ("/sms/status", {"MessageStatus": "delivered", "ErrorCode": "x"}),
    ],
)
def test_what_cannot_be_understood_is_turned_away(carrier, path, wrong):
    form = inbound_form("Hello", sender="+13035550100") | wrong

    assert carrier.post(path, form).status_code == 400
    assert (count(InboundText), count(CarrierEvent)) == (0, 0)


@pytest.mark.parametrize("path", ["/sms/status?m=1&a=1", "/sms/inbound"])
@pytest.mark.parametrize("signature", ["", "x" * 28, "forged", sign(BASE + "/sms/inbound", {}, "another-token")])
def test_turning_away_asks_the_database_nothing_whoever_is_named(carrier, statements, path, signature):
    known, unknown = (
        inbound_form("STOP", sender=number) | {"MessageStatus": "delivered"}
        for number in (make_person().phone, "+13035559999")
    )
    answers: list[Any] = []

    asked = statements(
        lambda: answers.extend(carrier.post(path, form, signature=signature) for form in (known, unknown))
    )

    assert asked == 0
    assert [(each.status_code, each.data) for each in answers] == [(403, b"")] * 2


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"json": {"MessageSid": "SM1"}}, "application/json"),
        ({"data": b"\xff\xfe%%%&&&===", "content_type": "application/x-www-form-urlencoded"}, "bytes"),
        ({"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"}, "multipart"),
        ({"data": {f"f{n}": "1" for n in range(2000)}}, "many fields"),
        ({}, "nothing"),
    ],
)
def test_what_is_no_form_of_the_carrier_is_turned_away(carrier, sent, kind):
    headers = {"X-Twilio-Signature": sign(BASE + "/sms/inbound", {}, "another-token")}

    answer = carrier.client.post("/sms/inbound", headers=headers, **sent)

    assert (answer.status_code, answer.data) == (403, b""), kind
    assert count(InboundText) == 0


def test_what_is_too_large_and_unsigned_is_not_even_read(carrier):
    form = inbound_form("x" * 70_000, sender="+13035550100")

    assert carrier.post("/sms/inbound", form, signature="").status_code == 403


def test_a_repeated_request_changes_nothing_though_its_words_now_mean_more(carrier, monday, hold):
    ana = make_person()
    form = inbound_form("START", sender=ana.phone, sid="SM" + "7" * 32)
    carrier.post("/sms/inbound", form)
    hold(monday + timedelta(minutes=1))
    carrier.post("/sms/inbound", inbound_form("STOP", sender=ana.phone))
    hold(monday + timedelta(minutes=2))

    assert carrier.post("/sms/inbound", form).status_code == 200

    db.session.rollback()
    assert not ledger.allows_texts(ana)
    assert count(InboundText) == 2


def test_a_flood_of_forged_requests_is_one_line_in_the_log_and_names_nobody(carrier, capsys):
    for _ in range(20):
        carrier.post("/sms/inbound", inbound_form("STOP", sender="+13035550100"), signature="forged")

    said = capsys.readouterr()
    assert (said.out + said.err).count("hook_refused") <= 1
    assert "3035550100" not in said.out + said.err


def test_the_carriers_time_and_the_count_of_pictures_are_kept_and_no_picture_is_asked_for(carrier, monday):
    more = {"DateSent": "Mon, 02 Nov 2026 16:59:30 +0000", "NumMedia": "2", "MediaUrl0": "https://api.twilio.com/p.jpg"}

    carrier.post("/sms/inbound", inbound_form("", sender="+13035550100", **more))

    db.session.rollback()
    kept = db.session.scalars(db.select(InboundText)).one()
    assert (kept.sent_at, kept.media_count) == (monday - timedelta(seconds=30), 2)
    assert "p.jpg" not in str({column.name: getattr(kept, column.name) for column in InboundText.__table__.columns})


@pytest.mark.parametrize("field", ["Timestamp", "DateCreated"])
@pytest.mark.parametrize("time", ["yesterday", "", "0"])
def test_a_time_that_cannot_be_read_is_passed_over(carrier, monday, field, time):
    assert carrier.post("/sms/inbound", inbound_form("hi", sender="+13035550100", **{field: time})).status_code == 200

    db.session.rollback()
    assert db.session.scalars(db.select(InboundText.sent_at)).one() is None


def test_a_text_is_kept_once_and_answered_through_the_outbox(carrier, monday):
    form = inbound_form("AYUDA", sender=make_person().phone)

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


def test_a_text_whose_reading_fails_is_kept_for_later_and_nothing_half_done(carrier, monday):
    ana = make_person()
    clinic = organisations.get_organisation(ana.organisation_id)
    set_zone(clinic, "Nowhere/Never")

    answer = carrier.post("/sms/inbound", inbound_form("Stop texting me", sender=ana.phone))

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


def count(model):
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(model))
