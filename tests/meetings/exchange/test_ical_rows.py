from datetime import UTC, date, datetime, time

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.dialects import open_list, read
from aftercare.meetings.exchange.listing import Dates, FeedDefaults
from tests.meetings.exchange.feeds import DENVER, kinds

PLAIN = {
    "UID": "porch@example.org",
    "SUMMARY": "Porch Group",
    "DTSTART;TZID=America/Denver": "20260106T190000",
    "DTEND;TZID=America/Denver": "20260106T203000",
    "RRULE": "FREQ=WEEKLY;BYDAY=TU",
    "LOCATION": "Old Firehouse\\, 9 Hook Lane\\, Juniper Falls\\, CO 80099",
}
TUESDAYS = "FREQ=WEEKLY;BYDAY=TU"

pytestmark = pytest.mark.usefixtures("monday")


def event(**fields: str | None) -> list[str]:
    said = {**PLAIN, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return ["BEGIN:VEVENT", *(f"{name}:{value}" for name, value in said.items() if value is not None), "END:VEVENT"]


def started(start: str, name: str = "DTSTART;TZID=America/Denver", **fields: str | None) -> list[str]:
    plain = {key: value for key, value in PLAIN.items() if not key.startswith("DT")}
    said = {**plain, name: start, **fields}
    return ["BEGIN:VEVENT", *(f"{name}:{value}" for name, value in said.items() if value is not None), "END:VEVENT"]


def calendar(*events: list[str], around: tuple[str, ...] = (), **defaults):
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        *around,
        *(line for each in events for line in each),
        "END:VCALENDAR",
        "",
    ]
    return read("\r\n".join(lines).encode(), feed=FeedDefaults(**defaults))


def taken(*events: list[str], **more):
    return calendar(*events, **more).listings[0]


def test_a_weekly_event_is_a_meeting_with_nothing_to_report():
    result = calendar(event())
    (porch,) = result.listings

    assert (porch.slug, porch.name, porch.weekdays) == ("porch@example.org", "Porch Group", (1,))
    assert (porch.start, porch.minutes, porch.zone) == (time(19), 90, DENVER)
    assert (porch.place.name, porch.place.address) == ("Old Firehouse", "9 Hook Lane, Juniper Falls, CO 80099")
    assert (porch.attendance, porch.dates) == ("in_person", Dates(date(2026, 1, 6), TUESDAYS))
    assert result.report == []


def test_a_calendar_is_recognised():
    assert open_list(b"\xef\xbb\xbfBEGIN:VCALENDAR\nEND:VCALENDAR", feed=FeedDefaults()).dialect == "ical"


@pytest.mark.parametrize(
    ("said", "ours", "weekdays"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY", (1,)),
        ("FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", (1,)),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=200", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=200", (1, 3)),
        ("FREQ=MONTHLY;BYDAY=1TU", "FREQ=MONTHLY;BYDAY=1TU", (1,)),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=-1TU", (1,)),
        ("FREQ=MONTHLY;BYSETPOS=1,3;BYDAY=TU", "FREQ=MONTHLY;BYDAY=1TU,3TU", (1,)),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=6", tuple(range(7))),
        ("FREQ=DAILY", "FREQ=DAILY", tuple(range(7))),
        ("FREQ=DAILY;BYDAY=MO,TU", "FREQ=WEEKLY;BYDAY=MO,TU", (0, 1)),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=6", tuple(range(7))),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=1TU", "FREQ=YEARLY;BYMONTH=1;BYDAY=1TU", (1,)),
        ("FREQ=YEARLY;BYDAY=TU;BYMONTH=1;BYSETPOS=-2", "FREQ=YEARLY;BYMONTH=1;BYDAY=-2TU", (1,)),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=19;BYMINUTE=0", TUESDAYS, (1,)),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270105", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270105T235959", (1,)),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270106T020000Z", "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270105T235959", (1,)),
    ],
)
def test_rules_of_other_programs_are_brought_into_our_shapes(said, ours, weekdays):
    porch = taken(event(RRULE=said))

    assert (porch.dates and porch.dates.rule, porch.weekdays) == (ours, weekdays)


