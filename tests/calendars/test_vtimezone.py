from bisect import bisect_right
from datetime import UTC, datetime, timedelta, tzinfo
from io import StringIO
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical

from aftercare.calendars import ics, vtimezone
from tests.calendars import content_lines

SINCE, UNTIL = 2027, 2041
ZONES = sorted(available_timezones())
HOUR, DAY = 3600, 86400


def test_every_zone_is_written_as_the_zone_data_has_it_or_not_at_all():
    regular = {zone: 2020 for zone in ZONES if vtimezone.write(zone, 2020)}
    lately = {zone: SINCE for zone in ZONES if zone not in regular and vtimezone.write(zone, SINCE)}
    wrong = [zone for zone, since in (regular | lately).items() if not agrees(zone, written(zone, since), since)]

    assert wrong == []
    assert len(ZONES) - len(regular) < 60
    assert len(ZONES) - len(regular) - len(lately) < 12


def test_a_zone_that_is_not_written_sends_every_date_by_itself():
    first, rule = datetime(2020, 1, 1, 18), "FREQ=WEEKLY;BYDAY=WE"
    unwritten = [zone for zone in ZONES if vtimezone.write(zone, 2020) is None]

    assert "Africa/Casablanca" in unwritten
    assert [zone for zone in unwritten if ics.is_safe_as_series(first, rule, minutes=60, zone=zone)] == []


@pytest.mark.parametrize(
    "zone",
    ["America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Nuuk", "Asia/Jerusalem"],
)
def test_another_reader_of_rules_for_clocks_reads_the_hours_around_each_change_alike(zone):
    since = 2024 if zone == "America/Nuuk" else 2020
    read_alike = tzical(StringIO(calendar_of(written(zone, since)))).get(zone) or UTC
    hours = [wall for wall in hours_around_changes(zone, since) if is_plain(wall, ZoneInfo(zone))]

    assert [wall for wall in hours if offset(wall, read_alike) != offset(wall, ZoneInfo(zone))] == []
    assert len(hours) > 2000


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


def agrees(zone: str, block: bytes, since: int) -> bool:
    """Compare a block with the zone data, every third day and every hour around each change."""
    onsets = sorted(onset for part in observances(block) for onset in onsets_of(part, UNTIL - since + 1))
    instants = [instant for instant, _ in onsets]
    clocks = ZoneInfo(zone)
    days = range(seconds_at(since), seconds_at(UNTIL), 3 * DAY)
    offsets = [offset_at(day, clocks) for day in days]
    hours = [
        moment
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
        for moment in range(day - DAY // 2, day + 4 * DAY, HOUR)
        if moment >= days[0]
    ]
    beside = [instant + second for instant in instants for second in (-1, 0) if instant > days[0]]
    return all(
        onsets[bisect_right(instants, moment) - 1][1] == offset_at(moment, clocks)
        for moment in [*days, *hours, *beside]
        if moment < days[-1]
    )


def seconds_at(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def offset_at(moment: int, clocks: ZoneInfo) -> float:
    return (datetime.fromtimestamp(moment, clocks).utcoffset() or timedelta()).total_seconds()


def calendar_of(block: bytes) -> str:
    return f"BEGIN:VCALENDAR\r\n{block.decode()}END:VCALENDAR\r\n"


def hours_around_changes(zone: str, since: int) -> list[datetime]:
    clocks = ZoneInfo(zone)
    days = [datetime.fromtimestamp(day, UTC) for day in range(seconds_at(since), seconds_at(UNTIL), DAY)]
    changing = [
        day
        for day, after in pairwise(days)
        if day.astimezone(clocks).utcoffset() != after.astimezone(clocks).utcoffset()
    ]
    return [day.replace(tzinfo=None) + timedelta(hours=hour) for day in changing for hour in range(-20, 44)]


def is_plain(wall: datetime, clocks: ZoneInfo) -> bool:
    """Say whether a wall time is neither skipped nor lived twice."""
    return wall.replace(tzinfo=clocks).utcoffset() == wall.replace(tzinfo=clocks, fold=1).utcoffset()


def offset(wall: datetime, clocks: tzinfo) -> timedelta | None:
    return wall.replace(tzinfo=clocks).utcoffset()


def observances(block: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in content_lines.read(block):
        if line.name == "BEGIN" and line.value != "VTIMEZONE":
            found.append({})
        elif found:
            found[-1][line.name] = line.value
    return found


def onsets_of(part: dict[str, str], years: int) -> list[tuple[int, int]]:
    first = datetime.strptime(part["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    dates = islice(rrulestr(part["RRULE"], dtstart=first), years + 1) if "RRULE" in part else [first]
    before, after = seconds(part["TZOFFSETFROM"]), seconds(part["TZOFFSETTO"])
    return [(int(date.replace(tzinfo=UTC).timestamp()) - before, after) for date in dates]


def seconds(offset: str) -> int:
    size = int(offset[1:3]) * 3600 + int(offset[3:5]) * 60
    return -size if offset[0] == "-" else size
