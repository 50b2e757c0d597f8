from datetime import timedelta

import pytest

from aftercare.attendance import check_in
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.people.models import Person
from tests.attendance.deeds import SIX, START, acts, enter, record, refusal, say_here, status, tick, undo
from tests.factories import make_meeting, make_occurrence, make_person, make_rsvp


def test_staff_record_somebody_with_the_highest_assurance(tuesday, ana, sam):
    tick(tuesday, ana, sam)

    row = record(tuesday, ana)
    assert (row.state, row.way, row.assurance, row.recorded_by) == ("attended", "roll", 3, sam.id)


def test_nobody_can_be_recorded_at_a_cancelled_date(clinic, ana, sam):
    cancelled = make_occurrence(make_meeting(clinic), starts=SIX, status="cancelled")

    assert refusal(Conflict, tick, cancelled, ana, sam) == "cancelled"


def test_the_first_arrival_and_the_highest_assurance_win(tuesday, ana, hold):
    make_rsvp(tuesday, ana)
    hold(START + timedelta(minutes=5))
    say_here(ana)
    hold(START + timedelta(minutes=20))

    enter(ana, check_in.code_of(tuesday))

    row = record(tuesday, ana)
    assert (row.state, row.way, row.assurance) == ("attended", "code", 2)
    assert row.arrived_at == START + timedelta(minutes=5)


def test_a_lower_assurance_changes_nothing(tuesday, ana, sam, hold):
    tick(tuesday, ana, sam, mark="late")
    hold(START + timedelta(minutes=1))

    assert enter(ana, check_in.code_of(tuesday)).is_repeat

    row = record(tuesday, ana)
    assert (row.state, row.way, row.assurance) == ("late", "roll", 3)


def test_the_word_of_staff_stands_over_the_clock(tuesday, ana, sam, hold):
    hold(START + timedelta(minutes=40))
    enter(ana, check_in.code_of(tuesday))

    tick(tuesday, ana, sam, mark="attended")

    assert record(tuesday, ana).state == "attended"


def test_an_excuse_needs_its_reason(tuesday, ana, sam):
    assert refusal(Invalid, tick, tuesday, ana, sam, mark="excused") == "needs_reason"

    tick(tuesday, ana, sam, mark="excused", reason="Court date")

    assert (record(tuesday, ana).state, record(tuesday, ana).reason) == ("excused", "Court date")


def test_an_excuse_can_be_noted_before_the_date(tuesday, ana, sam, hold):
    hold(START - timedelta(days=2))

    tick(tuesday, ana, sam, mark="excused", reason="Away")

    assert record(tuesday, ana).state == "excused"


def test_nobody_can_be_recorded_as_there_before_the_door_opens(tuesday, ana, sam, hold):
    hold(START - timedelta(minutes=31))

    assert refusal(Conflict, tick, tuesday, ana, sam) == "not_open"


def test_who_was_excused_and_comes_after_all_was_there(tuesday, ana, sam):
    tick(tuesday, ana, sam, mark="excused", reason="Away")

    enter(ana, check_in.code_of(tuesday))

    row = record(tuesday, ana)
    assert (row.state, row.assurance, row.reason) == ("attended", 2, "")


def test_a_mere_word_does_not_undo_an_excuse(tuesday, ana, sam):
    make_rsvp(tuesday, ana)
    tick(tuesday, ana, sam, mark="excused", reason="Away")

    say_here(ana)

    assert record(tuesday, ana).state == "excused"


@pytest.mark.parametrize("mark", ["no_show", "unknown", ""])
def test_absence_is_never_recorded(tuesday, ana, sam, mark):
    refusal(Invalid, tick, tuesday, ana, sam, mark=mark)

    assert record(tuesday, ana) is None


def test_staff_may_finish_the_roll_for_three_days(tuesday, ana, sam, hold):
    hold(tuesday.ends_at + timedelta(hours=72))

    tick(tuesday, ana, sam)

    assert (record(tuesday, ana).state, record(tuesday, ana).arrived_at) == ("attended", START)


def test_after_three_days_a_change_is_a_correction_with_a_reason(tuesday, ana, sam, hold):
    hold(tuesday.ends_at + timedelta(hours=72, seconds=1))

    assert refusal(Invalid, tick, tuesday, ana, sam) == "needs_reason"
    assert refusal(Invalid, undo, tuesday, ana, sam) == "needs_reason"
    tick(tuesday, ana, sam, reason="On the paper list")

    assert record(tuesday, ana).reason == "On the paper list"


def test_undo_takes_the_record_back_and_keeps_what_was_said(tuesday, ana, sam):
    tick(tuesday, ana, sam)

    assert undo(tuesday, ana, sam)

    assert record(tuesday, ana) is None
    assert acts(ana) == [("attended", "roll"), ("undone", "roll")]


def test_the_date_was_held_once_somebody_was_seen_there(tuesday, ana, sam):
    tick(tuesday, ana, sam)

    assert status(tuesday) == "held"


def test_an_excuse_does_not_show_that_the_date_was_held(tuesday, ana, sam):
    tick(tuesday, ana, sam, mark="excused", reason="Away")

    assert status(tuesday) == "scheduled"


def test_a_slip_of_the_finger_undone_leaves_the_date_as_it_was(clinic, ana, sam):
    moved = make_occurrence(make_meeting(clinic), starts=SIX, slot_local=SIX - timedelta(days=1), status="moved")
    tick(moved, ana, sam)
    undo(moved, ana, sam)

    assert status(moved) == "moved"


def test_a_check_in_tells_the_calendar(clinic, tuesday, ana):
    before = ana.calendar_version

    enter(ana, check_in.code_of(tuesday))

    db.session.rollback()
    assert db.session.get_one(Person, (clinic.id, ana.id)).calendar_version == before + 1


def test_staff_of_another_organisation_record_nobody_here(tuesday, ana):
    stranger = make_person(role="counsellor")
    db.session.rollback()

    with pytest.raises(NotFound), transaction():
        check_in.by_staff(stranger.organisation_id, tuesday.id, ana.id, by=stranger.id)

    assert record(tuesday, ana) is None


def test_a_patient_of_another_organisation_is_not_recorded_here(tuesday, sam):
    stranger = make_person()

    with pytest.raises(NotFound):
        tick(tuesday, stranger, sam)
