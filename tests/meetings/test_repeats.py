from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.core.errors import Invalid
from aftercare.meetings.repeats import Repeat, in_order, read_rule, read_until, write_rule

weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
endings = st.one_of(
    st.just({}),
    st.builds(lambda day: {"until": day}, st.dates(date(2020, 1, 1), date(2040, 1, 1))),
    st.builds(lambda number: {"count": number}, st.integers(1, 1000)),
)
daily = st.builds(lambda every, end: Repeat(every, "day", **end), st.integers(1, 365), endings)
weekly = st.builds(
    lambda every, days, end: Repeat(every, "week", days, **end), st.integers(1, 52), weekday_sets, endings
)
nths = st.sets(st.sampled_from([1, 2, 3, 4, 5, -2, -1]), min_size=1).map(in_order)
by_weekday = st.builds(
    lambda every, days, nths, end: Repeat(every, "month", days, nths[0], also=nths[1:], **end),
    st.integers(1, 12),
    weekday_sets,
    nths,
    endings,
)
by_day = st.builds(
    lambda every, days, end: Repeat(every, "month", month_days=days, **end),
    st.integers(1, 12),
    st.sets(st.sampled_from([*range(1, 32), -1]), min_size=1).map(in_order),
    endings,
)
yearly = st.builds(
    lambda every, month, day, end: Repeat(every, "year", month=month, month_days=(day,), **end),
    st.integers(1, 10),
    st.integers(1, 12),
    st.sampled_from([*range(1, 30), -1]),
    endings,
) | st.builds(
    lambda every, month, days, nths, end: Repeat(every, "year", days, nths[0], also=nths[1:], month=month, **end),
    st.integers(1, 10),
    st.integers(1, 12),
    weekday_sets,
    st.sets(st.sampled_from([1, 2, 3, 4, -2, -1]), min_size=1).map(in_order),
    endings,
)


