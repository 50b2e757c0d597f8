from datetime import timedelta

import pytest

from aftercare.core.db import transaction
from aftercare.people import number_changes
from tests.conversations.new_number import NEW, STRANGERS, again, texts
from tests.factories import make_person
from tests.people.sign_in import sign_in_patient, signed_in, who


@pytest.fixture
def ana(client, monday, hold):
    """Give a patient, signed in on the phone that they will lose."""
    ana = make_person(name="Ana Rivera")
    sign_in_patient(client, ana, lasts=timedelta(days=2))
    hold(monday + timedelta(minutes=1))
    return ana


def code_of_staff(person):
    with transaction():
        return number_changes.make_staff_code(again(person), by=person.id)


def aim(client, code, number=NEW):
    return client.post("/sign-in/new-number", data={"staff_code": code, "phone": number})


def test_a_code_of_staff_typed_at_sign_in_gives_the_new_number_and_signs_in(app, ana):
    browser = app.test_client()
    aim(browser, code_of_staff(ana))

    answer = browser.post("/sign-in/new-number/code", data={"code": texts()[-1].body.split()[0], "keep": "yes"})

    assert (answer.status_code, answer.location) == (303, "/texts")
    assert signed_in(browser) == ana.id
    assert again(ana).phone == NEW


def test_the_lost_phone_is_signed_out(app, client, ana):
    browser = app.test_client()
    aim(browser, code_of_staff(ana))
    browser.post("/sign-in/new-number/code", data={"code": texts()[-1].body.split()[0]})

    assert who(client) is None


def test_a_wrong_code_of_staff_is_refused_on_the_page(app, ana):
    code = code_of_staff(ana)

    answer = aim(app.test_client(), f"{(int(code) + 1) % 10**8:08d}")

    assert (answer.status_code, "This is not the code" in answer.text) == (422, True)
    assert texts() == []


def test_the_code_texted_to_one_number_does_not_prove_another(app, ana):
    browser, code = app.test_client(), code_of_staff(ana)
    aim(browser, code, STRANGERS)
    first = texts()[-1].body.split()[0]
    aim(browser, code, NEW)

    assert browser.post("/sign-in/new-number/code", data={"code": first}).status_code == 422
    assert again(ana).phone == ana.phone


def test_codes_of_staff_that_are_typed_become_rare(app, ana):
    told = [aim(app.test_client(), "12345678").status_code for _ in range(21)]

    assert told == [422] * 20 + [429]


def test_the_door_leads_to_the_page_for_new_numbers(client):
    assert 'href="/sign-in/new-number"' in client.get("/sign-in").text
    assert client.get("/sign-in/new-number").status_code == 200
