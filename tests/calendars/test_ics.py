from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from aftercare.calendars import ics
from tests.calendars import content_lines

STAMP = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
SINGLE = ics.Single(
    uid="0192",
    stamp=STAMP,
    sequence=2,
    title="Tuesday group",
    starts_at=datetime(2026, 10, 6, 23, tzinfo=UTC),
    ends_at=datetime(2026, 10, 7, 0, 30, tzinfo=UTC),
)
DESCRIBED = replace(
    SINGLE,
    status="tentative",
    place="12 Main St, Providence",
    latitude=41.82,
    longitude=-0.00001,
    url="https://meetings.example/m/0192",
    description="Reply N if you cannot come.\nFree parking; ring twice.",
    categories=("Open", "Discussion, newcomers"),
    conference="https://video.example/j/1?pwd=a",
)
SERIES = ics.Series(
    uid="0193",
    stamp=STAMP,
    title="Tuesday group",
    first=datetime(2026, 9, 1, 19),
    minutes=90,
    zone="America/New_York",
    rule="FREQ=WEEKLY;BYDAY=TU",
)


def test_the_header_names_the_calendar_for_old_and_new_programs():
    calendar = ics.Calendar(
        name="My week",
        host="meetings.example",
        description="Your plans",
        source_url="https://meetings.example/c/a.ics",
        refresh_minutes=90,
    )

    assert ics.write(calendar).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Aftercare//Calendars//EN",
        "CALSCALE:GREGORIAN",
        "NAME:My week",
        "X-WR-CALNAME:My week",
        "DESCRIPTION:Your plans",
        "X-WR-CALDESC:Your plans",
        "REFRESH-INTERVAL;VALUE=DURATION:PT90M",
        "X-PUBLISHED-TTL:PT90M",
        "COLOR:teal",
        "X-APPLE-CALENDAR-COLOR:#008080",
        "SOURCE;VALUE=URI:https://meetings.example/c/a.ics",
        "END:VCALENDAR",
        "",
    ]


def test_a_feed_asks_to_be_read_again_each_hour():
    assert content_lines.values(feed(), "REFRESH-INTERVAL") == ["PT1H"]


def test_an_entry_tells_everything_it_knows():
    assert sorted(ics.fragment(DESCRIBED, "meetings.example").decode().split("\r\n")) == [
        "",
        "BEGIN:VEVENT",
        r"CATEGORIES:Open,Discussion\, newcomers",
        "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://video.example/j/1?pwd=a",
        r"DESCRIPTION:Reply N if you cannot come.\nFree parking\; ring twice.",
        "DTEND:20261007T003000Z",
        "DTSTAMP:20261001T093000Z",
        "DTSTART:20261006T230000Z",
        "END:VEVENT",
        "GEO:41.820000;-0.000010",
        "LAST-MODIFIED:20261001T093000Z",
        r"LOCATION:12 Main St\, Providence",
        "SEQUENCE:2",
        "STATUS:TENTATIVE",
        "SUMMARY:Tuesday group",
        "TRANSP:OPAQUE",
        "UID:0192@meetings.example",
        "URL:https://meetings.example/m/0192",
    ]


def test_an_entry_says_nothing_of_what_it_does_not_know():
    assert names(ics.fragment(SINGLE, "meetings.example")) == sorted(
        [
            "BEGIN",
            "DTEND",
            "DTSTAMP",
            "DTSTART",
            "END",
            "LAST-MODIFIED",
            "SEQUENCE",
            "STATUS",
            "SUMMARY",
            "TRANSP",
            "UID",
        ]
    )


def test_a_cancelled_date_stays_says_so_and_keeps_nobody_busy():
    written = feed(replace(SINGLE, status="cancelled"), replace(SINGLE, status="cancelled", language="es"))

    assert content_lines.values(written, "STATUS") == ["CANCELLED", "CANCELLED"]
    assert content_lines.values(written, "SUMMARY") == ["Cancelled: Tuesday group", "Cancelada: Tuesday group"]
    assert content_lines.values(written, "TRANSP") == ["TRANSPARENT", "TRANSPARENT"]


