from datetime import timedelta

import pytest
from sqlalchemy import func, select

from aftercare.consent import ledger
from aftercare.conversations import sign_in_texts
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message
from aftercare.people import accounts, patient_codes
from aftercare.people.models import Device, Person, SignInCode
from tests.factories import make_organisation, make_person
from tests.people.sign_in import sign_in_patient, statements, who

UNKNOWN = "+13035550199"


def texts() -> list[Message]:
    """Let the worker look once, and give the texts that were posted."""
    with transaction():
        sign_in_texts.post_due()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def ask(client, number: str):
    return client.post("/sign-in", data={"phone": number})


def enter(client, code: str, **form: str):
    return client.post("/sign-in/code", data={"code": code} | form)


def code_for(client, number: str) -> str:
    """Ask for a code in a browser, and read it in the text."""
    ask(client, number)
    return texts()[-1].body.split()[0]


def link_for(client, number: str) -> str:
    ask(client, number)
    return texts()[-1].body.split()[-1].removeprefix("http://localhost")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1000000:06d}"


def test_the_code_from_the_text_signs_in_and_shows_the_phone_to_be_theirs(client):
    person = make_person(phone_verified_at=None)

    answer = enter(client, code_for(client, person.phone))

    asking = who(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert asking is not None
    assert asking.person_id == person.id
    assert accounts.get_person(person.organisation_id, person.id).phone_verified_at is not None


def test_the_text_says_the_code_and_a_link_in_the_language_of_the_page(client):
    person = make_person()
    client.post("/language", data={"language": "es"})

    ask(client, person.phone)

    (text,) = texts()
    asked = db.session.scalars(select(SignInCode)).one()
    assert (text.kind, text.language, text.number, text.is_answer) == ("signin_code", "es", person.phone, True)
    assert text.useful_until == asked.expires_at
    assert text.body == (
        f"{patient_codes.code(asked)} es tu clave para entrar. Sirve 10 minutos. Nunca te la vamos a pedir. "
        f"O abre http://localhost/s/{patient_codes.link_secret(asked)}"
    )


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


def test_a_link_shows_a_button_and_only_the_button_signs_in(client):
    person = make_person()
    link = link_for(client, person.phone)

    page = client.get(link)

    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert who(client) is None
    assert client.post(link).status_code == 303
    asking = who(client)
    assert asking is not None
    assert asking.person_id == person.id


def test_a_link_works_in_another_browser_and_once(app, client):
    link, phone, again = link_for(client, make_person().phone), app.test_client(), app.test_client()

    assert phone.post(link).status_code == 303
    assert again.post(link).status_code == 410
    assert who(again) is None


def test_a_link_is_over_after_ten_minutes(client, monday, hold):
    link = link_for(client, make_person().phone)
    hold(monday + timedelta(minutes=10))

    assert client.post(link).status_code == 410


def test_a_link_uses_its_code_up(app, client):
    ask(client, make_person().phone)
    words = texts()[-1].body.split()

    app.test_client().post(words[-1].removeprefix("http://localhost"))

    assert enter(client, words[0]).status_code == 422


def test_a_link_that_nobody_was_sent_is_gone_like_one_that_was_used(client):
    assert client.get("/s/AAAAAAAAAAAAAAAAAAAAAA").status_code == 200
    assert client.post("/s/AAAAAAAAAAAAAAAAAAAAAA").status_code == 410


def test_wrong_codes_of_a_stranger_do_not_end_the_code_of_the_owner(app, client):
    person, stranger = make_person(), app.test_client()
    code = code_for(client, person.phone)
    ask(stranger, person.phone)
    for _ in range(6):
        enter(stranger, wrong(code))

    assert enter(client, code).status_code == 303


def sharers(*, organisations: int) -> list[Person]:
    homes = [make_organisation() for _ in range(organisations)]
    names = ("Ana Rivera", "Luis Ortega")
    people = [make_person(homes[place % organisations], name=name, phone=UNKNOWN) for place, name in enumerate(names)]
    return sorted(people, key=lambda person: (person.organisation_id, person.id))


@pytest.mark.parametrize("organisations", [1, 2])
def test_who_shares_a_phone_is_asked_by_initials_only(client, organisations):
    people = sharers(organisations=organisations)
    code = code_for(client, UNKNOWN)
    assert len(texts()) == 1

    page = enter(client, code, keep="yes")

    assert page.status_code == 200
    assert "A.R." in page.text
    assert "L.O." in page.text
    assert not [name for name in ("Ana", "Rivera", "Luis", "Ortega", "Elm Street") if name in page.text]
    assert who(client) is None
    enter(client, code, keep="yes", choosing="yes", who=people[1].id.hex)
    asking = who(client)
    assert asking is not None
    assert asking.person_id == people[1].id
    assert db.session.scalars(select(Device.is_own_phone)).one()


def test_who_shares_a_phone_chooses_after_a_link_too(client):
    people = sharers(organisations=2)
    link = link_for(client, UNKNOWN)

    assert "Who are you?" in client.post(link).text
    client.post(link, data={"choosing": "yes", "who": people[0].id.hex})

    asking = who(client)
    assert asking is not None
    assert asking.person_id == people[0].id


def test_somebody_who_does_not_share_the_phone_cannot_be_chosen(client):
    sharers(organisations=1)
    stranger = make_person()
    code = code_for(client, UNKNOWN)

    answer = enter(client, code, choosing="yes", who=stranger.id.hex)

    assert answer.status_code == 422
    assert who(client) is None


def test_people_with_the_same_initials_are_numbered(client):
    organisation = make_organisation()
    for name in ("Ana Rivera", "Abel Ruiz"):
        make_person(organisation, name=name, phone=UNKNOWN)

    page = enter(client, code_for(client, UNKNOWN))

    assert "A.R. (1)" in page.text
    assert "A.R. (2)" in page.text


def test_a_stop_of_one_who_shares_a_phone_leaves_the_other_their_code(client):
    stopped, other = sharers(organisations=1)
    with transaction():
        ledger.withdraw_texts(stopped, way="web")

    ask(client, UNKNOWN)

    assert [text.person_id for text in texts()] == [other.id]


def test_an_own_phone_stays_signed_in_for_ninety_days(client, monday, hold):
    answer = enter(client, code_for(client, make_person().phone), keep="yes")

    assert "Expires=" in answer.headers["Set-Cookie"]
    hold(monday + timedelta(days=90, seconds=-1))
    assert who(client) is not None
    hold(monday + timedelta(days=90))
    assert who(client) is None


def test_another_phone_is_signed_out_after_half_a_day(client, monday, hold):
    answer = enter(client, code_for(client, make_person().phone))

    assert "Expires=" not in answer.headers["Set-Cookie"]
    hold(monday + timedelta(hours=12, seconds=-1))
    assert who(client) is not None
    hold(monday + timedelta(hours=12))
    assert who(client) is None


def test_codes_of_one_number_become_rare(app, client, monday, hold):
    phone = make_person().phone
    told = [ask(app.test_client(), phone).status_code for _ in range(4)]
    assert told == [303, 303, 303, 429]

    hold(monday + timedelta(hours=5))
    asked = 0
    for minutes in range(0, 24 * 60, 4):
        hold(monday + timedelta(hours=5, minutes=minutes))
        asked += ask(app.test_client(), phone).status_code == 303

    assert asked <= 20


def test_known_and_unknown_numbers_are_limited_alike(app, client, monday):
    told = [[ask(app.test_client(), number).status_code for _ in range(5)] for number in (make_person().phone, UNKNOWN)]

    assert told[0] == told[1]


def test_codes_asked_from_one_address_are_limited(app, client, monday):
    told = [ask(app.test_client(), f"+1303555{number:04d}").status_code for number in range(100, 112)]

    assert told == [303] * 10 + [429] * 2
    assert db.session.scalar(select(func.count()).select_from(SignInCode)) == 10


def test_another_address_is_not_limited_with_it(app, client, monday):
    for number in range(100, 111):
        ask(app.test_client(), f"+1303555{number:04d}")

    answer = client.post("/sign-in", data={"phone": "+13035550180"}, environ_base={"REMOTE_ADDR": "203.0.113.9"})

    assert answer.status_code == 303


def test_guesses_from_one_address_are_limited(app, client, monday):
    told = [app.test_client().post("/sign-in/code", data={"code": "123456"}).status_code for _ in range(21)]

    assert told == [422] * 20 + [429]


def test_who_came_for_a_page_is_led_to_it_after_the_code(client):
    person = make_person()
    form = client.get("/sign-in?next=/texts").text
    assert 'action="/sign-in?next=/texts"' in form
    client.post("/sign-in?next=/texts", data={"phone": person.phone})

    assert enter(client, texts()[-1].body.split()[0]).location == "/texts"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"])
def test_a_sign_in_leads_nowhere_else(client, elsewhere):
    person = make_person()
    client.post("/sign-in", query_string={"next": elsewhere}, data={"phone": person.phone})

    assert enter(client, texts()[-1].body.split()[0]).location == "/"


def test_a_sign_in_shares_nothing_with_the_session_before(app, client):
    before, person = make_person(), make_person()
    old = sign_in_patient(client, before)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["language"] = "es"

    enter(client, code_for(client, person.phone))

    with client.session_transaction() as cookie:
        held = dict(cookie)
    assert set(held) == {"device", "language", "_permanent"}
    assert str(old) != held["device"]
    assert db.session.get_one(Device, (old.organisation_id, old.device_id)).revoked_at is not None


def test_signing_out_ends_the_device_and_empties_the_browser(app, client):
    key, thief = sign_in_patient(client, make_person()), app.test_client()
    with thief.session_transaction() as cookie:
        cookie["device"] = str(key)

    answer = client.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert who(client) is None
    assert who(thief) is None


def test_looking_changes_nothing(client):
    link = link_for(client, make_person().phone)
    for path in ("/sign-in", "/sign-in/code", link, "/sign-in?next=/texts"):
        client.get(path)

    asked = db.session.scalars(select(SignInCode)).one()
    assert (asked.tries, asked.used_at) == (0, None)


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/code", "/sign-in/code/again", "/s/x", "/sign-out", "/staff/sign-in"]
)
def test_every_form_needs_its_token(app, client, monkeypatch, path):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    assert client.post(path).status_code == 400


def test_requests_are_dropped_a_day_after_they_are_over(client, monday):
    ask(client, UNKNOWN)
    with transaction():
        assert patient_codes.sweep(monday + timedelta(days=1, minutes=10)) == 0
        assert patient_codes.sweep(monday + timedelta(days=1, minutes=11)) == 1
