from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr

from aftercare.calendars import vtimezone
from tests.calendars import content_lines

SINCE = 2027
YEARS = 12
FIRST_MOMENT = datetime(SINCE, 1, 1, tzinfo=UTC)
MORNINGS = [int((FIRST_MOMENT + timedelta(days=day)).timestamp()) for day in range(YEARS * 365)]


def test_every_zone_is_written_as_the_zone_data_has_it_or_not_at_all():
    blocks = {zone: vtimezone.write(zone, SINCE) for zone in sorted(available_timezones())}
    wrong = [zone for zone, block in blocks.items() if block and not agrees(zone, block)]
    unwritten = [zone for zone, block in blocks.items() if block is None]

    assert wrong == []
    assert len(unwritten) < 12


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "Africa/Cairo"])
def test_a_zone_without_a_yearly_rule_is_not_written(zone):
    assert vtimezone.write(zone, 2024) is None


def test_a_zone_that_gave_up_its_summer_time_is_written_only_from_then_on():
    assert vtimezone.write("America/Mexico_City", 2021) is None
    assert vtimezone.write("America/Mexico_City", 2023) is not None


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "America/Phoenix", "Etc/UTC", "Asia/Jerusalem"])
def test_a_zone_with_one_rule_for_years_is_settled(zone):
    assert vtimezone.is_settled(zone, SINCE)


@pytest.mark.parametrize("zone", ["America/Mexico_City", "America/Nuuk", "Africa/Casablanca", "US/Arizona", "EST"])
def test_a_zone_that_old_programs_do_not_know_as_it_is_now_is_not_settled(zone):
    assert not vtimezone.is_settled(zone, SINCE)


def test_new_york_takes_two_rules_and_344_bytes():
    block = written("America/New_York", 2026)

    assert content_lines.values(block, "RRULE") == [
        "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
    ]
    assert content_lines.values(block, "DTSTART") == ["20250309T020000", "20251102T020000"]
    assert len(block) == 344


def test_the_first_sunday_from_the_second_on_is_written_as_seven_days():
    block = written("America/Santiago", SINCE)

    assert content_lines.values(block, "RRULE") == [
        "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU",
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU",
    ]


@pytest.mark.parametrize(
    ("at", "minutes", "is_touched"),
    [("01:00", 59, False), ("01:00", 60, True), ("02:59", 10, True), ("03:00", 10, False), ("00:30", 240, True)],
)
def test_a_meeting_meets_the_skipped_hour_from_its_first_minute_to_its_last(at, minutes, is_touched):
    first = datetime.fromisoformat(f"2027-03-14T{at}")

    assert (first in vtimezone.touched("America/New_York", first, minutes)) is is_touched


@pytest.mark.parametrize(
    ("at", "minutes", "is_touched"),
    [("00:00", 59, False), ("00:00", 60, True), ("01:59", 10, True), ("02:00", 10, False), ("00:30", 240, True)],
)
def test_a_meeting_meets_the_hour_lived_twice_from_its_first_minute_to_its_last(at, minutes, is_touched):
    first = datetime.fromisoformat(f"2027-11-07T{at}")

    assert (first in vtimezone.touched("America/New_York", first, minutes)) is is_touched


def written(zone: str, since: int) -> bytes:
    block = vtimezone.write(zone, since)
    assert block is not None
    return block


def agrees(zone: str, block: bytes) -> bool:
    onsets = sorted(onset for part in observances(block) for onset in onsets_of(part))
    instants = [instant for instant, _ in onsets]
    beside = [instant + second for instant in instants for second in (-1, 0) if instant > MORNINGS[0]]
    clocks = ZoneInfo(zone)
    return all(
        onsets[bisect_right(instants, moment) - 1][1]
        == (datetime.fromtimestamp(moment, clocks).utcoffset() or timedelta()).total_seconds()
        for moment in [*MORNINGS, *beside]
    )


def observances(block: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in content_lines.read(block):
        if line.name == "BEGIN" and line.value != "VTIMEZONE":
            found.append({})
        elif found:
            found[-1][line.name] = line.value
    return found


def onsets_of(part: dict[str, str]) -> list[tuple[int, int]]:
    first = datetime.strptime(part["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    dates = islice(rrulestr(part["RRULE"], dtstart=first), YEARS + 1) if "RRULE" in part else [first]
    before, after = seconds(part["TZOFFSETFROM"]), seconds(part["TZOFFSETTO"])
    return [(int(date.replace(tzinfo=UTC).timestamp()) - before, after) for date in dates]


def seconds(offset: str) -> int:
    size = int(offset[1:3]) * 3600 + int(offset[3:5]) * 60
    return -size if offset[0] == "-" else size
