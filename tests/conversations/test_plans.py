from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.attendance import check_in, records
from aftercare.attendance.models import Attendance, AttendanceEvent
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps, schedule
from aftercare.messaging.models import InboundText
from tests.conversations.texting import ask, kinds, reach, text
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic))


def answer(occurrence, person):
    db.session.rollback()
    return rsvps.find_answer(occurrence.organisation_id, occurrence.id, person.id)


def record(occurrence, person):
    db.session.rollback()
    found = records.find(schedule.get_occurrence(occurrence.organisation_id, occurrence.id), person.id)
    return (found.state, found.way, found.reason) if found else None


@pytest.mark.parametrize(("word", "language"), [("LATE", "en"), ("running late", "en"), ("TARDE", "es")])
def test_late_before_the_start_is_a_yes_and_the_host_is_told(ana, date, word, language):
    make_rsvp(date, ana, status="maybe")

    (said,) = text(ana, word)

    assert (said.kind, said.language) == ("late", language)
    assert "Nov 3, 6:00 PM" in said.body or "3 nov, 6:00 p.m." in said.body
    found = answer(date, ana)
    assert (found.status, found.on_the_way_at is not None) == ("going", True)


def test_late_is_about_the_date_that_runs(clinic, ana, date, hold):
    make_rsvp(date, ana)
    later = make_occurrence(make_meeting(clinic), starts=date.start_local + timedelta(days=2))
    make_rsvp(later, ana)
    hold(date.starts_at + timedelta(minutes=20))

    assert kinds(ana, "on my way") == ["late"]

    assert (answer(date, ana).on_the_way_at is not None, answer(later, ana).on_the_way_at) == (True, None)


def test_late_of_a_member_who_had_not_answered_is_kept_too(clinic, ana, hold):
    meeting = make_meeting(clinic)
    date = make_occurrence(meeting)
    make_member(meeting, ana)
    hold(date.starts_at + timedelta(minutes=5))

    assert kinds(ana, "LATE") == ["late"]

    assert (answer(date, ana).status, answer(date, ana).on_the_way_at is not None) == ("maybe", True)


def test_late_to_a_full_date_says_the_place_in_line(clinic, ana):
    date = make_occurrence(make_meeting(clinic, capacity=1))
    make_rsvp(date, make_person(clinic))
    make_rsvp(date, ana, status="maybe")

    assert kinds(ana, "LATE") == ["waitlisted"]

    assert answer(date, ana).on_the_way_at is None


def test_late_with_nothing_planned_says_so(ana):
    assert kinds(ana, "LATE") == ["next_none"]


def test_who_cannot_come_is_excused_from_the_next_date_and_their_words_stay_in_the_text(clinic, ana, date):
    make_rsvp(date, ana)
    later = make_occurrence(make_meeting(clinic), starts=date.start_local + timedelta(days=2))
    make_rsvp(later, ana)

    (said,) = text(ana, "CANT my son is in court")

    assert (said.kind, said.body) == ("excused", "Thanks for telling us. You are excused Tue Nov 3, 6:00 PM.")
    assert (answer(date, ana).status, answer(later, ana).status) == ("cancelled", "going")
    assert record(date, ana)[:2] == ("excused", "self")
    for table in (Attendance, AttendanceEvent):
        assert list(db.session.scalars(select(table.reason_sealed))) == [None]
    assert "court" in db.session.scalars(select(InboundText)).one().body


def test_who_cannot_come_to_what_they_were_asked_is_excused_from_that(clinic, ana, date):
    make_rsvp(date, ana)
    asked = make_occurrence(make_meeting(clinic), starts=date.start_local + timedelta(days=2))
    ask(ana, asked)

    assert kinds(ana, "NO PUEDO trabajo") == ["excused"]

    assert (answer(date, ana).status, answer(asked, ana).status) == ("going", "declined")
    assert record(asked, ana) == ("excused", "self", "")


@pytest.mark.parametrize("word", ["CANT", "no puedo ir", "I can't come today"])
def test_who_says_no_reason_declines_and_is_not_excused(ana, date, word):
    make_rsvp(date, ana)

    assert kinds(ana, word) == ["no_thanks"]

    assert (answer(date, ana).status, record(date, ana)) == ("cancelled", None)


def test_a_yes_takes_the_excuse_back(ana, date):
    ask(ana, date)
    text(ana, "CANT no ride")

    assert kinds(ana, "Y") == ["thanks"]

    assert (answer(date, ana).status, record(date, ana)) == ("going", None)


def test_what_staff_saw_outweighs_an_excuse(clinic, ana, date, hold):
    counsellor = make_person(clinic, role="counsellor")
    make_rsvp(date, ana)
    text(ana, "CANT no ride")
    hold(date.starts_at)
    with transaction():
        check_in.by_staff(clinic.id, date.id, ana.id, by=counsellor.id)

    assert record(date, ana)[:2] == ("attended", "roll")


def test_with_nothing_planned_nobody_is_excused(ana):
    assert kinds(ana, "CANT my car") == ["next_none"]


def test_wait_after_a_no_to_a_full_date_takes_the_last_place_in_line(clinic, ana):
    date = make_occurrence(make_meeting(clinic, capacity=1))
    make_rsvp(date, make_person(clinic))
    ask(ana, date)
    text(ana, "N")

    (said,) = text(ana, "WAIT")

    assert (said.kind, answer(date, ana).status) == ("waitlisted", "waitlisted")
    assert "Nov 3" in said.body


def test_wait_after_an_offer_that_was_gone_waits_for_that_date(clinic, ana, hold, monday):
    date = make_occurrence(make_meeting(clinic, capacity=1))
    other = make_occurrence(make_meeting(clinic), starts=date.start_local + timedelta(days=1))
    make_rsvp(date, make_person(clinic))
    ask(ana, other)
    hold(monday + timedelta(minutes=1))
    ask(ana, date)
    for message in text(ana, "Y"):
        with transaction():
            reach(message)
    with transaction():
        rsvps.answer(clinic.id, date.id, ana.id, "no", via="web")
    hold(monday + timedelta(minutes=2))

    assert kinds(ana, "ESPERA") == ["waitlisted"]
    assert (answer(date, ana).status, answer(other, ana)) == ("waitlisted", None)


def test_wait_where_a_seat_is_free_takes_it(ana, date):
    ask(ana, date)

    assert kinds(ana, "WAIT") == ["thanks"]
    assert answer(date, ana).status == "going"


@pytest.mark.parametrize("word", ["CANT work", "N"])
def test_wait_after_a_no_is_no_yes_to_a_place_that_is_free(ana, date, word):
    ask(ana, date)
    text(ana, word)

    (said,) = text(ana, "WAIT")

    assert (said.kind, answer(date, ana).status) == ("seat_free", "declined")
    assert said.body.startswith("A place is free Tue Nov 3, 6:00 PM. Reply Y")
    assert kinds(ana, "Y") == ["thanks"]
    assert answer(date, ana).status == "going"


def test_wait_for_nothing_is_told_so(ana):
    assert kinds(ana, "WAIT") == ["nothing_open"]
