from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.routine import Item, ItemWeek, this_week
from tests.unhurried import UNHURRIED

MONDAY = date(2026, 1, 5)
WALK, CALL = UUID(int=1), UUID(int=2)


def day(number):
    return MONDAY + timedelta(days=number)


def test_each_item_shows_its_days_of_this_week_in_the_order_they_were_set():
    items = [Item(WALK, 3), Item(CALL, 1)]
    ticks = {WALK: [day(0), day(2)], CALL: [day(1)]}

    assert this_week(items, ticks, today=day(3)) == (
        ItemWeek(WALK, (True, False, True, False, False, False, False), done=2, goal=3),
        ItemWeek(CALL, (False, True, False, False, False, False, False), done=1, goal=1),
    )


def test_an_item_that_was_never_ticked_has_an_open_week():
    assert this_week([Item(WALK, 3)], {}, today=day(0)) == (ItemWeek(WALK, (False,) * 7, done=0, goal=3),)


def test_last_week_and_days_to_come_are_not_this_week():
    (week,) = this_week([Item(WALK, 3)], {WALK: [day(-1), day(4)]}, today=day(3))

    assert week.done == 0


def test_a_day_ticked_twice_is_one_day():
    (week,) = this_week([Item(WALK, 2)], {WALK: [day(0), day(0)]}, today=day(0))

    assert (week.done, week.is_met) == (1, False)


def test_weeks_begin_where_their_person_lets_them_begin():
    (week,) = this_week([Item(WALK, 2)], {WALK: [day(-1), day(0)]}, today=day(0), week_start=6)

    assert week.ticked == (True, True, False, False, False, False, False)
    assert week.is_met


@pytest.mark.parametrize("days_a_week", [0, 8, -1])
def test_an_item_is_for_one_to_seven_days_a_week(days_a_week):
    with pytest.raises(ValueError, match="days a week"):
        Item(WALK, days_a_week)


days = st.integers(-20, 20).map(day)


@UNHURRIED
@given(st.lists(days), days, days, st.integers(0, 6), st.integers(1, 7))
def test_one_tick_more_never_takes_one_away(ticks, more, today, start, goal):
    (before,) = this_week([Item(WALK, goal)], {WALK: ticks}, today=today, week_start=start)
    (after,) = this_week([Item(WALK, goal)], {WALK: [*ticks, more]}, today=today, week_start=start)

    assert all(now or not then for then, now in zip(before.ticked, after.ticked, strict=True))
    assert after.done == sum(after.ticked) <= 7
    assert after.is_met is (after.done >= goal)
