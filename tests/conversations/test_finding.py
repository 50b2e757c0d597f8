import pytest

from tests.conversations.texting import kinds, text
from tests.factories import make_organisation, make_person
from tests.meetings.listing import list_one


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


def test_find_says_when_and_in_which_street_the_next_one_is(clinic, ana):
    list_one(clinic, "Serenity at Noon", "Mon 12:00", "Oak Hall, 12 Oak St, Portland, OR 97201")

    (said,) = text(ana, "FIND 97201")

    assert said.body == "Near 97201: Mon Nov 2, 12:00 PM, 12 Oak St."


def test_the_name_is_said_only_to_who_chose_plain_texts(clinic):
    list_one(clinic, "Serenity at Noon", "Mon 12:00", "Oak Hall, 12 Oak St, Portland, OR 97201")
    plain = make_person(clinic, text_level="plain", language="es")

    (said,) = text(plain, "BUSCAR 97201")

    assert said.body == "Cerca de 97201: Serenity at Noon, lun 2 nov, 12:00 p.m., 12 Oak St."


@pytest.mark.parametrize("word", ["FIND", "find Portland", "FIND 972", "BUSCAR", "FIND 9720155"])
def test_without_a_postal_code_it_is_said_how(ana, word):
    assert kinds(ana, word) == ["find_how"]


def test_nothing_near_is_told_so(clinic, ana):
    list_one(clinic, "Early Birds", "Mon 12:00", "12 Oak St, Boise, ID 83702")

    assert kinds(ana, "FIND 97201") == ["find_none"]


def test_a_street_that_tells_more_than_where_is_left_out(clinic, ana):
    list_one(clinic, "Early Birds", "Mon 12:00", "Hall, 12 Recovery Way, Portland, OR 97201")

    (said,) = text(ana, "FIND 97201")

    assert said.body == "Near 97201: Mon Nov 2, 12:00 PM."


def test_the_list_of_another_organisation_is_not_looked_into(clinic, ana):
    list_one(make_organisation(), "Early Birds", "Mon 12:00", "12 Oak St, Portland, OR 97201")

    assert kinds(ana, "FIND 97201") == ["find_none"]


def test_a_phone_of_two_organisations_is_asked_who_it_is(clinic, ana):
    make_person(make_organisation(), phone=ana.phone)

    assert kinds(ana, "FIND 97201") == ["who"]
