from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.attendance import check_in
from aftercare.attendance.models import Attendance
from aftercare.core.db import db
from tests.factories import make_meeting, make_person, make_rsvp
from tests.recovery.deeds import came, date_of
from tests.signing_in import sign_in

START = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def tonight(clinic, group, hold):
    hold(START)
    return date_of(group)


@pytest.fixture
def phone(client, tonight, ana):
    return sign_in(client, ana)


def visits():
    db.session.rollback()
    return [(row.way, row.state, row.credit_date.isoformat()) for row in db.session.scalars(select(Attendance))]


def wrong(occurrence):
    return next(code for code in ("0000", "0001") if code != check_in.code_of(occurrence))


def test_the_code_is_typed_and_the_visit_counted(phone, tonight):
    answer = phone.post("/in", data={"code": check_in.code_of(tonight)})

    assert answer.status_code == 200
    assert "You are checked in" in answer.text
    assert "That makes 1 meeting." in answer.text
    assert "You reached this today" in answer.text
    assert visits() == [("code", "attended", "2026-11-03")]


def test_checking_in_again_says_the_same(phone, tonight):
    for _ in range(2):
        answer = phone.post("/in", data={"code": check_in.code_of(tonight)})

    assert "That makes 1 meeting." in answer.text
    assert len(visits()) == 1


def test_the_total_counts_every_visit(phone, tonight, group, ana):
    came(group, ana, 1, 2, 3)

    assert "That makes 4 meetings." in phone.post("/in", data={"code": check_in.code_of(tonight)}).text


def test_opening_a_link_with_the_code_checks_nobody_in(phone, tonight):
    code = check_in.code_of(tonight)

    page = phone.get(f"/in/{code}")

    assert f'value="{code}"' in page.text
    assert visits() == []


def test_a_wrong_code_is_said_beside_the_field(phone, tonight):
    answer = phone.post("/in", data={"code": wrong(tonight)})

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert visits() == []


def test_wrong_codes_are_counted_across_requests(phone, tonight):
    statuses = [phone.post("/in", data={"code": wrong(tonight)}).status_code for _ in range(6)]

    answer = phone.post("/in", data={"code": check_in.code_of(tonight)})

    assert statuses == [422] * 5 + [429]
    assert (answer.status_code, visits()) == (429, [])
    assert "tell your host" in answer.text


def test_what_is_not_a_code_is_asked_for_again(phone):
    answer = phone.post("/in", data={"code": "4 numbers"})

    assert answer.status_code == 422
    assert "Enter the 4 numbers of the meeting code." in answer.text


def test_a_closed_door_says_when_it_opens(phone, tonight, hold):
    hold(START + timedelta(hours=3))

    answer = phone.post("/in", data={"code": check_in.code_of(tonight)})

    assert answer.status_code == 409
    assert "It opens 30 minutes before the start." in answer.text


def test_a_hybrid_group_asks_how_they_come(client, clinic, hold):
    hold(START)
    tonight, far = date_of(make_meeting(clinic, attendance="hybrid")), make_person(clinic, zone="Asia/Tokyo")
    make_rsvp(tonight, far)
    phone = sign_in(client, far)
    assert "How are you coming today?" in phone.get("/in").text

    phone.post("/in", data={"code": check_in.code_of(tonight), "attend": "online"})

    assert visits() == [("code", "attended", "2026-11-04")]


def test_a_code_of_another_organisation_checks_nobody_in(client, tonight):
    stranger = make_person()

    answer = sign_in(client, stranger).post("/in", data={"code": check_in.code_of(tonight)})

    assert (answer.status_code, visits()) == (409, [])


def test_whoever_is_not_signed_in_is_asked_to(client, tonight):
    assert client.get("/in").status_code == 401
    assert client.post("/in", data={"code": check_in.code_of(tonight)}).status_code == 401


def test_staff_have_no_check_in(client, clinic, tonight):
    sam = make_person(clinic, role="counsellor")

    assert sign_in(client, sam).post("/in", data={"code": check_in.code_of(tonight)}).status_code == 403
