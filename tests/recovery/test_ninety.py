import re
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.ninety import Ninety, Pace, in_words, ninety_of
from tests.house.test_translations import NEVER
from tests.unhurried import UNHURRIED

FIRST = date(2026, 1, 5)


def day(number):
    """Give the day of that number: the first is 1."""
    return FIRST + timedelta(days=number - 1)


def stands(meetings, on):
    """Tell where somebody stands who came to so many meetings on the first day."""
    return ninety_of(FIRST, [FIRST] * meetings, today=day(on))


def test_on_the_thirtieth_day_it_says_what_is_done_gone_and_to_go():
    assert stands(23, on=30) == Ninety(done=23, days_gone=30, to_go=67, days_left=60, pace=Pace.OWN)


@pytest.mark.parametrize(
    ("meetings", "on", "pace"),
    [
        (0, 1, Pace.EVEN),
        (1, 1, Pace.EVEN),
        (2, 1, Pace.AHEAD),
        (0, 2, Pace.OWN),
        (1, 2, Pace.EVEN),
        (29, 30, Pace.EVEN),
        (28, 30, Pace.OWN),
        (31, 30, Pace.AHEAD),
        (89, 90, Pace.EVEN),
        (90, 90, Pace.DONE),
        (90, 20, Pace.DONE),
        (120, 60, Pace.DONE),
        (89, 91, Pace.OVER),
        (90, 91, Pace.DONE),
        (0, 200, Pace.OVER),
    ],
)
def test_the_pace_is_that_of_one_meeting_a_day(meetings, on, pace):
    assert stands(meetings, on).pace == pace


def test_two_meetings_on_a_day_are_two():
    assert ninety_of(FIRST, [FIRST, FIRST, day(2)], today=day(2)).done == 3


def test_only_the_ninety_days_themselves_count():
    attended = [day(0), day(1), day(90), day(91)]

    assert ninety_of(FIRST, attended, today=day(100)) == Ninety(2, days_gone=90, to_go=88, days_left=0, pace=Pace.OVER)


def test_a_meeting_to_come_is_not_done():
    assert ninety_of(FIRST, [day(1), day(5)], today=day(4)).done == 1


def test_before_they_begin_no_day_is_gone():
    assert ninety_of(FIRST, [], today=day(-3)) == Ninety(0, days_gone=0, to_go=90, days_left=90, pace=Pace.EVEN)


days = st.integers(-10, 110).map(day)


@UNHURRIED
@given(st.lists(days, max_size=120), days, days)
def test_a_meeting_more_only_adds(attended, more, today):
    before, after = ninety_of(FIRST, attended, today=today), ninety_of(FIRST, [*attended, more], today=today)

    assert after.done - before.done in (0, 1)
    assert after.to_go == max(0, 90 - after.done)
    assert (after.days_gone, after.days_left) == (before.days_gone, before.days_left)
    assert after.days_gone + after.days_left == 90


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "You came to 23 meetings. You go at your own pace. 67 to go."),
        ("es", "Fuiste a 23 reuniones. Vas a tu propio paso. Quedan 67."),
    ],
)
def test_it_is_said_in_the_language_of_the_reader(language, words):
    assert in_words(stands(23, on=30), language) == words


def test_one_meeting_is_said_as_one():
    assert in_words(stands(1, on=9), "en") == "You came to 1 meeting. You go at your own pace. 89 to go."
    assert in_words(stands(1, on=9), "es") == "Fuiste a 1 reunión. Vas a tu propio paso. Quedan 89."


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_words_judge_or_show_a_zero(language):
    for meetings, on in product(range(0, 96), (-1, 1, 2, 30, 60, 89, 90, 91, 300)):
        words = in_words(stands(meetings, on), language)
        assert not re.search(rf"\b(0|{NEVER[language]})\b", words, re.IGNORECASE), words
