from datetime import date, datetime

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.recurrence import Pattern, is_on, next_slot, normalised, skipped, slots

NEW_YORK = "America/New_York"
YEAR = {"after": datetime(2026, 1, 1), "before": datetime(2027, 1, 1)}
TUESDAY_EVENING = datetime(2026, 3, 3, 19)


def off(rule, first=TUESDAY_EVENING, holidays="", days_off=()):
    return Pattern(first, 60, rule, NEW_YORK, holidays, days_off)


def days(pattern, before=date(2027, 1, 1)):
    midnight = datetime.combine(before, datetime.min.time())
    return [slot.date() for slot in slots(pattern, after=datetime(2026, 1, 1), before=midnight)]


def march(*numbers):
    return [date(2026, 3, number) for number in numbers]


def test_public_holidays_of_the_country_are_left_out():
    pattern = off("FREQ=WEEKLY;BYDAY=TH,FR", datetime(2026, 11, 19, 19), "US")

    assert [day.day for day in days(pattern, before=date(2026, 12, 1))] == [19, 20, 27]


def test_a_state_has_holidays_of_its_own():
    pattern = off("FREQ=WEEKLY;BYDAY=TH,FR", datetime(2026, 11, 19, 19), "US-CA")

    assert [day.day for day in days(pattern, before=date(2026, 12, 1))] == [19, 20]


def test_the_day_that_a_holiday_is_kept_on_instead_is_left_out_too():
    # July 4 of 2026 is a Saturday.
    pattern = off("FREQ=WEEKLY;BYDAY=FR,SA", datetime(2026, 7, 1, 19), "US")

    assert days(pattern, before=date(2026, 7, 12)) == [date(2026, 7, 10), date(2026, 7, 11)]


def test_days_off_are_left_out_and_said_to_be():
    pattern = off("FREQ=WEEKLY;BYDAY=TU", days_off=(date(2026, 3, 10), date(2026, 3, 11)))

    assert days(pattern, before=date(2026, 4, 1)) == march(3, 17, 24, 31)
    assert skipped(pattern, **YEAR) == [datetime(2026, 3, 10, 19)]
    assert not is_on(pattern, date(2026, 3, 10))
    assert is_on(pattern, date(2026, 3, 17))


def test_a_day_off_counts_as_one_of_a_number_of_dates():
    pattern = off("FREQ=WEEKLY;BYDAY=TU;COUNT=3", days_off=(date(2026, 3, 10),))

    assert days(pattern) == march(3, 17)


def test_the_next_date_is_the_first_that_is_not_skipped():
    pattern = off("FREQ=WEEKLY;BYDAY=TU", days_off=(date(2026, 3, 3), date(2026, 3, 10)))

    assert next_slot(pattern, after=datetime(2020, 1, 1)) == datetime(2026, 3, 17, 19)
    assert next_slot(pattern, after=datetime(2026, 3, 17, 19, 1)) == datetime(2026, 3, 24, 19)


@pytest.mark.parametrize(
    ("pattern", "after"),
    [
        (off("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", holidays="US"), datetime(2026, 1, 1)),
        (off("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260310"), datetime(2026, 3, 11)),
        (off(None), datetime(2026, 3, 4)),
        (off("FREQ=DAILY"), datetime(9999, 12, 31, 23)),
    ],
)
def test_a_series_without_a_date_to_come_has_no_next(pattern, after):
    assert next_slot(pattern, after=after) is None


def test_a_meeting_that_does_not_repeat_is_held_whatever_day_it_is():
    christmas = datetime(2026, 12, 25, 19)

    assert slots(off(None, christmas, "US", (christmas.date(),)), **YEAR) == [christmas]
    assert normalised(off(None, christmas, "US", (christmas.date(),))) == off(None, christmas)


def test_normalising_writes_holidays_and_days_off_out():
    given = off("FREQ=WEEKLY;BYDAY=TU", holidays=" us-ca ", days_off=(date(2026, 3, 17), date(2026, 3, 10)))

    normal = normalised(given)

    assert (normal.holidays, normal.days_off) == ("US-CA", (date(2026, 3, 10), date(2026, 3, 17)))


@pytest.mark.parametrize("code", ["ZZ", "US-ZZ", "USA", "../..", "U", "US-", "california"])
def test_holidays_that_nobody_knows_are_refused(code):
    with pytest.raises(Invalid) as refusal:
        normalised(off("FREQ=WEEKLY;BYDAY=TU", holidays=code))
    assert set(refusal.value.fields) == {"holidays"}