@pytest.mark.parametrize(
    "said",
    [
        "FREQ=HOURLY",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU",
        "FREQ=YEARLY;BYDAY=1TU",
        "FREQ=MONTHLY;BYDAY=TU,WE;BYSETPOS=1",
        "FREQ=WEEKLY;BYHOUR=9,19",
        "FREQ=NEVER",
        "nonsense",
    ],
)
def test_a_rule_that_we_do_not_offer_is_refused_never_bent(said):
    result = calendar(event(RRULE=said), event(UID="other"))

    assert [(f.slug, f.field, f.kind) for f in result.refused] == [("porch@example.org", "RRULE", "rule_unknown")]
    assert [listing.slug for listing in result.listings] == ["other"]


def test_dates_taken_away_are_days_off_in_any_clock():
    porch = taken(
        event(**{"EXDATE;TZID=America/Denver": "20261201T190000,20261208T190000", "EXDATE": "20261216T020000Z"})
    )

    assert porch.dates.days_off == (date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15))


def test_a_date_that_is_cancelled_is_a_day_off_and_one_that_is_moved_is_reported():
    off = started("20261201T190000", **{"RECURRENCE-ID;TZID=America/Denver": "20261201T190000", "STATUS": "CANCELLED"})
    moved = started("20261209T190000", **{"RECURRENCE-ID;TZID=America/Denver": "20261208T190000"})
    result = calendar(event(), off, moved)

    assert [listing.dates.days_off for listing in result.listings] == [(date(2026, 12, 1),)]
    assert [(f.row, f.kind) for f in result.refused] == [(2, "date_cancelled"), (3, "date_changed")]


@pytest.mark.parametrize(
    ("start", "name", "around", "zone"),
    [
        ("20260106T190000", "DTSTART;TZID=Mountain Standard Time", (), DENVER),
        ("20260106T190000", "DTSTART;TZID=/citadel.org/20211207/America/Denver", (), DENVER),
        ("20260106T190000", "DTSTART", ("X-WR-TIMEZONE:America/Denver",), DENVER),
        (
            "20260106T190000",
            "DTSTART;TZID=Home",
            ("BEGIN:VTIMEZONE", "TZID:Home", "X-LIC-LOCATION:America/Denver", "END:VTIMEZONE"),
            DENVER,
        ),
        ("20260107T020000Z", "DTSTART", (), "UTC"),
    ],
)
def test_zones_are_found_by_any_of_their_names(start, name, around, zone):
    assert taken(started(start, name), around=around).zone == zone


def test_an_hour_without_a_zone_takes_that_of_the_list_or_is_refused():
    floating = started("20260106T190000", "DTSTART")

    assert taken(floating, zone=DENVER).zone == DENVER
    assert kinds(calendar(floating)) == ["zone_missing"]
    assert kinds(calendar(started("20260106T190000", "DTSTART;TZID=Nowhere"))) == ["zone_unreadable"]


def test_a_single_event_in_utc_is_put_on_the_wall_of_its_calendar():
    once = taken(started("20261209T020000Z", "DTSTART", RRULE=None), around=("X-WR-TIMEZONE:America/Denver",))

    assert (once.start, once.zone, once.dates) == (time(19), DENVER, Dates(date(2026, 12, 8), None))


def test_a_series_in_utc_keeps_to_it_and_says_so():
    result = calendar(started("20260107T020000Z", "DTSTART", RRULE="FREQ=WEEKLY"), zone=DENVER)

    assert (result.listings[0].start, kinds(result)) == (time(2), ["in_utc"])


