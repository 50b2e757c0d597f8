from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.reports.follow_up import (
    SEVEN_DAYS,
    THIRTY_DAYS,
    Followed,
    Measure,
    engaged,
    followed_up,
    initiated,
    reengaged,
)
from aftercare.reports.rates import Rate

DISCHARGED = date(2026, 3, 2)
LONG_AFTER = 400
REACHED, MISSED, UNKNOWN = Rate(1, 1), Rate(0, 1), Rate(0, 1, 1)

days_since = st.lists(st.integers(-3, 60), max_size=6)


def on(*days):
    return [DISCHARGED + timedelta(days=day) for day in days]


def somebody(*attended, number=1, contacted=(), unknown=(), since=0):
    return Followed(UUID(int=number), on(since)[0], on(*attended), on(*contacted), on(*unknown))


def after(days):
    return {"today": DISCHARGED + timedelta(days=days)}


def rate(measure):
    assert (measure.running, measure.early, measure.catchable) == (0, 0, ())
    return measure.rate


@pytest.mark.parametrize(
    ("window", "day", "found"),
    [
        (SEVEN_DAYS, 0, MISSED),
        (SEVEN_DAYS, 1, REACHED),
        (SEVEN_DAYS, 7, REACHED),
        (SEVEN_DAYS, 8, MISSED),
        (THIRTY_DAYS, 0, MISSED),
        (THIRTY_DAYS, 30, REACHED),
        (THIRTY_DAYS, 31, MISSED),
    ],
)
def test_follow_up_is_a_visit_on_one_of_the_days_after_discharge_and_never_on_the_day(window, day, found):
    assert rate(followed_up([somebody(day)], window, **after(LONG_AFTER))) == found


def test_a_contact_follows_up_only_where_contacts_are_counted():
    called = [somebody(contacted=[3])]

    assert rate(followed_up(called, SEVEN_DAYS, **after(LONG_AFTER))) == MISSED
    assert rate(followed_up(called, SEVEN_DAYS, **after(LONG_AFTER), contact_counts=True)) == REACHED


def test_a_visit_that_nobody_recorded_leaves_follow_up_unknown():
    assert rate(followed_up([somebody(unknown=[5])], SEVEN_DAYS, **after(8))) == UNKNOWN
    assert rate(followed_up([somebody(unknown=[8])], SEVEN_DAYS, **after(9))) == MISSED
    assert rate(followed_up([somebody(6, unknown=[5])], SEVEN_DAYS, **after(8))) == REACHED


def test_who_has_not_come_can_be_caught_to_the_end_of_the_last_day_and_counts_after_it():
    waiting = [somebody()]

    assert followed_up(waiting, SEVEN_DAYS, **after(7)) == Measure(Rate(0, 0), 1, 0, (UUID(int=1),))
    assert followed_up(waiting, SEVEN_DAYS, **after(8)) == Measure(Rate(0, 1), 0, 0, ())


def test_good_news_of_a_window_that_runs_is_told_beside_the_rate():
    people = [somebody(2), somebody(number=2, since=-8)]

    assert followed_up(people, SEVEN_DAYS, **after(3)) == Measure(Rate(0, 1), running=1, early=1, catchable=())


def test_who_has_least_time_left_is_named_first():
    people = [somebody(number=1, since=2), somebody(number=2, since=1), somebody(number=3, since=2)]

    assert followed_up(people, SEVEN_DAYS, **after(4)).catchable == (UUID(int=2), UUID(int=1), UUID(int=3))


@pytest.mark.parametrize(("day", "found"), [(-1, MISSED), (0, REACHED), (13, REACHED), (14, MISSED)])
def test_initiation_is_a_first_visit_within_fourteen_days(day, found):
    assert rate(initiated([somebody(day)], **after(LONG_AFTER))) == found


@pytest.mark.parametrize(
    ("visits", "found"),
    [
        ([0, 1, 34], REACHED),
        ([0, 1, 35], MISSED),
        ([0, 34], MISSED),
        ([13, 46, 47], REACHED),
        ([13, 47, 48], MISSED),
        ([14, 15, 16], MISSED),
        ([5, 5, 6], MISSED),
        ([5, 6, 6], REACHED),
        ([], MISSED),
    ],
)
def test_engagement_is_two_visits_more_within_34_days_after_the_first(visits, found):
    assert rate(engaged([somebody(*visits)], **after(LONG_AFTER))) == found


@pytest.mark.parametrize(
    ("visits", "unknown", "found"),
    [
        ([], [3, 10, 20], UNKNOWN),
        ([], [3, 10], MISSED),
        ([5, 20], [30], UNKNOWN),
        ([5, 20], [40], MISSED),
        ([10, 20], [2], UNKNOWN),
        ([10, 20, 30], [2], REACHED),
        ([20, 21], [2], UNKNOWN),
        ([20, 21], [14], MISSED),
        ([0], [13, 40, 45], MISSED),
    ],
)
def test_a_visit_that_nobody_recorded_may_have_been_the_first_or_a_further_one(visits, unknown, found):
    assert rate(engaged([somebody(*visits, unknown=unknown)], **after(LONG_AFTER))) == found


def test_all_count_in_engagement_from_the_same_day_on():
    people = [somebody(number=1), somebody(0, 1, 2, number=2), somebody(13, number=3)]

    assert engaged(people, **after(47)) == Measure(Rate(0, 0), running=3, early=1, catchable=(UUID(int=3),))
    assert engaged(people, **after(48)).rate == Rate(1, 3)


def test_who_may_still_engage_is_named_while_it_can_be_helped():
    people = [somebody(number=1), somebody(3, number=2), somebody(3, 4, 5, number=3)]

    assert engaged(people, **after(13)).catchable == (UUID(int=1), UUID(int=2))
    assert engaged(people, **after(37)).catchable == (UUID(int=2),)
    assert engaged(people, **after(38)).catchable == ()


@pytest.mark.parametrize(("day", "found"), [(-1, MISSED), (0, REACHED), (14, REACHED), (15, MISSED)])
def test_reengaged_is_a_visit_within_fourteen_days_of_the_first_attempt(day, found):
    assert rate(reengaged([somebody(day)], **after(LONG_AFTER))) == found


@given(days_since, days_since, st.integers(0, 70))
def test_everybody_counts_exactly_once_in_every_measure(attended, unknown, day):
    people = [somebody(*attended, unknown=unknown), somebody(number=2, since=-10)]

    for measure in (
        followed_up(people, SEVEN_DAYS, **after(day)),
        followed_up(people, THIRTY_DAYS, **after(day)),
        initiated(people, **after(day)),
        engaged(people, **after(day)),
    ):
        assert measure.rate.denominator + measure.running == 2
        assert measure.early + len(measure.catchable) <= measure.running


@given(days_since, days_since, st.integers(0, 60))
def test_a_further_visit_never_lowers_a_follow_up(attended, unknown, extra):
    for window in (SEVEN_DAYS, THIRTY_DAYS):
        before = followed_up([somebody(*attended, unknown=unknown)], window, **after(LONG_AFTER)).rate
        then = followed_up([somebody(*attended, extra, unknown=unknown)], window, **after(LONG_AFTER)).rate

        assert then.numerator >= before.numerator