def test_a_milestone_is_a_whole_day_that_keeps_nobody_busy():
    written = feed(ics.AllDay(uid="m50", stamp=STAMP, title="50 meetings", on=date(2026, 10, 31)))

    assert b"DTSTART;VALUE=DATE:20261031\r\nDTEND;VALUE=DATE:20261101\r\n" in written
    assert content_lines.values(written, "TRANSP") == ["TRANSPARENT"]


def test_a_phone_conference_is_marked_as_a_phone():
    assert b"CONFERENCE;FEATURE=PHONE;VALUE=URI:tel:+14015550100" in feed(
        replace(SINGLE, conference="tel:+14015550100")
    )


def test_a_series_begins_in_the_wall_time_of_its_zone_and_brings_the_clocks_along():
    written = feed(SERIES)

    assert (
        b"DTSTART;TZID=America/New_York:20260901T190000\r\nDTEND;TZID=America/New_York:20260901T203000\r\n" in written
    )
    assert content_lines.values(written, "TZID") == ["America/New_York"]


def test_series_of_one_zone_share_its_clocks_from_the_earliest_on():
    written = feed(SERIES, replace(SERIES, uid="0194", first=datetime(2024, 9, 3, 19)), replace(SERIES, uid="0195"))

    assert content_lines.values(written, "TZID") == ["America/New_York"]
    assert b"DTSTART:20230312T020000" in written


@pytest.mark.parametrize(
    ("until", "in_utc"),
    [
        ("20270706T190000", "20270706T230000Z"),
        ("20270105T190000", "20270106T000000Z"),
        ("20270105", "20270106T045959Z"),
        ("20270106T000000Z", "20270106T000000Z"),
    ],
)
def test_until_is_written_in_utc(until, in_utc):
    written = feed(replace(SERIES, rule=f"FREQ=WEEKLY;BYDAY=TU;UNTIL={until}"))

    assert f"UNTIL={in_utc};" in content_lines.values(written, "RRULE")[-1]


def test_excluded_dates_are_written_one_a_line_once_and_in_order():
    twice = (datetime(2026, 11, 3, 19), datetime(2026, 10, 6, 19), datetime(2026, 11, 3, 19))
    excluded = [line for line in content_lines.read(feed(replace(SERIES, excluded=twice))) if line.name == "EXDATE"]

    assert excluded == [
        content_lines.Line("EXDATE", "TZID=America/New_York", "20261006T190000"),
        content_lines.Line("EXDATE", "TZID=America/New_York", "20261103T190000"),
    ]


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC"])
def test_a_series_in_utc_is_written_with_a_z_and_needs_no_clocks(zone):
    written = feed(replace(SERIES, zone=zone, excluded=(datetime(2026, 9, 8, 19),)))

    assert b"DTSTART:20260901T190000Z" in written
    assert b"EXDATE:20260908T190000Z" in written
    assert b"TZID" not in written


def test_a_series_without_a_rule_for_its_clocks_is_refused():
    with pytest.raises(ValueError, match="Africa/Casablanca"):
        feed(replace(SERIES, zone="Africa/Casablanca"))


