from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from aftercare.core.db import db
from aftercare.core.errors import Invalid
from aftercare.meetings import changes
from aftercare.people.models import Person
from aftercare.recovery import progress
from tests.conftest import query_count
from tests.factories import make_attendance, make_meeting, make_member, make_occurrence, make_person, make_rsvp
from tests.recovery.deeds import NOW, came, date_of, do


def streak(person):
    db.session.rollback()
    return progress.of(person)


def statuses(person, *weeks_ago):
    weeks = streak(person).weeks
    return [weeks[-1 - ago].status.value for ago in weeks_ago]


def test_visits_make_a_streak(group, ana):
    came(group, ana, 3, 2, 1)

    found = streak(ana)

    assert (found.total, found.weeks_on_goal, found.current, found.best) == (3, 3, 3, 3)
    assert (found.this_week_done, found.this_week_goal) == (0, 1)


def test_coming_late_counts_and_an_excuse_does_not(group, ana):
    came(group, ana, 2, state="late")
    came(group, ana, 1, state="excused", reason="Ill")

    assert (streak(ana).total, statuses(ana, 2, 1)) == (1, ["met", "neutral"])


def test_an_expected_date_that_is_final_without_them_is_a_missed_week(group, ana):
    came(group, ana, 2)
    make_rsvp(date_of(group, 1, roll="final"), ana)

    assert statuses(ana, 2, 1) == ["met", "missed"]


@pytest.mark.parametrize("state", ["open", "held"])
def test_a_roll_that_was_never_finished_leaves_the_week_pending(group, ana, state):
    came(group, ana, 2)
    make_rsvp(date_of(group, 1, roll=state), ana)

    assert statuses(ana, 2, 1) == ["met", "pending"]


def test_a_member_who_had_not_declined_was_expected(group, ana):
    make_member(group, ana)
    date_of(group, 1)

    assert statuses(ana, 1) == ["pending"]


@pytest.mark.parametrize("answer", ["declined", "cancelled"])
def test_a_member_who_declined_was_not_expected(group, ana, answer):
    make_member(group, ana)
    make_rsvp(date_of(group, 1), ana, status=answer)

    assert statuses(ana, 1) == ["missed"]


def test_whoever_only_thought_of_coming_was_not_expected(group, ana):
    make_rsvp(date_of(group, 1), ana, status="maybe")

    assert statuses(ana, 1) == ["missed"]


def test_the_only_date_of_a_week_cancelled_by_the_host_makes_it_neutral(group, ana):
    make_rsvp(date_of(group, 1, status="cancelled"), ana, status="void", voided_from="going")

    assert statuses(ana, 1) == ["neutral"]


@pytest.mark.parametrize(("answer", "week"), [("going", "neutral"), ("maybe", "missed"), ("waitlisted", "missed")])
def test_a_cancelled_date_relieves_whoever_had_said_yes(clinic, group, ana, hold, answer, week):
    hold(NOW - timedelta(weeks=2))
    date = date_of(group, 1)
    make_rsvp(date, ana, status=answer, position=1 if answer == "waitlisted" else None)
    do(changes.cancel_occurrence, clinic.id, date.id, by=None)
    hold(NOW)

    assert statuses(ana, 1) == [week]


def test_a_cancelled_date_of_their_group_relieves_a_member(group, ana):
    make_member(group, ana)
    date_of(group, 1, status="cancelled")

    assert statuses(ana, 1) == ["neutral"]


def test_a_cancelled_date_of_others_relieves_nobody(group, ana):
    date_of(group, 1, status="cancelled")

    assert statuses(ana, 1) == ["missed"]


def test_a_date_cancelled_later_this_week_relieves_this_week(group, ana):
    friday = make_occurrence(group, starts=datetime(2026, 11, 6, 18, 0), status="cancelled")
    make_rsvp(friday, ana, status="void", voided_from="going")

    assert streak(ana).this_week_goal == 0


def test_a_date_that_the_host_cancels_uses_up_no_excuse(group, ana):
    friday = make_occurrence(group, starts=datetime(2026, 11, 6, 18, 0), status="cancelled")
    make_rsvp(friday, ana, status="void", voided_from="going")
    make_attendance(friday, ana, state="excused", credit_date=date(2026, 11, 6))

    facts = progress.facts_of(ana)

    assert (list(facts.host_cancelled), list(facts.excused)) == ([date(2026, 11, 6)], [])


def test_one_visit_and_one_cancelled_date_meet_a_goal_of_two(group, ana, hold):
    hold(NOW - timedelta(weeks=2))
    do(progress.set_goal, ana, 2)
    hold(NOW)
    came(group, ana, 0)
    assert statuses(ana, 0) == ["open"]
    friday = make_occurrence(group, starts=datetime(2026, 11, 6, 18, 0), status="cancelled")
    make_rsvp(friday, ana, status="void", voided_from="going")

    assert (streak(ana).this_week_goal, statuses(ana, 0)) == (1, ["met"])


