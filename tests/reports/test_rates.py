import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.reports.rates import (
    Rate,
    Visits,
    Waits,
    attendance_rate,
    no_show_rate,
    roll_completeness,
    waitlist_conversion,
    wilson,
)

counts = st.integers(0, 400)
rates = st.tuples(counts, counts, counts).map(lambda of: Rate(of[0], sum(of), of[1]))
visits = st.builds(Visits, counts, counts, counts, counts, counts)


# Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3 (score, without continuity correction).
@pytest.mark.parametrize(
    ("did", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_the_published_one(did, of, low, high):
    interval = wilson(did / of, of)

    assert (round(interval[0], 4), round(interval[1], 4)) == (low, high)


def test_visits_that_nobody_recorded_count_as_neither_and_bound_the_rate():
    rate = attendance_rate(Visits(attended=50, late=10, excused=7, no_show=20, unknown=20))

    assert rate == Rate(60, 100, 20)
    assert (rate.share, rate.bounds) == (0.75, (0.6, 0.8))


def test_an_excused_visit_is_asked_about_by_neither_rate():
    told, silent = Visits(attended=3, excused=5, no_show=1), Visits(attended=3, no_show=1)

    assert (attendance_rate(told), no_show_rate(told)) == (attendance_rate(silent), no_show_rate(silent))


@given(visits)
def test_attended_and_missed_make_up_all_that_is_known(counted):
    came, missed = attendance_rate(counted), no_show_rate(counted)

    assert came.numerator + missed.numerator == came.known == missed.known
    if came.bounds and missed.bounds:
        assert came.bounds[0] + missed.bounds[1] == pytest.approx(1)


@given(rates)
def test_a_share_lies_within_its_bounds_and_its_interval(rate):
    if rate.share is None or rate.bounds is None or rate.interval is None:
        assert rate.known == 0
        return
    for low, high in (rate.bounds, rate.interval):
        assert 0 <= low <= rate.share <= high <= 1


@given(rates)
def test_what_comes_to_be_known_never_widens_the_bounds(rate):
    if not rate.unknown or rate.bounds is None:
        return
    for learned in (
        Rate(rate.numerator + 1, rate.denominator, rate.unknown - 1),
        Rate(rate.numerator, rate.denominator, rate.unknown - 1),
    ):
        assert learned.bounds
        assert rate.bounds[0] <= learned.bounds[0] <= learned.bounds[1] <= rate.bounds[1]


def test_of_nobody_there_is_no_rate():
    nobody, nobody_known = Rate(0, 0), Rate(0, 3, 3)

    assert (nobody.share, nobody.bounds, nobody.interval) == (None, None, None)
    assert (nobody_known.share, nobody_known.bounds, nobody_known.interval) == (None, (0, 1), None)


@pytest.mark.parametrize("impossible", [(3, 2, 0), (2, 3, 2), (-1, 3, 0), (0, -1, 0), (0, 3, -1)])
def test_counts_that_no_group_has_are_refused(impossible):
    with pytest.raises(ValueError, match="some of those"):
        Rate(*impossible)


def test_the_roll_is_complete_as_far_as_it_is_final():
    assert roll_completeness(final=18, ended=20).share == 0.9


def test_who_leaves_the_waiting_list_alone_is_not_asked_about():
    assert waitlist_conversion(Waits(seated=6, refused=1, never_offered=3, withdrew=9)) == Rate(6, 10)
