from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.core.db import db, transaction
from aftercare.people import accounts, patient_codes
from aftercare.people.models import SignInCode
from tests.conversations.sign_in_codes import UNKNOWN, ask, code_for, enter, texts, wrong
from tests.factories import make_person
from tests.people.sign_in import statements, who


def test_the_code_from_the_text_signs_in_and_shows_the_phone_to_be_theirs(client):
    person = make_person(phone_verified_at=None)

    answer = enter(client, code_for(client, person.phone))

    asking = who(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert asking is not None
    assert asking.person_id == person.id
    assert accounts.get_person(person.organisation_id, person.id).phone_verified_at is not None


def test_a_number_may_be_written_as_people_write_it(client):
    person = make_person(phone="+13035550123")

    ask(client, "(303) 555-0123")

    assert [text.person_id for text in texts()] == [person.id]


def test_what_is_no_number_is_said_on_the_page(client):
    answer = ask(client, "hello")

    assert answer.status_code == 422
    assert "Enter a phone number with its area code" in answer.text
    assert texts() == []


def test_known_and_unknown_numbers_get_the_same_page_and_cost_the_same(app, client):
    known, seen = make_person(), []
    for number in (known.phone, UNKNOWN):
        browser, sent = app.test_client(), statements(app)
        answer = ask(browser, number)
        page = browser.get(answer.location)
        seen.append((answer.status_code, answer.location, page.status_code, without_number(page.text), len(sent)))

    assert seen[0] == seen[1]


def test_a_wrong_code_for_a_known_and_an_unknown_number_gets_the_same_page_and_costs_the_same(app, client):
    known, seen = make_person(), []
    for number in (known.phone, UNKNOWN):
        browser = app.test_client()
        ask(browser, number)
        asked = db.session.scalars(select(SignInCode).order_by(SignInCode.id.desc())).first()
        assert asked is not None
        sent = statements(app)
        answer = enter(browser, wrong(patient_codes.code(asked)))
        seen.append((answer.status_code, without_number(answer.text), len(sent)))

    assert seen[0] == seen[1]
    assert seen[0][0] == 422


def without_number(page: str) -> str:
    lines = [line for line in page.splitlines() if "csrf_token" not in line]
    return "\n".join(line.split("•••")[0] for line in lines)


@pytest.mark.parametrize("who_has_it", ["nobody", "staff", "somebody who left", "a frozen phone"])
def test_no_text_goes_to_a_number_that_no_patient_can_use(client, who_has_it):
    if who_has_it == "nobody":
        number = UNKNOWN
    else:
        person = make_person(role="counsellor" if who_has_it == "staff" else "patient")
        number = person.phone
        with transaction():
            accounts.get_person(person.organisation_id, person.id)
            if who_has_it == "somebody who left":
                person.left_at = person.created_at
            if who_has_it == "a frozen phone":
                accounts.freeze_phone(person)
            db.session.add(person)

    ask(client, number)

    assert texts() == []


def test_the_right_code_of_an_unknown_number_signs_nobody_in(client):
    ask(client, UNKNOWN)
    asked = db.session.scalars(select(SignInCode)).one()

    answer = enter(client, patient_codes.code(asked))

    assert answer.status_code == 422
    assert who(client) is None


def test_who_stopped_texts_gets_no_code(client):
    person = make_person()
    with transaction():
        ledger.withdraw_texts(person, way="text")

    ask(client, person.phone)

    assert texts() == []


def test_who_never_agreed_to_texts_gets_the_code_they_ask_for(client):
    person = make_person(agrees_to_texts=False)

    ask(client, person.phone)

    assert [text.person_id for text in texts()] == [person.id]


def test_a_code_is_texted_once_however_often_the_worker_looks(client):
    ask(client, make_person().phone)

    assert len(texts()) == 1
    assert len(texts()) == 1


def test_a_code_that_is_over_is_not_texted_any_more(client, monday, hold):
    ask(client, make_person().phone)
    hold(monday + timedelta(minutes=10))

    assert texts() == []


def test_a_code_works_once(app, client):
    person = make_person()
    code = code_for(client, person.phone)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    enter(client, code)
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)

    answer = enter(thief, code)

    assert answer.status_code == 422
    assert who(thief) is None


def test_a_code_is_over_after_ten_minutes(client, monday, hold):
    code = code_for(client, make_person().phone)
    hold(monday + timedelta(minutes=10))

    assert enter(client, code).status_code == 422
    assert who(client) is None


def test_a_code_works_in_its_tenth_minute(client, monday, hold):
    code = code_for(client, make_person().phone)
    hold(monday + timedelta(minutes=9, seconds=59))

    assert enter(client, code).status_code == 303


def test_a_code_works_only_in_the_browser_that_asked(app, client):
    person, other = make_person(), app.test_client()
    code = code_for(client, person.phone)

    assert enter(other, code).status_code == 422
    ask(other, person.phone)
    assert enter(other, code).status_code == 422
    assert who(other) is None
    assert enter(client, code).status_code == 303


def test_five_wrong_codes_end_the_right_one(client):
    code = code_for(client, make_person().phone)
    for _ in range(5):
        assert enter(client, wrong(code)).status_code == 422

    assert enter(client, code).status_code == 422
    assert who(client) is None


def test_after_four_wrong_codes_the_right_one_still_works(client):
    code = code_for(client, make_person().phone)
    for _ in range(4):
        enter(client, wrong(code))

    assert enter(client, code).status_code == 303


@pytest.mark.parametrize("written", ["{0} {1}", " {0}{1} ", "{0}-{1}"])
def test_a_code_may_be_written_with_gaps(client, written):
    code = code_for(client, make_person().phone)

    assert enter(client, written.format(code[:3], code[3:])).status_code == 303


@pytest.mark.parametrize("typed", ["", "١٢٣٤٥٦", "x" * 1000, "\x00"])
def test_what_is_no_code_is_refused_on_the_page(client, typed):
    code_for(client, make_person().phone)

    assert enter(client, typed).status_code == 422


def test_a_code_without_a_request_leads_to_the_start(client):
    assert client.get("/sign-in/code").location == "/sign-in"
    assert client.post("/sign-in/code/again").location == "/sign-in"
    assert enter(client, "123456").status_code == 422


def test_a_new_code_can_be_had_without_typing_the_number_again(client):
    person = make_person()
    first = code_for(client, person.phone)

    client.post("/sign-in/code/again")

    second = texts()[-1].body.split()[0]
    assert enter(client, first).status_code == 422
    assert enter(client, second).status_code == 303


def test_the_cookie_of_a_request_does_not_say_the_number(client):
    person = make_person()
    ask(client, person.phone)

    with client.session_transaction() as cookie:
        assert person.phone[2:] not in str(dict(cookie))


def test_wrong_codes_of_a_stranger_do_not_end_the_code_of_the_owner(app, client):
    person, stranger = make_person(), app.test_client()
    code = code_for(client, person.phone)
    ask(stranger, person.phone)
    for _ in range(6):
        enter(stranger, wrong(code))

    assert enter(client, code).status_code == 303


def test_requests_are_dropped_a_day_after_they_are_over(client, monday):
    ask(client, UNKNOWN)
    with transaction():
        assert patient_codes.sweep(monday + timedelta(days=1, minutes=10)) == 0
        assert patient_codes.sweep(monday + timedelta(days=1, minutes=11)) == 1
