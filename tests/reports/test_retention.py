from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.reports.retention import Median, Stay, curve_of, stay_of

# Weeks in remission: Freireich and others, Blood 21 (1963), as worked in Klein and Moeschberger, example 4.1.
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
# Share and at risk as printed there; the bands were computed once with lifelines 0.30.3.
SIX_MP_TABLE = [
    (6, 0.857143, 0.619718, 0.951552, 21),
    (7, 0.806723, 0.563147, 0.922809, 17),
    (10, 0.752941, 0.503200, 0.889362, 15),
    (13, 0.690196, 0.431610, 0.849066, 12),
    (16, 0.627451, 0.367511, 0.804912, 11),
    (22, 0.537815, 0.267779, 0.746791, 7),
    (23, 0.448179, 0.188052, 0.680143, 6),
]
PLACEBO_TABLE = [
    (1, 0.904762, 0.670046, 0.975294, 21),
    (2, 0.809524, 0.568905, 0.923889, 19),
    (3, 0.761905, 0.519391, 0.893257, 17),
    (4, 0.666667, 0.425350, 0.825044, 16),
    (5, 0.571429, 0.337977, 0.749241, 14),
    (8, 0.380952, 0.183067, 0.577789, 12),
    (11, 0.285714, 0.116561, 0.481820, 8),
    (12, 0.190476, 0.059482, 0.377435, 6),
    (15, 0.142857, 0.035657, 0.321162, 4),
    (17, 0.095238, 0.016259, 0.261250, 3),
    (22, 0.047619, 0.003324, 0.197045, 2),
    (23, 0.0, 0.0, 0.197045, 1),
]
FIRST = date(2026, 1, 1)

stays = st.builds(Stay, st.integers(0, 60), st.booleans())
groups = st.lists(stays, max_size=60)


def read(written):
    return [Stay(int(word.rstrip("+")), not word.endswith("+")) for word in written.split()]


def rounded(curve):
    return [
        (point.day, round(point.share, 6), round(point.low, 6), round(point.high, 6), point.at_risk)
        for point in curve.points
    ]


def after(*days):
    return [FIRST + timedelta(days=day) for day in days]


def stayed(*days, until):
    return stay_of(FIRST, after(*days), seen_until=FIRST + timedelta(days=until))


@pytest.mark.parametrize(("written", "table"), [(SIX_MP, SIX_MP_TABLE), (PLACEBO, PLACEBO_TABLE)])
def test_the_curve_and_its_band_are_those_of_the_published_trial(written, table):
    assert rounded(curve_of(read(written))) == table


@pytest.mark.parametrize(("written", "median"), [(SIX_MP, Median(23, 13, None)), (PLACEBO, Median(8, 4, 11))])
def test_the_median_and_its_interval_are_those_of_the_published_trial(written, median):
    assert curve_of(read(written)).median() == median


def test_people_followed_are_counted_at_the_days_asked():
    curve = curve_of(read(SIX_MP))

    assert [curve.at_risk(day) for day in (0, 6, 7, 10, 20, 35, 36)] == [21, 21, 17, 15, 8, 1, 0]


def test_the_curve_is_read_between_its_steps_and_not_beyond_the_last_day_seen():
    curve = curve_of(read("2 4+ 6 9+"))

    assert [(point.share, point.at_risk) for day in (0, 2, 5, 9) if (point := curve.at(day))] == [
        (1.0, 4),
        (0.75, 4),
        (0.75, 2),
        (0.375, 1),
    ]
    assert curve.at(10) is None


def test_where_nobody_is_left_the_curve_stays_at_nothing():
    beyond = curve_of(read("2 6")).at(100)

    assert beyond
    assert (beyond.share, beyond.low, beyond.at_risk) == (0, 0, 0)


def test_nobody_at_all_makes_an_empty_curve():
    curve = curve_of([])

    assert (curve.points, curve.at(0), curve.at_risk(0), curve.median()) == ((), None, 0, Median(None, None, None))


def test_half_of_an_even_group_is_reached_on_the_day_that_makes_it_half():
    for people in range(2, 200, 2):
        curve = curve_of(Stay(day, ended=True) for day in range(1, people + 1))

        assert curve.median().day == people // 2


def test_a_stay_over_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="no days or more"):
        Stay(-1, ended=True)


@given(groups)
def test_the_curve_only_falls_and_lies_within_its_band_between_nothing_and_all(group):
    points = curve_of(group).points

    shares = [1.0, *(point.share for point in points)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= point.low <= point.share <= point.high <= 1 for point in points)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_where_everybody_is_followed_to_the_end_the_curve_is_the_share_that_stayed_longer(days):
    curve = curve_of(Stay(day, ended=True) for day in days)

    for point in curve.points:
        assert point.share == pytest.approx(sum(day > point.day for day in days) / len(days))


@given(groups.flatmap(lambda group: st.tuples(st.just(group), st.permutations(group))))
def test_the_order_of_people_changes_nothing(both):
    told, shuffled = both

    assert curve_of(told) == curve_of(shuffled)


@given(groups)
def test_people_who_all_still_come_make_no_step(group):
    curve = curve_of(Stay(stay.days, ended=False) for stay in group)

    assert curve.points == ()


@pytest.mark.parametrize(
    ("visits", "until", "stay"),
    [
        ([], 29, None),
        ([], 30, Stay(0, ended=True)),
        ([5, 12, 19], 60, Stay(19, ended=True)),
        ([5, 12, 19], 49, Stay(19, ended=True)),
        ([5, 12, 19], 48, Stay(18, ended=False)),
        ([5, 35], 90, Stay(35, ended=True)),
        ([5, 36], 90, Stay(5, ended=True)),
        ([5, 35, 65, 90], 90, Stay(60, ended=False)),
        ([35, 5], 90, Stay(35, ended=True)),
        ([5, 95], 90, Stay(5, ended=True)),
        ([-3, 5], 90, Stay(5, ended=True)),
    ],
)
def test_somebody_keeps_coming_until_thirty_days_pass_without_a_visit(visits, until, stay):
    assert stayed(*visits, until=until) == stay
