"""Guesses at the codes that staff give: few of one number, and nobody shuts the door on all."""

from datetime import timedelta

import pytest
import structlog
from sqlalchemy import update

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.throttle import RateBucket
from aftercare.people import limits, number_changes
from tests.conversations.new_number import NEW, again
from tests.conversations.texting import kinds, text
from tests.factories import make_person


@pytest.fixture
def counsellor(app, monday):
    return make_person(role="counsellor")


@pytest.fixture
def ana(app, monday, hold):
    ana = make_person()
    hold(monday + timedelta(minutes=1))
    return ana


def code_of_staff(person, counsellor):
    with transaction():
        return number_changes.make_staff_code(again(person), by=counsellor.id)


def other(code):
    return f"{(int(code) + 1) % 10**8:08d}"


def test_guesses_of_one_number_are_limited_even_the_right_one(ana, counsellor):
    code = code_of_staff(ana, counsellor)
    for _ in range(5):
        text(NEW, other(code))

    text(NEW, code)

    assert again(ana).phone == ana.phone
    assert kinds("+13035550178", code) == ["opt_in"]


def guess_wrong(times):
    with transaction():
        for _ in range(times):
            limits.count_wrong_staff_code()


def leave_one_guess():
    """Let all but one of the wrong codes that all together may give have been given just now."""
    guess_wrong(1)
    times, span = limits.WRONG_STAFF_CODES_BY_ALL
    full_until = clock.now() + timedelta(seconds=span * (times - 1) / times)
    wrong = update(RateBucket).where(RateBucket.key.contains("staff_codes:wrong"))
    with transaction():
        db.session.execute(wrong.values(full_until=full_until))


def test_many_guesses_of_others_do_not_shut_the_door_but_are_told_once(ana, counsellor):
    code = code_of_staff(ana, counsellor)
    with structlog.testing.capture_logs() as told:
        guess_wrong(limits.GUESSING[0] + 5)

    assert [each["event"] for each in told] == ["staff_codes_guessed"]
    assert kinds(NEW, code) == ["opt_in"]


def test_wrong_codes_of_all_numbers_together_are_limited_in_the_end(ana, counsellor):
    code = code_of_staff(ana, counsellor)
    leave_one_guess()
    text("+13035560001", other(code))

    assert kinds(NEW, code) == ["unknown_sender"]
    assert again(ana).phone == ana.phone


def test_good_codes_are_not_counted_against_all(ana, counsellor):
    leave_one_guess()

    assert kinds(NEW, code_of_staff(ana, counsellor)) == ["opt_in"]
    assert kinds("+13035550178", code_of_staff(ana, counsellor)) == ["opt_in"]