@pytest.mark.parametrize(
    ("first", "rule", "minutes", "zone", "is_safe"),
    [
        ("2026-09-01T19:00", "FREQ=WEEKLY;BYDAY=TU", 60, "America/New_York", True),
        ("2026-09-06T02:30", "FREQ=WEEKLY;BYDAY=SU", 60, "America/New_York", False),
        ("2026-09-06T02:30", "FREQ=WEEKLY;BYDAY=SU", 60, "America/Phoenix", True),
        ("2026-09-06T02:30", "FREQ=WEEKLY;BYDAY=SU;UNTIL=20261025T023000", 60, "America/New_York", True),
        ("2026-09-06T02:30", "FREQ=WEEKLY;BYDAY=SU;COUNT=40", 60, "America/New_York", False),
        ("2026-09-05T22:00", "FREQ=WEEKLY;BYDAY=SA", 480, "America/New_York", False),
        ("2026-09-13T02:00", "FREQ=MONTHLY;BYDAY=2SU", 60, "America/New_York", False),
        ("2026-09-20T02:00", "FREQ=MONTHLY;BYDAY=3SU", 60, "America/New_York", True),
        ("2026-09-01T19:00", "FREQ=WEEKLY;BYDAY=TU", 60, "Africa/Casablanca", False),
        ("2026-09-01T19:00", "FREQ=WEEKLY;BYDAY=TU", 60, "America/Mexico_City", False),
        ("2026-09-02T19:00", "FREQ=WEEKLY;BYDAY=TU", 60, "America/New_York", False),
        ("2026-09-01T19:00", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260801T190000", 60, "America/New_York", False),
    ],
)
def test_a_series_is_safe_where_all_programs_read_it_alike(first, rule, minutes, zone, is_safe):
    assert ics.is_safe_as_series(datetime.fromisoformat(first), rule, minutes=minutes, zone=zone) is is_safe


@pytest.mark.parametrize(
    ("rule", "is_safe"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=-1", True),
        ("FREQ=MONTHLY;BYMONTHDAY=31", True),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31", True),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", False),
        ("FREQ=MONTHLY;BYMONTHDAY=30,-1;COUNT=7", False),
    ],
)
def test_a_rule_that_an_old_program_takes_otherwise_is_no_series(rule, is_safe):
    assert ics.is_safe_as_series(datetime(2026, 1, 31, 18), rule, minutes=60, zone="America/New_York") is is_safe


def test_no_alarm_attendee_override_or_extra_date_is_ever_written():
    written = feed(
        DESCRIBED, replace(SERIES, excluded=(datetime(2026, 10, 6, 19),)), replace(SINGLE, status="cancelled")
    )

    assert not {"ATTENDEE", "CLASS", "METHOD", "ORGANIZER", "RDATE", "RECURRENCE-ID"} & set(names(written))
    assert b"VALARM" not in written


def test_the_same_calendar_gives_the_same_bytes_and_fragments_may_be_joined_later():
    calendar = ics.Calendar(name="My week", host="meetings.example", entries=[DESCRIBED, SERIES])
    kept = [ics.fragment(entry, "meetings.example") for entry in calendar.entries]

    assert ics.write(calendar) == ics.write(calendar) == ics.assemble(ics.header(calendar), kept)


def test_half_a_second_is_left_out_and_other_zones_are_turned_into_utc():
    moved = SINGLE.starts_at.astimezone(ZoneInfo("America/New_York")) + timedelta(microseconds=5)

    assert ics.fragment(replace(SINGLE, starts_at=moved), "a.example") == ics.fragment(SINGLE, "a.example")


def feed(*entries: ics.Entry) -> bytes:
    return ics.write(ics.Calendar(name="My week", host="meetings.example", entries=entries))


def names(written: bytes) -> list[str]:
    return sorted(line.name for line in content_lines.read(written))


@pytest.mark.parametrize(
    "entry", [SINGLE, replace(DESCRIBED, latitude=None), SERIES, replace(SERIES, excluded=(SERIES.first,))]
)
def test_an_entry_is_written_as_icalendar_would_write_it_again(entry):
    written = ics.fragment(replace(entry, title="Ñandú; " * 30), "meetings.example")

    assert icalendar.Event.from_ical(written).to_ical() == written


@pytest.mark.parametrize(("minutes", "trigger"), [(30, "-PT30M"), (120, "-PT2H"), (1440, "-PT24H")])
def test_an_alarm_rings_before_an_entry_with_words_of_its_own(minutes, trigger):
    written = ics.fragment(replace(DESCRIBED, alarm_minutes=minutes, alarm_words="Soon, A"), "meetings.example")
    [alarm] = icalendar.Event.from_ical(written).walk("VALARM")

    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", "Soon, A")
    assert f"TRIGGER:{trigger}\r\n".encode() in written


def test_nothing_rings_unless_asked_for_nor_for_what_is_cancelled():
    off = replace(DESCRIBED, status="cancelled", alarm_minutes=30)

    assert b"VALARM" not in ics.fragment(DESCRIBED, "meetings.example")
    assert b"VALARM" not in ics.fragment(off, "meetings.example")
