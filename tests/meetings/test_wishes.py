from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.meetings import wishes

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("day", "last"), [("now", 3), ("today", 2), ("tomorrow", 3), ("week", 8), ("", 3), ("mon", 2), ("sun", 8)]
)
def test_a_day_is_read_from_today_on(day, last):
    wish, wrong = wishes.read({"day": day}, today=TODAY)

    assert (wish.last, wrong) == (date(2026, 11, last), {})


def test_whoever_looks_for_a_name_or_a_place_looks_through_the_week():
    looking = [wishes.read({field: "Elm"}, today=TODAY)[0] for field in ("q", "near")]

    assert [wish.last for wish in looking] == [date(2026, 11, 8)] * 2


def test_what_begins_soon_has_a_time():
    assert not wishes.read({"day": "now"}, today=TODAY)[0].any_time
    assert wishes.read({"day": "today"}, today=TODAY)[0].any_time


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(wishes.FIELDS), st.text(max_size=8)), st.dates())
def test_any_wish_is_read_or_named(given_values, today):
    wish, wrong = wishes.read(given_values, today=min(max(today, date(2000, 1, 1)), date(2900, 1, 1)))

    assert 0 <= (wish.last - wish.first).days <= 6
    assert set(wrong) <= set(wishes.FIELDS)
