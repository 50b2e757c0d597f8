from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.conversations import reminder_times
from aftercare.conversations.reminder_times import APART, is_settled
from aftercare.messaging import quiet_hours

DENVER = "America/Denver"
#: Thursday at six in the evening in Denver.
START = datetime(2026, 11, 6, 1, 0, tzinfo=UTC)
LEADS = (48, 2)


def before(**given):
    return START - timedelta(**given)


def times(now, *, starts=START, leads=LEADS, **given):
    fit = partial(quiet_hours.fit, window=quiet_hours.DEFAULT, zone=DENVER, useful_until=starts, now=now)
    return reminder_times.times(starts, leads, now=now, fit=fit, **given)


def test_each_reminder_leaves_its_hours_before_the_start():
    assert times(before(hours=60)) == {48: before(hours=48)}
    assert times(before(hours=20), posted={48: before(hours=48)}) == {2: before(hours=2)}


def test_nothing_is_written_down_more_than_a_day_before_it_is_due():
    assert times(before(hours=73)) == {}


def test_a_reminder_of_the_night_moves_to_the_evening_before():
    breakfast = datetime(2026, 11, 5, 15, 30, tzinfo=UTC)  # Thursday, 8:30 in Denver

    leaves = times(breakfast - timedelta(hours=20), starts=breakfast, leads=(2,))

    assert leaves == {2: datetime(2026, 11, 5, 2, 30, tzinfo=UTC)}  # Wednesday, 19:30


def test_a_reminder_that_was_missed_leaves_at_once():
    assert times(before(hours=30)) == {48: before(hours=30)}


def test_of_two_missed_reminders_one_leaves():
    assert times(before(minutes=90)) == {48: before(minutes=90)}


def test_nobody_is_reminded_twice_within_an_hour():
    assert times(before(hours=2), posted={48: before(hours=2, minutes=40)}) == {}


def test_who_signs_up_after_the_moment_of_a_reminder_does_not_get_it():
    assert times(before(hours=30), knows_since=before(hours=30)) == {}
    assert times(before(minutes=50), knows_since=before(hours=1), posted={}) == {}


def test_who_signs_up_within_the_hour_before_a_reminder_does_not_get_it():
    signed_up = before(hours=2, minutes=59)

    assert times(before(hours=2), knows_since=signed_up, leads=(2,)) == {}


def test_who_signed_up_long_before_is_reminded():
    assert times(before(hours=10), knows_since=before(hours=10)) == {2: before(hours=2)}


def test_nothing_leaves_once_the_date_has_begun():
    assert times(START) == {}


@pytest.mark.parametrize(
    ("answer", "answered_hours_before", "asked_hours_before", "expected"),
    [
        ("going", 47, [48], True),
        ("going", 300, [48], False),
        ("going", 300, [], False),
        ("maybe", 47, [48], False),
        ("going", 20, [48, 24], True),
    ],
)
def test_a_yes_settles_the_question_only_after_it_was_asked(
    answer, answered_hours_before, asked_hours_before, expected
):
    asked_at = [before(hours=hours) for hours in asked_hours_before]

    assert is_settled(answer, before(hours=answered_hours_before), asked_at=asked_at) is expected


@given(
    leads=st.sets(st.integers(1, 96), max_size=4),
    minutes=st.integers(0, 60 * 24 * 6),
    hour=st.integers(0, 23),
    known=st.none() | st.integers(0, 60 * 24 * 6),
)
def test_reminders_leave_by_day_before_the_start_and_never_close_together(leads, minutes, hour, known):
    starts = START.replace(hour=hour)
    now = starts - timedelta(minutes=minutes)
    knows_since = None if known is None else starts - timedelta(minutes=known)

    leaves = sorted(times(now, starts=starts, leads=leads, knows_since=knows_since).values())

    assert all(now <= due < starts for due in leaves)
    assert all(quiet_hours.allowed(due, quiet_hours.DEFAULT, DENVER) for due in leaves)
    assert all(later - earlier >= APART for earlier, later in pairwise(leaves))


@given(leads=st.sets(st.integers(1, 96), max_size=4), steps=st.lists(st.integers(1, 600), max_size=30))
def test_planning_again_and_again_gives_each_reminder_once(leads, steps):
    now = START - timedelta(days=6)
    posted: dict[int, datetime] = {}
    for step in steps:
        now += timedelta(minutes=step)
        new = times(now, leads=leads, posted=posted)
        assert not set(new) & set(posted)
        posted |= new

    assert times(now, leads=leads, posted=posted) == {}
