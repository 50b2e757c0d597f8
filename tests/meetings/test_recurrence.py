from datetime import UTC, date, datetime, timedelta

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.recurrence import (
    Pattern,
    Repeat,
    clock_change_warnings,
    instant,
    normalised,
    repeat_of,
    slots,
    weekdays_of,
)

NEW_YORK, LONDON, PHOENIX = "America/New_York", "Europe/London", "America/Phoenix"
LORD_HOWE, CASABLANCA = "Australia/Lord_Howe", "Africa/Casablanca"
YEAR = {"after": datetime(2026, 1, 1), "before": datetime(2027, 1, 1)}
TUESDAY_EVENING = datetime(2026, 3, 3, 19)


def series(rule, first=TUESDAY_EVENING, zone=NEW_YORK):
    return Pattern(first, 60, rule, zone)


def days(pattern, after=date(2026, 1, 1), before=date(2027, 1, 1)):
    return [slot.date() for slot in slots(pattern, after=midnight(after), before=midnight(before))]


def midnight(day):
    return datetime.combine(day, datetime.min.time())


def utc(*numbers):
    return datetime(*numbers).replace(tzinfo=UTC)


def march(*numbers):
    return [date(2026, 3, number) for number in numbers]


def test_a_meeting_that_does_not_repeat_has_one_date():
    assert slots(series(None), **YEAR) == [TUESDAY_EVENING]


def test_a_meeting_that_does_not_repeat_is_not_found_outside_its_date():
    assert slots(series(None), after=TUESDAY_EVENING + timedelta(minutes=1), before=datetime(2027, 1, 1)) == []
    assert slots(series(None), after=datetime(2026, 1, 1), before=TUESDAY_EVENING) == []


def test_a_window_holds_its_first_moment_and_not_its_last():
    window = {"after": TUESDAY_EVENING, "before": TUESDAY_EVENING + timedelta(weeks=1)}

    assert slots(series("FREQ=WEEKLY;BYDAY=TU"), **window) == [TUESDAY_EVENING]


def test_a_weekly_meeting_comes_every_week():
    assert days(series("FREQ=WEEKLY;BYDAY=TU"), before=date(2026, 4, 1)) == march(3, 10, 17, 24, 31)


def test_a_weekly_meeting_without_weekdays_keeps_the_one_it_begins_on():
    assert days(series("FREQ=WEEKLY"), before=date(2026, 4, 1)) == march(3, 10, 17, 24, 31)


def test_every_other_week_holds_on_each_of_its_weekdays():
    pattern = series("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,TH")

    assert days(pattern, before=date(2026, 4, 1)) == march(3, 5, 16, 17, 19, 30, 31)


def test_every_other_week_counts_from_the_first_date_wherever_the_window_begins():
    pattern = series("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", first=datetime(2019, 1, 1, 19))

    assert days(pattern, after=date(2026, 3, 1), before=date(2026, 4, 1)) == march(3, 17, 31)


def test_the_nth_weekday_of_the_month():
    pattern = series("FREQ=MONTHLY;BYDAY=2TU", first=datetime(2026, 1, 13, 19))

    assert days(pattern, before=date(2026, 5, 1)) == [
        date(2026, month, day) for month, day in zip(range(1, 5), (13, 10, 10, 14), strict=True)
    ]


def test_the_last_weekday_of_the_month():
    pattern = series("FREQ=MONTHLY;BYDAY=-1FR", first=datetime(2026, 1, 30, 19))

    assert days(pattern, before=date(2026, 4, 1)) == [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 27)]


def test_months_without_a_fifth_weekday_have_no_date():
    pattern = series("FREQ=MONTHLY;BYDAY=5TU", first=datetime(2026, 1, 1, 19))

    assert days(pattern) == [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 29), date(2026, 12, 29)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=10", [(3, 3), (3, 13), (3, 23), (4, 2), (4, 12), (4, 22)]),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU", [(3, 3), (3, 17), (4, 7), (4, 21)]),
        ("FREQ=MONTHLY;BYDAY=-1FR,1FR", [(3, 6), (3, 27), (4, 3), (4, 24)]),
        ("FREQ=MONTHLY;BYMONTHDAY=15", [(3, 15), (4, 15)]),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", [(3, 15), (4, 1), (4, 15)]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", [(3, 31)]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", [(3, 31), (4, 30)]),
        ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1", [(4, 1)]),
    ],
)
def test_days_of_every_other_shape(rule, expected):
    assert days(series(rule), before=date(2026, 5, 1)) == [date(2026, *day) for day in expected]


def test_the_31st_is_only_in_months_that_have_one():
    pattern = series("FREQ=MONTHLY;BYMONTHDAY=31", first=datetime(2026, 1, 31, 19))

    assert [day.month for day in days(pattern)] == [1, 3, 5, 7, 8, 10, 12]


def test_the_29th_of_february_is_in_leap_years_alone():
    pattern = series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")

    assert days(pattern, before=date(2033, 1, 1)) == [date(2028, 2, 29), date(2032, 2, 29)]


@pytest.mark.parametrize(
    ("rule", "weekdays"),
    [
        (None, (1,)),
        ("FREQ=WEEKLY", (1,)),
        ("FREQ=WEEKLY;BYDAY=MO,WE", (0, 2)),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU", (1,)),
        ("FREQ=MONTHLY;BYMONTHDAY=15", (0, 1, 2, 3, 4, 5, 6)),
        ("FREQ=DAILY;INTERVAL=3", (0, 1, 2, 3, 4, 5, 6)),
        ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1", (0, 1, 2, 3, 4, 5, 6)),
    ],
)
def test_every_weekday_that_a_date_can_fall_on_is_known(rule, weekdays):
    assert weekdays_of(series(rule)) == weekdays


