from datetime import timedelta

import pytest

from aftercare.consent import ledger
from aftercare.core.db import transaction
from aftercare.messaging import numbers
from aftercare.people import number_changes
from tests.conversations.new_number import NEW, STRANGERS, again, texts
from tests.factories import make_organisation, make_person


@pytest.fixture
def ana(app, monday):
    return make_person(language="es")


@pytest.fixture
def luis(ana, hold, monday):
    """Give somebody of another organisation who wants no more texts to their number."""
    luis = make_person(make_organisation(), phone=STRANGERS)
    hold(monday + timedelta(minutes=1))
    with transaction():
        ledger.withdraw_texts(luis, way="text")
    return luis


def ask(person, number):
    with transaction():
        number_changes.ask(again(person), number)


def test_a_code_is_texted_once_in_the_language_of_who_asked(ana):
    ask(ana, NEW)

    (text,) = texts()
    assert text.body[6:].startswith(" es tu clave.")
    assert texts() == [text]


def test_a_number_whose_holder_wants_no_texts_is_not_texted(ana, luis):
    ask(ana, STRANGERS)

    assert texts() == []


def test_a_number_that_one_of_two_wants_texts_on_is_texted(ana, luis):
    make_person(make_organisation(), phone=STRANGERS)

    ask(ana, STRANGERS)

    assert len(texts()) == 1


def test_a_stop_of_somebody_who_lost_the_number_keeps_no_code_from_the_next_holder(ana, luis):
    with transaction():
        numbers.freeze([again(luis)], way="carrier")

    ask(ana, STRANGERS)

    assert len(texts()) == 1


def test_a_code_that_is_over_is_not_texted_any_more(ana, hold, monday):
    ask(ana, NEW)
    hold(monday + timedelta(minutes=11))

    assert texts() == []
