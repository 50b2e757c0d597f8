from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aftercare.core.errors import Invalid
from aftercare.meetings.recurrence import (
    Pattern,
    Repeat,
    clock_change_warnings,
    instant,
    is_on,
    normalised,
    skipped,
    slots,
    weekdays_of,
    write_rule,
)
from aftercare.meetings.repeats import in_order, read_until
from tests.calendars.engines import ENGINES

ZONES = ["America/New_York", "Europe/London", "America/Phoenix", "Australia/Lord_Howe", "Africa/Casablanca"]
DAY = timedelta(days=1)

firsts = st.datetimes(datetime(2015, 1, 1), datetime(2026, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0))
weekday_sets = st.sets(st.integers(0, 6), min_size=1, max_size=4).map(lambda chosen: tuple(sorted(chosen)))
nths = st.sets(st.sampled_from([1, 2, 3, 4, 5, -2, -1]), min_size=1, max_size=3).map(in_order)
month_days = st.sets(st.sampled_from([*range(1, 32), -1]), min_size=1, max_size=3).map(in_order)
daily = st.builds(Repeat, st.integers(1, 40), st.just("day"))
weekly = st.builds(Repeat, st.integers(1, 9), st.just("week"), weekday_sets)
by_weekday = st.builds(
    lambda every, days, which: Repeat(every, "month", days, which[0], also=which[1:]),
    st.integers(1, 7),
    weekday_sets,
    nths,
)
by_day = st.builds(lambda every, days: Repeat(every, "month", month_days=days), st.integers(1, 7), month_days)
yearly = st.builds(
    lambda every, month, day: Repeat(every, "year", month=month, month_days=(day,)),
    st.integers(1, 3),
    st.integers(1, 12),
    st.sampled_from([1, 15, 28, 29, -1]),
)
yearly_by_weekday = st.builds(
    lambda every, month, days, which: Repeat(every, "year", days, which[0], also=which[1:], month=month),
    st.integers(1, 3),
    st.integers(1, 12),
    weekday_sets,
    nths.filter(lambda which: 5 not in which),
)
shapes = st.one_of(daily, weekly, by_weekday, by_day, yearly, yearly_by_weekday)
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
    if repeat.unit == "day":
        return True
    whole = days_of_month(day)
    if repeat.month_days:
        wanted = {whole[number - 1 if number > 0 else number] for number in repeat.month_days if number <= len(whole)}
        return day in wanted and repeat.month in {None, day.month}
    same = [other for other in whole if other.weekday() == day.weekday()]
    picked = {same[nth - 1 if nth > 0 else nth] for nth in repeat.nths if nth <= len(same)}
    is_named_month = repeat.month in {None, day.month}
    return is_named_month and day.weekday() in repeat.weekdays and (not repeat.nths or day in picked)


def days_of_month(day):
    first = day.replace(day=1)
    return [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == day.month]


def units_between(anchor, day, unit):
    return {
        "day": (day - anchor).days,
        "week": (day.toordinal() - 1) // 7 - (anchor.toordinal() - 1) // 7,
        "month": day.year * 12 + day.month - anchor.year * 12 - anchor.month,
        "year": day.year - anchor.year,
    }[unit]


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


@settings(deadline=None)
@given(firsts, repeats, windows)
def test_a_day_is_on_when_the_series_has_a_date_that_day(first, repeat, window):
    pattern = series(write_rule(repeat), first)
    dates = {slot.date() for slot in slots(pattern, **window)}
    days = [window["after"].date() + timedelta(days=n) for n in range(1, (window["before"] - window["after"]).days)]

    assert [day for day in days if is_on(pattern, day)] == [day for day in days if day in dates]
    assert {day.weekday() for day in dates} <= set(weekdays_of(pattern))


@settings(deadline=None)
@given(firsts, repeats, windows, st.sampled_from(["", "US", "US-CA", "MX"]), st.sets(st.dates(date(2015, 1, 1))))
def test_what_a_series_has_and_what_it_skips_is_what_its_rule_gives(first, repeat, window, holidays, days_off):
    pattern = replace(series(write_rule(repeat), first), holidays=holidays, days_off=tuple(days_off))
    held, left_out = slots(pattern, **window), skipped(pattern, **window)

    assert sorted(held + left_out) == slots(replace(pattern, holidays="", days_off=()), **window)
    assert not {slot.date() for slot in held} & {*days_off, *(slot.date() for slot in left_out)}


@settings(deadline=None, max_examples=60)
@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2026, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0)),
    shapes,
    st.integers(0, 11),
)
def test_a_series_begun_half_a_century_ago_is_walked_from_where_it_is_wanted(first, repeat, month):
    pattern = normalised(series(write_rule(repeat), first))
    after = datetime(2027, 1 + month, 1)
    found = slots(pattern, after=after, before=after + timedelta(days=8 * 366))
    assume(found)

    later = slots(replace(pattern, first=found[0]), after=after, before=after + timedelta(days=8 * 366))

    assert found == later


@settings(deadline=None, max_examples=150)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0)),
    repeats,
    st.sampled_from(ZONES),
)
def test_two_other_engines_find_the_same_instants(first, repeat, zone):
    try:
        pattern = normalised(series(write_rule(repeat), first, zone))
    except Invalid:
        return
    window = {"after": datetime(2026, 1, 1), "before": datetime(2028, 1, 1)}
    edges = {"after": utc(window["after"]), "before": utc(window["before"])}
    # Engines differ on hours that the clocks skip or show twice; there we send each date in UTC (calendars.md).
    if clock_change_warnings(pattern, after=first, before=window["before"]):
        return
    near = slots(pattern, after=window["after"] - DAY, before=window["before"] + DAY)
    expected = [start for start in (instant(slot, zone) for slot in near) if overlaps(start, **edges)]

    # `ical` and `recurring-ical-events` both step through a rule by dateutil; the walk above leans on nobody.
    for engine in ENGINES:
        seen = engine(feed_of(pattern), edges["after"], edges["before"])
        assert [event.starts_at for event in seen] == expected


def overlaps(start, after, before):
    return start + timedelta(minutes=60) > after and start < before


def utc(moment):
    return moment.replace(tzinfo=UTC)


def feed_of(pattern):
    last = read_until(pattern.rule)
    rule = pattern.rule
    if last:
        rule = f"{rule.partition(';UNTIL')[0]};UNTIL={instant(last, pattern.zone):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tests//EN", "BEGIN:VEVENT", "UID:one"]
    lines += ["DTSTAMP:20260101T000000Z"]
    lines += [f"DTSTART;TZID={pattern.zone}:{pattern.first:%Y%m%dT%H%M%S}", "DURATION:PT60M", f"RRULE:{rule}"]
    return "\r\n".join([*lines, "SUMMARY:Group", "END:VEVENT", "END:VCALENDAR", ""]).encode()
