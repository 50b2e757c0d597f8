from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.core.errors import NotFound
from aftercare.meetings import closures, history, schedule
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Place
from aftercare.recovery import progress
from aftercare.recovery.streaks import Status
from tests.factories import (
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    saved,
)

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEEK = timedelta(days=7)
FIRST, LAST = date(2026, 11, 3), date(2026, 11, 10)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def hall(clinic):
    return saved(Place(organisation_id=clinic.id, name="Hall"))


def weeks(meeting, count=3):
    return [make_occurrence(meeting, starts=TUESDAY + number * WEEK) for number in range(count)]


def close(clinic, scope="organisation", **given):
    with transaction():
        plan = replace(Plan(scope, FIRST, LAST, reason="Flood"), **given)
        done = closures.close(clinic.id, plan, by=None)
        return done.closure.id, done.told


def lift(clinic, key):
    with transaction():
        return closures.lift(clinic.id, key, by=None).told


def statuses(dates):
    db.session.rollback()
    return [schedule.get_occurrence(each.organisation_id, each.id).status for each in dates]


def test_a_closure_relieves_the_week_and_opening_early_asks_for_it_again(clinic):
    meeting = make_meeting(clinic)
    ana = make_person(clinic)
    make_member(meeting, ana)
    weeks(meeting)

    key, _ = close(clinic)
    assert progress.whole(ana).streak.this_week_goal == 0
    lift(clinic, key)
    assert progress.whole(ana).streak.this_week_goal == 1
    assert progress.whole(ana).streak.weeks[-1].status == Status.OPEN


def test_calendars_hear_of_a_closure_and_of_its_end(clinic):
    [date_] = weeks(make_meeting(clinic), 1)
    sequences = [schedule.get_occurrence(clinic.id, date_.id).sequence]

    key, _ = close(clinic)
    sequences.append(schedule.get_occurrence(clinic.id, date_.id).sequence)
    lift(clinic, key)
    sequences.append(schedule.get_occurrence(clinic.id, date_.id).sequence)

    assert sequences == [0, 1, 2]


def test_the_history_of_each_closed_meeting_says_so(clinic):
    meetings = [make_meeting(clinic) for _ in range(2)]
    for each in meetings:
        weeks(each, 1)

    close(clinic)

    for each in meetings:
        [noted] = history.of_meeting(clinic.id, each.id)
        assert (noted.change.act, noted.change.after["last_day"], noted.change.after["dates"]) == (
            "meeting.closed", "2026-11-10", 1,
        )  # fmt: skip


@pytest.mark.parametrize("scope", ["meeting", "place"])
def test_what_another_organisation_has_is_not_there(clinic, hall, scope):
    stranger = make_organisation()
    meeting = make_meeting(clinic, place_id=hall.id)
    about = {"meeting_id": meeting.id} if scope == "meeting" else {"place_id": hall.id}

    with pytest.raises(NotFound):
        close(stranger, scope, **about)
    key, _ = close(clinic, scope, **about)
    with pytest.raises(NotFound):
        lift(stranger, key)


def test_the_same_dates_of_another_organisation_go_on(clinic):
    other = make_occurrence(make_meeting(make_organisation()), starts=TUESDAY)

    close(clinic)

    assert statuses([other]) == ["scheduled"]
