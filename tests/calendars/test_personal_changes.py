from datetime import datetime, timedelta

import pytest

from aftercare.calendars import feeds, personal
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, substitutes
from aftercare.meetings.models import Occurrence
from aftercare.people import accounts
from tests.calendars import content_lines
from tests.calendars.devices import fetch, shown, subscribe
from tests.factories import make_attendance, make_meeting, make_occurrence, make_organisation, make_person, make_rsvp

TOMORROW = datetime(2026, 11, 3, 18)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


def going(clinic, person, starts=TOMORROW, **given):
    occurrence = make_occurrence(make_meeting(clinic, **given), starts=starts)
    make_rsvp(occurrence, person)
    return occurrence


def change(occurrence, person, **values):
    with transaction():
        row = db.session.get_one(Occurrence, (occurrence.organisation_id, occurrence.id))
        for name, value in values.items():
            setattr(row, name, value)
        accounts.touch_calendars(person.organisation_id, [person.id])


def test_a_note_about_one_date_is_read_in_a_full_calendar_alone(client, clinic, ana):
    change(going(clinic, ana), ana, note="Bring a chair.")

    told = {level: fetch(client, subscribe(ana, level)).data for level in feeds.LEVELS}

    assert [level for level in feeds.LEVELS if b"Bring a chair." in told[level]] == ["full"]


def test_a_date_that_was_cancelled_keeps_its_note_and_never_rings(client, clinic, ana):
    occurrence = going(clinic, ana)
    change(occurrence, ana, note="The heating is out.", status="cancelled")

    feed = fetch(client, with_alarm(ana, 30)).data
    [event] = content_lines.events(feed)

    assert (event["DESCRIPTION"], b"VALARM" in feed) == ("The heating is out.", False)


def test_a_date_that_was_moved_says_when_it_was_to_be(client, clinic, ana):
    occurrence = going(clinic, ana)
    with transaction():
        changes.move_occurrence(clinic.id, occurrence.id, to=TOMORROW + timedelta(days=1), by=None)

    [event] = shown(client, subscribe(ana))

    assert "It was to be on Tue, Nov 3, 6:00 PM." in event["DESCRIPTION"].split("\n")


def test_who_stands_in_is_named_by_first_name_and_initial(client, clinic, ana):
    occurrence, sam = going(clinic, ana), make_person(clinic, role="counsellor", name="Sam Ortega")
    before = fetch(client, path := subscribe(ana))
    with transaction():
        substitutes.stand_in(clinic.id, occurrence.id, sam.id, by=None)

    [event] = content_lines.events(fetch(client, path, If_None_Match=before.headers["ETag"]).data)

    assert "Sam O. leads it this time." in event["DESCRIPTION"].split("\n")


@pytest.mark.parametrize(("level", "words"), [("full", "Appointment"), ("discreet", "Appointment"), ("busy", "Busy")])
def test_a_device_rings_as_asked_with_words_that_tell_nothing(client, clinic, ana, level, words):
    going(clinic, ana, name="Canaryname")
    past = make_occurrence(make_meeting(clinic), starts=datetime(2026, 10, 6, 18))
    make_attendance(past, ana)

    feed = fetch(client, with_alarm(ana, 120, level=level)).data.decode()

    assert feed.count("BEGIN:VALARM") == 1
    assert f"ACTION:DISPLAY\r\nDESCRIPTION:{words}\r\nTRIGGER:-PT2H\r\nEND:VALARM" in feed


def test_another_alarm_changes_the_feed_of_that_device_alone(client, clinic, ana):
    going(clinic, ana)
    quiet, loud = subscribe(ana, name="Quiet"), subscribe(ana, name="Loud")
    tags = {path: fetch(client, path).headers["ETag"] for path in (quiet, loud)}
    [feed] = [each for each in feeds.of(ana) if each.name == "Loud"]
    with transaction():
        feeds.set_alarm(clinic.id, feed.id, 1440, person_id=ana.id)

    assert fetch(client, quiet, If_None_Match=tags[quiet]).status_code == 304
    assert b"TRIGGER:-PT24H" in fetch(client, loud, If_None_Match=tags[loud]).data


def test_years_of_attendance_are_folded_by_month_so_that_none_is_lost(client, clinic, ana, monkeypatch):
    monkeypatch.setattr(personal, "MOST_EVENTS", 4)
    meeting = make_meeting(clinic)
    for day in ("2024-03-05", "2024-03-12", "2024-03-19", "2024-05-07", "2024-05-14", "2026-10-27"):
        make_attendance(make_occurrence(meeting, starts=datetime.fromisoformat(day + "T18:00")), ana)

    full, discreet, busy = (shown(client, subscribe(ana, level)) for level in feeds.LEVELS)

    assert [(event["SUMMARY"], event["DTSTART"]) for event in full[:1]] == [("3 meetings", "20240331")]
    assert [event["SUMMARY"] for event in full if event["DTSTART"] > "2026"][-1] == meeting.name
    assert discreet[0]["SUMMARY"] == "3 appointments"
    assert "meeting" not in str(busy).lower()


def test_a_date_of_long_ago_says_that_they_were_there_and_no_more(client, clinic, ana):
    occurrence = going(clinic, ana, starts=datetime(2025, 3, 4, 18), name="Morning", description="All about it.")
    make_attendance(occurrence, ana)

    [event] = shown(client, subscribe(ana))

    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Morning", "Attended")
    assert {"URL", "LOCATION"} & set(event) == set()


def with_alarm(person, minutes, level="full"):
    with transaction():
        _, secret = feeds.create(person, name="Loud", level=level, alarm_minutes=minutes)
    return f"/c/{secret}.ics"
