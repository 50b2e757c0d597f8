from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.reports.disclosure import (
    LEAST,
    Guarded,
    guard,
    guard_falling,
    guard_row,
    may_leave,
    rate_may_leave,
)
from aftercare.reports.rates import Rate
from tests.reports.solving import has_twin, solved, whole

KEY = b"only for tests, 32 bytes of them"
H = None

counts = st.one_of(st.integers(0, 14), st.integers(0, 14), st.integers(11, 60))


def tables(most):
    sizes = st.tuples(st.integers(1, most), st.integers(1, most))
    return sizes.flatmap(
        lambda of: st.lists(st.lists(counts, min_size=of[1], max_size=of[1]), min_size=of[0], max_size=of[0])
    )


def with_totals(table):
    lines = [[*line, sum(line)] for line in table]
    return [*lines, [sum(column) for column in zip(*lines, strict=True)]]


def small_places(table):
    return [
        (row, column)
        for row, line in enumerate(with_totals(table))
        for column, count in enumerate(line)
        if 0 < count < LEAST
    ]


def told(table):
    """Give a table that left and nobody knows better, as lines with their totals."""
    return whole(guard(table, key=KEY))


def test_one_to_ten_people_may_not_be_told_and_nobody_may():
    assert [count for count in range(13) if may_leave(count)] == [0, 11, 12]


def test_a_table_without_small_numbers_leaves_whole():
    assert told([[0, 11], [40, 12]]) == [[0, 11, 11], [40, 12, 52], [40, 23, 63]]


def test_a_small_number_takes_the_number_beside_it_along():
    assert guard_row([3, 17, 900], key=KEY) == ((H, H, 900), 920)


def test_small_numbers_whose_sum_is_small_too_take_a_large_one_along():
    assert guard_row([3, 5, 17, 900], key=KEY) == ((H, H, H, 900), 925)


def test_a_small_number_alone_takes_its_totals_along():
    assert told([[3, 0], [0, 0]]) == [[H, 0, H], [0, 0, 0], [H, 0, H]]


def test_where_only_a_total_can_hide_it_the_total_goes():
    assert guard_row([1, 1, 10], key=KEY) == ((H, H, H), H)


def test_a_table_inside_is_covered_in_both_directions():
    assert told([[3, 50, 900], [20, 30, 900], [900, 900, 900]]) == [
        [H, H, 900, 953],
        [H, H, 900, 950],
        [900, 900, 900, 2700],
        [923, 980, 2700, 4603],
    ]


def test_an_empty_table_leaves_as_it_is():
    assert guard([], key=KEY) == Guarded((), (), (), 0)
    assert guard([[]], key=KEY) == Guarded(((),), (0,), (), 0)


def test_a_table_that_is_none_is_refused():
    for impossible in ([[1, 2], [3]], [[-1]]):
        with pytest.raises(ValueError, match="rows of one length"):
            guard(impossible, key=KEY)


@given(tables(5))
def test_what_leaves_is_true_and_never_small_and_nobody_is_always_told(table):
    for line, real in zip(told(table), with_totals(table), strict=True):
        for count, truth in zip(line, real, strict=True):
            assert count == truth if count is not None else truth > 0
            assert count is None or may_leave(count)


@given(tables(5))
def test_somebody_who_solves_the_sums_cannot_tell_that_a_hidden_number_is_small(table):
    found = solved(guard(table, key=KEY))

    for place in small_places(table):
        assert found[place][1] >= LEAST


def test_somebody_who_solves_the_sums_finds_what_is_hidden_alone():
    naive = Guarded(((H, 17, 40), (12, H, 15)), (60, 30), (15, 20, 55), 90)

    assert solved(naive) == {(0, 0): (3, 3), (1, 1): (3, 3)}


@settings(max_examples=60)
@given(tables(4))
def test_for_each_small_number_another_table_reads_the_same_and_has_ten_more_there(table):
    guarded = guard(table, key=KEY)

    for place in small_places(table):
        assert has_twin(table, guarded, place, LEAST - 1)


@pytest.mark.parametrize("total", [23, 24])
def test_somebody_who_tries_all_tables_and_many_secrets_finds_no_small_number(total):
    reading = defaultdict(set)
    for first in range(total + 1):
        for second in range(total + 1 - first):
            parts = (first, second, total - first - second)
            for secret in range(16):
                reading[guard_row(parts, key=bytes([secret]))].add(parts)

    for (cells, _), possible in reading.items():
        for at, count in enumerate(cells):
            found = {parts[at] for parts in possible}
            assert count is not None or len(found) > 1 or min(found) >= LEAST


def test_the_same_table_is_cut_the_same_each_time_and_otherwise_with_another_secret():
    table = [[3, 20, 20, 20], [20, 20, 20, 20], [20, 20, 20, 20]]
    cuts = {guard(table, key=bytes([secret])) for secret in range(20)}

    assert guard(table, key=KEY) == guard(table, key=KEY)
    assert len(cuts) > 1


@pytest.mark.parametrize(
    ("followed", "told"),
    [
        ([90, 84, 67, 45, 8], (90, H, 67, 45, H)),
        ([90, 90, 79], (90, 90, 79)),
        ([90, 85, 80, 79, 0], (90, H, H, 79, 0)),
        ([8, 3, 0], (H, H, 0)),
        ([], ()),
    ],
)
def test_a_falling_number_stays_where_neither_it_nor_its_fall_is_small(followed, told):
    assert guard_falling(followed) == told


def test_people_still_followed_never_grow():
    with pytest.raises(ValueError, match="only grow fewer"):
        guard_falling([10, 11])


@pytest.mark.parametrize(
    ("rate", "leaves"),
    [
        (Rate(40, 80), True),
        (Rate(80, 80), True),
        (Rate(0, 80), True),
        (Rate(75, 80), False),
        (Rate(5, 80), False),
        (Rate(40, 80, 3), False),
        (Rate(20, 60, 20), True),
        (Rate(0, 0), True),
    ],
)
def test_a_rate_leaves_only_where_each_count_behind_it_may(rate, leaves):
    assert rate_may_leave(rate) == leaves
