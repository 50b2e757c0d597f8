from datetime import timedelta

import pytest

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid
from aftercare.recovery import checkups
from aftercare.recovery.models import Checkup, Instrument
from tests.factories import make_organisation, make_person, saved


@pytest.fixture
def ana(app):
    return make_person(make_organisation())


@pytest.fixture
def ten(ana):
    items = [f"Thing {number} is well." for number in range(1, 11)]
    return saved(Instrument(organisation_id=ana.organisation_id, name="Ten", language="en", items=items))


def begin(person, instrument):
    with transaction():
        return checkups.open_checkup(person, instrument)


def give(checkup, *numbers):
    over = []
    for number in numbers:
        with transaction():
            over.append(checkups.answer(checkup, number))
    return over


def test_ten_answers_make_a_whole_one_and_a_sum(ana, ten):
    checkup = begin(ana, ten)

    over = give(checkup, 6, 5, 4, 3, 2, 1, 6, 5, 4, 3)

    assert over == [False] * 9 + [True]
    assert (checkups.answers(checkup), checkups.total(checkup)) == ([6, 5, 4, 3, 2, 1, 6, 5, 4, 3], 39)
    assert checkups.find_open(ana) is None


def test_part_of_the_answers_has_no_sum(ana, ten):
    checkup = begin(ana, ten)

    give(checkup, *[6] * 9)

    assert checkups.total(checkup) is None


@pytest.mark.parametrize("number", [0, 7, 99])
def test_a_number_outside_the_scale_changes_nothing(ana, ten, number):
    checkup = begin(ana, ten)

    with pytest.raises(Invalid), transaction():
        checkups.answer(checkup, number)

    assert checkups.answers(checkup) == []


def test_an_eleventh_answer_is_refused(ana, ten):
    checkup = begin(ana, ten)
    give(checkup, *[3] * 10)

    with pytest.raises(Conflict), transaction():
        checkups.answer(checkup, 3)


def test_one_at_a_time(ana, ten):
    first = begin(ana, ten)

    with pytest.raises(Conflict), transaction():
        checkups.open_checkup(ana, ten)
    assert checkups.find_open(ana) == first


def test_after_a_week_it_is_closed_and_a_new_one_may_begin(ana, ten, monday, hold):
    old = begin(ana, ten)
    hold(clock.now() + timedelta(days=7))

    assert checkups.find_open(ana) is None
    new = begin(ana, ten)

    assert [each.id for each in checkups.of(ana)] == [new.id, old.id]


def test_the_answers_are_sealed_at_rest(ana, ten):
    checkup = begin(ana, ten)
    give(checkup, 6, 5, 4)
    db.session.rollback()

    kept = bytes(db.session.get_one(Checkup, (checkup.organisation_id, checkup.id)).answers_sealed or b"")

    assert kept
    assert b"[6, 5, 4]" not in kept