def test_a_visit_is_never_unknown_too(group, ana):
    make_member(group, ana)
    make_attendance(date_of(group, 1), ana)

    facts = progress.facts_of(ana)

    assert (list(facts.credited), list(facts.unknown)) == ([date(2026, 10, 27)], [])


def test_a_date_still_to_come_is_not_unknown(group, ana):
    make_rsvp(make_occurrence(group, starts=datetime(2026, 11, 5, 18, 0)), ana)

    assert list(progress.facts_of(ana).unknown) == []


def test_the_days_are_those_of_the_patient_online_and_of_the_place_elsewhere(clinic):
    far = make_person(clinic, zone="Asia/Tokyo")
    online = make_meeting(clinic, attendance="online")
    room = make_meeting(clinic)
    for meeting in (online, room):
        make_rsvp(date_of(meeting, 1), far)

    assert sorted(progress.facts_of(far).unknown) == [date(2026, 10, 27), date(2026, 10, 28)]


def test_today_is_the_day_of_the_patient(clinic):
    far = make_person(clinic, zone="Pacific/Kiritimati")

    assert progress.facts_of(far).today == date(2026, 11, 5)


def test_visits_of_somebody_else_are_not_counted(clinic, group, ana):
    came(group, make_person(clinic), 1)

    assert streak(ana).total == 0


@pytest.mark.parametrize("weeks", [1, 9])
def test_facts_take_five_statements_however_long_the_history(app, group, ana, weeks):
    make_member(group, ana)
    came(group, ana, *range(1, weeks + 1))
    db.session.rollback()
    db.session.execute(text("SELECT 1"))
    person = db.session.get_one(Person, (ana.organisation_id, ana.id))
    counted = query_count(app)

    assert len(progress.facts_of(person).credited) == weeks
    assert counted() == 5


def test_a_rise_of_the_goal_counts_from_next_week(group, ana, hold):
    do(progress.set_goal, ana, 3)

    assert (streak(ana).this_week_goal, progress.goal_of(ana)) == (1, 3)
    hold(NOW + timedelta(weeks=1))
    assert streak(ana).this_week_goal == 3


def test_a_cut_of_the_goal_counts_from_this_week(ana, hold):
    do(progress.set_goal, ana, 3)
    hold(NOW + timedelta(weeks=1))

    do(progress.set_goal, ana, 2)

    assert streak(ana).this_week_goal == 2


def test_the_last_goal_of_a_day_stands(ana):
    for goal in (3, 5):
        do(progress.set_goal, ana, goal)

    assert progress.goal_of(ana) == 5


@pytest.mark.parametrize("goal", [0, 22, -1])
def test_a_goal_that_nobody_can_mean_is_refused(ana, goal):
    with pytest.raises(Invalid):
        do(progress.set_goal, ana, goal)


def test_a_week_of_rest_asks_nothing(ana, hold):
    hold(NOW - timedelta(days=2))
    do(progress.set_pause, ana, 7)
    hold(NOW + timedelta(weeks=1))

    assert statuses(ana, 1) == ["neutral"]


def test_a_pause_can_be_ended_and_the_rested_days_stay(ana, hold):
    do(progress.set_pause, ana, 14)
    assert progress.paused_until(ana) == date(2026, 11, 17)
    hold(NOW + timedelta(days=2))

    do(progress.end_pause, ana)

    assert progress.paused_until(ana) is None
    assert [(p.first_day, p.last_day) for p in progress.facts_of(ana).pauses] == [
        (date(2026, 11, 4), date(2026, 11, 5))
    ]


def test_a_pause_ended_on_its_first_day_was_none(ana):
    do(progress.set_pause, ana, 7)
    do(progress.end_pause, ana)

    assert list(progress.facts_of(ana).pauses) == []


def test_the_week_can_begin_on_another_day(group, ana):
    make_attendance(make_occurrence(group, starts=datetime(2026, 11, 1, 18, 0)), ana)
    assert streak(ana).this_week_done == 0

    do(progress.set_week_start, ana, 6)

    assert streak(ana).this_week_done == 1


def test_the_streak_can_be_hidden_and_counts_on(group, ana):
    came(group, ana, 1)

    do(progress.show_streak, ana, False)

    db.session.rollback()
    found = progress.whole(ana)
    assert (found.shows_streak, found.streak.current) == (False, 1)


def test_somebody_is_enrolled_once(clinic):
    person = make_person(clinic, role="counsellor")

    for goal in (2, 5):
        do(progress.enrol, person, goal=goal)

    db.session.rollback()
    assert (progress.goal_of(person), progress.facts_of(person).enrolled_on) == (2, date(2026, 11, 4))


def test_a_new_goal_tells_the_calendar(clinic, ana):
    before = ana.calendar_version

    do(progress.set_goal, ana, 2)

    db.session.rollback()
    assert db.session.get_one(Person, (clinic.id, ana.id)).calendar_version == before + 1
