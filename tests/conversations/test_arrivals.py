from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.attendance import check_in
from aftercare.attendance.models import Attendance
from aftercare.core.db import db
from tests.conversations.texting import kinds, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def date(clinic, hold):
    date = make_occurrence(make_meeting(clinic))
    hold(date.starts_at - timedelta(minutes=5))
    return date


@pytest.fixture
def ana(clinic, date):
    person = make_person(clinic)
    make_rsvp(date, person)
    return person


def code_of(date):
    return check_in.code_of(date)


def records():
    db.session.rollback()
    return [(row.person_id, row.way, row.assurance) for row in db.session.scalars(select(Attendance))]


def wrong(date):
    return f"{(int(code_of(date)) + 1) % 10000:04d}"


@pytest.mark.parametrize("words", ["HERE {}", "here{}", "AQUI {}", "aquí {}", "{}", "I'm here {}"])
def test_the_code_of_the_room_checks_in(ana, date, words):
    (said,) = text(ana, words.format(code_of(date)))

    assert (said.kind, records()) == ("here_ok", [(ana.id, "text", 2)])


def test_the_answer_counts_the_visits(ana, date):
    (said,) = text(ana, f"HERE {code_of(date)}")

    assert said.body == "You are checked in. Good to see you. Total visits: 1."


def test_here_without_a_code_is_noted_and_worth_the_least(ana, date):
    assert kinds(ana, "HERE") == ["here_noted"]
    assert records() == [(ana.id, "self", 0)]


def test_a_wrong_code_is_told_and_after_five_the_host_is_to_help(ana, date):
    said = [kinds(ana, f"HERE {wrong(date)}")[0] for _ in range(6)]

    assert said == ["here_wrong_code"] * 5 + ["here_ask_host"]
    assert kinds(ana, f"HERE {code_of(date)}") == ["here_ask_host"]
    assert records() == []


def test_before_the_door_opens_the_answer_says_when_it_does(ana, date, hold):
    hold(date.starts_at - timedelta(hours=2))

    assert kinds(ana, f"HERE {code_of(date)}") == ["here_closed"]


def test_a_number_that_is_not_verified_checks_nobody_in(clinic, date):
    unverified = make_person(clinic, phone_verified_at=None)
    make_rsvp(date, unverified)

    assert kinds(unverified, f"HERE {code_of(date)}") == ["here_tell_host"]
    assert records() == []


def test_on_a_shared_phone_the_one_who_is_expected_arrives(clinic, ana, date):
    make_person(clinic, phone=ana.phone)

    assert kinds(ana.phone, f"HERE {code_of(date)}") == ["here_ok"]
    assert [person_id for person_id, _, _ in records()] == [ana.id]


def test_on_a_shared_phone_they_are_asked_who_it_is(clinic, ana, date):
    ben = make_person(clinic, phone=ana.phone)
    make_rsvp(date, ben)

    assert kinds(ana.phone, f"HERE {code_of(date)}") == ["who"]
    assert records() == []


def test_the_code_of_another_organisations_room_opens_nothing(ana, date):
    other = make_organisation()
    elsewhere = make_occurrence(make_meeting(other), starts=date.start_local)
    assert code_of(elsewhere) != code_of(date)

    assert kinds(ana, f"HERE {code_of(elsewhere)}") == ["here_wrong_code"]


def test_who_has_stopped_texts_can_still_check_in(ana, date):
    text(ana, "STOP")

    assert kinds(ana, f"HERE {code_of(date)}") == []
    assert [person_id for person_id, _, _ in records()] == [ana.id]
