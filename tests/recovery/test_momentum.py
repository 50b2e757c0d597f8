import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.momentum import Momentum, Trend, in_words, momentum_of
from aftercare.recovery.streaks import Pause
from tests.house.test_translations import NEVER
from tests.unhurried import UNHURRIED

TODAY = date(2026, 6, 1)
LONG_AGO = date(2025, 1, 1)


def ago(days):
    return TODAY - timedelta(days=days)


def came(recent, before):
    """Tell of so many meetings in the last 4 weeks, and in the 8 before."""
    return [*[ago(1 + number % 28) for number in range(recent)], *[ago(29 + number % 56) for number in range(before)]]


def compared(attended, **facts):
    return momentum_of(attended, **{"enrolled_on": LONG_AGO, "today": TODAY} | facts)


@pytest.mark.parametrize(
    ("recent", "before", "trend", "is_half"),
    [
        (4, 8, Trend.STEADY, False),
        (5, 8, Trend.RISING, False),
        (49, 80, Trend.STEADY, False),
        (50, 80, Trend.RISING, False),
        (3, 8, Trend.SLOWER, False),
        (31, 80, Trend.STEADY, False),
        (30, 80, Trend.SLOWER, False),
        (2, 8, Trend.SLOWER, True),
        (21, 80, Trend.SLOWER, False),
        (20, 80, Trend.SLOWER, True),
        (0, 1, Trend.SLOWER, True),
        (1, 0, Trend.RISING, False),
    ],
)
def test_the_last_four_weeks_are_held_against_the_eight_before(recent, before, trend, is_half):
    found = compared(came(recent, before))

    assert (found.trend, found.is_half) == (trend, is_half)
    assert (found.recent, found.before) == (recent, before)


def test_what_was_compared_is_told():
    two, eight = came(2, 8)[:2], came(0, 8)

    assert compared([*two, *eight], unknown=[ago(3)]) == Momentum(2, 3, 8, most=Fraction(3, 4), least=Fraction(1, 2))


def test_every_other_week_is_steady_on_every_day():
    every_other = [ago(14 * number) for number in range(1, 20)]

    for later in range(1, 14):
        found = compared(every_other, today=TODAY + timedelta(days=later - 14))
        assert found.trend == Trend.STEADY, later


def test_the_day_of_the_meeting_itself_changes_nothing_before_or_after_it():
    every_other = [ago(14 * number) for number in range(1, 20)]

    assert compared(every_other).trend == Trend.STEADY
    assert compared([*every_other, TODAY]).trend == Trend.STEADY


def test_who_came_today_is_not_told_that_they_come_less():
    assert compared(came(2, 8)).is_half
    assert not compared([*came(2, 8), TODAY]).is_half


def test_before_twelve_weeks_nothing_is_said():
    assert compared(came(1, 8), enrolled_on=ago(83)) is None
    assert compared(came(1, 8), enrolled_on=ago(84)) is not None


def test_without_any_meeting_there_is_nothing_to_say():
    assert compared([]) is None
    assert compared([ago(85)], unknown=[ago(3)]) is None


def test_dates_of_which_nothing_is_known_are_counted_as_kindly_as_can_be():
    assert compared(came(2, 8)).trend == Trend.SLOWER
    assert compared(came(2, 8), unknown=[ago(5), ago(6)]).trend == Trend.STEADY


def test_dates_of_which_nothing_is_known_never_make_a_rise():
    assert compared(came(5, 8), unknown=[ago(40)]).trend == Trend.STEADY
    assert compared(came(4, 8), unknown=[ago(5)]).trend == Trend.STEADY


def test_days_of_a_pause_are_left_out_of_the_comparison():
    attended = [ago(2), ago(9), *came(0, 8)]

    assert compared(attended).is_half
    assert compared(attended, pauses=[Pause(ago(28), ago(15))]).trend == Trend.STEADY


def test_a_pause_of_more_than_half_of_either_part_leaves_nothing_to_compare():
    assert compared(came(2, 8), pauses=[Pause(ago(28), ago(14))]) is None
    assert compared(came(2, 8), pauses=[Pause(ago(80), ago(50))]) is None


days = st.integers(-3, 100).map(ago)
many_days = st.lists(days, max_size=30)
pauses = st.lists(
    st.builds(lambda at, length: Pause(at, at + timedelta(days=length)), days, st.integers(0, 20)), max_size=2
)


@UNHURRIED
@given(many_days, many_days, pauses, st.integers(-1, 28).map(ago))
def test_coming_once_more_of_late_never_makes_it_less(attended, unknown, pauses, more):
    before = compared(attended, unknown=unknown, pauses=pauses)
    after = compared([*attended, more], unknown=unknown, pauses=pauses)

    if after is not None and after.is_half:
        assert before is not None
        assert before.is_half
    if after is not None and after.trend == Trend.SLOWER:
        assert before.trend == Trend.SLOWER


@UNHURRIED
@given(many_days, many_days, pauses, days)
def test_one_date_more_of_which_nothing_is_known_claims_nothing_more(attended, unknown, pauses, more):
    before = compared(attended, unknown=unknown, pauses=pauses)
    after = compared(attended, unknown=[*unknown, more], pauses=pauses)

    if before is None:
        assert after is None
    else:
        assert after.trend in (before.trend, Trend.STEADY)
        assert before.is_half or not after.is_half


@UNHURRIED
@given(many_days, many_days, pauses, st.data())
def test_however_unknown_dates_turn_out_a_claim_still_stands(attended, unknown, pauses, data):
    claimed = compared(attended, unknown=unknown, pauses=pauses)
    came_to = data.draw(st.lists(st.sampled_from(unknown), max_size=len(unknown), unique=True)) if unknown else []
    closed = [day for day in came_to if day < TODAY]
    turned_out = compared([*attended, *closed], pauses=pauses)

    if claimed is not None and claimed.trend != Trend.STEADY:
        assert turned_out.trend == claimed.trend
    if claimed is not None and claimed.is_half:
        assert turned_out.is_half


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_trend_has_kind_words(language):
    words = [in_words(trend, language) for trend in Trend]

    assert len(set(words)) == 3
    assert not [each for each in words if re.search(rf"\b({NEVER[language]})\b", each, re.IGNORECASE)]
