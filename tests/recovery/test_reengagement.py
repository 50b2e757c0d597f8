from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.reengagement import came_back_at, is_decided, may_say_missed_you
from tests.unhurried import UNHURRIED

TRIED = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after", "came_back"),
    [(-SECOND, False), (0 * DAY, False), (SECOND, True), (14 * DAY, True), (14 * DAY + SECOND, False)],
)
def test_who_comes_within_fourteen_days_of_the_first_attempt_is_back(after, came_back):
    assert came_back_at(TRIED, [TRIED + after]) == (TRIED + after if came_back else None)


def test_the_first_arrival_is_the_one_that_counts():
    arrivals = [TRIED + 9 * DAY, TRIED - DAY, TRIED + 3 * DAY]

    assert came_back_at(TRIED, arrivals) == TRIED + 3 * DAY


def test_nobody_counts_as_not_back_before_the_fourteen_days_are_over():
    assert not is_decided(TRIED, now=TRIED + 14 * DAY)
    assert is_decided(TRIED, now=TRIED + 14 * DAY + SECOND)


def test_that_they_were_missed_is_said_at_most_once_a_week():
    assert may_say_missed_you([], now=TRIED)
    assert not may_say_missed_you([TRIED - 30 * DAY, TRIED - 7 * DAY + SECOND], now=TRIED)
    assert may_say_missed_you([TRIED - 7 * DAY], now=TRIED)


@UNHURRIED
@given(st.lists(st.integers(0, 2000), max_size=60))
def test_no_week_ever_holds_two(hours):
    said: list[datetime] = []
    for now in sorted(TRIED + timedelta(hours=number) for number in hours):
        if may_say_missed_you(said, now=now):
            said.append(now)

    assert all(later - earlier >= 7 * DAY for earlier, later in pairwise(said))
