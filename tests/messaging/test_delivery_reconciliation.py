from datetime import timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.messaging import claims, reconciliation, results, senders, twilio
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.gateway import CarrierCopy, CarrierRefused, CarrierUnsure, Sent
from aftercare.messaging.models import Message
from aftercare.messaging.results import Outcome
from aftercare.messaging.retries import LOOK_AFTER, Failure
from tests.factories import make_organisation, make_person
from tests.messaging.posting import Carrier, grow_older, only_message, post_text, states

SENDER = senders.Sender("+15035550111")
MINUTE = {"seconds": 61}


def claim(*people, by="worker"):
    worker = claims.Worker(by, SENDER, "", nothing_unwanted)
    with transaction():
        return claims.claim(list({person.organisation_id for person in people}), 10, by=worker).texts


def in_doubt(person, **given):
    """Post a text and lose the carrier's answer to it."""
    message = post_text(person, **given)
    for claimed in claim(person):
        with transaction():
            results.record([Outcome(claimed, CarrierUnsure("ReadTimeout"))], SENDER)
    return message


def copy(body="Reminder: Tue Dec 1, 6:00 PM.", sid="SM9", status="sent", late=0):
    from_now = timedelta(seconds=late)
    return CarrierCopy(sid, body, only_message().claimed_at + from_now, status)


def look(carrier, **later):
    """Let a while pass, and look."""
    db.session.rollback()
    grow_older(**later or MINUTE)
    return reconciliation.reconcile(carrier)


def test_a_text_that_the_carrier_has_is_adopted(app, monday):
    in_doubt(make_person())
    carrier = Carrier()
    carrier.listed = [copy()]

    look(carrier)

    message = only_message()
    assert (message.state, message.sid, message.carrier_rank) == ("sent", "SM9", 40)


def test_nobody_looks_before_a_minute_has_passed(app, monday):
    in_doubt(make_person())
    carrier = Carrier()
    carrier.listed = [copy()]

    assert look(carrier, seconds=50) == 0
    assert states() == ["unknown"]


def test_a_text_missing_at_two_looks_goes_again_once(app, monday):
    ana = make_person()
    in_doubt(ana)
    carrier = Carrier()

    assert look(carrier) == 1
    assert states() == ["unknown"]
    assert look(carrier, seconds=50) == 0
    look(carrier)
    assert states() == ["pending"]

    for claimed in claim(ana):
        with transaction():
            results.record([Outcome(claimed, CarrierUnsure("ReadTimeout"))], SENDER)
    for _ in range(3):
        look(carrier)
    assert (states(), only_message().looks) == (["unknown"], 3)


def test_a_text_missing_for_good_expires_when_it_is_useless(app, monday, hold):
    in_doubt(make_person(), useful_until=monday + timedelta(minutes=1))
    hold(monday + timedelta(minutes=2))

    for _ in range(2):
        look(Carrier())

    assert (only_message().state, only_message().reason) == ("expired", "in_doubt")


@pytest.mark.parametrize("trouble", [CarrierUnsure("HTTP 500"), CarrierRefused(20003, Failure.CONFIGURATION)])
def test_while_the_list_cannot_be_read_all_stays_in_doubt(app, monday, trouble):
    in_doubt(make_person())
    carrier = Carrier(no_list=trouble)

    for _ in range(4):
        assert look(carrier) == 1

    assert (states(), only_message().looks) == (["unknown"], 0)


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Something else"},
        {"late": -120},
    ],
)
def test_a_copy_of_another_text_is_not_taken_for_it(app, monday, other):
    in_doubt(make_person())
    carrier = Carrier()
    carrier.listed = [copy(**other)]

    look(carrier)

    assert states() == ["unknown"]


def test_a_copy_without_words_is_told_by_its_time(app, monday):
    in_doubt(make_person())
    carrier = Carrier()
    carrier.listed = [copy(body="")]

    look(carrier)

    assert states() == ["sent"]


def test_a_copy_that_belongs_to_an_earlier_text_is_not_taken_twice(app, monday):
    ana = make_person()
    post_text(ana)
    (first,) = claim(ana)
    with transaction():
        results.record([Outcome(first, Sent("SM9", "accepted"))], SENDER)
    second = in_doubt(ana)
    carrier = Carrier()
    carrier.listed = [CarrierCopy("SM9", second.body, second.claimed_at, "sent")]

    look(carrier)

    assert states() == ["accepted", "unknown"]


def test_two_alike_in_doubt_share_one_copy_between_them(app, monday):
    ana = make_person()
    first, second = post_text(ana), post_text(ana)
    for claimed in claim(ana):
        with transaction():
            results.record([Outcome(claimed, CarrierUnsure("ReadTimeout"))], SENDER)
    carrier = Carrier()
    carrier.listed = [CarrierCopy("SM9", first.body, first.claimed_at, "sent")]

    look(carrier)

    assert sorted(states()) == ["sent", "unknown"]
    assert second.body == first.body


def test_what_a_dead_worker_was_sending_is_looked_up_not_sent_again(app, monday):
    ana = make_person()
    post_text(ana)
    claim(ana)
    carrier = Carrier()
    carrier.listed = [copy(status="delivered")]

    assert claim(ana, by="another") == []
    look(carrier)

    assert states() == ["delivered"]


def test_a_lease_that_ran_out_leaves_the_text_in_doubt(app, monday):
    ana = make_person()
    post_text(ana)
    claim(ana)
    db.session.rollback()
    grow_older(seconds=claims.LEASE.total_seconds() + 1)

    with transaction():
        assert claims.give_up_leases() == 1

    assert states() == ["unknown"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite locks no rows.
def test_a_row_that_a_held_up_worker_keeps_locked_keeps_nobody_waiting(app, monday):
    clinic = make_organisation()
    held, other = (post_text(make_person(clinic)).id for _ in range(2))
    claim(make_person(clinic))
    db.session.rollback()
    grow_older(seconds=claims.LEASE.total_seconds() + 1)

    with db.engine.connect() as worker, worker.begin():
        worker.execute(db.select(Message.id).where(Message.id == held).with_for_update())
        with transaction():
            db.session.execute(db.text("SET LOCAL lock_timeout = '2s'"))
            assert claims.give_up_leases() == 1

    assert dict(db.session.execute(db.select(Message.id, Message.state)).all()) == {held: "sending", other: "unknown"}


def test_a_worker_that_wakes_with_a_lost_lease_records_nothing(app, monday):
    ana = make_person()
    post_text(ana)
    (late,) = claim(ana)
    for _ in range(2):
        look(Carrier(), minutes=2)
    assert states() == ["pending"]
    (again,) = claim(ana, by="another")

    with transaction():
        results.record([Outcome(late, Sent("SM-late", "accepted"))], SENDER)
    assert states() == ["sending"]
    with transaction():
        results.record([Outcome(again, Sent("SM-again", "accepted"))], SENDER)

    assert (only_message().sid, only_message().attempts) == ("SM-again", 2)


def test_two_claim_nothing_twice(app, monday):
    clinic = make_organisation()
    for _ in range(6):
        post_text(make_person(clinic))
    ana = make_person(clinic)

    first, second = claim(ana, by="one"), claim(ana, by="two")

    assert (len(first), len(second)) == (6, 0)


def test_no_call_can_still_run_when_somebody_looks():
    assert claims.START_WITHIN + claims.SLOWEST_ANSWER <= LOOK_AFTER
    assert claims.LEASE >= 3 * claims.SLOWEST_ANSWER
    assert timedelta(seconds=twilio.CONNECT_SECONDS + twilio.READ_SECONDS) <= claims.SLOWEST_ANSWER