@pytest.mark.parametrize(
    ("repeat", "rule"),
    [
        (Repeat(weekdays=(1,)), "FREQ=WEEKLY;BYDAY=TU"),
        (Repeat(every=2, weekdays=(3, 1)), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        (Repeat(), "FREQ=WEEKLY"),
        (Repeat(unit="month", weekdays=(4,), nth=-1), "FREQ=MONTHLY;BYDAY=-1FR"),
        (Repeat(unit="month", weekdays=(1, 3), nth=2), "FREQ=MONTHLY;BYDAY=2TU,2TH"),
        (Repeat(unit="month", weekdays=(1,), nth=3, also=(1,)), "FREQ=MONTHLY;BYDAY=1TU,3TU"),
        (Repeat(unit="month", weekdays=(1, 3), nth=-1, also=(2,)), "FREQ=MONTHLY;BYDAY=2TU,2TH,-1TU,-1TH"),
        (Repeat(unit="month", month_days=(15,)), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (Repeat(unit="month", month_days=(-1, 15)), "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
        (Repeat(every=3, unit="day"), "FREQ=DAILY;INTERVAL=3"),
        (Repeat(unit="month", weekdays=(4,), nth=-1, also=(-2,)), "FREQ=MONTHLY;BYDAY=-2FR,-1FR"),
        (Repeat(unit="year", month=3, month_days=(8,)), "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8"),
        (Repeat(unit="year", month=11, weekdays=(3,), nth=4), "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
        (Repeat(weekdays=(1,), until=date(2026, 3, 3)), "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260303T235959"),
        (Repeat(weekdays=(1,), count=10), "FREQ=WEEKLY;BYDAY=TU;COUNT=10"),
    ],
)
def test_a_repeat_is_written_as_a_short_rule(repeat, rule):
    assert write_rule(repeat) == rule


@settings(deadline=None)
@given(daily | weekly | by_weekday | by_day | yearly)
def test_what_was_written_reads_back_the_same(repeat):
    assert read_rule(write_rule(repeat)) == repeat


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "TU",
        "BYDAY=TU",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=366",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYDAY=1TU",
        "FREQ=YEARLY;BYMONTH=3",
        "FREQ=YEARLY;BYMONTHDAY=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=4TH",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=TH",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=5TH",
        "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=3;BYDAY=4TH",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3,4",
        "FREQ=YEARLY;BYMONTH=0;BYMONTHDAY=3",
        "FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=3",
        "FREQ=YEARLY;INTERVAL=11;BYMONTH=3;BYMONTHDAY=3",
        "freq=weekly",
        "FREQ=WEEKLY;BYDAY=TU;",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=2TU",
        "FREQ=WEEKLY;BYDAY=TU;BYDAY=WE",
        "FREQ=WEEKLY;BYDAY=TU;BYHOUR=1,2,3",
        "FREQ=WEEKLY;BYDAY=TU;BYSECOND=0,1,2,3",
        "FREQ=WEEKLY;WKST=SU",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=53",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=٣",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=1001",
        "FREQ=WEEKLY;COUNT=99999999999999999999",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20260303T235959",
        "FREQ=WEEKLY;UNTIL=20260230",
        "FREQ=WEEKLY;UNTIL=20260303T250000",
        "FREQ=WEEKLY;UNTIL=20260303T235959Z",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=6TU",
        "FREQ=MONTHLY;BYDAY=0TU",
        "FREQ=MONTHLY;BYDAY=-3TU",
        "FREQ=MONTHLY;BYDAY=1TU,2WE",
        "FREQ=MONTHLY;BYDAY=1TU,WE",
        "FREQ=MONTHLY;BYDAY=1TU,TU",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYMONTHDAY=15;BYDAY=1TU",
        "FREQ=MONTHLY;BYMONTHDAY=15;BYMONTH=3",
        "FREQ=WEEKLY;BYMONTHDAY=15",
        "FREQ=MONTHLY;INTERVAL=13;BYDAY=1TU",
        "RRULE:FREQ=WEEKLY;BYDAY=TU",
        "FREQ=WEEKLY\nDTSTART:20200101",
    ],
)
def test_a_rule_of_another_shape_is_refused(rule):
    with pytest.raises(Invalid):
        read_rule(rule)


@settings(deadline=None)
@given(st.text() | st.text("FREQ=WKLYMONTH;BDAU0123456789-,;").map(lambda text: "FREQ=WEEKLY;" + text))
def test_any_text_is_read_or_refused(rule):
    try:
        repeat = read_rule(rule)
    except Invalid:
        return
    assert read_rule(write_rule(repeat)) == repeat


@pytest.mark.parametrize(
    ("repeat", "field"),
    [
        (Repeat(every=0, weekdays=(1,)), "every"),
        (Repeat(every=53, weekdays=(1,)), "every"),
        (Repeat(unit="hour", weekdays=(1,)), "unit"),  # type: ignore[arg-type]
        (Repeat(weekdays=(7,)), "weekdays"),
        (Repeat(weekdays=(1,), nth=2), "nth"),
        (Repeat(unit="month", weekdays=(1,)), "nth"),
        (Repeat(unit="month", weekdays=(1,), nth=6), "nth"),
        (Repeat(unit="month", nth=1), "weekdays"),
        (Repeat(unit="month", weekdays=(1,), also=(2,)), "nth"),
        (Repeat(unit="month", weekdays=(1,), nth=1, also=(7,)), "nth"),
        (Repeat(unit="month", month_days=(32,)), "month_days"),
        (Repeat(unit="month", month_days=(15,), nth=1), "nth"),
        (Repeat(unit="month", weekdays=(1,), month_days=(15,)), "weekdays"),
        (Repeat(unit="day", weekdays=(1,)), "weekdays"),
        (Repeat(unit="day", every=366), "every"),
        (Repeat(unit="day", month=3), "month"),
        (Repeat(unit="year", month_days=(3,)), "month"),
        (Repeat(unit="year", month=3), "weekdays"),
        (Repeat(unit="year", month=3, weekdays=(1,)), "nth"),
        (Repeat(unit="year", month=3, weekdays=(1,), nth=1, also=(5,)), "nth"),
        (Repeat(unit="year", month=3, month_days=(3, 4)), "month_days"),
        (Repeat(unit="year", month=4, month_days=(31,)), "month_days"),
        (Repeat(weekdays=(1,), count=0), "count"),
        (Repeat(weekdays=(1,), count=3, until=date(2026, 3, 3)), "count"),
    ],
)
def test_a_repeat_that_we_do_not_offer_is_refused_at_its_field(repeat, field):
    with pytest.raises(Invalid) as refusal:
        write_rule(repeat)
    assert field in refusal.value.fields


def test_an_end_without_an_hour_holds_for_the_whole_day():
    assert read_until("FREQ=WEEKLY;UNTIL=20260303") == datetime(2026, 3, 3, 23, 59, 59)


def test_an_end_with_an_hour_keeps_it():
    assert read_until("FREQ=WEEKLY;UNTIL=20260303T190000") == datetime(2026, 3, 3, 19)


@pytest.mark.parametrize("month", [0, -1, 13])
def test_a_month_that_the_year_does_not_have_is_refused(month):
    with pytest.raises(Invalid) as refusal:
        write_rule(Repeat(unit="year", month=month, month_days=(3,)))
    assert set(refusal.value.fields) == {"month"}


def test_weeks_that_start_on_monday_may_say_so():
    assert read_rule("FREQ=WEEKLY;WKST=MO;BYDAY=TU") == Repeat(weekdays=(1,))
