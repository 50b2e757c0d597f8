from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from aftercare.messaging import quiet_hours
from aftercare.messaging.quiet_hours import DEFAULT, Hours, Window, every_day, week

DENVER = "America/Denver"
ZONES = [
    "America/Denver",
    "America/New_York",
    "America/Phoenix",
    "America/St_Johns",
    "America/Santiago",
    "Europe/Dublin",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
]


def denver(day, hour, minute=0, month=12):
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(DENVER))


def fit(due, *, now=None, useful_until=None, window=DEFAULT, zone=DENVER):
    now = now or due - timedelta(days=1)
    return quiet_hours.fit(due, window, zone, useful_until=useful_until or due + timedelta(days=5), now=now)


@pytest.mark.parametrize(
    ("hour", "minute", "is_allowed"), [(8, 59, False), (9, 0, True), (19, 59, True), (20, 0, False), (3, 0, False)]
)
def test_texts_leave_from_nine_to_eight_in_the_evening(hour, minute, is_allowed):
    assert quiet_hours.allowed(denver(1, hour, minute), DEFAULT, DENVER) is is_allowed


def test_the_hours_are_those_of_the_recipient():
    moment = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)

    assert not quiet_hours.allowed(moment, DEFAULT, "America/Denver")
    assert quiet_hours.allowed(moment, DEFAULT, "America/New_York")


def test_a_time_by_day_stays():
    assert fit(denver(2, 12)) == denver(2, 12)


@pytest.mark.parametrize("due", [denver(1, 20), denver(1, 23, 59), denver(2, 0), denver(2, 5), denver(2, 8, 59)])
def test_a_time_in_the_night_moves_to_the_evening_before(due):
    assert fit(due) == denver(1, 19, 30)


def test_when_the_evening_is_almost_over_it_leaves_now():
    assert fit(denver(1, 22), now=denver(1, 19, 45)) == denver(1, 19, 45)


def test_when_the_evening_is_past_it_waits_for_the_morning():
    assert fit(denver(2, 5), now=denver(1, 21)) == denver(2, 9)


def test_what_the_morning_makes_useless_is_dropped():
    assert fit(denver(2, 5), now=denver(1, 21), useful_until=denver(2, 9)) is None


def test_a_late_text_leaves_now_by_day():
    assert fit(denver(1, 10), now=denver(1, 15)) == denver(1, 15)


def test_a_late_text_that_is_useless_is_dropped():
    assert fit(denver(1, 10), now=denver(1, 15), useful_until=denver(1, 15)) is None


def test_the_evening_keeps_its_wall_time_when_the_clocks_change():
    spring = quiet_hours.fit(
        denver(8, 5, month=3), DEFAULT, DENVER, useful_until=denver(9, 0, month=3), now=denver(1, 12, month=3)
    )

    assert spring == datetime(2026, 3, 8, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (700, 600), (-1, 600), (0, 1441)])
def test_hours_that_are_none_are_refused(opens, closes):
    with pytest.raises(ValueError, match="opens before it closes"):
        Hours(opens, closes)


def test_a_window_says_something_of_each_weekday():
    with pytest.raises(ValueError, match="each weekday"):
        Window((Hours(),) * 6)


# 2026-12-05 is a Saturday, 2026-12-06 a Sunday.
WEEKEND_LATER = week(Hours(540, 1200), Hours(600, 1020), Hours(720, 1260))


@pytest.mark.parametrize(
    ("day", "hour", "is_allowed"),
    [(4, 9, True), (4, 19, True), (5, 9, False), (5, 17, False), (6, 11, False), (6, 12, True), (6, 20, True)],
)
def test_each_weekday_has_its_own_hours(day, hour, is_allowed):
    assert quiet_hours.allowed(denver(day, hour), WEEKEND_LATER, DENVER) is is_allowed


def test_what_is_due_on_a_late_morning_leaves_the_evening_before():
    assert fit(denver(6, 11), window=WEEKEND_LATER) == denver(5, 16, 30)


def test_what_is_late_waits_for_the_hours_of_the_next_day():
    assert fit(denver(5, 18), now=denver(5, 18), window=WEEKEND_LATER) == denver(6, 12)


def test_a_day_without_hours_is_passed_over():
    no_sundays = Window((Hours(),) * 6 + (None,))

    assert fit(denver(6, 12), window=no_sundays) == denver(5, 19, 30)
    assert fit(denver(6, 12), now=denver(6, 12), window=no_sundays) == denver(7, 9)
    assert quiet_hours.opening(denver(6, 0).date(), no_sundays, DENVER) is None


def test_a_window_that_is_never_open_lets_nothing_leave():
    assert fit(denver(2, 12), window=Window((None,) * 7)) is None


