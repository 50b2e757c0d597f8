from datetime import UTC, datetime, timedelta

import pytest

from aftercare.messaging.gateway import CarrierRefused, CarrierUnsure
from tests.carrier import FakeCarrier
from tests.carrier_wire import SERVICE
from tests.messaging.through_twilio import ANA, BODY, text_to, twilio_at

TAKEN = {"To": ANA, "Body": BODY, "MessagingServiceSid": SERVICE}


@pytest.fixture
def fake():
    with FakeCarrier() as carrier:
        yield carrier


def test_a_lost_answer_is_found_in_the_list(fake):
    twilio, claimed_at = twilio_at(fake.url), datetime.now(UTC)
    fake.next("accept+500")
    with pytest.raises(CarrierUnsure):
        twilio.send(text_to())
    twilio.send(text_to("+15035550199"))

    copies = twilio.sent_since(ANA, claimed_at)

    assert [(copy.sid, copy.status) for copy in copies] == [(fake.sent[0].sid, "accepted")]
    assert copies[0].is_of(BODY, claimed_at=claimed_at)
    assert not copies[0].is_of("Another", claimed_at=claimed_at)
    assert not copies[0].is_of(BODY, claimed_at=claimed_at + timedelta(minutes=1))


def test_only_copies_of_our_own_service_since_the_time_are_listed(fake):
    twilio = twilio_at(fake.url)
    for _ in range(3):
        twilio.send(text_to())
    fake.sent[0].created_at -= timedelta(minutes=5)
    fake.sent[1].service = "MG" + "f" * 32

    assert [copy.sid for copy in twilio.sent_since(ANA, datetime.now(UTC))] == [fake.sent[2].sid]


def test_a_copy_whose_body_twilio_has_dropped_is_known_by_its_time(fake):
    twilio, claimed_at = twilio_at(fake.url), datetime.now(UTC)
    twilio.send(text_to())
    fake.sent[0].body = ""

    assert twilio.sent_since(ANA, claimed_at)[0].is_of(BODY, claimed_at=claimed_at)


def test_a_copy_is_found_however_many_went_to_the_number_since(fake):
    twilio, claimed_at = twilio_at(fake.url), datetime.now(UTC)
    for _ in range(120):
        fake.take(TAKEN)

    copies = twilio.sent_since(ANA, claimed_at)

    assert [copy.sid for copy in copies] == [text.sid for text in fake.sent[::-1]]


def test_the_list_is_read_no_further_back_than_needed(fake):
    twilio, claimed_at = twilio_at(fake.url), datetime.now(UTC)
    for _ in range(120):
        fake.take(TAKEN)
    for text in fake.sent[:110]:
        text.created_at -= timedelta(hours=2)
    pages, list_for = [], fake.list_for

    def counted(query):
        pages.append(query)
        return list_for(query)

    fake.list_for = counted

    assert len(twilio.sent_since(ANA, claimed_at)) == 10
    assert len(pages) == 1


def test_a_list_too_long_to_read_is_no_empty_list(fake):
    twilio, claimed_at = twilio_at(fake.url), datetime.now(UTC)
    for _ in range(1001):
        fake.take(TAKEN)

    with pytest.raises(CarrierUnsure):
        twilio.sent_since(ANA, claimed_at)


@pytest.mark.parametrize("fault", ["list:500", "list:garbage", "list:hang", "list:429:3", "list:reset"])
def test_a_list_that_cannot_be_read_is_no_empty_list(fake, fault):
    twilio = twilio_at(fake.url)
    twilio.send(text_to())
    fake.next(fault)

    with pytest.raises((CarrierRefused, CarrierUnsure)):
        twilio_at(fake.url, fault=fault).sent_since(ANA, datetime.now(UTC))

    assert len(twilio.sent_since(ANA, datetime.now(UTC))) == 1
