from datetime import datetime, timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.meetings import changes, schedule
from aftercare.meetings.models import MeetingType, Place
from aftercare.people import organisations
from tests.calendars import content_lines
from tests.calendars.devices import by_title, fetch, shown
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_organisation, saved

BEGUN = datetime(2019, 1, 1, 7, 30)
LISTING = {"kind": "fellowship", "name": "Early Risers", "start_local": BEGUN}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def scheduled(clinic, **given):
    """Make a programme meeting with its dates written out."""
    meeting = make_meeting(clinic, **given)
    with transaction():
        schedule.extend(meeting)
    return meeting


def dates_of(meeting):
    db.session.rollback()
    return schedule.next_dates(meeting, limit=50)


def path_of(meeting):
    return f"/m/{meeting.id}.ics"


def list_of(clinic):
    return f"/o/{clinic.slug}/meetings.ics"


def test_a_weekly_meeting_is_one_rule_in_its_own_zone(client, clinic):
    meeting = scheduled(clinic)

    feed = fetch(client, path_of(meeting)).data
    [event] = content_lines.events(feed)

    assert (event["UID"], event["RRULE"]) == (f"{meeting.id}@localhost", "FREQ=WEEKLY;BYDAY=TU")
    assert b"DTSTART;TZID=America/Denver:20261103T180000" in feed
    assert b"BEGIN:VTIMEZONE\r\nTZID:America/Denver" in feed
    assert b"SOURCE;VALUE=URI:http://localhost/m/" in feed.replace(b"\r\n ", b"")


def test_moved_and_called_off_dates_are_entries_of_their_own(client, clinic):
    meeting = scheduled(clinic)
    moved, off = dates_of(meeting)[1:3]
    with transaction():
        changes.move_occurrence(clinic.id, moved.id, to=datetime(2026, 11, 11, 19), by=None)
        changes.cancel_occurrence(clinic.id, off.id, by=None)

    feed = fetch(client, path_of(meeting)).data
    series, first, second = content_lines.events(feed)

    assert content_lines.values(feed, "EXDATE") == ["20261110T180000", "20261117T180000"]
    assert (first["UID"], first["DTSTART"], first["SEQUENCE"]) == (f"{moved.id}@localhost", "20261112T020000Z", "1")
    assert (second["UID"], second["SUMMARY"], second["STATUS"]) == (
        f"{off.id}@localhost", "Cancelled: Tools for the Week", "CANCELLED",
    )  # fmt: skip
    assert "RECURRENCE-ID" not in {**series, **first, **second}


def test_a_date_that_is_missing_is_not_shown_by_the_rule(client, clinic):
    meeting = scheduled(clinic)
    with transaction():
        db.session.delete(dates_of(meeting)[3])

    assert shown(client, path_of(meeting))[0]["EXDATE"] == "20261124T180000"


@pytest.mark.parametrize(
    ("zone", "at"), [("Africa/Casablanca", 18), ("America/Denver", 2), ("Europe/Volgograd", 18)], ids=str
)
def test_dates_that_programs_read_differently_go_out_one_by_one(client, clinic, zone, at):
    meeting = scheduled(clinic, zone=zone, rule="FREQ=WEEKLY;BYDAY=SU", start_local=datetime(2026, 9, 6, at, 30))

    events = shown(client, path_of(meeting))

    assert not [event for event in events if "RRULE" in event]
    assert [event["UID"] for event in events] == [f"{date.id}@localhost" for date in dates_of(meeting)]


def test_what_is_counted_is_counted_from_the_first_date_shown(client, clinic):
    begun = datetime(2026, 3, 3, 18)
    listing = make_meeting(clinic, **LISTING | {"start_local": begun, "rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=40"})

    [event] = shown(client, path_of(listing))
    last = begun + timedelta(weeks=39)

    assert event["DTSTART"] == "20261006T180000"
    weeks = int(event["RRULE"].removeprefix("FREQ=WEEKLY;COUNT=").removesuffix(";BYDAY=TU"))
    assert datetime(2026, 10, 6, 18) + timedelta(weeks=weeks - 1) == last


