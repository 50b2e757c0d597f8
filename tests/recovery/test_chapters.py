from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.chapters import FIRST, Mark, Start, Unit, chapters_of, day_of, in_words
from tests.unhurried import UNHURRIED

BEGAN = date(2024, 1, 10)
DAY = timedelta(days=1)
MARKS = [*FIRST, *[Mark(years, Unit.YEARS) for years in range(2, 12)]]


def named(began_on, named_on=None):
    return Start(began_on, named_on or began_on)


def reached(chapter):
    return [in_words(mark, "en") for mark, _ in chapter.reached]


def alone(began_on, today):
    (chapter,) = chapters_of([named(began_on)], today=today)
    return chapter


def test_the_marks_are_those_of_the_rule():
    assert reached(alone(BEGAN, date(2028, 1, 10))) == [
        "24 hours", "30 days", "60 days", "90 days", "6 months", "9 months", "1 year", "18 months",
        "2 years", "3 years", "4 years",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "day"),
    [
        (Mark(24, Unit.HOURS), date(2024, 1, 11)),
        (Mark(30, Unit.DAYS), date(2024, 2, 9)),
        (Mark(60, Unit.DAYS), date(2024, 3, 10)),
        (Mark(90, Unit.DAYS), date(2024, 4, 9)),
        (Mark(6, Unit.MONTHS), date(2024, 7, 10)),
        (Mark(9, Unit.MONTHS), date(2024, 10, 10)),
        (Mark(1, Unit.YEARS), date(2025, 1, 10)),
        (Mark(18, Unit.MONTHS), date(2025, 7, 10)),
        (Mark(7, Unit.YEARS), date(2031, 1, 10)),
    ],
)
def test_each_mark_has_its_day(mark, day):
    assert day_of(mark, BEGAN) == day


@pytest.mark.parametrize(
    ("began_on", "mark", "day"),
    [
        (date(2024, 2, 29), Mark(1, Unit.YEARS), date(2025, 2, 28)),
        (date(2024, 2, 29), Mark(2, Unit.YEARS), date(2026, 2, 28)),
        (date(2024, 2, 29), Mark(4, Unit.YEARS), date(2028, 2, 29)),
        (date(2024, 2, 29), Mark(6, Unit.MONTHS), date(2024, 8, 29)),
        (date(2024, 2, 29), Mark(18, Unit.MONTHS), date(2025, 8, 29)),
        (date(2024, 8, 31), Mark(6, Unit.MONTHS), date(2025, 2, 28)),
        (date(2023, 8, 31), Mark(6, Unit.MONTHS), date(2024, 2, 29)),
        (date(2024, 3, 31), Mark(18, Unit.MONTHS), date(2025, 9, 30)),
        (date(2023, 5, 31), Mark(9, Unit.MONTHS), date(2024, 2, 29)),
    ],
)
def test_months_and_years_end_with_their_month(began_on, mark, day):
    assert day_of(mark, began_on) == day


def test_from_every_day_of_eight_years_the_marks_come_in_order_and_keep_their_day_of_the_month():
    for number in range(8 * 366):
        began_on = date(2023, 1, 1) + number * DAY
        days = [day_of(mark, began_on) for mark in MARKS]
        assert all(day < later for day, later in pairwise([began_on, *days])), began_on
        for day in days[4:]:
            assert day.day == min(began_on.day, monthrange(day.year, day.month)[1]), began_on


@pytest.mark.parametrize(
    ("today", "found"), [(BEGAN, []), (BEGAN + DAY, ["24 hours"]), (BEGAN + 29 * DAY, ["24 hours"])]
)
def test_a_mark_is_reached_on_its_day(today, found):
    assert reached(alone(BEGAN, today)) == found


def test_the_next_mark_is_named_with_its_day():
    assert alone(BEGAN, BEGAN).following == (Mark(24, Unit.HOURS), date(2024, 1, 11))
    assert alone(BEGAN, date(2026, 1, 10)).following == (Mark(3, Unit.YEARS), date(2027, 1, 10))


