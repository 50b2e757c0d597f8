from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aftercare.calendars import ics, room
from aftercare.calendars.room import Room
from tests.calendars import content_lines

HOST = "meetings.example"
NOW = datetime(2026, 11, 2, 17, tzinfo=UTC)
HALF_A_YEAR_AGO = NOW - timedelta(days=180)


def fold(month, count):
    return ics.AllDay(uid=f"{month}", stamp=NOW, title=f"{count} times", on=room.last_of(month))


def entry(days):
    at = NOW + timedelta(days=days)
    return ics.Single(uid=f"{days}", stamp=NOW, title="Once", starts_at=at, ends_at=at + timedelta(hours=1))


def titles(entries, *, size=1_000_000, most=1000, counts=None):
    space = Room(size, most, folds_before=HALF_A_YEAR_AGO)
    written = room.fitting(entries, counts or {}, HOST, fold, room=space, now=NOW)
    return [event["SUMMARY"] for event in content_lines.events(b"".join(written))]


def test_what_fits_is_written_as_it_is_in_the_order_of_time():
    assert titles([entry(3), entry(-900), entry(-3)]) == ["Once", "Once", "Once"]


def test_without_room_the_oldest_month_is_folded_and_no_more_than_needed():
    long_ago = [entry(-900), entry(-899), entry(-800), entry(-1)]

    assert titles(long_ago, most=3) == ["2 times", "Once", "Once"]


def test_what_was_only_counted_is_folded_together_with_what_is_left_of_its_month():
    month = room.month_of((NOW - timedelta(days=900)).date())

    assert titles([entry(-900), entry(-1)], counts={month: 7}, most=2) == ["8 times", "Once"]


def test_the_last_half_year_is_never_folded_and_the_nearest_stay():
    near = [entry(-170), entry(-2), entry(1), entry(170)]

    assert titles(near, most=2) == ["Once", "Once"]
    space = Room(1_000_000, 2, folds_before=HALF_A_YEAR_AGO)
    assert room.fitting(near, {}, HOST, fold, room=space, now=NOW) == [
        ics.fragment(each, HOST) for each in (entry(-2), entry(1))
    ]


def test_a_month_ends_with_its_last_day():
    assert [room.last_of(date(2024, month, 1)).day for month in (1, 2, 4, 12)] == [31, 29, 30, 31]


@given(st.lists(st.integers(-2000, 170), max_size=60, unique=True), st.integers(1, 9000), st.integers(1, 40))
def test_a_calendar_never_takes_more_room_than_there_is(days, size, most):
    space = Room(size, most, folds_before=HALF_A_YEAR_AGO)
    written = room.fitting([entry(each) for each in sorted(days)], {}, HOST, fold, room=space, now=NOW)

    assert len(written) <= most
    assert sum(map(len, written)) <= size


@given(st.lists(st.integers(-2000, -300), max_size=60, unique=True))
def test_nothing_of_long_ago_is_lost_where_every_month_has_room(days):
    said = titles([entry(each) for each in sorted(days)], most=70)

    assert sum(1 if title == "Once" else int(title.split()[0]) for title in said) == len(days)
