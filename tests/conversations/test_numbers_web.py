import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.consent.models import ConsentEvent
from aftercare.core.db import db, transaction
from aftercare.messaging import holders, numbers
from aftercare.messaging.models import Message
from aftercare.people.models import NumberChange
from tests.conversations.new_number import NEW, STRANGERS, again, texts
from tests.conversations.sign_in_codes import ask as ask_to_sign_in
from tests.conversations.sign_in_codes import enter as enter_to_sign_in
from tests.conversations.sign_in_codes import texts as sign_in_texts
from tests.factories import make_organisation, make_person
from tests.people.sign_in import sign_in_patient, signed_in, statements

AGREES = {"agree": "yes", "version": "texts-1"}


@pytest.fixture
def ana(client, monday, hold):
    """Give a patient who gets texts, signed in."""
    ana = make_person(name="Ana Rivera")
    sign_in_patient(client, ana, lasts=timedelta(days=2))
    hold(monday + timedelta(minutes=1))
    return ana


def ask(client, number=NEW):
    return client.post("/my/number", data={"phone": number})


def code_for(client, number=NEW):
    ask(client, number)
    return texts()[-1].body.split()[0]


def enter(client, code, **form):
    return client.post("/my/number/code", data={"code": code} | form)


def wrong(code):
    return f"{(int(code) + 1) % 1000000:06d}"


def test_the_page_shows_the_end_of_the_number_alone(client, ana):
    page = client.get("/my/number").text

    assert f"Your number ends in {ana.phone[-2:]}." in page
    assert ana.phone[2:] not in page


def test_the_code_from_the_text_makes_the_number_theirs(client, ana):
    answer = enter(client, code_for(client))

    assert (answer.status_code, answer.location) == (303, "/texts")
    assert (again(ana).phone, again(ana).phone_verified_at is not None) == (NEW, True)
    assert signed_in(client) == ana.id


def test_the_text_goes_to_the_number_that_was_typed_and_names_nobody(client, ana):
    ask(client, "(303) 555-0177")

    (text,) = texts()
    assert (text.number, text.person_id, text.is_answer) == (NEW, None, True)
    assert re.match(r"\d{6} is your code", text.body)
    assert texts() == [text]


def test_without_a_tick_the_new_number_gets_no_texts(client, ana):
    enter(client, code_for(client))

    assert not ledger.allows_texts(again(ana))
    page = client.get("/my/number/code")
    assert page.location == "/my/number"


def test_the_tick_is_not_set_and_stands_beside_the_words(client, ana):
    ask(client)

    page = client.get("/my/number/code").text

    assert "I agree to get texts from Elm Street Center" in page
    assert "checked" not in page


def test_who_agrees_on_the_page_is_recorded_with_the_words_and_welcomed_on_the_new_number(client, ana):
    enter(client, code_for(client), **AGREES)

    assert ledger.allows_texts(again(ana))
    newest = ledger.find_newest(again(ana))
    assert newest is not None
    assert (newest.act, newest.way, newest.wording, newest.phone_hash) == (
        "grant",
        "web",
        "texts-1",
        again(ana).phone_hash,
    )
    welcome = db.session.scalars(select(Message).where(Message.kind == "welcome")).one()
    assert (welcome.number, welcome.state) == (NEW, "pending")


def test_an_agreement_to_other_words_is_not_recorded_and_the_code_still_works(client, ana):
    code = code_for(client)

    assert enter(client, code, agree="yes", version="texts-0").status_code == 422
    assert again(ana).phone == ana.phone
    assert enter(client, code, **AGREES).status_code == 303


def test_who_texted_stop_is_not_offered_to_agree(client, ana, hold, monday):
    with transaction():
        ledger.withdraw_texts(again(ana), way="text")
    hold(monday + timedelta(minutes=2))
    code = code_for(client)

    assert "I agree to get texts" not in client.get("/my/number/code").text
    enter(client, code, **AGREES)

    assert again(ana).phone == NEW
    assert not ledger.allows_texts(again(ana))


def test_known_and_unknown_numbers_get_the_same_page_text_and_cost(app, client, ana):
    make_person(make_organisation(), phone=STRANGERS)
    seen = []
    for number in (STRANGERS, NEW):
        sent = statements(app)
        answer = ask(client, number)
        cost = len(sent)
        page = client.get(answer.location)
        body = re.sub(r"\d{6}", "", texts()[-1].body)
        seen.append((answer.status_code, answer.location, cost, page.status_code, without_number(page.text), body))

    assert seen[0] == seen[1]


def without_number(page):
    lines = [line for line in page.splitlines() if "csrf_token" not in line]
    return re.sub(r"ends in \d\d", "", "\n".join(lines))