def test_the_first_day_shows_no_number():
    assert alone(BEGAN, BEGAN).days is None
    assert alone(BEGAN, BEGAN + DAY).days == 1


def test_a_day_long_ago_has_reached_its_marks_as_soon_as_it_is_named():
    (chapter,) = chapters_of([named(BEGAN, date(2025, 2, 1))], today=date(2025, 2, 1))

    assert reached(chapter)[-1] == "1 year"


def test_a_new_day_begins_a_new_chapter_and_erases_nothing():
    again = BEGAN + 100 * DAY
    first, second = chapters_of([named(BEGAN), named(again)], today=again + 30 * DAY)

    assert (first.began_on, first.ended_on, first.days) == (BEGAN, again, 100)
    assert reached(first) == ["24 hours", "30 days", "60 days", "90 days"]
    assert first.following is None
    assert (second.began_on, second.ended_on, second.days) == (again, None, 30)
    assert reached(second) == ["24 hours", "30 days"]


def test_a_mark_that_was_reached_before_the_new_day_was_named_stays():
    starts = [named(BEGAN), named(BEGAN + 88 * DAY, BEGAN + 91 * DAY)]
    first, second = chapters_of(starts, today=BEGAN + 91 * DAY)

    assert reached(first)[-1] == "90 days"
    assert reached(second) == ["24 hours"]


def test_a_chapter_that_is_over_reaches_nothing_more():
    first, _ = chapters_of([named(BEGAN), named(BEGAN + 20 * DAY)], today=BEGAN + 1000 * DAY)

    assert reached(first) == ["24 hours"]


def test_a_day_to_come_begins_nothing_yet():
    assert chapters_of([named(BEGAN)], today=BEGAN - DAY) == ()


def test_nobody_has_chapters_who_named_no_day():
    assert chapters_of([], today=BEGAN) == ()


@pytest.mark.parametrize(
    ("mark", "english", "spanish"),
    [
        (Mark(24, Unit.HOURS), "24 hours", "24 horas"),
        (Mark(30, Unit.DAYS), "30 days", "30 días"),
        (Mark(6, Unit.MONTHS), "6 months", "6 meses"),
        (Mark(1, Unit.YEARS), "1 year", "1 año"),
        (Mark(2, Unit.YEARS), "2 years", "2 años"),
    ],
)
def test_a_mark_is_said_in_both_languages(mark, english, spanish):
    assert (in_words(mark, "en"), in_words(mark, "es")) == (english, spanish)


days = st.integers(0, 1500).map(lambda number: BEGAN + number * DAY)
starts = st.builds(lambda day, later: Start(day, day + later * DAY), days, st.integers(0, 60))
lives = st.lists(starts, max_size=6)


@UNHURRIED
@given(lives, days, st.randoms(use_true_random=False))
def test_the_order_in_which_days_were_named_does_not_matter(starts, today, chance):
    assert chapters_of(chance.sample(starts, len(starts)), today=today) == chapters_of(starts, today=today)


@UNHURRIED
@given(lives, days, days)
def test_whatever_day_is_named_today_no_mark_is_taken_back(starts, today, more):
    known = {(each.began_on, mark) for each in chapters_of(starts, today=today) for mark in each.reached}
    told = chapters_of([*starts, Start(more, today)], today=today)

    assert known <= {(each.began_on, mark) for each in told for mark in each.reached}


@UNHURRIED
@given(lives, days, st.integers(0, 900))
def test_time_takes_no_mark_back(starts, today, later):
    known = {(each.began_on, mark) for each in chapters_of(starts, today=today) for mark in each.reached}
    told = chapters_of(starts, today=today + later * DAY)

    assert known <= {(each.began_on, mark) for each in told for mark in each.reached}


@UNHURRIED
@given(lives, days)
def test_chapters_follow_one_another_and_show_no_zero(starts, today):
    told = chapters_of(starts, today=today)

    assert all(each.ended_on == following.began_on for each, following in pairwise(told))
    assert all(each.days != 0 for each in told)
    assert [each.following is None for each in told] == [True] * (len(told) - 1) + [False] * bool(told)
