from datetime import timedelta

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.people import patient_codes
from aftercare.people.models import SignInCode
from tests.conversations.sign_in_codes import ask, enter, link_for, texts
from tests.factories import make_person
from tests.people.sign_in import who


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


def test_a_link_shows_a_button_and_only_the_button_signs_in(client):
    person = make_person()
    link = link_for(client, person.phone)

    page = client.get(link)

    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "strict-origin"
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
