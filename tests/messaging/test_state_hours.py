from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.core.area_codes import STATES
from aftercare.messaging import quiet_hours
from aftercare.messaging.quiet_hours import Window, every_day
from aftercare.messaging.state_hours import FEDERAL, HOURS, window_of

TUESDAY, SATURDAY, SUNDAY = 1, 5, 6


def test_every_state_has_its_hours_and_none_has_more_than_the_federal_ones():
    assert HOURS.keys() == STATES
    assert all(quiet_hours.stricter([FEDERAL, hours]) == hours for hours in HOURS.values())


@pytest.mark.parametrize(
    ("state", "weekday", "opens", "closes"),
    [
        ("TX", TUESDAY, 9, 21),
        ("TX", SATURDAY, 9, 21),
        ("TX", SUNDAY, 12, 21),
        ("RI", TUESDAY, 9, 18),
        ("RI", SATURDAY, 10, 17),
        ("RI", SUNDAY, 10, 17),
        ("KY", TUESDAY, 10, 21),
        ("CT", SUNDAY, 9, 20),
        ("FL", TUESDAY, 8, 20),
        ("CO", TUESDAY, 8, 21),
    ],
)
def test_a_state_lets_texts_leave_in_its_own_hours(state, weekday, opens, closes):
    hours = HOURS[state].days[weekday]

    assert hours is not None
    assert (hours.opens, hours.closes) == (opens * 60, closes * 60)


def test_the_organisations_hours_hold_where_no_state_is_known():
    assert window_of(540, 1200) == window_of(540, 1200, None, None) == every_day(540, 1200)
    assert window_of(540, 1200, "ZZ") == every_day(540, 1200)


def test_home_and_area_code_both_narrow_the_hours():
    assert window_of(540, 1200, "KY", "RI").days[TUESDAY] == quiet_hours.Hours(600, 1080)
    assert window_of(540, 1200, "RI", "KY") == window_of(540, 1200, "KY", "RI")


def test_hours_that_no_state_allows_are_no_hours():
    assert window_of(0, 7 * 60, "CO") == Window((None,) * 7)


minutes = st.integers(0, 14 * 24 * 60)


@given(past=minutes, useful=st.integers(1, 3000), states=st.lists(st.sampled_from(sorted(STATES)), max_size=2))
def test_no_text_leaves_in_the_quiet_hours_of_anybody(past, useful, states):
    begins = datetime(2026, 10, 28, tzinfo=ZoneInfo("America/New_York"))
    due = begins + timedelta(minutes=past)
    window = window_of(9 * 60, 20 * 60, *states)

    moment = quiet_hours.fit(
        due, window, "America/New_York", useful_until=due + timedelta(minutes=useful), now=begins - timedelta(days=3)
    )

    assert moment is not None
    local = moment.astimezone(begins.tzinfo)
    for state in states:
        hours = HOURS[state].days[local.weekday()]
        assert hours is not None
        assert hours.opens <= local.hour * 60 + local.minute < hours.closes
    assert 9 <= local.hour < 20
    assert moment <= due
