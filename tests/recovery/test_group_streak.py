from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.attendance.standing import Standing
from aftercare.recovery.group_streak import GroupDate, GroupStreak, group_streak_of
from aftercare.recovery.streaks import Pause
from tests.unhurried import UNHURRIED

MONDAY = date(2026, 1, 5)
LETTERS = {
    "M": Standing.ATTENDED,
    "L": Standing.LATE,
    "X": Standing.NO_SHOW,
    "E": Standing.EXCUSED,
    "?": Standing.UNKNOWN,
}


def day(week, weekday=2):
    return MONDAY + timedelta(weeks=week - 1, days=weekday)


def meeting(week, letter, weekday=2):
    """One date: came, late, missed, excused, unknown; c is cancelled."""
    if letter == "c":
        return GroupDate(day(week, weekday), Standing.UNKNOWN, is_cancelled=True)
    return GroupDate(day(week, weekday), LETTERS[letter])


def lived(weeks, **facts):
    """Tell of a group that meets every Wednesday (a dot: it did not), on the Monday after those weeks."""
    dates = [meeting(number, letter) for number, letter in enumerate(weeks, 1) if letter != "."]
    found = group_streak_of(dates, today=day(len(weeks) + 1, 0), **facts)
    return found.current, found.best


@pytest.mark.parametrize(
    ("weeks", "current", "best"),
    [
        ("MMM", 3, 3),
        ("MLM", 3, 3),
        ("MMXM", 3, 3),
        ("MMXXM", 1, 2),
        ("MMcM", 3, 3),
        ("MM?M", 3, 3),
        ("MMEM", 3, 3),
        ("MM.M", 3, 3),
        ("MMcccccM", 3, 3),
        ("MM?????M", 3, 3),
        ("MMX?XM", 1, 2),
        ("XXX", None, None),
        ("MMXX", None, 2),
        ("???", None, None),
        ("", None, None),
    ],
)
def test_what_was_cancelled_or_is_not_known_never_breaks_a_row(weeks, current, best):
    assert lived(weeks) == (current, best)


@pytest.mark.parametrize(
    ("first", "second", "current"),
    [("M", "X", 2), ("X", "M", 2), ("X", "c", None), ("X", "?", 1), ("X", "E", 1), ("X", "X", None), ("c", "c", 1)],
)
def test_a_week_counts_against_it_only_if_every_date_held_in_it_was_missed(first, second, current):
    before = [meeting(1, "M"), meeting(2, "X"), meeting(2, "X", 4)]
    dates = [*before, meeting(3, first), meeting(3, second, 4)]

    assert group_streak_of(dates, today=day(4, 0)).current == current


def test_the_week_that_is_open_counts_once_they_came_and_never_against_them():
    before = [meeting(1, "M"), meeting(2, "X")]

    assert group_streak_of([*before, meeting(3, "X", 0)], today=day(3, 6)).current == 1
    assert group_streak_of([*before, meeting(3, "X", 0)], today=day(4, 0)).current is None
    assert group_streak_of([*before, meeting(3, "M", 0)], today=day(3, 0)).current == 2


def test_what_was_missed_in_a_pause_is_passed_over():
    assert lived("MMXXM", pauses=[Pause(day(3, 0), day(4, 6))]) == (3, 3)


def test_coming_in_a_pause_counts():
    assert lived("MMM", pauses=[Pause(day(2, 0), day(2, 6))]) == (3, 3)


def test_weeks_begin_where_their_person_lets_them_begin():
    dates = [meeting(1, "M", 6), meeting(2, "M", 0)]

    assert group_streak_of(dates, today=day(3)).current == 2
    assert group_streak_of(dates, today=day(3), week_start=6).current == 1


def test_a_date_to_come_counts_for_nothing_yet():
    assert group_streak_of([meeting(2, "M")], today=day(1)) == GroupStreak(None, None)


days = st.integers(0, 80).map(lambda number: MONDAY + timedelta(days=number))
dates = st.builds(GroupDate, days, st.sampled_from(Standing), is_cancelled=st.booleans())
many_dates = st.lists(dates, max_size=30)
pauses = st.lists(
    st.builds(lambda at, length: Pause(at, at + timedelta(days=length)), days, st.integers(0, 20)), max_size=2
)
starts = st.integers(0, 6)


def told(found):
    return found.current or 0, found.best or 0


def assert_costs_nothing(before, after):
    assert told(after)[0] >= told(before)[0]
    assert told(after)[1] >= told(before)[1]


@UNHURRIED
@given(many_dates, days, pauses, starts, st.randoms(use_true_random=False))
def test_the_order_of_the_dates_does_not_matter(dates, today, pauses, start, chance):
    shuffled = chance.sample(dates, len(dates))
    given = {"today": today, "pauses": pauses, "week_start": start}

    assert group_streak_of(shuffled, **given) == group_streak_of(dates, **given)


@UNHURRIED
@given(many_dates, days, pauses, starts, dates, st.sampled_from([Standing.ATTENDED, Standing.LATE]))
def test_coming_once_more_never_costs_anything(dates, today, pauses, start, more, came):
    given = {"today": today, "pauses": pauses, "week_start": start}
    visit = replace(more, standing=came, is_cancelled=False)

    assert_costs_nothing(group_streak_of(dates, **given), group_streak_of([*dates, visit], **given))


@UNHURRIED
@given(many_dates, days, pauses, starts, dates)
def test_a_date_cancelled_or_not_known_never_costs_anything(dates, today, pauses, start, more):
    given = {"today": today, "pauses": pauses, "week_start": start}
    before = group_streak_of(dates, **given)

    assert group_streak_of([*dates, replace(more, is_cancelled=True)], **given) == before
    assert_costs_nothing(before, group_streak_of([*dates, replace(more, standing=Standing.UNKNOWN)], **given))


@UNHURRIED
@given(many_dates, days, pauses, starts)
def test_a_zero_is_never_shown(dates, today, pauses, start):
    found = group_streak_of(dates, today=today, pauses=pauses, week_start=start)

    assert 0 not in (found.current, found.best)
    assert told(found)[0] <= told(found)[1]