def test_a_listing_begun_years_ago_keeps_its_rhythm(client, clinic):
    listing = make_meeting(clinic, **LISTING | {"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"})

    [event] = shown(client, path_of(listing))

    first = datetime.strptime(event["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    assert first >= datetime(2026, 10, 1)
    assert (first.date() - BEGUN.date()).days % 14 in {0, 2}


def test_a_meeting_held_once_is_one_date(client, clinic):
    listing = make_meeting(clinic, **LISTING | {"start_local": datetime(2026, 11, 21, 10), "rule": None})

    [event] = shown(client, path_of(listing))

    assert (event["UID"], event["DTSTART"]) == (f"{listing.id}-20261121T1000@localhost", "20261121T170000Z")


@pytest.mark.parametrize(
    "given",
    [
        {"start_local": None, "rule": None},
        {"attendance": "inactive"},
        {"rule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260601T000000"},
        {"ended_at": MONDAY},
    ],
    ids=["by appointment", "resting", "over", "ended"],
)
def test_a_meeting_that_is_not_held_has_an_empty_calendar(client, clinic, given):
    listing = make_meeting(clinic, **LISTING | given)

    answer = fetch(client, path_of(listing))

    assert (answer.status_code, content_lines.events(answer.data)) == (200, [])


def test_a_feed_tells_what_the_page_tells(client, clinic):
    where = {"name": "Library", "address": "9 Oak Street", "latitude": 39.5, "longitude": -105.0}
    place = saved(Place(organisation_id=clinic.id, **where))
    listing = make_meeting(
        clinic, **LISTING, place_id=place.id, attendance="hybrid", description="Bring a friend.",
        join_url="https://meet.example/7", join_phone="+17205550123", join_notes="Passcode 12",
    )  # fmt: skip
    saved(MeetingType(organisation_id=clinic.id, meeting_id=listing.id, fellowship="aa", code="D"))

    event = by_title(client, path_of(listing))["Early Risers"]

    assert (event["LOCATION"], event["GEO"]) == ("Library, 9 Oak Street", "39.500000;-105.000000")
    assert (event["CATEGORIES"], event["URL"]) == ("Discussion", f"http://localhost/m/{listing.id}")
    assert event["CONFERENCE"] == "https://meet.example/7"
    assert event["DESCRIPTION"].split("\n") == [
        "Bring a friend.", "Join online: https://meet.example/7", "Call in: +17205550123", "Passcode 12",
    ]  # fmt: skip


def test_a_withheld_way_to_join_is_told_nobody(client, clinic):
    listing = make_meeting(
        clinic, **LISTING, attendance="online", is_join_withheld=True, join_url="https://secret.example/1",
        join_phone="+17205550123", join_notes="Passcode 12",
    )  # fmt: skip

    for path in (path_of(listing), list_of(clinic)):
        feed = fetch(client, path).get_data(as_text=True)
        assert listing.name in feed
        assert [word for word in ("secret.example", "7205550123", "Passcode") if word in feed] == []


def test_where_an_approximate_place_lies_is_not_pretended(client, clinic):
    place = {"name": "Somewhere", "latitude": 39.5, "longitude": -105.0, "is_approximate": True}
    listing = make_meeting(clinic, **LISTING, place_id=saved(Place(organisation_id=clinic.id, **place)).id)

    assert "GEO" not in shown(client, path_of(listing))[0]


@pytest.mark.parametrize(
    "address", ["/m/01936d3e-0000-7000-8000-000000000000.ics", "/m/nothing.ics", "/o/nobody/meetings.ics"]
)
def test_an_unknown_feed_is_not_found(client, clinic, address):
    assert client.get(address).status_code == 404


def test_a_meeting_that_is_not_listed_has_no_public_feed(client, clinic):
    hidden = scheduled(clinic, listed=False, name="Hidden")

    assert client.get(path_of(hidden)).status_code == 404
    assert shown(client, list_of(clinic)) == []


def test_holidays_and_days_off_are_left_out_for_a_phone_that_asks_no_more(client, clinic):
    meeting = scheduled(clinic, rule="FREQ=WEEKLY;BYDAY=TH", holidays="US", days_off=["2026-11-12"])
    feed = fetch(client, path_of(meeting)).data

    # Thanksgiving; Veterans Day and Thanksgiving of the year after, which no row of ours reaches.
    assert content_lines.values(feed, "EXDATE") == [
        "20261112T180000", "20261126T180000", "20271111T180000", "20271125T180000",
    ]  # fmt: skip


def test_holidays_of_a_listing_are_left_out(client, clinic):
    listing = make_meeting(clinic, **LISTING, rule="FREQ=WEEKLY;BYDAY=FR", holidays="US")
    feed = fetch(client, path_of(listing)).data

    assert "20261225T073000" in content_lines.values(feed, "EXDATE")


def test_a_holiday_is_counted(client, clinic):
    meeting = scheduled(clinic, rule="FREQ=WEEKLY;BYDAY=TH;COUNT=16", holidays="US")
    [event] = shown(client, path_of(meeting))

    # Eight Thursdays since September are over; eight are left, Thanksgiving among them.
    assert (event["DTSTART"], event["RRULE"]) == ("20261105T180000", "FREQ=WEEKLY;COUNT=7;BYDAY=TH")


def test_a_date_that_an_earlier_rule_gave_is_an_entry_of_its_own(client, clinic):
    meeting = scheduled(clinic, rule="FREQ=WEEKLY;BYDAY=TU,TH")
    with transaction():
        meeting = db.session.merge(meeting)
        meeting.rule = "FREQ=WEEKLY;BYDAY=TU"
    series, *apart = shown(client, path_of(meeting))

    assert (series["DTSTART"], series["RRULE"]) == ("20261103T180000", "FREQ=WEEKLY;BYDAY=TU")
    assert apart[0]["DTSTART"] == "20261106T010000Z"
    assert len(apart) == len(schedule.next_dates(meeting, limit=100)) - 26


def test_a_note_about_one_date_is_told_at_that_date_alone(client, clinic):
    meeting = scheduled(clinic)
    noted = dates_of(meeting)[1]
    with transaction():
        db.session.get_one(type(noted), (clinic.id, noted.id)).note = "Bring a chair."
        organisations.touch_public_calendar(clinic.id)

    events = shown(client, path_of(meeting))

    assert [event.get("DESCRIPTION") for event in events] == [None, "Bring a chair."]
    assert (events[0]["UID"], events[1]["UID"]) == (f"{meeting.id}@localhost", f"{noted.id}@localhost")


def test_a_meeting_of_many_single_dates_stays_under_200_kilobytes_and_says_until_when(client, clinic):
    daily = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
    meeting = make_meeting(
        clinic, zone="Africa/Casablanca", rule=daily, name="Name " * 60, description="All about it. " * 60
    )
    with transaction():
        schedule.extend(meeting)

    feed = fetch(client, path_of(meeting)).data
    starts = [event["DTSTART"] for event in content_lines.events(feed)]

    assert 150_000 < len(feed) < 200_000
    assert starts == sorted(starts)
    assert content_lines.values(feed, "X-WR-CALDESC")[0].startswith("It shows the dates until")


def test_a_slot_that_has_no_date_is_left_out(client, clinic):
    meeting = scheduled(clinic)
    with transaction():
        for last in schedule.next_dates(meeting, limit=100)[-2:]:
            db.session.delete(last)

    assert content_lines.values(fetch(client, path_of(meeting)).data, "EXDATE") == [
        "20270420T180000",
        "20270427T180000",
    ]
