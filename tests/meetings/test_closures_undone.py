"""What closures leave behind when they are undone, lifted, or met by other changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import before_commit, db, transaction
from aftercare.meetings import aftermath, changes, closures, history, schedule, undoing
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.closures import Plan
from aftercare.meetings.repeats import Repeat
from aftercare.people import organisations
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person
from tests.locks import meeting_halfway
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, edit, publish, texts

START, LAST = FIRST.date(), date(2026, 11, 17)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def close(clinic, first=START, last=LAST):
    with transaction():
        return closures.close(clinic.id, Plan("organisation", first, last), by=None).closure.id


def lift(clinic, key):
    with transaction():
        closures.lift(clinic.id, key, by=None)


def statuses(meeting):
    return [row.status for row in dates(meeting)]


def undo_last(meeting):
    with transaction():
        last = history.undoable(meeting.organisation_id, meeting.id)[0]
        undoing.undo(meeting.organisation_id, last.id, by=None)


def test_undoing_it_for_one_meeting_is_noted_for_all_though_the_clock_goes_on(app):
    clinic = make_organisation()
    today = clock.today("America/Denver")
    weekend = FIRST.replace(year=today.year, month=today.month, day=today.day) + timedelta(days=3)
    groups = [make_meeting(clinic) for _ in range(2)]
    for group in groups:
        make_occurrence(group, starts=weekend)
    close(clinic, first=today, last=today + timedelta(days=9))

    undo_last(groups[0])

    db.session.rollback()
    assert all(change.undone_at for change in db.session.scalars(select(MeetingChange)))


def test_a_date_let_happen_by_mistake_opens_with_the_closure_again(clinic):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=2))
    key = close(clinic)
    with transaction():
        changes.reinstate_occurrence(clinic.id, dates(meeting)[0].id, by=None)
    undo_last(meeting)
    assert statuses(meeting) == ["cancelled", "cancelled"]

    lift(clinic, key)

    assert statuses(meeting) == ["scheduled", "scheduled"]


def test_what_a_rule_drops_and_has_again_is_on_though_it_was_closed_once(clinic):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=3))
    lift(clinic, close(clinic))
    edit(meeting, repeat=replace(WEDNESDAYS, count=3))

    edit(meeting, first=FIRST, repeat=replace(TUESDAYS, count=3))

    assert [row.status for row in dates(meeting) if row.start_local.weekday() == 1] == ["scheduled"] * 3


def test_whoever_was_to_hear_of_all_closed_dates_hears_of_those_that_stay_closed(clinic):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=3))
    make_member(meeting, make_person(clinic))
    key = close(clinic)
    close(clinic, first=LAST)

    lift(clinic, key)

    assert statuses(meeting) == ["scheduled", "scheduled", "cancelled"]
    assert [text.body for text in texts()] == ["Tue Nov 17, 6:00 PM is off. Sorry for the change."]


def test_dates_that_stay_closed_are_found_in_one_query_however_many(clinic, statements):
    asked = []
    for count in (2, 20):
        publish(clinic, repeat=Repeat(unit="day", count=count))
        key = close(clinic, last=START + timedelta(days=30))
        close(clinic, last=START + timedelta(days=30))
        asked.append(statements(lambda key=key: lift(clinic, key)))

    assert asked[1] - asked[0] < 5


def test_what_is_changed_while_an_undoing_waits_is_not_undone_unseen(app, clinic):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=2))
    keys, first = (clinic.id, meeting.id), dates(meeting)[0].id
    with transaction():
        changes.move_occurrence(clinic.id, first, to=FIRST.replace(hour=19), by=None)
        change = history.undoable(*keys)[0].id

    failed = meeting_halfway(
        app,
        lambda: changes.move_occurrence(keys[0], first, to=FIRST.replace(hour=20), by=None),
        lambda: undoing.undo(keys[0], change, by=None),
    )

    assert failed == ["Conflict"]
    assert dates(meeting)[0].start_local.hour == 20


def test_what_is_changed_while_the_undoing_of_a_series_waits_is_not_undone_unseen(app, clinic):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=2))
    keys, first = (clinic.id, meeting.id), dates(meeting)[0].id
    edit(meeting, first=FIRST.replace(hour=19))
    change = history.undoable(*keys)[0].id
    db.session.rollback()

    failed = meeting_halfway(
        app,
        lambda: changes.move_occurrence(keys[0], first, to=FIRST.replace(hour=20), by=None),
        lambda: undoing.undo(keys[0], change, by=None),
    )

    assert failed == ["Conflict"]
    assert [row.start_local.hour for row in dates(meeting)] == [20, 19]


def test_a_closure_does_not_wait_in_a_circle_with_the_change_of_another_day(app, clinic):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=6))
    keys, later = (clinic.id, meeting.id), dates(meeting)[5].id

    def change_the_meeting():
        aftermath.raise_sequence(schedule.lock_occurrence(keys[0], later), clock.now())
        before_commit("calendars", lambda: organisations.touch_public_calendar(keys[0]))

    failed = meeting_halfway(
        app,
        change_the_meeting,
        lambda: closures.close(keys[0], Plan("organisation", START, LAST), by=None),
    )

    assert failed == []
    assert statuses(meeting) == ["cancelled"] * 3 + ["scheduled"] * 3
