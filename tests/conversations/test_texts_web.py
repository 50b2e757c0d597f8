import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.consent import ledger, wordings
from aftercare.consent.models import ConsentEvent
from aftercare.conversations import agreement
from aftercare.core.area_codes import STATES
from aftercare.core.crypto import digest
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.core.state_names import STATE_NAMES
from aftercare.messaging import numbers
from aftercare.messaging.models import Message
from aftercare.people.models import Person
from tests.factories import make_organisation, make_person
from tests.people.sign_in import make_account, sign_in_patient, sign_in_staff

AGREES = {"agree": "yes", "version": "texts-1"}


@pytest.fixture
def ana(client, monday) -> Person:
    """Give a patient who has not agreed to texts, signed in."""
    ana = make_person(name="Ana Rivera", agrees_to_texts=False)
    sign_in_patient(client, ana)
    return ana


def texts() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def again(person: Person) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, (person.organisation_id, person.id))


def test_the_page_shows_the_words_and_not_the_number(client, ana):
    page = client.get("/texts")

    assert "I agree to get texts from Elm Street Center about my visits" in page.text
    assert ana.phone not in page.text
    assert f"•••{ana.phone[-2:]}" in page.text


def test_agreeing_is_recorded_with_its_words_and_answered_by_a_welcome(client, ana):
    answer = client.post("/texts/agreement", data=AGREES)

    event = db.session.scalars(select(ConsentEvent)).one()
    (text,) = texts()
    assert (answer.status_code, answer.location) == (303, "/texts")
    assert (event.act, event.way, event.wording, event.recorded_by) == ("grant", "web", "texts-1", None)
    assert ledger.allows_texts(again(ana))
    assert (text.kind, text.person_id, text.is_answer) == ("welcome", ana.id, True)
    assert text.body.startswith("Elm St: You are set.")
    assert again(ana).text_level == "discreet"


def test_texts_name_meetings_only_for_who_ticked_it(client, ana):
    client.post("/texts/agreement", data=AGREES | {"plain": "yes"})

    assert again(ana).text_level == "plain"


@pytest.mark.parametrize("form", [{}, {"agree": "yes"}, {"agree": "yes", "version": "texts-0"}, {"version": "texts-1"}])
def test_what_is_not_a_yes_to_these_words_is_no_agreement(client, ana, form):
    assert client.post("/texts/agreement", data=form).status_code == 422
    assert not ledger.allows_texts(again(ana))
    assert texts() == []


def test_stopping_holds_at_once_and_takes_back_what_has_not_left(client, ana):
    client.post("/texts/agreement", data=AGREES)

    client.post("/texts/withdrawal")

    assert not ledger.allows_texts(again(ana))
    assert [(text.state, text.reason) for text in texts()] == [("cancelled", "stopped")]


def test_who_stopped_on_the_page_can_agree_again_there(client, ana, monday, hold):
    client.post("/texts/agreement", data=AGREES)
    hold(monday + timedelta(minutes=1))
    client.post("/texts/withdrawal")
    hold(monday + timedelta(minutes=2))

    client.post("/texts/agreement", data=AGREES)

    assert ledger.allows_texts(again(ana))
    assert [text.state for text in texts()] == ["cancelled", "pending"]


@pytest.mark.parametrize("way", ["text", "carrier"])
def test_only_start_by_text_brings_back_who_stopped_by_text(client, ana, way):
    with transaction():
        ledger.withdraw_texts(again(ana), way=way)

    assert "text START" in client.get("/texts").text
    assert client.post("/texts/agreement", data=AGREES).status_code == 409
    assert not ledger.allows_texts(again(ana))
    with pytest.raises(Conflict):
        agreement.agree(again(ana), names_meetings=False)


def test_the_page_says_since_when_texts_are_on(client, ana):
    client.post("/texts/agreement", data=AGREES)

    page = client.get("/texts").text

    assert "Texts are on" in page
    assert "November 2" in page


def test_the_page_is_for_patients_only(client):
    assert client.get("/texts").status_code == 401
    account, _ = make_account()
    sign_in_staff(client, account)
    assert client.get("/texts").status_code == 403


def test_somebody_without_a_phone_is_asked_for_it_first(client):
    sign_in_patient(client, make_person(phone=None, agrees_to_texts=False))

    assert client.get("/texts").location == "/my/number"
    answer = client.post("/texts/agreement", data=AGREES)

    assert answer.status_code == 409
    assert "We have no phone number of yours" in answer.text


def test_who_did_not_get_our_texts_is_asked_whether_the_number_is_still_theirs(client, ana):
    with transaction():
        numbers.freeze([again(ana)], way="carrier")

    page = client.get("/texts").text

    assert "Texts to this number did not arrive. Is it still yours?" in page
    assert 'href="/my/number"' in page
    assert client.post("/texts/agreement", data=AGREES).status_code == 409
    assert not ledger.allows_texts(again(ana))


def test_who_stopped_is_told_by_the_newest_word_whatever_the_number(app, monday, hold):
    organisation = make_organisation()
    stopped, returned, silent = (make_person(organisation) for _ in range(3))
    hold(monday + timedelta(minutes=1))
    with transaction():
        for person in (stopped, returned):
            ledger.withdraw_texts(person, way="text")
    hold(monday + timedelta(minutes=2))
    with transaction():
        ledger.grant_texts(returned, way="text")
        stopped.phone = "+13035550177"
        db.session.add(stopped)

    assert ledger.who_stopped_texts(organisation.id, [stopped, returned, silent]) == {stopped.id}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_words_say_who_how_often_what_it_costs_and_how_to_stop(language):
    said = wordings.wording(ledger.WORDING, language, organisation="Elm Street Center")

    stop = {"en": "STOP", "es": "ALTO"}[language]
    assert all(word in said for word in ("Elm Street Center", "3", stop))


def test_the_words_that_people_agreed_to_do_not_change():
    assert hash_of(wordings.WORDINGS["texts-1"]) == "35d6829b21a797c2"


def hash_of(words: dict[str, str]) -> str:
    return digest("|".join(words[language] for language in sorted(words))).hex()[:16]


@pytest.mark.parametrize(("chosen", "caps"), [("few", (1, 3)), ("more", (2, 7)), ("all", (0, 0))])
def test_a_patient_chooses_how_many_texts(client, ana, chosen, caps):
    client.post("/texts/agreement", data=AGREES)

    answer = client.post("/texts/number", data={"texts": chosen, "state": "RI"})

    person = again(ana)
    assert (answer.status_code, answer.location) == (303, "/texts")
    assert (person.texts_a_day, person.texts_a_week, person.state) == (*caps, "RI")
    assert re.search(f'value="{chosen}"[^>]* checked', client.get("/texts").text)


@pytest.mark.parametrize("form", [{}, {"texts": "none"}, {"texts": "few", "state": "ZZ"}])
def test_what_cannot_be_chosen_changes_nothing(client, ana, form):
    client.post("/texts/agreement", data=AGREES)

    assert client.post("/texts/number", data=form).status_code == 422
    assert (again(ana).texts_a_day, again(ana).texts_a_week, again(ana).state) == (1, 3, None)


def test_who_chose_nothing_gets_as_many_as_the_words_say(ana):
    assert ana.texts_a_week == 3
    assert "3" in wordings.wording(ledger.WORDING, "en", organisation="")


def test_every_state_can_be_chosen_by_its_name():
    assert STATE_NAMES.keys() == STATES
    assert STATE_NAMES["DC"] == "District of Columbia"