def test_a_first_date_off_the_rule_is_moved_onto_it():
    result = calendar(event(RRULE="FREQ=WEEKLY;BYDAY=TH"))

    assert (result.listings[0].dates.first, kinds(result)) == (date(2026, 1, 8), ["first_moved"])


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"STATUS": "CANCELLED"}, "cancelled"),
        ({"CLASS": "PRIVATE"}, "private"),
        ({"RRULE": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260301T000000Z"}, "over"),
        ({"RRULE": "FREQ=WEEKLY;COUNT=3"}, "over"),
        ({"RRULE": None}, "over"),
        ({"SUMMARY": None, "LOCATION": None}, "no_name"),
        ({"LOCATION": None}, "no_place"),
    ],
)
def test_what_is_no_meeting_to_come_is_left_out_with_its_reason(fields, kind):
    result = calendar(event(**fields), event(UID="other"))

    assert ([f.kind for f in result.refused], len(result.listings)) == ([kind], 1)


def test_a_whole_day_is_no_meeting():
    assert kinds(calendar(started("20261201", "DTSTART;VALUE=DATE"))) == ["all_day"]


@pytest.mark.parametrize("start", ["2026", "", "20261301T190000", "yesterday"])
def test_one_event_that_cannot_be_read_costs_no_other(start):
    result = calendar(started(start), ["BEGIN:VEVENT", "no colon", "UID:x", "END:VEVENT"], event())

    assert ([f.kind for f in result.refused], len(result.listings)) == (["unreadable", "unreadable"], 1)


def test_a_call_is_found_wherever_it_stands():
    link = "https://zoom.us/j/1?pwd=a"

    assert taken(event(LOCATION=link)).attendance == "online"
    assert taken(event(CONFERENCE=link)).call.url == link
    result = calendar(event(DESCRIPTION=f"Join here: {link}"))
    assert (result.listings[0].call.url, result.listings[0].attendance, kinds(result)) == (
        link,
        "hybrid",
        ["call_found"],
    )


def test_people_are_left_out_and_categories_are_types():
    result = calendar(event(ORGANIZER="mailto:pat@example.org", CATEGORIES="Open,Big Book", GEO="39.7;-104.9"))
    (porch,) = result.listings

    assert (porch.types, porch.place.latitude) == ((("aa", "O"), ("aa", "B")), 39.7)
    assert [(f.kind, f.field) for f in result.report] == [("left_out", "organizer")]


def test_folded_lines_and_when_it_was_touched_are_read():
    result = calendar(event(SUMMARY="Porch\r\n  Group", LAST_MODIFIED="20260105T080000Z"), around=("NAME:The Porch",))

    assert (result.listings[0].name, result.listings[0].group) == ("Porch Group", "The Porch")
    assert result.listings[0].updated == datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_a_calendar_without_events_is_refused():
    with pytest.raises(Invalid, match="The calendar is empty"):
        calendar()


def test_a_calendar_of_countless_events_is_refused():
    with pytest.raises(Invalid, match="more than 20,000 events"):
        calendar(*[["BEGIN:VEVENT", "END:VEVENT"]] * 20_001)


def test_a_series_that_stands_there_often_takes_its_cancelled_dates_once():
    # Thousands of either would else be laid over each other, which takes hours.
    off = event(STATUS="CANCELLED", RECURRENCE_ID="20260113T190000")
    again = started("20260107T190000", RRULE="FREQ=WEEKLY;BYDAY=WE")
    result = calendar(event(), off, again)

    assert kinds(result) == ["date_cancelled", "slug_shared"]
    assert [listing.dates.days_off for listing in result.listings if listing.dates] == [(date(2026, 1, 13),), ()]


def test_a_calendar_nested_without_end_is_refused():
    with pytest.raises(Invalid, match="nested too deeply"):
        calendar(["BEGIN:VEVENT"] * 30)


def test_an_event_of_countless_lines_is_refused():
    with pytest.raises(Invalid, match="more than 5,000 lines"):
        calendar([*event()[:-1], *["EXDATE;TZID=America/Denver:20260113T190000"] * 5_000, "END:VEVENT"])
