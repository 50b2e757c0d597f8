from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from aftercare.core.errors import Invalid
from aftercare.meetings.recurrence import (
    Pattern,
    Repeat,
    clock_change_warnings,
    instant,
    normalised,
    slots,
    write_rule,
)

ZONES = ["America/New_York", "Europe/London", "America/Phoenix", "Australia/Lord_Howe", "Africa/Casablanca"]
YEAR = {"after": datetime(2026, 1, 1), "before": datetime(2027, 1, 1)}

firsts = st.datetimes(datetime(2015, 1, 1), datetime(2026, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0))
weekday_sets = st.sets(st.integers(0, 6), min_size=1, max_size=4).map(lambda chosen: tuple(sorted(chosen)))
shapes = st.one_of(
    st.builds(Repeat, st.integers(1, 9), st.just("week"), weekday_sets),
    st.builds(Repeat, st.integers(1, 7), st.just("month"), weekday_sets, st.sampled_from([1, 2, 3, 4, 5, -1])),
)
repeats = st.one_of(
    shapes,
    st.builds(lambda shape, number: replace(shape, count=number), shapes, st.integers(1, 60)),
    st.builds(lambda shape, day: replace(shape, until=day), shapes, st.dates(date(2015, 1, 1), date(2028, 1, 1))),
)
windows = st.builds(
    lambda start, length: {"after": start, "before": start + timedelta(days=length)},
    st.datetimes(datetime(2014, 1, 1), datetime(2028, 1, 1)),
    st.integers(0, 400),
)


def series(rule, first, zone="America/New_York"):
    return Pattern(first, 60, rule, zone)


def walked_day_by_day(first, repeat, before):
    found: list[datetime] = []
    anchor, moment = None, first
    while moment < before and len(found) != repeat.count and not (repeat.until and moment.date() > repeat.until):
        if is_named(moment.date(), repeat):
            anchor = anchor or moment.date()
            if units_between(anchor, moment.date(), repeat.unit) % repeat.every == 0:
                found.append(moment)
        moment += timedelta(days=1)
    return found


def is_named(day, repeat):
    same_weekday = [n for n in range(-31, 32) if (day + timedelta(days=n)).month == day.month and n % 7 == 0]
    in_month = sorted(day + timedelta(days=n) for n in same_weekday)
    if day.weekday() not in repeat.weekdays:
        return False
    if repeat.nth is None:
        return True
    index = repeat.nth if repeat.nth < 0 else repeat.nth - 1
    return index < len(in_month) and in_month[index] == day


def units_between(anchor, day, unit):
    if unit == "week":
        return (day.toordinal() - 1) // 7 - (anchor.toordinal() - 1) // 7
    return day.year * 12 + day.month - anchor.year * 12 - anchor.month


@settings(deadline=None, max_examples=300)
@given(firsts, repeats, windows)
def test_the_dates_are_those_of_somebody_who_walks_day_by_day(first, repeat, window):
    pattern = series(write_rule(repeat), first)

    expected = [slot for slot in walked_day_by_day(first, repeat, window["before"]) if slot >= window["after"]]

    assert slots(pattern, **window) == expected


@settings(deadline=None)
@given(firsts, repeats, windows)
def test_normalising_changes_no_date(first, repeat, window):
    pattern = series(write_rule(repeat), first)
    try:
        normal = normalised(pattern)
    except Invalid:
        assert slots(pattern, after=datetime(2014, 1, 1), before=datetime(2040, 1, 1)) == []
        return

    assert slots(normal, **window) == slots(pattern, **window)
    assert normalised(normal) == normal
    assert slots(normal, after=normal.first, before=normal.first + timedelta(minutes=1)) == [normal.first]


@settings(deadline=None)
@given(firsts, repeats, windows, st.integers(0, 400))
def test_two_windows_side_by_side_hold_what_one_window_holds(first, repeat, window, at):
    pattern = series(write_rule(repeat), first)
    middle = min(window["after"] + timedelta(days=at), window["before"])

    halves = slots(pattern, after=window["after"], before=middle) + slots(
        pattern, after=middle, before=window["before"]
    )

    assert halves == slots(pattern, **window)


@settings(deadline=None)
@given(firsts, shapes, st.sampled_from(ZONES))
def test_wall_time_is_kept_across_clock_changes(first, repeat, zone):
    pattern = series(write_rule(repeat), first, zone)
    window = {"after": first, "before": first + timedelta(days=400)}
    skipped = {slot for slot, change in clock_change_warnings(pattern, **window) if change == "gap"}

    for slot in slots(pattern, **window):
        shown = instant(slot, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert shown > slot if slot in skipped else shown == slot


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH,SU",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=SA;COUNT=150",
        "FREQ=MONTHLY;BYDAY=2WE",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=5MO",
    ],
)
def test_another_engine_finds_the_same_instants_over_both_clock_changes(zone, rule):
    pattern = normalised(series(rule, datetime(2019, 5, 14, 19, 30), zone))
    calendar = calendar_of(pattern)

    theirs = recurring_ical_events.of(calendar).between(datetime(2026, 1, 1), datetime(2027, 1, 1))

    assert [instant(slot, zone) for slot in slots(pattern, **YEAR)] == sorted(
        event.start.astimezone(UTC) for event in theirs
    )


def calendar_of(pattern):
    event = Event()
    event.add("uid", "one")
    event.add("dtstart", pattern.first.replace(tzinfo=ZoneInfo(pattern.zone)))
    event.add("duration", timedelta(minutes=pattern.minutes))
    event.add("rrule", dict(part.split("=") for part in pattern.rule.split(";")) | by_day(pattern))
    calendar = Calendar()
    calendar.add_component(event)
    return calendar


def by_day(pattern):
    return {"BYDAY": next(part for part in pattern.rule.split(";") if part.startswith("BYDAY="))[6:].split(",")}
