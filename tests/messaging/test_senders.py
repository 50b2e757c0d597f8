from datetime import UTC, datetime, timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.messaging import claims, results, senders
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import CarrierRefused, Sent
from aftercare.messaging.results import Outcome
from aftercare.messaging.retries import Failure
from aftercare.messaging.senders import Pause, Sender
from tests.factories import make_person
from tests.messaging.posting import SENDER, Carrier, delivery, only_message, post_text, states

CAPPED = Sender("capped", per_day=3)
MINUTE = timedelta(minutes=1)
REFUSED = CarrierRefused(20003, Failure.CONFIGURATION)


def pause(until, *, now, failure=Failure.CONFIGURATION, code=20003):
    with transaction():
        senders.pause(SENDER, until, failure=failure, code=code, now=now)


def act(deed, *given, **named):
    with transaction():
        return deed(*given, **named)


def test_a_pause_says_since_when_until_when_and_why(app, monday):
    pause(monday + MINUTE, now=monday)
    pause(monday + 3 * MINUTE, now=monday + 2 * MINUTE, code=20005)

    assert act(senders.find_pause, SENDER) == Pause(monday, monday + 3 * MINUTE, Failure.CONFIGURATION, 20005)


def test_a_sender_without_a_pause_has_none(app, monday):
    assert act(senders.find_pause, SENDER) is None


def test_a_text_that_goes_through_after_the_pause_ends_it(app, monday):
    pause(monday + MINUTE, now=monday)

    act(senders.resume, SENDER, now=monday + MINUTE)

    assert act(senders.find_pause, SENDER) is None


def test_a_text_that_was_on_its_way_when_the_pause_began_does_not_end_it(app, monday):
    first, second = (claimed_text(monday) for _ in range(2))

    act(results.record, [Outcome(first, REFUSED)], SENDER)
    act(results.record, [Outcome(second, Sent("SM1", "accepted"))], SENDER)

    assert act(senders.may_try, SENDER, 5, now=monday) == 0


def test_a_worker_that_starts_lets_one_text_try_settings_that_were_mended(app, monday):
    pause(monday + 30 * MINUTE, now=monday)

    act(senders.try_soon, SENDER, now=monday + MINUTE)

    assert act(senders.may_try, SENDER, 5, now=monday + MINUTE) == 1


def test_a_worker_that_starts_does_not_end_a_cap_of_the_carrier(app, monday):
    pause(monday + 30 * MINUTE, now=monday, failure=Failure.DAILY_CAP, code=30023)

    act(senders.try_soon, SENDER, now=monday + MINUTE)

    assert act(senders.may_try, SENDER, 5, now=monday + MINUTE) == 0


def test_no_more_texts_go_in_a_day_than_its_cap_whoever_sends_them(app, monday):
    for _ in range(5):
        post_text(make_person())
    for _ in range(2):
        drain(app, Carrier(), sender=CAPPED)

    assert sorted(states()) == ["accepted"] * 3 + ["pending"] * 2


def test_the_cap_is_of_the_pacific_day(app, hold):
    hold(datetime(2026, 11, 3, 7, 59, tzinfo=UTC))  # A minute before midnight in Los Angeles.
    for _ in range(5):
        post_text(make_person())
    drain(app, Carrier(), sender=CAPPED)

    hold(datetime(2026, 11, 3, 8, 0, tzinfo=UTC))
    drain(app, carrier := Carrier(), sender=CAPPED)

    assert (len(carrier.took), states()) == (2, ["accepted"] * 5)


def test_the_most_urgent_texts_go_before_the_days_cap_is_reached(app, monday):
    ana = make_person()
    for number in range(3):
        post_text(ana, body=f"Late {number}", useful_until=monday + timedelta(days=1))
    for number in range(3):
        post_text(ana, body=f"Soon {number}", useful_until=monday + timedelta(minutes=10))

    drain(app, carrier := Carrier(), sender=CAPPED)

    assert sorted(carrier.bodies) == ["Soon 0", "Soon 1", "Soon 2"]


@pytest.mark.parametrize("answer", [CarrierRefused(20429, Failure.NOT_PROCESSED), None])
def test_what_the_carrier_did_not_take_does_not_count(app, monday, answer):
    claimed = claimed_text(monday, sender=CAPPED)

    act(results.record, [Outcome(claimed, answer)], CAPPED)

    assert only_message().state == "pending"
    assert act(senders.may_try, CAPPED, 9, now=monday) == 3


def claimed_text(now, sender=SENDER):
    person = make_person()
    post_text(person)
    with transaction():
        worker = claims.Worker("test", sender, "", nothing_unwanted)
        (claimed,) = claims.claim([person.organisation_id], 1, by=worker).texts
    return claimed


def drain(app, carrier, **given):
    db.session.rollback()
    delivery(app, carrier, **given).drain()
