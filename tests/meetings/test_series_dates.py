"""What becomes of single dates when their series changes: cancelled by hand, closed, and let happen all the same."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from aftercare.core.db import db, transaction
from aftercare.meetings import changes, closures, history, rsvps, series, undoing
from aftercare.meetings import dates as one_date
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Place
from aftercare.messaging.models import Message
from tests.factories import make_member, make_organisation, make_person
from tests.meetings.serial import FIRST, TUESDAYS, dates, edit, publish, say_yes, texts

START, SECOND = FIRST.date(), FIRST.date() + timedelta(days=7)
FRIDAY = datetime(2026, 11, 6, 9, 0)
TWICE, THRICE = replace(TUESDAYS, count=2), replace(TUESDAYS, count=3)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def hand(act, row):
    with transaction():
        act(row.organisation_id, row.id, by=None)


def place(clinic, name):
    return db.session.scalars(select(Place.id).where(Place.organisation_id == clinic.id, Place.name == name)).one()


def close(clinic, name=None, last=SECOND, **given):
    with transaction():
        scope = "place" if name else "organisation"
        plan = Plan(scope, START, last, place_id=place(clinic, name) if name else None)
        return closures.close(clinic.id, replace(plan, **given), by=None).closure.id


def lift(clinic, key):
    with transaction():
        closures.lift(clinic.id, key, by=None)


def let_texts_leave():
    with transaction():
        db.session.execute(update(Message).where(Message.state == "pending").values(state="delivered"))


def undo(meeting):
    with transaction():
        last = history.undoable(meeting.organisation_id, meeting.id)[0]
        return undoing.undo(meeting.organisation_id, last.id, by=None)


def statuses(meeting):
    return [row.status for row in dates(meeting)]


def test_what_somebody_cancelled_stays_off_though_one_rule_drops_it_and_the_next_has_it_again(clinic):
    meeting = publish(clinic, repeat=THRICE)
    by_hand, by_rule = dates(meeting)[1:]
    hand(changes.cancel_occurrence, by_hand)
    edit(meeting, repeat=replace(TUESDAYS, count=1))
    assert statuses(meeting) == ["scheduled", "cancelled", "cancelled"]

    edit(meeting, repeat=THRICE)
    assert statuses(meeting) == ["scheduled", "cancelled", "scheduled"]

    hand(changes.reinstate_occurrence, by_hand)
    edit(meeting, repeat=replace(TUESDAYS, count=1))
    edit(meeting, repeat=THRICE)
    assert statuses(meeting) == ["scheduled"] * 3
    assert by_rule.id == dates(meeting)[2].id


def test_reinstating_it_by_mistake_is_undone_and_it_stays_off_for_every_rule(clinic):
    meeting = publish(clinic, repeat=TWICE)
    second = dates(meeting)[1]
    hand(changes.cancel_occurrence, second)
    hand(changes.reinstate_occurrence, second)
    undo(meeting)

    edit(meeting, repeat=replace(TUESDAYS, count=1))
    edit(meeting, repeat=TWICE)

    assert statuses(meeting) == ["scheduled", "cancelled"]


def test_a_series_that_goes_into_a_closed_place_is_off_there_and_each_is_told_once(clinic):
    publish(clinic, place_name="Hall")
    meeting = publish(clinic, repeat=THRICE, place_name="Room 4")
    ana, away = make_person(clinic), make_person(clinic)
    make_member(meeting, ana)
    say_yes(dates(meeting)[0], ana)
    with transaction():
        rsvps.answer(clinic.id, dates(meeting)[1].id, away.id, "no", via="web")
    key = close(clinic, "Hall")
    let_texts_leave()

    edit(meeting, place_name="Hall")

    assert statuses(meeting) == ["cancelled", "cancelled", "scheduled"]
    assert [row.closure_id for row in dates(meeting)] == [key, key, None]
    assert [row.status for row in rsvps.answers(dates(meeting)[0])] == ["void"]
    assert sorted((text.person_id, text.kind) for text in texts()) == [(ana.id, "closure"), (ana.id, "placed")]
    lift(clinic, key)
    assert statuses(meeting) == ["scheduled"] * 3
    assert [row.status for row in rsvps.answers(dates(meeting)[0])] == ["going"]


def test_a_series_that_leaves_a_closed_place_is_on_where_it_is_now_but_for_what_else_is_closed(clinic):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=4), place_name="Hall")
    ana = make_person(clinic)
    make_member(meeting, ana)
    say_yes(dates(meeting)[0], ana)
    hand(changes.cancel_occurrence, dates(meeting)[2])
    close(clinic, "Hall", last=START + timedelta(days=30))
    everywhere = close(clinic, last=SECOND, first_day=SECOND)
    let_texts_leave()

    edit(meeting, place_name="Garden")

    assert statuses(meeting) == ["scheduled", "cancelled", "cancelled", "scheduled"]
    assert [row.closure_id for row in dates(meeting)] == [None, everywhere, None, None]
    assert [row.status for row in rsvps.answers(dates(meeting)[0])] == ["going"]
    assert [(text.kind, text.person_id) for text in texts()] == [("placed", ana.id)]


def test_what_goes_online_needs_no_place(clinic):
    meeting = publish(clinic, repeat=TWICE, place_name="Hall")
    close(clinic, "Hall")

    edit(meeting, attendance="online", join_url="https://zoom.us/j/1")
    assert statuses(meeting) == ["scheduled"] * 2

    edit(meeting, attendance="hybrid")
    assert statuses(meeting) == ["cancelled"] * 2


def test_a_date_that_was_let_happen_while_closed_stays_on_as_long_as_it_is_there(clinic):
    meeting = publish(clinic, repeat=TWICE, place_name="Hall")
    close(clinic, "Hall")
    hand(changes.reinstate_occurrence, dates(meeting)[0])

    edit(meeting, first=FIRST.replace(hour=19))

    assert statuses(meeting) == ["scheduled", "cancelled"]


def test_a_move_into_a_closed_place_and_out_of_it_is_undone(clinic):
    publish(clinic, place_name="Hall")
    meeting = publish(clinic, repeat=TWICE, place_name="Room 4")
    make_member(meeting, make_person(clinic))
    close(clinic, "Hall")
    edit(meeting, place_name="Hall")
    assert statuses(meeting) == ["cancelled"] * 2

    assert (undo(meeting), statuses(meeting), texts()) == (0, ["scheduled"] * 2, [])
    key = close(clinic, "Room 4")
    edit(meeting, place_name="Garden")
    undo(meeting)
    assert [(row.status, row.closure_id) for row in dates(meeting)] == [("cancelled", key)] * 2


def test_an_undoing_knows_what_was_closed_and_opened_since(clinic):
    meeting, left = (publish(clinic, repeat=TWICE, place_name=name) for name in ("Room 4", "Hall"))
    opened = close(clinic, "Hall")
    edit(meeting, place_name="Garden")
    edit(left, place_name="Garden")
    shut = close(clinic, "Room 4")
    lift(clinic, opened)

    undo(meeting)
    undo(left)

    assert [(row.status, row.closure_id) for row in dates(meeting)] == [("cancelled", shut)] * 2
    assert statuses(left) == ["scheduled"] * 2


def test_what_a_rule_dropped_while_it_was_closed_opens_with_nothing(clinic):
    dropped, ended = (publish(clinic, repeat=TWICE) for _ in range(2))
    key = close(clinic)
    edit(dropped, repeat=replace(TUESDAYS, count=1))
    with transaction():
        series.end(clinic.id, ended.id, since=date(2026, 11, 2), by=None)

    lift(clinic, key)

    assert (statuses(dropped), statuses(ended)) == (["scheduled", "cancelled"], ["cancelled"] * 2)


def test_what_a_rule_has_again_while_it_is_closed_is_closed(clinic):
    meeting = publish(clinic, repeat=TWICE)
    edit(meeting, repeat=replace(TUESDAYS, count=1))
    key = close(clinic)

    edit(meeting, repeat=TWICE)
    assert statuses(meeting) == ["cancelled"] * 2
    lift(clinic, key)
    assert statuses(meeting) == ["scheduled"] * 2


def test_an_heir_opens_with_its_own_closure(clinic):
    meeting = publish(clinic, repeat=THRICE)
    close(clinic, scope="meeting", meeting_id=meeting.id)

    heir = edit(meeting, since=SECOND, name="Skills").meeting
    [own] = [each.closure.id for each in closures.standing(clinic.id) if each.closure.meeting_id == heir.id]
    lift(clinic, own)

    assert (statuses(meeting), statuses(heir)) == (["cancelled"], ["scheduled"] * 2)


def test_dates_that_nobody_knew_of_open_in_silence(clinic, hold, monday):
    meeting = publish(clinic, repeat=TUESDAYS, place_name="Hall")
    key = close(clinic, "Hall", first_day=date(2027, 5, 3), last=date(2027, 6, 1))
    hold(monday + timedelta(days=30))
    make_member(meeting, make_person(clinic))
    edit(meeting, minutes=75)
    assert {row.status for row in dates(meeting) if row.closure_id == key} == {"cancelled"}
    let_texts_leave()

    edit(meeting, attendance="online", join_url="https://zoom.us/j/1")

    assert set(statuses(meeting)) == {"scheduled"}
    assert texts() == []


def test_an_extra_date_that_was_moved_says_so_as_any_other(clinic, client):
    meeting = publish(clinic, repeat=TWICE)
    with transaction():
        extra = one_date.add_date(clinic.id, meeting.id, one_date.Extra(FRIDAY), by=None).occurrence

    def stands():
        return next(row.status for row in dates(meeting) if row.id == extra.id)

    with transaction():
        changes.move_occurrence(clinic.id, extra.id, to=FRIDAY.replace(hour=12), by=None)
    found = [stands()]
    edit(meeting, name="Skills")
    found.append(stands())
    hand(changes.cancel_occurrence, extra)
    hand(changes.reinstate_occurrence, extra)
    found.append(stands())
    close(clinic)
    lift(clinic, closures.standing(clinic.id)[0].closure.id)
    found.append(stands())

    assert found == ["moved"] * 4
    assert "It was to be on Fri" in client.get(f"/m/{meeting.id}.ics").text.replace("\r\n ", "")
    with transaction():
        changes.move_occurrence(clinic.id, extra.id, to=FRIDAY, by=None)
    assert stands() == "scheduled"
