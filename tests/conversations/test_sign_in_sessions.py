from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db
from aftercare.people.models import Device, SignInCode
from tests.conversations.sign_in_codes import code_for, enter, link_for, texts
from tests.factories import make_person
from tests.people.sign_in import sign_in_patient, who


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


def test_who_came_for_a_page_is_led_to_it_after_the_code(client):
    person = make_person()
    form = client.get("/sign-in?next=/texts").text
    assert 'action="/sign-in?next=/texts"' in form
    client.post("/sign-in?next=/texts", data={"phone": person.phone})

    assert enter(client, texts()[-1].body.split()[0]).location == "/texts"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example",
        "/\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
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
