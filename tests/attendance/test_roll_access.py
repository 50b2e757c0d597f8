from datetime import UTC, datetime, timedelta

import pytest

from aftercare.attendance.roll_access import may_see_roll, window

ZONE = "America/Denver"
#: Tuesday, six in the evening in Denver; a minute to midnight there is in UTC the next day.
SIX = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)
LAST = datetime(2026, 11, 4, 6, 59, tzinfo=UTC)


def test_a_substitute_sees_the_roll_from_an_hour_before_to_the_last_minute_of_the_day():
    assert window(SIX, ZONE) == (SIX - timedelta(minutes=60), LAST)


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (SIX - timedelta(minutes=60, seconds=1), False),
        (SIX - timedelta(minutes=60), True),
        (LAST, True),
        (LAST + timedelta(seconds=1), False),
    ],
)
def test_who_stands_in_sees_the_roll_in_that_time_only(now, may):
    assert may_see_roll([], stands_in=True, starts_at=SIX, zone=ZONE, now=now) is may
    assert may_see_roll([], stands_in=False, starts_at=SIX, zone=ZONE, now=now) is False


def test_who_may_see_every_roll_sees_it_at_any_time():
    assert may_see_roll(["roll:see"], stands_in=False, starts_at=SIX, zone=ZONE, now=SIX - timedelta(days=9))


def test_a_date_past_midnight_is_seen_to_the_end_of_the_day_it_began():
    late = datetime(2026, 11, 4, 6, 30, tzinfo=UTC)

    assert window(late, ZONE)[1] == LAST
