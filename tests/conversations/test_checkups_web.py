import pytest

from aftercare.conversations import checkups_by_text
from aftercare.core.db import db, transaction
from aftercare.recovery import checkups
from aftercare.recovery.models import Instrument
from tests.conversations.texting import pending
from tests.factories import make_organisation, make_person, saved
from tests.people.sign_in import make_account, sign_in_staff


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic, name="Ana Rivera")


@pytest.fixture
def sam(client, clinic):
    return enter(client, "counsellor", clinic)


def enter(client, role, clinic):
    """Sign in as somebody of staff."""
    account, person = make_account(role, organisation=clinic)
    sign_in_staff(client, account)
    return person


def questionnaire(clinic, language="en"):
    items = ["I feel at home.", "I sleep well."]
    return saved(Instrument(organisation_id=clinic.id, name="Two", language=language, items=items))


def test_staff_ask_by_text_and_see_what_was_answered(client, sam, clinic, ana):
    two = questionnaire(clinic)
    page = client.get(f"/staff/people/{ana.id}/checkups")
    assert "Check-ups of Ana Rivera" in page.text

    answer = client.post(f"/staff/people/{ana.id}/checkups", data={"instrument": str(two.id)}, follow_redirects=True)

    assert "We ask them by text whether now is a good time." in answer.text
    assert [message.kind for message in pending()] == ["checkup"]
    with transaction():
        checkup = checkups.find_open(ana)
        assert checkup is not None
        checkups.answer(checkup, 5)
        checkups.answer(checkup, 6)
    assert "All 2 answered. Sum: 11 of 12." in client.get(f"/staff/people/{ana.id}/checkups").text


def test_nothing_is_begun_that_cannot_be_asked(client, sam, clinic):
    silent = make_person(clinic, agrees_to_texts=False)
    two = questionnaire(clinic)

    answer = client.post(f"/staff/people/{silent.id}/checkups", data={"instrument": str(two.id)})

    assert (answer.status_code, "may not text them" in answer.text) == (422, True)
    db.session.rollback()
    assert list(checkups.of(silent)) == []


def test_one_that_is_not_finished_is_not_asked_again(client, sam, clinic, ana):
    two = questionnaire(clinic)
    with transaction():
        checkups_by_text.ask(ana, two)

    answer = client.post(f"/staff/people/{ana.id}/checkups", data={"instrument": str(two.id)})

    assert (answer.status_code, "not finished yet" in answer.text) == (422, True)


@pytest.mark.parametrize("chosen", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_questionnaire_must_be_chosen_that_is_in_their_language(client, sam, clinic, ana, chosen):
    questionnaire(clinic, "es")

    assert client.post(f"/staff/people/{ana.id}/checkups", data={"instrument": chosen}).status_code == 422


def test_only_those_who_care_for_them_see_the_answers(client, clinic, ana):
    for role, code in (("counsellor", 200), ("manager", 200), ("admin", 403)):
        enter(client, role, clinic)
        assert client.get(f"/staff/people/{ana.id}/checkups").status_code == code


def test_another_organisation_sees_nobody(client, ana):
    enter(client, "counsellor", make_organisation())

    assert client.get(f"/staff/people/{ana.id}/checkups").status_code == 404
    assert client.post(f"/staff/people/{ana.id}/checkups", data={"instrument": "x"}).status_code == 404
