from datetime import date, datetime, timedelta

import pytest

from aftercare.calendars import feeds
from aftercare.core.db import db, transaction
from aftercare.meetings.models import Place, Rsvp
from aftercare.recovery import progress
from aftercare.recovery.models import Milestone
from tests.calendars import content_lines
from tests.calendars.devices import by_title, fetch, shown, subscribe
from tests.conftest import MONDAY
from tests.factories import (
    make_attendance,
    make_meeting,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)

TOMORROW = datetime(2026, 11, 3, 18)
CANARIES = ("Canaryname", "Canaryplace", "Canarystreet", "Canaryclinic", "Canarydiscreet", "Canarywords", "Canarykind",
            "Canaryroom", "Canaryhost", "canaryjoin", "7205550")  # fmt: skip


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


def meeting_at(clinic, starts=TOMORROW, **given):
    return make_occurrence(make_meeting(clinic, **given), starts=starts)


def answered(clinic, person, status="going", starts=TOMORROW, **given):
    occurrence = meeting_at(clinic, starts, **given)
    until = MONDAY + timedelta(hours=4) if status == "offered" else None
    make_rsvp(occurrence, person, status=status, offered_until=until, position=1)
    return occurrence


def canary_place(clinic):
    where = {"name": "Canaryplace", "address": "1 Canarystreet", "latitude": 39.7, "longitude": -105.0}
    return saved(Place(organisation_id=clinic.id, **where))


def reached(person, kind, number):
    keys = {"organisation_id": person.organisation_id, "person_id": person.id}
    return saved(Milestone(**keys, kind=kind, number=number, reached_on=date(2026, 10, 20)))


def canary_meeting(clinic, **given):
    return make_meeting(
        clinic, name="Canaryname", description="Canarywords", discreet_title="Canarydiscreet",
        group_name="Canarykind", place_id=canary_place(clinic).id, place_detail="Canaryroom", attendance="hybrid",
        join_url="https://canaryjoin.example/7", join_phone="+17205550123", **given,
    )  # fmt: skip


def test_a_full_calendar_says_where_and_how(client, clinic, ana):
    make_rsvp(make_occurrence(canary_meeting(clinic)), ana)

    [event] = shown(client, subscribe(ana))

    assert event["SUMMARY"] == "Canaryname"
    assert event["LOCATION"] == "Canaryplace, 1 Canarystreet, Canaryroom"
    assert event["GEO"] == "39.700000;-105.000000"
    assert event["URL"].startswith("http://localhost/m/")
    assert event["CONFERENCE"] == "https://canaryjoin.example/7"
    assert event["DESCRIPTION"].split("\n") == [
        "You said you'll be there.", "Canarywords", "Join online: https://canaryjoin.example/7",
        "Call in: +17205550123",
    ]  # fmt: skip


def test_a_date_at_another_place_says_the_other_place(client, clinic, ana):
    elsewhere = saved(Place(organisation_id=clinic.id, name="Library", address="9 Oak Street"))
    make_rsvp(make_occurrence(canary_meeting(clinic), place_id=elsewhere.id), ana)

    assert shown(client, subscribe(ana))[0]["LOCATION"].startswith("Library, 9 Oak Street")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("level", "titles"), [("discreet", ("Appointment", "Cita")), ("busy", ("Busy", "Ocupado"))])
def test_a_calendar_that_is_not_full_holds_no_word_of_what_it_is_about(client, app, monday, language, level, titles):
    clinic = make_organisation(name="Canaryclinic", discreet_name="Canaryhost", language=language)
    ana = make_person(clinic, name="Canaryname Person", language=language)
    make_rsvp(make_occurrence(canary_meeting(clinic)), ana)
    past = make_occurrence(canary_meeting(clinic), starts=datetime(2026, 10, 27, 18))
    make_attendance(past, ana)
    reached(ana, "meetings", 1)

    path = subscribe(ana, level)
    feed = fetch(client, path).data
    events = content_lines.events(feed)

    assert [canary for canary in CANARIES if canary.lower() in feed.decode().lower()] == []
    assert {event["SUMMARY"] for event in events} == {titles[language == "es"]}
    assert set().union(*events) == {
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "SUMMARY", "DTSTART", "DTEND", "TRANSP",
    }  # fmt: skip
    assert b"meeting" not in feed.lower()
    assert b"SOURCE" not in feed


@pytest.mark.parametrize("level", feeds.LEVELS)
def test_the_secret_is_nowhere_in_the_feed(client, clinic, ana, level):
    answered(clinic, ana)
    path = subscribe(ana, level)

    assert path.removeprefix("/c/").removesuffix(".ics") not in fetch(client, path).get_data(as_text=True)


