from datetime import date, timedelta

import pytest
from sqlalchemy import text

from aftercare.attendance import roster
from aftercare.core.db import db
from aftercare.core.errors import NotFound
from tests.attendance.deeds import SIX
from tests.conftest import query_count
from tests.factories import (
    make_attendance,
    make_meeting,
    make_member,
    make_occurrence,
    make_person,
    make_rsvp,
)


def lines(occurrence):
    db.session.rollback()
    return roster.of(occurrence.organisation_id, occurrence.id).lines


def weeks_ago(meeting, weeks, **given):
    return make_occurrence(meeting, starts=SIX - timedelta(weeks=weeks), **given)


def test_the_roster_has_members_and_answers_and_walk_ins_by_name(clinic):
    meeting = make_meeting(clinic)
    tuesday = make_occurrence(meeting, starts=SIX)
    names = ("zoe Adams", "Ana Rivera", "Marcus Todd")
    zoe, ana, marcus = (make_person(clinic, name=name) for name in names)
    make_member(meeting, zoe)
    make_rsvp(tuesday, ana)
    make_attendance(tuesday, marcus)
    make_person(clinic, name="Bea Nobody")

    assert [line.name for line in lines(tuesday)] == ["Ana Rivera", "Marcus Todd", "zoe Adams"]


def test_a_member_who_also_answered_is_one_line(clinic):
    meeting = make_meeting(clinic)
    tuesday, ana = make_occurrence(meeting, starts=SIX), make_person(clinic)
    make_member(meeting, ana)
    make_rsvp(tuesday, ana)
    make_attendance(tuesday, ana)

    assert [line.person.id for line in lines(tuesday)] == [ana.id]


def test_a_member_of_later_is_not_on_the_roster(clinic):
    meeting = make_meeting(clinic)
    tuesday = make_occurrence(meeting, starts=SIX)
    make_member(meeting, make_person(clinic), since=SIX.date() + timedelta(days=1))

    assert lines(tuesday) == ()


def test_the_counts_are_those_of_the_lines(clinic):
    tuesday = make_occurrence(make_meeting(clinic, capacity=2), starts=SIX)
    people = [make_person(clinic, name=f"Person {number}") for number in range(4)]
    make_rsvp(tuesday, people[0])
    make_rsvp(tuesday, people[1], status="declined")
    make_rsvp(tuesday, people[2], status="waitlisted", position=7)
    make_rsvp(tuesday, people[3], status="waitlisted", position=4)
    make_attendance(tuesday, people[0], state="late")
    db.session.rollback()

    found = roster.of(clinic.id, tuesday.id)

    assert (found.here, found.said_yes, found.waiting) == (1, 1, 2)
    assert [line.place_in_line for line in found.lines] == [None, None, 2, 1]


def test_the_last_eight_dates_are_drawn_oldest_first(clinic):
    meeting, ana = make_meeting(clinic), make_person(clinic)
    make_member(meeting, ana, since=date(2026, 1, 1))
    for weeks in range(9, 0, -1):
        earlier = weeks_ago(meeting, weeks, roll="final")
        if weeks in (9, 8, 2):
            make_attendance(earlier, ana)

    (line,) = lines(make_occurrence(meeting, starts=SIX))

    assert line.visits == (True, False, False, False, False, False, True, False)


def test_what_was_not_recorded_is_drawn_as_not_known(clinic):
    meeting, ana = make_meeting(clinic), make_person(clinic)
    make_member(meeting, ana)
    make_attendance(weeks_ago(meeting, 3), ana)
    weeks_ago(meeting, 2)
    make_attendance(weeks_ago(meeting, 1, roll="final"), ana, state="excused", reason="Away")

    (line,) = lines(make_occurrence(meeting, starts=SIX))

    assert line.visits == (True, None, None)


def test_cancelled_dates_and_dates_before_they_came_are_not_drawn(clinic):
    meeting, ana = make_meeting(clinic), make_person(clinic)
    weeks_ago(meeting, 4, roll="final")
    make_member(meeting, ana, since=SIX.date() - timedelta(weeks=3))
    weeks_ago(meeting, 2, status="cancelled")
    weeks_ago(meeting, 1, roll="final")

    (line,) = lines(make_occurrence(meeting, starts=SIX))

    assert line.visits == (False,)


@pytest.mark.parametrize("number", [1, 30])
def test_a_roster_takes_four_statements_however_many_people(app, clinic, number):
    meeting = make_meeting(clinic)
    tuesday = make_occurrence(meeting, starts=SIX)
    earlier = [weeks_ago(meeting, weeks, roll="final") for weeks in range(1, 9)]
    for _ in range(number):
        person = make_person(clinic)
        make_member(meeting, person)
        make_rsvp(tuesday, person)
        make_attendance(earlier[0], person)
    key = (clinic.id, tuesday.id)
    db.session.remove()
    db.session.execute(text("SELECT 1"))
    counted = query_count(app)

    found = roster.of(*key)

    assert len(found.lines) == number
    assert counted() == 4


def test_the_roster_of_another_organisation_is_not_there(clinic):
    foreign = make_occurrence(starts=SIX)

    with pytest.raises(NotFound):
        roster.of(clinic.id, foreign.id)