def test_a_count_is_counted_from_the_first_date():
    pattern = series("FREQ=WEEKLY;BYDAY=TU;COUNT=4")

    assert days(pattern, after=date(2026, 3, 15)) == march(17, 24)
    assert days(pattern, after=date(2026, 3, 25)) == []


def test_the_last_day_itself_has_its_meeting():
    assert days(series("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260317T235959")) == march(3, 10, 17)


def test_an_end_earlier_in_the_day_leaves_that_days_meeting_out():
    assert days(series("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260317T185959")) == march(3, 10)
    assert days(series("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260317T190000")) == march(3, 10, 17)


def test_a_series_has_no_date_before_its_first():
    assert days(series("FREQ=WEEKLY;BYDAY=MO,TU"), before=date(2026, 3, 10)) == march(3, 9)


def test_a_first_date_off_the_rule_moves_onto_it():
    wednesday = TUESDAY_EVENING + timedelta(days=1)

    moved = normalised(series("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", first=wednesday))

    assert moved.first == datetime(2026, 3, 10, 19)
    assert days(moved, before=date(2026, 4, 1)) == march(10, 24)


def test_normalising_writes_the_weekday_out():
    assert normalised(series("FREQ=WEEKLY")).rule == "FREQ=WEEKLY;BYDAY=TU"


def test_a_meeting_that_does_not_repeat_is_normal_as_it_is():
    assert normalised(series(None)) == series(None)


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (series("FREQ=WEEKLY;UNTIL=20260302T235959"), "until"),
        (series("FREQ=SECONDLY"), "rule"),
        (series(None, zone="America/Gotham"), "zone"),
        (series(None, zone="../../etc/passwd"), "zone"),
        (series(None, first=TUESDAY_EVENING.replace(tzinfo=UTC)), "first"),
        (series(None, first=datetime(9999, 12, 31, 23)), "first"),
        (Pattern(TUESDAY_EVENING, 0, None, NEW_YORK), "minutes"),
        (Pattern(TUESDAY_EVENING, 1441, None, NEW_YORK), "minutes"),
    ],
)
def test_a_series_that_makes_no_sense_is_refused_at_its_field(pattern, field):
    with pytest.raises(Invalid) as refusal:
        normalised(pattern)
    assert field in refusal.value.fields


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        (NEW_YORK, datetime(2026, 3, 8, 2, 30), utc(2026, 3, 8, 7, 30)),
        (NEW_YORK, datetime(2026, 11, 1, 1, 30), utc(2026, 11, 1, 5, 30)),
        (LONDON, datetime(2026, 3, 29, 1, 30), utc(2026, 3, 29, 1, 30)),
        (LONDON, datetime(2026, 10, 25, 1, 30), utc(2026, 10, 25, 0, 30)),
        (PHOENIX, datetime(2026, 3, 8, 2, 30), utc(2026, 3, 8, 9, 30)),
        (LORD_HOWE, datetime(2026, 10, 4, 2, 15), utc(2026, 10, 3, 15, 45)),
        (LORD_HOWE, datetime(2026, 4, 5, 1, 45), utc(2026, 4, 4, 14, 45)),
        (CASABLANCA, datetime(2026, 3, 22, 2, 30), utc(2026, 3, 22, 2, 30)),
        (CASABLANCA, datetime(2026, 2, 15, 2, 30), utc(2026, 2, 15, 1, 30)),
    ],
)
def test_a_gap_takes_the_offset_before_it_and_an_overlap_its_first_hour(zone, wall, expected):
    assert instant(wall, zone) == expected


def test_an_overlap_is_read_the_same_whatever_fold_the_wall_time_carries():
    assert instant(datetime(2026, 11, 1, 1, 30, fold=1), NEW_YORK) == utc(2026, 11, 1, 5, 30)


@pytest.mark.parametrize(
    ("zone", "hour", "minute", "expected"),
    [
        (NEW_YORK, 2, 30, [(date(2026, 3, 8), "gap")]),
        (NEW_YORK, 1, 30, [(date(2026, 11, 1), "overlap")]),
        (LONDON, 1, 30, [(date(2026, 3, 29), "gap"), (date(2026, 10, 25), "overlap")]),
        (LORD_HOWE, 2, 15, [(date(2026, 10, 4), "gap")]),
        (LORD_HOWE, 1, 45, [(date(2026, 4, 5), "overlap")]),
        (CASABLANCA, 2, 30, [(date(2026, 2, 15), "overlap"), (date(2026, 3, 22), "gap")]),
        (PHOENIX, 2, 30, []),
        (NEW_YORK, 19, 0, []),
        (NEW_YORK, 2, 0, [(date(2026, 3, 8), "gap")]),
        (NEW_YORK, 3, 0, []),
    ],
)
def test_dates_at_an_hour_that_is_skipped_or_comes_twice_are_named(zone, hour, minute, expected):
    pattern = series("FREQ=WEEKLY;BYDAY=SU", first=datetime(2026, 1, 4, hour, minute), zone=zone)

    warnings = clock_change_warnings(pattern, **YEAR)

    assert [(slot.date(), change) for slot, change in warnings] == expected


def test_the_repeat_of_a_series_names_its_weekday_and_its_exact_last_day():
    pattern = series("FREQ=WEEKLY;UNTIL=20260317T120000")

    assert repeat_of(pattern) == Repeat(weekdays=(1,), until=date(2026, 3, 16))