def test_milestones_are_days_to_remember_in_a_full_calendar(client, clinic, ana):
    for kind, number in (("meetings", 1), ("meetings", 10), ("weeks", 4)):
        reached(ana, kind, number)

    events = by_title(client, subscribe(ana))

    assert set(events) == {"First meeting", "10 meetings", "4 weeks on your goal"}
    assert {(event["DTSTART"], event["DTEND"], event["TRANSP"]) for event in events.values()} == {
        ("20261020", "20261021", "TRANSPARENT")
    }
    assert len({event["UID"] for event in events.values()}) == 3


def test_a_full_calendar_says_the_streak_at_the_next_date_alone(client, clinic, ana):
    meeting = make_meeting(clinic)
    for week in range(1, 6):
        came = make_occurrence(meeting, starts=TOMORROW - timedelta(weeks=week))
        make_attendance(came, ana)
    for week in range(2):
        make_rsvp(make_occurrence(meeting, starts=TOMORROW + timedelta(weeks=week)), ana)

    words = [event.get("DESCRIPTION", "") for event in shown(client, subscribe(ana))]

    assert words[:5] == ["Attended"] * 5
    assert words[5:] == ["You said you'll be there.\n5 weeks in a row, 5 meetings", "You said you'll be there."]


def test_who_switched_the_streak_off_reads_of_no_weeks(client, clinic, ana):
    make_attendance(meeting_at(clinic, TOMORROW - timedelta(weeks=1)), ana)
    answered(clinic, ana)
    with transaction():
        progress.show_streak(ana, False)

    assert shown(client, subscribe(ana))[-1]["DESCRIPTION"] == "You said you'll be there.\n1 meeting"


def test_nothing_is_said_of_a_way_not_yet_begun(client, clinic, ana):
    answered(clinic, ana)

    assert shown(client, subscribe(ana))[0]["DESCRIPTION"] == "You said you'll be there."


def test_text_of_a_meeting_cannot_add_a_line_to_the_feed(client, clinic, ana):
    nasty = "Evening\r\nATTENDEE:mailto:eve@example.org\nEND:VEVENT\u2028X-EVIL:1\x0bX-EVIL:2, with; \\n all"
    place = saved(Place(organisation_id=clinic.id, name=nasty, address=nasty))
    link = "https://x.example/\r\nX-EVIL:1"
    meeting = make_meeting(clinic, name=nasty, description=nasty, place_id=place.id, join_url=link)
    make_rsvp(make_occurrence(meeting), ana)

    lines = content_lines.read(fetch(client, subscribe(ana)).data)

    assert not [line.name for line in lines if line.name in {"ATTENDEE", "X-EVIL"}]
    assert [line.value for line in lines if line.name == "END"] == ["VEVENT", "VCALENDAR"]


def test_a_busy_life_stays_under_200_kilobytes_nearest_dates_first(client, clinic, ana):
    meeting = canary_meeting(clinic, minutes=30)
    with transaction():
        meeting.description = "All about it. " * 34
    days = [make_occurrence(meeting, starts=datetime(2026, 5, 10, 9) + timedelta(hours=12 * n)) for n in range(400)]
    with transaction():
        db.session.add_all([row_of(day, ana) for day in days])

    feed = fetch(client, subscribe(ana)).data
    starts = [event["DTSTART"] for event in content_lines.events(feed)]

    assert 150_000 < len(feed) < 200_000
    assert starts == sorted(starts)
    assert min(starts) > "20260510T150000Z"
    assert max(starts) == f"{max(day.starts_at for day in days):%Y%m%dT%H%M%SZ}"


def row_of(occurrence, person):
    return Rsvp(
        organisation_id=occurrence.organisation_id, occurrence_id=occurrence.id, occurs_on=occurrence.occurs_on,
        person_id=person.id, status="going",
    )  # fmt: skip


@pytest.mark.parametrize("level", ["discreet", "busy"])
def test_nobody_finds_the_group_of_an_entry_by_its_name_in_public_feeds(client, clinic, level):
    ana, ben = make_person(clinic), make_person(clinic)
    occurrence = make_occurrence(make_meeting(clinic))
    for person in (ana, ben):
        make_rsvp(occurrence, person)
    address = subscribe(ana, level=level)

    [entry] = shown(client, address)
    [other] = shown(client, subscribe(ben, level=level))

    known = {str(occurrence.id), str(occurrence.meeting_id), str(ana.id)}
    assert not any(each in entry["UID"] for each in known)
    assert entry["UID"] != other["UID"]
    assert [each["UID"] for each in shown(client, address)] == [entry["UID"]]
