from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, dates, history, undoing
from aftercare.messaging.models import Message
from aftercare.recovery import calls, late_news, outreach
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person
from tests.meetings import serial
from tests.meetings.serial import edit, publish
from tests.recovery.told import listed, someone, text_about


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def tomorrow(clinic):
    """Give a date on Tuesday at half past seven in the morning."""
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 7, 30))


def night_before(hold):
    hold(datetime(2026, 11, 3, 5, 0, tzinfo=clock.now().tzinfo))


def ask():
    db.session.rollback()
    for key in late_news.due():
        with transaction():
            late_news.ask(*key)
    db.session.rollback()


def tasks(clinic):
    db.session.rollback()
    return [(task.kind, task.is_urgent, task.facts["occurrence_id"]) for task in outreach.open_tasks(clinic.id)]


def test_a_date_cancelled_at_night_for_the_early_morning_is_told_by_a_call(clinic, tomorrow, hold):
    someone(clinic, tomorrow)
    night_before(hold)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)

    ask()
    ask()

    assert tasks(clinic) == [("late_news", True, str(tomorrow.id))]
    assert listed(tomorrow) == {"Ana": "too_late"}


def test_a_date_moved_at_night_is_told_by_a_call_and_by_the_text_of_the_morning(clinic, tomorrow, hold):
    ana = someone(clinic, tomorrow)
    night_before(hold)
    with transaction():
        changes.move_occurrence(clinic.id, tomorrow.id, to=datetime(2026, 11, 3, 18), by=None)

    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]
    assert listed(tomorrow) == {"Ana": "too_late"}
    text = db.session.scalars(db.select(Message).where(Message.person_id == ana.id)).one()
    assert (text.kind, text.state) == ("moved", "pending")
    assert text.due_at == datetime(2026, 11, 3, 16, 0, tzinfo=text.due_at.tzinfo)


def put_in(clinic, date, name):
    with transaction():
        dates.change_place(clinic.id, date.id, name=name, address="", by=None)


def test_another_place_said_at_night_is_told_by_a_call_whatever_the_reminder_said(clinic, tomorrow, hold):
    text_about(someone(clinic, tomorrow), tomorrow)
    night_before(hold)
    assert listed(tomorrow) == {}
    put_in(clinic, tomorrow, "Library")

    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]
    assert listed(tomorrow) == {"Ana": "too_late"}


def test_another_place_that_was_told_in_time_asks_nobody_to_call_until_it_changes_again(clinic, tomorrow, hold):
    ana, sam = someone(clinic, tomorrow), make_person(clinic, role="counsellor")
    put_in(clinic, tomorrow, "Library")
    with transaction():
        db.session.execute(update(Message).values(state="delivered"))
    ask()
    assert (listed(tomorrow), tasks(clinic)) == ({}, [])

    night_before(hold)
    put_in(clinic, tomorrow, "School")
    ask()
    assert listed(tomorrow) == {"Ana": "too_late"}
    with transaction():
        calls.log(clinic.id, tomorrow.id, ana.id, outcome="reached", by=sam.id)
    put_in(clinic, tomorrow, "Town Hall")
    db.session.rollback()
    assert [call.is_needed for call in calls.of(clinic.id, tomorrow.id)] == [True]


def test_a_place_that_is_taken_back_before_anybody_heard_leaves_the_reminder_true(clinic, tomorrow):
    text_about(someone(clinic, tomorrow), tomorrow)
    put_in(clinic, tomorrow, "Library")
    assert listed(tomorrow) == {"Ana": "leaves_later"}
    with transaction():
        [change] = history.undoable(clinic.id, tomorrow.meeting_id)
        undoing.undo(clinic.id, change.id, by=None)

    assert listed(tomorrow) == {}
    assert late_news.due() == []


def test_a_series_in_another_place_is_news_of_each_of_its_dates(clinic, hold):
    meeting = publish(clinic, first=datetime(2026, 11, 3, 7, 30), place_name="Hall")
    tomorrow = first_of(meeting)
    text_about(someone(clinic, tomorrow), tomorrow)
    night_before(hold)
    edit(meeting, place_name="Library")

    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]


def first_of(meeting):
    return serial.dates(meeting)[0]


def test_news_that_has_time_asks_nobody_to_call(clinic, tomorrow, hold, monday):
    someone(clinic, tomorrow)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
    ask()
    assert tasks(clinic) == []

    with transaction():
        db.session.execute(update(Message).values(state="undelivered"))
    ask()

    assert [kind for kind, _, _ in tasks(clinic)] == ["late_news"]


def test_staff_are_asked_when_a_text_with_news_stays_unconfirmed_for_over_an_hour(clinic, tomorrow, hold):
    someone(clinic, tomorrow)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
        left_at = tomorrow.starts_at - timedelta(minutes=50)
        db.session.execute(update(Message).values(state="sent", left_at=left_at))
    hold(tomorrow.starts_at - timedelta(minutes=40))
    ask()
    assert (listed(tomorrow), tasks(clinic)) == ({"Ana": "just_sent"}, [])

    with transaction():
        db.session.execute(update(Message).values(left_at=left_at - timedelta(hours=1)))
    ask()

    assert (listed(tomorrow), [kind for kind, _, _ in tasks(clinic)]) == ({"Ana": "unconfirmed"}, ["late_news"])


def test_the_task_is_over_when_all_have_heard_or_the_moment_has_passed(clinic, tomorrow, hold):
    ana, sam = someone(clinic, tomorrow), make_person(clinic, role="counsellor")
    night_before(hold)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
    ask()

    assert close() == [False]
    with transaction():
        calls.log(clinic.id, tomorrow.id, ana.id, outcome="reached", by=sam.id)
    assert close() == [True]
    assert tasks(clinic) == []


def test_a_task_that_nobody_did_closes_when_it_is_too_late(clinic, tomorrow, hold):
    someone(clinic, tomorrow)
    night_before(hold)
    with transaction():
        changes.cancel_occurrence(clinic.id, tomorrow.id, by=None)
    ask()
    hold(tomorrow.starts_at)

    assert close() == [True]


def close():
    db.session.rollback()
    with transaction():
        return [late_news.close_if_over(*key) for key in late_news.asked()]


def test_moved_twice_the_earliest_start_that_somebody_may_believe_in_counts(clinic, tomorrow):
    early = tomorrow.starts_at
    for hour in (18, 20):
        with transaction():
            changes.move_occurrence(clinic.id, tomorrow.id, to=datetime(2026, 11, 3, hour), by=None)

    db.session.rollback()
    assert db.session.merge(tomorrow).hear_by == early
