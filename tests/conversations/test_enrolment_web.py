import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.core.db import db
from aftercare.meetings.models import Member
from aftercare.people import accounts
from tests.conversations.texting import pending
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person
from tests.signing_in import sign_in

URL = "/staff/people/new"
ANA = {"name": "Ana Rivera", "phone": "303 555 0142", "language": "es", "goal": "2", "group": ""}
AGREED = {"agrees": "yes", "version": ledger.WORDING}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def desk(client, clinic):
    return sign_in(client, make_person(clinic, role="counsellor"))


def patients(clinic):
    db.session.rollback()
    return list(accounts.people_with_role(clinic.id, "patient"))


def test_staff_find_the_page_on_their_first_page(desk):
    assert f'href="{URL}"' in desk.get("/staff").text


def test_the_page_shows_the_words_they_agree_to_and_the_groups_of_the_organisation_alone(desk, clinic):
    make_occurrence(make_meeting(clinic, name="Evening Tools"))
    make_occurrence(make_meeting(make_organisation(), name="Group of others"))
    make_meeting(clinic, kind="fellowship", name="Big Book")

    page = desk.get(URL)

    assert page.status_code == 200
    assert "I agree to get texts from Elm Street Center" in page.text
    assert "Acepto recibir mensajes de Elm Street Center" in page.text
    assert "Evening Tools" in page.text
    assert "Group of others" not in page.text
    assert "Big Book" not in page.text


def test_a_person_is_added_by_the_page_and_asked_by_text(desk, clinic):
    answer = desk.post(URL, data=ANA | AGREED)

    assert (answer.status_code, answer.location) == (303, "/staff")
    (ana,) = patients(clinic)
    assert (ana.name, ana.phone, ana.language) == ("Ana Rivera", "+13035550142", "es")
    assert [(text.kind, text.person_id) for text in pending()] == [("opt_in", ana.id)]


def test_without_the_tick_no_text_goes(desk, clinic):
    desk.post(URL, data=ANA)

    assert len(patients(clinic)) == 1
    assert pending() == []


def test_what_was_typed_stays_when_something_is_wrong(desk, clinic):
    group = make_occurrence(make_meeting(clinic)).meeting_id

    page = desk.post(URL, data=ANA | AGREED | {"phone": "12", "goal": "x", "group": str(group)})

    assert page.status_code == 422
    assert 'href="#phone"' in page.text
    assert 'href="#goal"' in page.text
    for kept in ('value="Ana Rivera"', 'value="12"', 'value="es" selected', f'value="{group}" selected', "checked"):
        assert kept in page.text
    assert patients(clinic) == []


def test_a_number_that_is_taken_is_said_at_its_field(desk, clinic):
    make_person(clinic, phone="+13035550142", name="Dee Walker")

    page = desk.post(URL, data=ANA | AGREED)

    assert page.status_code == 422
    assert "Somebody here already has this number." in page.text
    assert "Dee Walker" not in page.text


def test_an_agreement_to_other_words_is_not_recorded(desk, clinic):
    page = desk.post(URL, data=ANA | AGREED | {"version": "texts-0"})

    assert (page.status_code, "These words have changed." in page.text) == (422, True)
    assert patients(clinic) == []


def test_the_page_leads_back_to_where_staff_came_from_and_nowhere_else(desk, clinic):
    assert desk.post(f"{URL}?next=/staff/dates/1/roll", data=ANA).location == "/staff/dates/1/roll"
    assert desk.post(f"{URL}?next=//evil.example", data=ANA | {"phone": ""}).location == "/staff"


def test_a_group_of_another_organisation_cannot_be_chosen(desk, clinic):
    theirs = make_occurrence(make_meeting(make_organisation())).meeting_id

    assert desk.post(URL, data=ANA | {"group": str(theirs)}).status_code == 422
    assert db.session.scalars(select(Member)).all() == []


def test_staff_add_people_to_their_own_organisation_alone(client, clinic):
    elsewhere = make_organisation()

    sign_in(client, make_person(elsewhere, role="counsellor")).post(URL, data=ANA)

    assert (len(patients(clinic)), len(patients(elsewhere))) == (0, 1)


def test_a_patient_adds_nobody(client, clinic):
    ana = sign_in(client, make_person(clinic))

    assert (ana.get(URL).status_code, ana.post(URL, data=ANA).status_code) == (403, 403)
    assert len(patients(clinic)) == 1


def test_a_stranger_is_asked_to_sign_in(client, clinic):
    assert client.get(URL).status_code == 401
