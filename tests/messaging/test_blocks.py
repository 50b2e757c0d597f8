from datetime import timedelta

import pytest

from aftercare.consent import ledger
from aftercare.core.db import db, transaction
from aftercare.messaging import blocks, numbers
from aftercare.messaging.models import DELIVERED as DELIVERED_STATE
from aftercare.messaging.models import NOT_REACHED, Message
from aftercare.messaging.retries import Failure
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_text
from tests.messaging.test_recall import plan

BLOCKED = {"state": "undelivered", "reason": "blocked", "error_code": 30007}
DELIVERED = {"state": "delivered"}
UNREACHED = {"state": "undelivered", "reason": "delivery_temporary", "error_code": 30003}


def went(person, now, *outcomes):
    """Let texts to somebody have gone out, a minute after one another."""
    for minute, outcome in enumerate(outcomes):
        moment = now + timedelta(minutes=minute)
        post_text(person, created_at=moment, claimed_at=moment, **outcome)


def learn(person):
    with transaction():
        numbers.learn(person.phone, Failure.BLOCKED)


def allows(person):
    with transaction(reading=True):
        return ledger.allows_texts(person)


def test_two_blocks_in_a_row_on_one_number_end_its_texts(app, monday):
    ana = make_person()
    waiting = post_text(ana, due_at=monday + timedelta(hours=1))
    went(ana, monday, DELIVERED, BLOCKED, BLOCKED)

    learn(ana)

    newest = ledger.find_newest(ana)
    assert newest is not None
    assert (newest.act, newest.way) == ("withdraw", "carrier")
    db.session.refresh(waiting)
    assert (waiting.state, waiting.reason) == ("cancelled", "stopped")


@pytest.mark.parametrize(
    "outcomes", [[BLOCKED], [BLOCKED, DELIVERED, BLOCKED], [BLOCKED, UNREACHED], [BLOCKED, BLOCKED, DELIVERED], []]
)
def test_anything_less_leaves_the_texts_on(app, monday, outcomes):
    ana = make_person()
    went(ana, monday, *outcomes)

    learn(ana)

    assert allows(ana)


def test_two_blocks_on_a_number_that_two_clinics_know_end_the_texts_of_both(app, monday):
    ana = make_person()
    again = make_person(phone=ana.phone)
    went(ana, monday, BLOCKED)
    went(again, monday + timedelta(hours=1), BLOCKED)

    learn(ana)

    assert (allows(ana), allows(again)) == (False, False)


def test_blocks_on_an_older_number_do_not_count(app, monday):
    ana = make_person()
    for outcome in (BLOCKED, BLOCKED):
        post_text(ana, number="+13035559999", claimed_at=monday, **outcome)

    learn(ana)

    assert allows(ana)


def filtered():
    with transaction(reading=True):
        return blocks.is_filtered()


def test_when_the_carriers_filter_us_nobody_is_taken_to_be_unwilling(app):
    people = [make_person(make_organisation()) for _ in range(blocks.MANY)]
    for person in people:
        went(person, person.created_at, DELIVERED, BLOCKED, BLOCKED)

    for person in people:
        learn(person)

    assert [allows(person) for person in people] == [True] * blocks.MANY
    assert filtered()


@pytest.mark.parametrize(("reached", "is_so"), [(3, True), (4, False)])
def test_at_least_half_of_those_texted_are_blocked_or_it_is_because_of_them(app, reached, is_so):
    for person in [make_person() for _ in range(3)]:
        went(person, person.created_at, BLOCKED)
    for person in [make_person() for _ in range(reached)]:
        went(person, person.created_at, DELIVERED, DELIVERED)

    assert filtered() is is_so


def test_blocks_of_few_numbers_are_no_filter_however_many_clinics_know_them(app):
    ana, ben = make_person(), make_person()
    again = make_person(phone=ana.phone)
    for person in (ana, again, ben):
        went(person, person.created_at, BLOCKED, BLOCKED)

    assert not filtered()


def test_what_was_blocked_the_day_before_is_over(app):
    for person in [make_person() for _ in range(blocks.MANY)]:
        went(person, person.created_at - timedelta(hours=25), BLOCKED)

    assert not filtered()


def test_looking_for_failures_reads_an_index(app, monday):
    wanted = db.select(Message.person_id).where(
        Message.organisation_id == make_organisation().id, NOT_REACHED, Message.claimed_at >= monday
    )

    assert "ix_messages_failed" in plan(wanted)


def test_looking_for_who_was_reached_reads_an_index(app, monday):
    wanted = db.select(Message.number_hash).where(DELIVERED_STATE, Message.claimed_at >= monday)

    assert "ix_messages_delivered" in plan(wanted)
