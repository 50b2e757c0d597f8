from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.daily_streak import DailyFacts, DailyStreak, daily_streak_of
from aftercare.recovery.streaks import Pause
from tests.unhurried import UNHURRIED

FIRST = date(2026, 1, 5)


def day(number):
    return FIRST + timedelta(days=number)


def lived(days, rest_days=0, **facts):
    """Tell of somebody on the morning after those days: M with a meeting, - without."""
    attended = [day(number) for number, letter in enumerate(days) if letter == "M"]
    found = daily_streak_of(DailyFacts(today=day(len(days)), attended=attended, rest_days=rest_days, **facts))
    return found.current, found.best


@pytest.mark.parametrize(
    ("days", "rest_days", "current", "best"),
    [
        ("MMMM", 0, 4, 4),
        ("MMMM-MM", 0, 2, 4),
        ("MMMM-MM", 1, 6, 6),
        ("MMM-M-M", 1, 2, 4),
        ("MMM-M-M", 2, 5, 5),
        ("M-M-M-M", 3, 4, 4),
        ("M--M---M", 3, 2, 2),
        ("M-MMMMMM-M", 1, 8, 8),
        ("M-MMMMM-M", 1, 6, 6),
        ("MMMMM----", 3, None, 5),
        ("MMM-", 1, 3, 3),
        ("MMM-", 0, None, 3),
        ("---MM", 0, 2, 2),
        ("", 0, None, None),
        ("-----", 3, None, None),
    ],
)
def test_a_daily_streak_lets_rest_as_often_as_was_chosen_in_any_seven_days(days, rest_days, current, best):
    assert lived(days, rest_days) == (current, best)


def test_today_counts_once_there_is_a_meeting_in_it_and_takes_nothing_before():
    yesterday = [day(0), day(1)]

    assert daily_streak_of(DailyFacts(today=day(2), attended=yesterday)).current == 2
    assert daily_streak_of(DailyFacts(today=day(2), attended=[*yesterday, day(2)])).current == 3


def test_days_of_a_pause_are_no_rest_days():
    assert lived("MM---MM", pauses=[Pause(day(2), day(4))]) == (4, 4)


def test_a_meeting_in_a_pause_counts():
    assert lived("MM-M-MM", pauses=[Pause(day(2), day(4))]) == (5, 5)


def test_two_meetings_on_a_day_are_one_day():
    assert daily_streak_of(DailyFacts(today=day(1), attended=[day(0), day(0)])).current == 1


def test_a_day_to_come_counts_for_nothing_yet():
    assert daily_streak_of(DailyFacts(today=day(0), attended=[day(3)])) == DailyStreak(None, None)


@pytest.mark.parametrize("rest_days", [-1, 4, 7])
def test_nobody_rests_more_than_three_days_in_seven(rest_days):
    with pytest.raises(ValueError, match="rest days"):
        DailyFacts(today=FIRST, rest_days=rest_days)


def by_the_words_of_the_rule(days, rest_days):
    """Try every stretch: any 7 days in a row hold at most so many without a meeting; its length is those with one."""
    ends = {-1: 0}
    for start in range(len(days)):
        for end in range(start, len(days)):
            stretch = days[start : end + 1]
            if all(stretch[at : at + 7].count("-") <= rest_days for at in range(len(stretch))):
                ends[end] = max(ends.get(end, 0), stretch.count("M"))
    return ends.get(len(days) - 1, 0) or None, max(ends.values()) or None


@pytest.mark.parametrize("rest_days", [0, 1, 2, 3])
def test_every_life_of_nine_days_counts_as_the_rule_says(rest_days):
    for life in product("M-", repeat=9):
        days = "".join(life)
        assert lived(days, rest_days) == by_the_words_of_the_rule(days, rest_days), days


days_lived = st.text("M-", max_size=40)
rests = st.integers(0, 3)
numbers = st.integers(-5, 45)
pauses = st.lists(
    st.builds(lambda at, length: Pause(day(at), day(at + length)), numbers, st.integers(0, 9)), max_size=2
)
lives = st.builds(
    DailyFacts,
    today=numbers.map(day),
    attended=st.lists(numbers.map(day), max_size=30),
    rest_days=rests,
    pauses=pauses,
)


@UNHURRIED
@given(days_lived, rests)
def test_a_longer_life_counts_as_the_rule_says(days, rest_days):
    assert lived(days, rest_days) == by_the_words_of_the_rule(days, rest_days)


def told(facts, **changed):
    known = {"today": facts.today, "attended": facts.attended, "rest_days": facts.rest_days, "pauses": facts.pauses}
    found = daily_streak_of(DailyFacts(**known | changed))
    return found.current or 0, found.best or 0


def assert_costs_nothing(before, after):
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@UNHURRIED
@given(lives, st.randoms(use_true_random=False))
def test_the_order_of_the_days_does_not_matter(facts, chance):
    shuffled = chance.sample(list(facts.attended), len(facts.attended))

    assert told(facts, attended=shuffled) == told(facts)


@UNHURRIED
@given(lives, numbers)
def test_one_day_more_with_a_meeting_never_costs_anything(facts, number):
    assert_costs_nothing(told(facts), told(facts, attended=[*facts.attended, day(number)]))


@UNHURRIED
@given(lives, numbers, st.integers(0, 20))
def test_a_pause_never_costs_anything(facts, number, length):
    pause = Pause(day(number), day(number + length))

    assert_costs_nothing(told(facts), told(facts, pauses=[*facts.pauses, pause]))


@UNHURRIED
@given(lives, rests, rests)
def test_a_rest_day_more_never_costs_anything(facts, some, others):
    fewer, more = sorted((some, others))

    assert_costs_nothing(told(facts, rest_days=fewer), told(facts, rest_days=more))


@UNHURRIED
@given(lives)
def test_a_zero_is_never_shown(facts):
    found = daily_streak_of(facts)

    assert 0 not in (found.current, found.best)
    assert (found.current or 0) <= (found.best or 0) <= len(set(facts.attended))
