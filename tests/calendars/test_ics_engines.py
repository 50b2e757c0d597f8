from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aftercare.calendars import ics
from aftercare.meetings.repeats import write_rule
from tests.calendars import content_lines, lives, nasty
from tests.calendars.engines import ENGINES, Seen

REGULAR = [zone for zone in nasty.ZONES if zone != "Africa/Casablanca"]


@pytest.mark.parametrize("expand", ENGINES)
@pytest.mark.parametrize("zone", nasty.ZONES + nasty.UNUSUAL_ZONES)
def test_engines_show_every_date_when_it_happens(zone, expand):
    several = nasty.every_pattern(zone)
    seen = expand(nasty.feed(several), nasty.AFTER, nasty.BEFORE)

    assert shown(seen) == happening(several)


@settings(max_examples=40, deadline=None)
@given(
    zone=st.sampled_from(nasty.ZONES + nasty.UNUSUAL_ZONES),
    name=st.sampled_from(list(nasty.PATTERNS)),
    hour=st.integers(0, 23),
    minute=st.sampled_from([0, 1, 30, 59]),
)
def test_engines_show_every_date_at_any_time_of_day(zone, name, hour, minute):
    series = nasty.make(name, zone, at=timedelta(hours=hour, minutes=minute))
    written = nasty.feed([series])

    for expand in ENGINES:
        assert shown(expand(written, nasty.AFTER, nasty.BEFORE)) == happening([series])


@settings(max_examples=25, deadline=None)
@given(
    zone=st.sampled_from(lives.ZONES + nasty.UNUSUAL_ZONES),
    dice=st.randoms(use_true_random=False),
    at=st.sampled_from(lives.TIMES),
    minutes=st.sampled_from(lives.LENGTHS),
)
def test_engines_show_every_date_of_whatever_repeats(zone, dice, at, minutes):
    begin = datetime(2026, dice.randrange(1, 9), 1, *at)
    repeat = lives.repeat(dice, begin.date())
    assume(repeat)
    assert repeat is not None
    rule = write_rule(repeat)
    first = next(iter(rrulestr(rule, dtstart=begin)), None)
    # A rule that ends before its first date is refused where meetings are written.
    assume(first)
    assert first is not None
    whole = nasty.Nasty(name="any", rule=rule, first=first, minutes=minutes, zone=zone)
    coming = [slot for slot in whole.slots if slot.year == 2026]
    changed = dice.sample(coming, min(4, len(coming)))
    series = replace(whole, cancelled=tuple(changed[:2]), moved=tuple(changed[2:]))
    written = nasty.feed([series])

    for expand in ENGINES:
        assert shown(expand(written, nasty.AFTER, nasty.BEFORE)) == happening([series])


@pytest.mark.parametrize("zone", REGULAR)
def test_an_evening_series_goes_out_as_one_rule_with_its_exceptions(zone):
    written = nasty.feed([nasty.make("evening", zone)])

    assert content_lines.values(written, "UID") == [
        "evening@meetings.example",
        "evening-20260120T1900@meetings.example",
        "evening-20260203T1900@meetings.example",
    ]


def test_engines_show_a_milestone_on_its_day():
    milestone = ics.AllDay(uid="m50", stamp=nasty.STAMP, title="50 meetings", on=datetime(2026, 10, 31).date())
    written = ics.write(ics.Calendar(name="My week", host=nasty.HOST, entries=[milestone]))

    for expand in ENGINES:
        seen = expand(written, nasty.AFTER, nasty.BEFORE)
        assert [(one.starts_at.isoformat(), one.ends_at.isoformat()) for one in seen] == [("2026-10-31", "2026-11-01")]


def test_engines_show_nothing_of_a_series_whose_dates_are_all_excluded():
    slots = tuple(datetime(2026, 9, 1, 19) + timedelta(weeks=week) for week in range(3))
    series = ics.Series(
        uid="off",
        stamp=nasty.STAMP,
        title="Off",
        first=slots[0],
        minutes=60,
        zone="America/New_York",
        rule="FREQ=WEEKLY;BYDAY=TU;COUNT=3",
        excluded=slots,
    )
    written = ics.write(ics.Calendar(name="My week", host=nasty.HOST, entries=[series]))

    assert [expand(written, nasty.AFTER, nasty.BEFORE) for expand in ENGINES] == [[], []]


def shown(seen: list[Seen]) -> list[tuple[str, str, str]]:
    inside = [one for one in seen if one.starts_at >= nasty.AFTER]
    return sorted((one.starts_at.isoformat(), one.ends_at.isoformat(), one.title) for one in inside)


def happening(several: list[nasty.Nasty]) -> list[tuple[str, str, str]]:
    dates = [date for series in several for date in series.happenings]
    return sorted((date.starts_at.isoformat(), date.ends_at.isoformat(), date.title) for date in dates)
