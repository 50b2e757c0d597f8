from datetime import UTC, datetime, timedelta

import pytest

from aftercare.attendance import roll
from aftercare.conversations import missed
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, rsvps
from aftercare.recovery import outreach, progress
from tests.attendance.deeds import SIX, tick
from tests.conversations.reminding import texts
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp

DAY = timedelta(days=1)


@pytest.fixture
def clinic(app):
    return make_organisation()


@pytest.fixture
def group(clinic):
    return make_meeting(clinic)


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor")


@pytest.fixture
def tuesday(group, hold, monday):
    return make_occurrence(group, starts=SIX)


def close(date, by):
    db.session.rollback()
    with transaction():
        roll.finish(date.organisation_id, date.id, by=by.id)


def tell():
    db.session.rollback()
    told = 0
    for key in missed.due():
        with transaction():
            told += missed.tell(*key)
    return told


def words():
    return [text for kind in missed.KINDS for text in texts(kind)]


def reasons():
    db.session.rollback()
    return sorted(missed.still_wanted(words()).values())


@pytest.fixture
def missing(clinic, tuesday, sam, hold):
    """Somebody who said yes and did not come; the roll was finished that evening."""
    dee, priya = make_person(clinic), make_person(clinic)
    make_rsvp(tuesday, dee)
    make_rsvp(tuesday, priya)
    hold(tuesday.starts_at + timedelta(minutes=5))
    tick(tuesday, priya, sam)
    hold(tuesday.ends_at + timedelta(minutes=5))
    close(tuesday, sam)
    return dee


def test_who_was_missed_is_told_so_the_next_morning_and_asked_for_the_next_date(missing, tuesday, group):
    following = make_occurrence(group, starts=SIX + 7 * DAY)

    assert tell() == 1
    [text] = words()
    assert (text.person_id, text.kind, text.occurrence_id, text.asks) == (missing.id, "missed_next", following.id, True)
    assert text.due_at == datetime(2026, 11, 4, 17, tzinfo=UTC)
    assert text.body == (
        "Missed you Tue Nov 3, 6:00 PM. Next: Tue Nov 10, 6:00 PM. Reply Y to come, CALL to talk. No need to explain."
    )


def test_without_a_next_date_nothing_is_asked(missing):
    tell()

    [text] = words()
    assert (text.kind, text.asks) == ("missed", False)
    assert text.body == "Missed you Tue Nov 3, 6:00 PM. No need to explain. Reply CALL if you would like to talk."


def test_a_plain_text_may_say_what_was_missed_and_spanish_is_spoken(clinic, tuesday, sam, hold):
    ana = make_person(clinic, language="es", text_level="plain")
    make_rsvp(tuesday, ana)
    hold(tuesday.ends_at)
    close(tuesday, sam)

    tell()

    assert words()[0].body.startswith("Te echamos de menos en Tools for the Week, mar 3 nov")


def test_nobody_is_told_before_the_roll_is_final(clinic, tuesday, hold):
    make_rsvp(tuesday, make_person(clinic))
    hold(tuesday.ends_at + DAY)

    assert tell() == 0


def test_who_told_in_advance_or_waited_for_a_seat_was_not_missed(clinic, tuesday, sam, hold):
    for status in ("cancelled", "declined", "maybe"):
        make_rsvp(tuesday, make_person(clinic), status=status)
    make_rsvp(tuesday, make_person(clinic), status="waitlisted", position=1)
    hold(tuesday.ends_at)
    close(tuesday, sam)

    assert tell() == 0


def test_the_sweep_that_comes_again_tells_nobody_twice(missing):
    tell()

    assert (tell(), len(words())) == (0, 1)


def test_at_most_one_in_a_week(missing, group, sam, hold):
    tell()
    friday = make_occurrence(group, starts=SIX + 3 * DAY)
    make_rsvp(friday, missing)
    hold(friday.ends_at)
    close(friday, sam)
    tell()
    next_week = make_occurrence(group, starts=SIX + 8 * DAY)
    make_rsvp(next_week, missing)
    hold(next_week.ends_at)
    close(next_week, sam)

    assert tell() == 1
    assert len(words()) == 2


def test_nobody_is_told_in_a_pause_or_within_72_hours_of_a_word_with_staff(clinic, tuesday, sam, hold):
    resting, called = make_person(clinic), make_person(clinic)
    for person in (resting, called):
        make_rsvp(tuesday, person)
    hold(tuesday.ends_at)
    close(tuesday, sam)
    with transaction():
        progress.set_pause(resting, 7)
    with transaction():
        call(clinic, called, sam)

    assert tell() == 0


def test_72_hours_after_a_word_with_staff_the_silence_ends(clinic, tuesday, sam, hold):
    ana = make_person(clinic)
    make_rsvp(tuesday, ana)
    hold(tuesday.ends_at - 3 * DAY)
    with transaction():
        call(clinic, ana, sam)
    hold(tuesday.ends_at + timedelta(minutes=1))
    close(tuesday, sam)

    assert tell() == 1


def test_a_word_that_waits_is_taken_back_when_its_reason_has_gone(missing, clinic, tuesday, sam, hold):
    tell()
    assert reasons() == []
    with transaction():
        call(clinic, missing, sam)
    assert reasons() == ["was called"]
    with transaction():
        progress.set_pause(missing, 7)
    assert reasons() == ["paused"]
    tick(tuesday, missing, sam)
    assert reasons() == ["not missed"]


def test_who_came_to_another_date_meanwhile_is_not_told(missing, clinic, sam, hold):
    tell()
    other = make_occurrence(make_meeting(clinic), starts=SIX + timedelta(hours=3))
    hold(other.starts_at)
    tick(other, missing, sam)

    assert reasons() == ["came since"]


@pytest.mark.parametrize("change", ["cancelled", "moved", "declined", "begun"])
def test_nobody_is_asked_to_a_next_date_that_is_no_longer_to_be_had(missing, group, sam, hold, change):
    following = make_occurrence(group, starts=SIX + 7 * DAY)
    tell()
    assert reasons() == []
    hold(following.ends_at if change == "begun" else clock.now() + timedelta(minutes=1))
    with transaction():
        if change == "cancelled":
            changes.cancel_occurrence(group.organisation_id, following.id, by=sam.id)
        if change == "moved":
            changes.move_occurrence(group.organisation_id, following.id, to=SIX + 8 * DAY, by=sam.id)
        if change == "declined":
            rsvps.answer(group.organisation_id, following.id, missing.id, "no", via="web")

    assert reasons() == ["next date changed"]


def test_looking_again_costs_the_same_for_one_and_for_ten(clinic, tuesday, sam, hold, statements):
    for _ in range(10):
        make_rsvp(tuesday, make_person(clinic))
    hold(tuesday.ends_at)
    close(tuesday, sam)
    tell()
    few, many = words()[:1], words()

    assert {each.kind for each in many} == {"missed"}
    costs = [statements(lambda about=about: missed.still_wanted(about)) for about in (few, many, few)]

    assert costs[1] == costs[2], costs


def call(clinic, person, by):
    task = outreach.open_task(clinic.id, "call", once=f"call:{person.id}", person_id=person.id)
    assert task is not None
    outreach.close_task(clinic.id, task.id, by=by.id, outcome="reached")
