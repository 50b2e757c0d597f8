import logging
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aftercare import config
from aftercare.messaging.gateway import CarrierRefused, CarrierUnsure
from aftercare.messaging.retries import Failure
from aftercare.messaging.twilio import TwilioCarrier, carrier_from
from tests.carrier import FakeCarrier
from tests.carrier_wire import ACCOUNT, NUMBER, SERVICE, TOKEN
from tests.messaging.odd_server import odd_server, self_signed
from tests.messaging.through_twilio import ANA, BODY, CALLBACK, account_at, text_to, twilio_at


@pytest.fixture
def fake():
    with FakeCarrier() as carrier:
        yield carrier


def test_a_text_is_handed_over_as_twilio_wants_it(fake):
    sent = twilio_at(fake.url).send(text_to())

    assert (sent.sid, sent.status) == (fake.sent[0].sid, "accepted")
    assert fake.asked == [
        {
            "To": ANA,
            "Body": BODY,
            "MessagingServiceSid": SERVICE,
            "StatusCallback": CALLBACK,
            "ValidityPeriod": "600",
            "SmartEncoded": "true",
        }
    ]


def test_without_a_messaging_service_the_number_sends(fake):
    twilio = twilio_at(fake.url, messaging_service="", sender=NUMBER)

    assert twilio.send(text_to(callback="")).status == "queued"
    assert fake.asked == [{"To": ANA, "Body": BODY, "From": NUMBER, "ValidityPeriod": "600", "SmartEncoded": "true"}]


@pytest.mark.parametrize(("seconds", "period"), [(36_001, "36000"), (5, "5"), (0, "1"), (-7, "1")])
def test_a_text_is_valid_as_long_as_twilio_allows(fake, seconds, period):
    twilio_at(fake.url).send(text_to(valid_seconds=seconds))

    assert fake.sent[0].form["ValidityPeriod"] == period


@pytest.mark.parametrize(
    ("to", "code", "klass"),
    [
        ("+15005550001", 21211, Failure.RECIPIENT),
        ("+15005550002", 21612, Failure.RECIPIENT),
        ("+15005550003", 21408, Failure.RECIPIENT),
        ("+15005550004", 21610, Failure.OPTED_OUT),
        ("+15005550009", 21614, Failure.RECIPIENT),
    ],
)
def test_a_number_that_twilio_refuses_has_its_class(fake, to, code, klass):
    with pytest.raises(CarrierRefused) as refusal:
        twilio_at(fake.url).send(text_to(to))

    assert (refusal.value.code, refusal.value.klass) == (code, klass)
    assert fake.sent == []


@pytest.mark.parametrize(
    ("sender", "code", "klass"),
    [
        ("+15005550007", 21606, Failure.CONFIGURATION),
        ("+15005550008", 21611, Failure.NOT_PROCESSED),
        ("+15005550001", 21212, Failure.CONFIGURATION),
    ],
)
def test_a_sender_that_twilio_refuses_has_its_class(fake, sender, code, klass):
    with pytest.raises(CarrierRefused) as refusal:
        twilio_at(fake.url, messaging_service="", sender=sender).send(text_to())

    assert (refusal.value.code, refusal.value.klass) == (code, klass)


def test_a_wrong_token_is_our_configuration(fake):
    with pytest.raises(CarrierRefused) as refusal:
        twilio_at(fake.url, token="wrong").send(text_to())

    assert (refusal.value.code, refusal.value.klass) == (20003, Failure.CONFIGURATION)


@pytest.mark.parametrize(
    ("fault", "code", "klass", "retry_after"),
    [
        ("429:3", 20429, Failure.NOT_PROCESSED, 3.0),
        ("429", 20429, Failure.NOT_PROCESSED, None),
        ("503:20503", 20503, Failure.NOT_PROCESSED, None),
        ("code:30034", 30034, Failure.CONFIGURATION, None),
        ("code:29999", 29999, Failure.UNLISTED, None),
        ("garbage:400", None, Failure.UNLISTED, None),
        ("garbage:403", None, Failure.CONFIGURATION, None),
    ],
)
def test_a_refusal_says_what_to_do(fake, fault, code, klass, retry_after):
    fake.next(fault)

    with pytest.raises(CarrierRefused) as refusal:
        twilio_at(fake.url).send(text_to())

    assert (refusal.value.code, refusal.value.klass, refusal.value.retry_after) == (code, klass, retry_after)
    assert fake.sent == []


