from datetime import timedelta

import pytest

from aftercare.attendance import roll, roster
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings.models import Occurrence
from aftercare.people.models import Person
from tests.attendance.deeds import SIX, START, tick, undo
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp

DAY = timedelta(hours=24)


def finish(occurrence, by):
    return do(roll.finish, occurrence, by=by.id)


def do(deed, occurrence, **given):
    db.session.rollback()
    with transaction():
        return deed(occurrence.organisation_id, occurrence.id, **given)


def state(occurrence):
    db.session.rollback()
    row = db.session.get_one(Occurrence, (occurrence.organisation_id, occurrence.id))
    return row.roll, row.status


def standing(occurrence, person):
    db.session.rollback()
    lines = roster.of(occurrence.organisation_id, occurrence.id).lines
    return next(line.standing.value for line in lines if line.person.id == person.id)


def test_a_finished_roll_says_who_was_not_there(clinic, tuesday, ana, sam):
    away = make_person(clinic)
    make_rsvp(tuesday, ana)
    make_rsvp(tuesday, away)
    tick(tuesday, ana, sam)

    finish(tuesday, sam)

    assert state(tuesday) == ("final", "held")
    assert (standing(tuesday, ana), standing(tuesday, away)) == ("attended", "no_show")


def test_before_the_roll_is_final_nobody_was_absent(clinic, tuesday, ana, sam, hold):
    away = make_person(clinic)
    make_rsvp(tuesday, away)
    tick(tuesday, ana, sam)
    do(roll.say_held, tuesday, by=sam.id)
    hold(tuesday.ends_at + timedelta(hours=1))

    assert standing(tuesday, away) == "unknown"


def test_who_told_in_advance_is_never_a_no_show(clinic, tuesday, sam):
    told = make_person(clinic)
    make_rsvp(tuesday, told, status="cancelled", is_late_cancel=True)

    finish(tuesday, sam)

    assert standing(tuesday, told) == "unknown"


def test_a_date_that_has_not_begun_cannot_be_finished(tuesday, sam, hold):
    hold(START - timedelta(minutes=1))

    with pytest.raises(Conflict):
        finish(tuesday, sam)


def test_a_cancelled_date_cannot_be_finished(clinic, sam):
    cancelled = make_occurrence(make_meeting(clinic), starts=SIX, status="cancelled")

    with pytest.raises(Conflict):
        finish(cancelled, sam)


def test_staff_of_another_organisation_finish_no_roll_here(tuesday):
    stranger = make_person(role="counsellor")
    db.session.rollback()

    with pytest.raises(NotFound), transaction():
        roll.finish(stranger.organisation_id, tuesday.id, by=stranger.id)

    assert state(tuesday) == ("open", "scheduled")


def test_a_roll_with_somebody_on_it_closes_by_itself_after_a_day(tuesday, ana, sam, hold):
    tick(tuesday, ana, sam)

    hold(tuesday.ends_at + DAY - timedelta(seconds=1))
    assert (list(roll.due_for_final()), do(roll.finalise, tuesday)) == ([], False)
    hold(tuesday.ends_at + DAY)
    assert list(roll.due_for_final()) == [(tuesday.organisation_id, tuesday.id)]
    assert do(roll.finalise, tuesday)

    assert state(tuesday) == ("final", "held")
    assert list(roll.due_for_final()) == []


def test_a_roll_without_anybody_closes_by_itself_if_the_host_said_held(tuesday, sam, hold):
    do(roll.say_held, tuesday, by=sam.id)
    hold(tuesday.ends_at + DAY)

    assert do(roll.finalise, tuesday)


def test_a_date_of_which_nobody_said_a_word_stays_unknown(tuesday, ana, hold):
    make_rsvp(tuesday, ana)
    hold(tuesday.ends_at + timedelta(days=3))

    assert not do(roll.finalise, tuesday)
    assert (list(roll.due_for_final()), standing(tuesday, ana)) == ([], "unknown")
    assert list(roll.untold()) == [(tuesday.organisation_id, tuesday.id)]


def test_a_date_at_which_nobody_was_expected_is_asked_of_nobody(tuesday, ana, hold):
    make_rsvp(tuesday, ana, status="declined")
    hold(tuesday.ends_at + DAY)

    assert list(roll.untold()) == []


def test_a_date_of_a_group_with_members_is_asked_for(clinic, ana, hold):
    group = make_meeting(clinic)
    make_member(group, ana)
    tuesday = make_occurrence(group, starts=SIX)
    hold(tuesday.ends_at + DAY)

    assert list(roll.untold()) == [(tuesday.organisation_id, tuesday.id)]


def test_an_excuse_alone_does_not_close_a_roll(tuesday, ana, sam, hold):
    make_rsvp(tuesday, ana)
    tick(tuesday, ana, sam, mark="excused", reason="Away")
    hold(tuesday.ends_at + DAY)

    assert not do(roll.finalise, tuesday)
    assert list(roll.untold()) == [(tuesday.organisation_id, tuesday.id)]


def test_a_tap_that_was_undone_does_not_close_a_roll(tuesday, ana, sam, hold):
    tick(tuesday, ana, sam)
    undo(tuesday, ana, sam)
    hold(tuesday.ends_at + DAY)

    assert not do(roll.finalise, tuesday)


def test_staff_are_not_asked_about_a_cancelled_date(clinic, hold):
    cancelled = make_occurrence(make_meeting(clinic), starts=SIX, status="cancelled")
    make_rsvp(cancelled, make_person(clinic))
    hold(cancelled.ends_at + DAY)

    assert list(roll.untold()) == []


def test_a_reopened_roll_knows_no_absence_and_closes_again_after_a_day(tuesday, ana, sam, hold):
    make_rsvp(tuesday, ana)
    finish(tuesday, sam)
    hold(tuesday.ends_at + timedelta(days=5))

    do(roll.reopen, tuesday, by=sam.id)

    assert (state(tuesday)[0], standing(tuesday, ana)) == ("held", "unknown")
    assert not do(roll.finalise, tuesday)
    hold(tuesday.ends_at + timedelta(days=6))
    assert do(roll.finalise, tuesday)


def test_whoever_is_late_can_still_check_in_on_a_finished_roll(tuesday, ana, sam):
    make_rsvp(tuesday, ana)
    finish(tuesday, sam)

    tick(tuesday, ana, sam)

    assert standing(tuesday, ana) == "attended"


def test_a_finished_roll_tells_the_calendars_of_those_it_concerns(clinic, tuesday, ana, sam):
    make_rsvp(tuesday, ana)
    other = make_person(clinic)
    versions = {person.id: person.calendar_version for person in (ana, other)}

    finish(tuesday, sam)

    db.session.rollback()
    grown = {key: db.session.get_one(Person, (clinic.id, key)).calendar_version - old for key, old in versions.items()}
    assert grown == {ana.id: 1, other.id: 0}


def test_the_rolls_of_every_organisation_are_found(clinic, tuesday, ana, sam, hold):
    there = make_organisation()
    elsewhere = make_occurrence(make_meeting(there), starts=SIX)
    make_rsvp(elsewhere, make_person(there))
    tick(tuesday, ana, sam)
    hold(START + timedelta(days=2))

    assert list(roll.untold()) == [(elsewhere.organisation_id, elsewhere.id)]
    assert list(roll.due_for_final()) == [(tuesday.organisation_id, tuesday.id)]
