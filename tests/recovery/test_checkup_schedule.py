from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.checkup_schedule import (
    WINDOWS,
    State,
    history_of,
    index_of,
    open_now,
    schedule_of,
    total,
)
from tests.unhurried import UNHURRIED

INDEX = date(2026, 1, 5)
AHEAD, OPEN, DUE, CLOSED, MISSED = State.AHEAD, State.OPEN, State.DUE, State.CLOSED, State.MISSED


def day(number):
    return INDEX + timedelta(days=number)


def stands(window, on, done=()):
    """Tell where the check-up of a day stands, on a day after the index date."""
    (found,) = [
        each
        for each in schedule_of([INDEX], [day(number) for number in done], today=day(on))
        if each.window.day == window
    ]
    return found.state


@pytest.mark.parametrize(
    ("window", "opens", "closes"),
    [(7, 3, 7), (30, 23, 37), (90, 76, 104), (180, 160, 200), (365, 335, 395), (0, 0, 2)],
)
def test_each_window_opens_is_due_and_is_over_on_its_days(window, opens, closes):
    assert opens == 0 or stands(window, opens - 1) == AHEAD
    assert stands(window, opens) == (DUE if opens == window else OPEN)
    assert stands(window, window) == DUE
    assert stands(window, closes) == DUE
    assert stands(window, closes + 1) == MISSED


def test_a_window_is_told_in_days_of_the_calendar():
    found = schedule_of([INDEX], [], today=INDEX)[2]

    assert (found.opens_on, found.due_on, found.closes_on) == (date(2026, 1, 28), date(2026, 2, 4), date(2026, 2, 11))


def test_the_ten_items_are_asked_on_four_of_the_days():
    assert [window.day for window in WINDOWS if window.asks_items] == [0, 90, 180, 365]


def test_no_two_windows_are_ever_open_together():
    for on in range(-5, 420):
        schedule = schedule_of([INDEX], [], today=max(INDEX, day(on)))
        assert sum(each.state in (OPEN, DUE) for each in schedule) <= 1, on


def test_the_open_one_can_be_answered():
    (thirty,) = [each for each in schedule_of([INDEX], [], today=day(24)) if each.window.day == 30]

    assert open_now(schedule_of([INDEX], [], today=day(24))) == thirty
    assert open_now(schedule_of([INDEX], [day(24)], today=day(25))) is None
    assert open_now(schedule_of([INDEX], [], today=day(50))) is None


@pytest.mark.parametrize(("done", "state"), [(22, MISSED), (23, CLOSED), (37, CLOSED), (38, MISSED)])
def test_it_is_closed_by_being_done_inside_its_window(done, state):
    assert stands(30, 100, done=[done]) == state


def test_being_done_closes_it_at_once_and_for_good():
    assert [stands(30, on, done=[25]) for on in (24, 25, 30, 400)] == [OPEN, CLOSED, CLOSED, CLOSED]


def test_the_first_day_inside_the_window_is_the_day_it_was_done():
    (found,) = [each for each in schedule_of([INDEX], [day(30), day(26)], today=day(60)) if each.window.day == 30]

    assert found.done_on == day(26)


def test_a_new_level_of_care_lets_it_begin_anew():
    schedule = schedule_of([INDEX, day(80)], [day(5)], today=day(83))

    assert [(each.due_on, each.state) for each in schedule[:3]] == [
        (day(80), MISSED),
        (day(87), OPEN),
        (day(110), AHEAD),
    ]


def test_what_was_not_over_then_was_taken_back_and_not_missed():
    (_, first), (begun, _) = history_of([day(80), INDEX], [day(5), day(25)], today=day(500))

    assert [(each.window.day, each.state) for each in first] == [(0, MISSED), (7, CLOSED), (30, CLOSED)]
    assert begun == day(80)


@pytest.mark.parametrize(("next_begins", "windows"), [(37, [0, 7]), (38, [0, 7, 30])])
def test_a_window_that_still_has_a_day_when_the_next_begins_was_not_over(next_begins, windows):
    (_, first), _ = history_of([INDEX, day(next_begins)], [], today=day(60))

    assert [each.window.day for each in first] == windows


def test_what_was_done_before_the_next_began_stays_done():
    (_, first), _ = history_of([INDEX, day(80)], [day(78)], today=day(90))

    assert [(each.window.day, each.done_on) for each in first][-1] == (90, day(78))


def test_what_is_done_on_the_day_of_the_next_belongs_to_the_next():
    (_, first), (_, second) = history_of([INDEX, day(80)], [day(80)], today=day(90))

    assert 90 not in [each.window.day for each in first]
    assert (second[0].state, second[0].done_on) == (CLOSED, day(80))


def test_a_step_to_come_changes_nothing_yet():
    assert index_of([INDEX, day(80)], today=day(79)) == INDEX
    assert index_of([INDEX, day(80)], today=day(80)) == day(80)


def test_without_an_index_date_nothing_is_planned():
    assert schedule_of([], [INDEX], today=INDEX) == ()
    assert schedule_of([day(1)], [], today=INDEX) == ()
    assert history_of([], [], today=INDEX) == ()


days = st.integers(-5, 420).map(day)
some_days = st.lists(days, max_size=4)


@UNHURRIED
@given(some_days, some_days, st.integers(0, 500).map(day))
def test_the_latest_of_the_history_is_the_schedule(indexes, done, today):
    history = history_of(indexes, done, today=today)

    assert (history[-1][1] if history else ()) == schedule_of(indexes, done, today=today)


@UNHURRIED
@given(some_days, some_days, days, st.integers(0, 500).map(day))
def test_one_more_done_closes_one_at_most_and_opens_none(indexes, done, more, today):
    before = schedule_of(indexes, done, today=today)
    after = schedule_of(indexes, [*done, more], today=today)
    changed = [then for now, then in zip(before, after, strict=True) if now.state != then.state]

    assert [each.state for each in changed] in ([], [CLOSED])


@UNHURRIED
@given(some_days, some_days, st.integers(0, 400).map(day), st.integers(0, 100))
def test_what_is_closed_or_missed_never_changes_as_time_goes_by(indexes, done, today, later):
    end = today + timedelta(days=later)
    known = [index for index in indexes if index <= today]
    before = history_of(known, [each for each in done if each <= today], today=today)
    after = dict(history_of(indexes, done, today=end))

    for index, schedule in before:
        for each in (each for each in schedule if each.state in (CLOSED, MISSED)):
            assert each in after[index]


@pytest.mark.parametrize(
    ("answers", "expected"), [([1] * 10, 10), ([6] * 10, 60), ([1, 2, 3, 4, 5, 6, 1, 2, 3, 4], 31)]
)
def test_ten_answers_are_added_up(answers, expected):
    assert total(answers) == expected


@pytest.mark.parametrize("answers", [[], [3] * 9, [3] * 11, [3] * 9 + [None], [None] * 10])
def test_without_all_ten_there_is_no_total(answers):
    assert total(answers) is None


@pytest.mark.parametrize("answer", [0, 7, -1])
def test_an_answer_outside_the_scale_is_refused(answer):
    with pytest.raises(ValueError, match="from 1 to 6"):
        total([3] * 9 + [answer])