@pytest.mark.parametrize(
    "fault", ["500", "500:20500", "502", "503", "504", "408", "garbage", "garbage:201", "hang", "reset"]
)
@pytest.mark.parametrize("taken", [True, False])
def test_what_nobody_knows_is_said_to_be_unknown_and_never_repeated(fake, fault, taken):
    fake.next(("accept+" if taken else "") + fault)

    with pytest.raises(CarrierUnsure):
        twilio_at(fake.url, fault=fault).send(text_to())

    assert len(fake.asked) == 1
    assert len(fake.sent) == taken


@pytest.mark.parametrize("answer", [b"{}", b"[]", b"null", b"7", b'{"sid": 7}', b'{"sid": "SM1"}', b""])
def test_an_answer_without_an_id_is_unknown(answer):
    with odd_server(answer) as url, pytest.raises(CarrierUnsure):
        twilio_at(url).send(text_to())


def test_when_nobody_listens_the_text_never_went_out():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(CarrierRefused) as refusal:
        twilio_at(f"http://127.0.0.1:{port}").send(text_to())

    assert refusal.value.klass is Failure.NOT_PROCESSED


def test_a_name_that_cannot_be_resolved_never_went_out(monkeypatch):
    def nowhere(*_):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)

    with pytest.raises(CarrierRefused) as refusal:
        twilio_at("http://localhost:9").send(text_to())

    assert refusal.value.klass is Failure.NOT_PROCESSED


def test_a_server_that_speaks_no_tls_never_got_the_text(fake):
    with pytest.raises(CarrierRefused) as refusal:
        twilio_at(fake.url.replace("http:", "https:")).send(text_to())

    assert refusal.value.klass is Failure.NOT_PROCESSED
    assert fake.asked == []


def test_a_server_with_a_certificate_of_its_own_never_gets_the_text(tmp_path):
    with odd_server(b"{}", certificate=self_signed(tmp_path)) as url, pytest.raises(CarrierRefused) as refusal:
        twilio_at(url).send(text_to())

    assert refusal.value.klass is Failure.NOT_PROCESSED


def test_an_address_that_is_none_is_our_configuration():
    with pytest.raises(CarrierRefused) as refusal:
        twilio_at("nonsense").send(text_to())

    assert refusal.value.klass is Failure.CONFIGURATION


def test_an_earlier_refusal_does_not_make_a_later_doubt_sure(fake):
    fake.next("accept+reset")

    def send_elsewhere():
        try:
            twilio_at("http://127.0.0.1:9").send(text_to())
        except CarrierRefused:
            twilio_at(fake.url).send(text_to())

    with pytest.raises(CarrierUnsure):
        send_elsewhere()


def test_no_number_or_body_is_logged_printed_or_raised(fake, caplog):
    caplog.set_level(logging.DEBUG)
    twilio = twilio_at(fake.url, fault="hang")
    said = [repr(text_to()), repr(account_at(fake.url))]
    for to, fault in [(ANA, "500"), ("+15005550001", "code:21211"), (ANA, "reset"), (ANA, "accept+hang")]:
        fake.next(fault)
        with pytest.raises((CarrierRefused, CarrierUnsure)) as trouble:
            twilio.send(text_to(to))
        said += [str(trouble.value), repr(trouble.value), str(trouble.value.__cause__)]
    said.append(repr(twilio.sent_since(ANA, datetime.now(UTC))))

    everything = caplog.text + "\n".join(said)
    assert [secret for secret in (ANA[1:], "15005550001", "Reminder", TOKEN) if secret in everything] == []


def test_many_threads_send_through_one_carrier(fake):
    twilio = TwilioCarrier(account_at(fake.url), connections=8)
    threads = [threading.Thread(target=lambda: [twilio.send(text_to()) for _ in range(5)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({text.sid for text in fake.sent}) == 40


def test_the_carrier_is_made_from_the_settings(fake):
    settings = config.Settings(
        database_url="sqlite://",
        secret_key="x" * 40,
        encryption_keys="k",
        sms="twilio",
        twilio_account_sid=ACCOUNT,
        twilio_auth_tokens=(TOKEN, "older"),
        twilio_messaging_service_sid=SERVICE,
        twilio_api_url=fake.url + "/",
    )

    by_number = replace(settings, twilio_messaging_service_sid="", twilio_from=NUMBER)

    assert carrier_from(settings).send(text_to()).status == "accepted"
    assert carrier_from(by_number).send(text_to()).status == "queued"
