from datetime import timedelta

import pytest

from aftercare.consent import ledger
from aftercare.core.db import db, transaction
from aftercare.messaging import senders
from aftercare.messaging.gateway import CarrierRefused, CarrierUnsure
from aftercare.messaging.retries import Failure
from tests.factories import make_person
from tests.messaging.posting import SENDER, Carrier, delivery, only_message, post_text, states


def drain(app, carrier):
    db.session.rollback()
    delivery(app, carrier).drain()


@pytest.mark.parametrize("klass", [Failure.RECIPIENT, Failure.BLOCKED, Failure.CONTENT, Failure.UNLISTED])
def test_a_refusal_for_good_fails_the_text(app, monday, klass):
    post_text(make_person())
    carrier = Carrier(refuse(klass, 21614))

    drain(app, carrier)
    drain(app, carrier)

    message = only_message()
    assert (carrier.calls, message.state, message.reason, message.error_code) == (1, "failed", klass, 21614)


def test_a_dead_number_is_frozen_for_everybody_who_has_it(app, monday):
    ana = make_person()
    ben = make_person(phone=ana.phone)
    post_text(ana)
    later = post_text(ben, due_at=monday + timedelta(hours=1))

    drain(app, Carrier(refuse(Failure.RECIPIENT, 21211)))

    for row in (ana, ben, later):
        db.session.refresh(row)
    assert (ana.phone_frozen_at, ben.phone_frozen_at, later.state) == (monday, monday, "cancelled")


def test_who_opted_out_at_the_carrier_gets_nothing_more(app, monday):
    ana = make_person()
    post_text(ana)
    post_text(ana, due_at=monday + timedelta(hours=1))

    drain(app, Carrier(refuse(Failure.OPTED_OUT, 21610)))

    assert states() == ["failed", "cancelled"]
    newest = ledger.find_newest(ana)
    assert newest is not None
    assert newest.way == "carrier"
    assert not ledger.allows_texts(ana)


def test_what_was_not_processed_is_tried_again_later(app, monday, hold):
    post_text(make_person())
    carrier = Carrier(refuse(Failure.NOT_PROCESSED, 20429, retry_after=30))
    drain(app, carrier)
    message = only_message()
    assert (message.state, message.due_at) == ("pending", monday + timedelta(seconds=30))

    hold(monday + timedelta(seconds=30))
    drain(app, working := Carrier())

    assert (len(working.took), only_message().attempts, states()) == (1, 2, ["accepted"])


def test_what_would_be_tried_again_too_late_expires(app, monday, hold):
    post_text(make_person(), useful_until=monday + timedelta(seconds=20))
    drain(app, Carrier(refuse(Failure.NOT_PROCESSED, 20429, retry_after=30)))

    hold(monday + timedelta(seconds=20))
    drain(app, carrier := Carrier())

    assert (carrier.calls, states()) == (0, ["expired"])


def test_an_answer_that_nobody_knows_leaves_the_text_in_doubt(app, monday):
    post_text(make_person())
    carrier = Carrier(raise_(CarrierUnsure("ReadTimeout")))

    drain(app, carrier)
    drain(app, carrier)

    assert (carrier.calls, states()) == (1, ["unknown"])


def test_a_fault_of_the_carriers_code_leaves_the_text_in_doubt(app, monday):
    post_text(make_person())

    drain(app, Carrier(raise_(RuntimeError("a bug"))))

    assert states() == ["unknown"]


def test_a_refusal_of_our_set_up_stops_the_sender_and_keeps_the_texts(app, monday, hold):
    post_text(make_person())
    post_text(make_person(), due_at=monday + timedelta(seconds=1))
    drain(app, Carrier(refuse(Failure.CONFIGURATION, 21606)))
    hold(monday + timedelta(seconds=2))

    drain(app, carrier := Carrier())

    assert (carrier.calls, states()) == (0, ["pending", "pending"])


def test_after_the_pause_one_text_is_tried_before_the_others(app, monday, hold):
    for _ in range(5):
        post_text(make_person())
    with transaction():
        senders.pause(SENDER, monday + timedelta(minutes=1), failure=Failure.CONFIGURATION, code=20003, now=monday)
    hold(monday + timedelta(minutes=1))
    drain(app, failing := Carrier(refuse(Failure.CONFIGURATION, 21606)))
    assert failing.calls == 1

    hold(monday + timedelta(hours=1))
    drain(app, mended := Carrier())

    assert (len(mended.took), states()) == (5, ["accepted"] * 5)


def refuse(klass, code, retry_after=None):
    return raise_(CarrierRefused(code, klass, retry_after))


def raise_(trouble):
    def answer(_text):
        raise trouble

    return answer
