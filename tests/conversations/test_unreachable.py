from datetime import timedelta

from aftercare.conversations import unreachable
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import numbers
from aftercare.messaging.retries import Failure
from aftercare.people import accounts
from aftercare.recovery.models import OutreachTask
from tests.factories import make_person
from tests.messaging.posting import post_text

DEAD = {"state": "failed", "reason": "recipient", "error_code": 21614}
BLOCKED = {"state": "undelivered", "reason": "blocked", "error_code": 30004}
OPTED_OUT = {"state": "failed", "reason": "opted_out", "error_code": 21610}


def fail(person, failure, *outcomes):
    """Let texts to somebody have failed just now, and what that teaches be learned."""
    for outcome in outcomes:
        post_text(person, claimed_at=clock.now(), **outcome)
    with transaction():
        numbers.learn(person.phone, failure)


def ask(*people):
    for organisation_id in {person.organisation_id for person in people}:
        with transaction():
            unreachable.ask_staff(organisation_id)


def asked():
    db.session.rollback()
    wanted = db.select(OutreachTask.person_id, OutreachTask.kind, OutreachTask.facts["failure"].as_string())
    return [tuple(row) for row in db.session.execute(wanted.order_by(OutreachTask.opened_at, OutreachTask.id))]


def test_staff_are_asked_once_to_check_a_number_that_turned_out_dead(app):
    ana = make_person()
    fail(ana, Failure.RECIPIENT, DEAD)

    ask(ana)
    ask(ana)

    assert asked() == [(ana.id, "number", "recipient")]


def test_everybody_who_has_the_dead_number_is_asked_about(app):
    ana = make_person()
    ben = make_person(phone=ana.phone)
    fail(ana, Failure.RECIPIENT, DEAD)

    ask(ana, ben)

    assert {row[0] for row in asked()} == {ana.id, ben.id}


def test_a_number_that_dies_again_is_asked_about_again(app):
    ana = make_person()
    fail(ana, Failure.RECIPIENT, DEAD)
    ask(ana)
    with transaction():
        accounts.verify_phone(ana)
        for task in db.session.scalars(db.select(OutreachTask)):
            task.opened_at -= timedelta(days=10)
    fail(ana, Failure.RECIPIENT, DEAD)

    ask(ana)

    assert len(asked()) == 2


def test_staff_are_asked_about_somebody_whose_number_blocked_two_texts_in_a_row(app):
    ana = make_person()
    fail(ana, Failure.BLOCKED, BLOCKED, BLOCKED)

    ask(ana)
    ask(ana)

    assert asked() == [(ana.id, "number", "blocked")]


def test_one_block_and_a_stop_ask_nothing_of_staff(app):
    ana, ben = make_person(), make_person()
    fail(ana, Failure.BLOCKED, BLOCKED)
    fail(ben, Failure.OPTED_OUT, OPTED_OUT)

    ask(ana, ben)

    assert asked() == []


def test_a_number_that_was_verified_since_is_not_asked_about(app):
    ana = make_person()
    fail(ana, Failure.RECIPIENT, DEAD)
    with transaction():
        accounts.verify_phone(ana)

    ask(ana)

    assert asked() == []
