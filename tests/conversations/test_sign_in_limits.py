from datetime import timedelta

from sqlalchemy import func, select

from aftercare.core.db import db
from aftercare.people.models import SignInCode
from tests.conversations.sign_in_codes import UNKNOWN, ask
from tests.factories import make_person


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