@pytest.mark.parametrize(
    ("typed", "said"),
    [("12", "A short number gets no texts"), ("800 555 1212", "This number gets no texts"),
     ("x", "Enter a phone number"), ("303 555 0100", "This is our own number")],
)  # fmt: skip
def test_a_number_that_cannot_get_texts_is_refused_on_the_page(client, ana, typed, said):
    answer = ask(client, typed)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert db.session.scalars(select(NumberChange)).all() == []


def test_a_wrong_code_is_refused_and_five_end_the_right_one(client, ana):
    code = code_for(client)
    for _ in range(5):
        assert enter(client, wrong(code)).status_code == 422

    assert enter(client, code).status_code == 422
    assert again(ana).phone == ana.phone


def test_after_four_wrong_codes_the_right_one_still_works(client, ana):
    code = code_for(client)
    for _ in range(4):
        enter(client, wrong(code))

    assert enter(client, code).status_code == 303


def test_a_code_is_over_after_ten_minutes(client, ana, monday, hold):
    code = code_for(client)
    hold(monday + timedelta(minutes=11))

    assert enter(client, code).status_code == 422


def test_a_code_works_only_in_the_browser_that_asked(app, client, ana):
    code, other = code_for(client), app.test_client()
    sign_in_patient(other, again(ana))

    assert enter(other, code).status_code == 422
    assert enter(client, code).status_code == 303


def test_a_key_of_another_person_opens_nothing(app, client, ana):
    code = code_for(client)
    with client.session_transaction() as cookie:
        key = cookie["new_number"]
    luis, other = make_person(), app.test_client()
    sign_in_patient(other, luis)
    with other.session_transaction() as cookie:
        cookie["new_number"] = key

    assert enter(other, code).status_code == 422
    assert (again(ana).phone, again(luis).phone) == (ana.phone, luis.phone)


def test_a_new_wish_ends_the_one_before(client, ana):
    first = code_for(client)
    second = code_for(client, STRANGERS)

    assert enter(client, first).status_code == 422
    enter(client, second)
    assert again(ana).phone == STRANGERS


def test_wishes_of_one_person_become_rare(client, ana):
    told = [ask(client, f"+1303555{number:04d}").status_code for number in range(110, 116)]

    assert told == [303] * 5 + [429]


def test_codes_for_one_number_become_rare_whoever_asks(app, ana):
    told = []
    for _ in range(4):
        browser = app.test_client()
        sign_in_patient(browser, make_person(make_organisation()))
        told.append(ask(browser, STRANGERS).status_code)

    assert told == [303, 303, 303, 429]


def test_a_frozen_number_is_shown_to_be_theirs_again_by_a_code_and_they_agree_anew(client, ana):
    with transaction():
        numbers.freeze([again(ana)], way="carrier")
    assert "Is it still yours?" in client.get("/my/number").text

    client.post("/my/number", data={"same": "yes"})
    enter(client, texts()[-1].body.split()[0])

    assert again(ana).phone_frozen_at is None
    assert not ledger.allows_texts(again(ana))
    client.post("/texts/agreement", data=AGREES)
    assert ledger.allows_texts(again(ana))


def test_who_gives_their_number_up_stays_signed_in_here_and_is_found_by_it_no_more(client, ana):
    old = ana.phone

    client.post("/my/number/release")

    assert (again(ana).phone, holders.of(old)) == ("", [])
    assert signed_in(client) == ana.id
    assert [event.act for event in db.session.scalars(select(ConsentEvent).order_by(ConsentEvent.at))] == [
        "grant",
        "lapse",
    ]
    assert "Add your number" in client.get("/my/number").text


def test_who_signs_in_by_a_recycled_number_finds_nobody_else(app, client, ana):
    old = ana.phone
    with transaction():
        numbers.freeze([again(ana)], way="carrier")
    luis, browser = make_person(make_organisation(), name="Luis Ortega"), app.test_client()
    sign_in_patient(browser, luis)
    enter(browser, code_for(browser, old))

    door = app.test_client()
    ask_to_sign_in(door, old)
    page = enter_to_sign_in(door, sign_in_texts()[-1].body.split()[0])

    assert page.status_code == 303
    assert signed_in(door) == luis.id
    assert again(ana).phone == ""


def test_the_pages_of_a_number_are_for_patients_only(client):
    assert client.get("/my/number").status_code == 401
    assert client.post("/my/number/release").status_code == 401


def test_a_code_without_a_request_leads_to_the_start(client, ana):
    assert client.get("/my/number/code").location == "/my/number"
    assert client.get("/sign-in/new-number/code").location == "/sign-in/new-number"
    assert enter(client, "123456").status_code == 422
