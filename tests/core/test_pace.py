from datetime import timedelta

import pytest

from aftercare.core.pace import Pace
from tests.conftest import MONDAY


def waits(pace, count, key="a", after=0.0):
    return [pace.wait(key, MONDAY + timedelta(seconds=after)) for _ in range(count)]


def test_as_many_as_allowed_pass_at_once_and_the_next_waits_for_its_share():
    pace = Pace(times=3, per_seconds=60)

    assert waits(pace, 5) == [0, 0, 0, 20, 20]
    assert waits(pace, 2, after=20) == [0, 20]
    assert waits(pace, 4, after=200) == [0, 0, 0, 20]


def test_each_has_its_own_count():
    pace = Pace(times=1, per_seconds=60)

    assert [waits(pace, 2, key) for key in ("a", "b")] == [[0, 60], [0, 60]]


def test_whoever_was_counted_longest_ago_is_forgotten_first():
    pace = Pace(times=1, per_seconds=60, most=2)
    for key in ("a", "b", "c"):
        pace.wait(key, MONDAY)

    assert [pace.wait(key, MONDAY) for key in ("c", "b", "a")] == [60, 60, 0]


@pytest.mark.parametrize("back", [3600, 86_400])
def test_a_clock_that_is_put_back_makes_nobody_wait_for_longer_than_the_span(back):
    pace = Pace(times=2, per_seconds=60)
    waits(pace, 2)

    assert waits(pace, 1, after=-back) == [30]
