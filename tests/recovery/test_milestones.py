import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.milestones import next_milestone, reached

totals = st.integers(0, 2000)


def test_nothing_is_reached_before_the_first_meeting():
    assert reached(0, 0) == []


def test_the_first_meeting_is_a_milestone():
    assert reached(1, 1) == [("meetings", 1)]


def test_the_milestones_of_meetings():
    numbers = [number for _, number in reached(350, 0)]

    assert numbers == [1, 5, 10, 25, 50, 90, 100, 200, 300]


def test_the_milestones_of_weeks_on_goal():
    numbers = [number for _, number in reached(0, 160)]

    assert numbers == [4, 12, 26, 52, 104, 156]


def test_both_kinds_are_reached_side_by_side():
    assert reached(5, 4) == [("meetings", 1), ("meetings", 5), ("weeks", 4)]


@pytest.mark.parametrize(
    ("kind", "so_far", "expected"),
    [
        ("meetings", 0, 1),
        ("meetings", 1, 5),
        ("meetings", 99, 100),
        ("meetings", 100, 200),
        ("weeks", 0, 4),
        ("weeks", 51, 52),
        ("weeks", 52, 104),
    ],
)
def test_the_next_milestone(kind, so_far, expected):
    assert next_milestone(kind, so_far) == expected


@given(totals, totals, totals)
def test_more_never_takes_a_milestone_back(meetings, weeks, more):
    assert set(reached(meetings, weeks)) <= set(reached(meetings + more, weeks + more))


@given(totals)
def test_the_next_milestone_is_reached_exactly_when_it_comes(meetings):
    coming = next_milestone("meetings", meetings)

    assert set(reached(coming, 0)) - set(reached(coming - 1, 0)) == {("meetings", coming)}
    assert reached(coming - 1, 0) == reached(meetings, 0)