def test_the_stricter_of_two_windows_is_what_both_allow():
    assert quiet_hours.stricter([every_day(540, 1200), every_day(600, 1260)]) == every_day(600, 1200)
    assert quiet_hours.stricter([every_day(540, 1200), WEEKEND_LATER]) == week(
        Hours(540, 1200), Hours(600, 1020), Hours(720, 1200)
    )
    assert quiet_hours.stricter([every_day(0, 540), every_day(600, 1260)]) == Window((None,) * 7)


moments = st.integers(0, 19 * 365 * 24 * 60).map(lambda m: datetime(2011, 12, 20, tzinfo=UTC) + timedelta(minutes=m))


@st.composite
def hours(draw):
    opens = draw(st.integers(0, 1439))
    return Hours(opens, draw(st.integers(opens + 1, 1440)))


alike = hours().map(lambda each: Window((each,) * 7))
windows = alike | st.tuples(*(st.none() | hours() for _ in range(7))).map(Window)


@given(due=moments, ahead=st.integers(-4000, 4000), useful=st.integers(-100, 20000), zone=st.sampled_from(ZONES),
       window=st.just(DEFAULT) | windows)  # fmt: skip
@example(datetime(2026, 3, 8, 9, 30, tzinfo=UTC), 60, 8000, DENVER, every_day(130, 150))
@example(datetime(2011, 12, 30, 12, 0, tzinfo=UTC), 60, 8000, "Pacific/Apia", every_day(540, 560))
@example(datetime(2026, 3, 8, 9, 30, tzinfo=UTC), 0, 20000, DENVER, Window((None,) * 6 + (Hours(130, 150),)))
def test_no_text_leaves_in_quiet_hours(due, ahead, useful, zone, window):
    now, useful_until = due - timedelta(minutes=ahead), due + timedelta(minutes=useful)

    moment = quiet_hours.fit(due, window, zone, useful_until=useful_until, now=now)

    assume(moment is not None)
    assert moment is not None
    assert quiet_hours.allowed(moment, window, zone)
    assert now <= moment < useful_until


@given(due=moments, ahead=st.integers(24 * 60, 4000), zone=st.sampled_from(ZONES))
def test_a_time_is_never_moved_later_while_an_evening_is_left(due, ahead, zone):
    moment = quiet_hours.fit(
        due, DEFAULT, zone, useful_until=due + timedelta(days=9), now=due - timedelta(minutes=ahead)
    )

    assert moment is not None
    assert due - timedelta(hours=15) <= moment <= due


@given(due=moments, ahead=st.integers(-4000, 4000), zone=st.sampled_from(ZONES), window=st.just(DEFAULT) | windows)
def test_what_is_moved_later_had_no_earlier_moment_left(due, ahead, zone, window):
    now = due - timedelta(minutes=ahead)
    wanted = max(due, now)

    moment = quiet_hours.fit(due, window, zone, useful_until=due + timedelta(days=90), now=now)

    assume(moment is not None and moment > wanted)
    minutes = int((wanted - now).total_seconds()) // 60
    assert not any(quiet_hours.allowed(now + timedelta(minutes=past), window, zone) for past in range(minutes + 1))


@given(due=moments, ahead=st.integers(-4000, 4000), zone=st.sampled_from(ZONES), window=windows)
def test_what_is_dropped_had_no_moment_left(due, ahead, zone, window):
    now, useful_until = due - timedelta(minutes=ahead), due + timedelta(hours=12)
    assume(useful_until > max(due, now))

    moment = quiet_hours.fit(due, window, zone, useful_until=useful_until, now=now)

    assume(moment is None)
    left = int((useful_until - max(due, now)).total_seconds()) // 60
    assert not any(
        quiet_hours.allowed(max(due, now) + timedelta(minutes=past), window, zone) for past in range(1, left)
    )


@given(due=moments, ahead=st.integers(-4000, 4000), zone=st.sampled_from(ZONES))
def test_what_fits_fits_again(due, ahead, zone):
    now, useful_until = due - timedelta(minutes=ahead), due + timedelta(days=9)
    moment = quiet_hours.fit(due, DEFAULT, zone, useful_until=useful_until, now=now)

    assert moment is not None
    assert quiet_hours.fit(moment, DEFAULT, zone, useful_until=useful_until, now=now) == moment


@given(until=moments, zone=st.sampled_from(ZONES), window=windows)
def test_the_last_day_of_a_text_is_the_last_on_which_hours_begin_before_it_is_useless(until, zone, window):
    last = quiet_hours.last_day(until, window, zone)

    def opens(day):
        return quiet_hours.opening(day, window, zone)

    today = until.astimezone(ZoneInfo(zone)).date()
    early = [day for past in range(15) if (moment := opens(day := today - timedelta(days=past))) and moment < until]
    assert last == (early[0] if early else None)
