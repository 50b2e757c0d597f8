from datetime import date, datetime, timedelta

import pytest

from aftercare.calendars import feeds
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, rsvps
from aftercare.meetings.models import Place, Rsvp
from aftercare.recovery import progress
from aftercare.recovery.models import Milestone
from tests.calendars import content_lines
from tests.calendars.devices import by_title, fetch, shown, subscribe
from tests.conftest import MONDAY
from tests.factories import (
    make_attendance,
    make_meeting,
    make_member,
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


def test_a_date_is_known_for_ever_by_its_own_id(client, clinic, ana):
    occurrence = answered(clinic, ana)

    [event] = shown(client, subscribe(ana))

    assert event["UID"] == f"{occurrence.id}@localhost"
    assert (event["DTSTART"], event["DTEND"]) == ("20261104T010000Z", "20261104T020000Z")
    assert event["SEQUENCE"] == "0"
    assert event["DTSTAMP"] == event["LAST-MODIFIED"] == "20261102T170000Z"


@pytest.mark.parametrize(
    ("status", "shown_as", "words"),
    [
        ("going", "CONFIRMED", "You said you'll be there."),
        ("maybe", "TENTATIVE", "You said maybe."),
        ("waitlisted", "TENTATIVE", "You are on the waiting list."),
        ("offered", "TENTATIVE", "A seat is held for you until Mon, Nov 2, 2:00 PM. Say yes to take it."),
    ],
)
def test_the_own_answer_is_the_status_and_in_words(client, clinic, ana, status, shown_as, words):
    answered(clinic, ana, status)

    [event] = shown(client, subscribe(ana))

    assert (event["STATUS"], event["DESCRIPTION"]) == (shown_as, words)


def test_words_are_spanish_for_whom_reads_spanish(client, clinic):
    ana = make_person(clinic, language="es")
    occurrence = answered(clinic, ana, "offered", name="Café y Charla")

    path = subscribe(ana)
    assert shown(client, path)[0]["DESCRIPTION"] == (
        "Di que sí para tomarlo: te guardamos un lugar hasta el lun 2 nov, 2:00 p.\u00a0m."
    )
    with transaction():
        changes.cancel_occurrence(clinic.id, occurrence.id, by=None)

    assert shown(client, path)[0]["SUMMARY"] == "Cancelada: Café y Charla"
    assert content_lines.values(fetch(client, path).data, "NAME") == ["Mis grupos"]


@pytest.mark.parametrize("status", ["declined", "cancelled"])
def test_what_was_turned_down_leaves_the_calendar(client, clinic, ana, status):
    answered(clinic, ana, status)

    assert shown(client, subscribe(ana)) == []


def test_a_member_sees_every_date_until_they_turn_it_down(client, clinic, ana):
    meeting = make_meeting(clinic)
    make_member(meeting, ana)
    one, two = make_occurrence(meeting, starts=TOMORROW), make_occurrence(meeting, starts=TOMORROW + timedelta(weeks=1))
    make_rsvp(two, ana, status="declined")

    [event] = shown(client, subscribe(ana))

    assert (event["UID"], event["STATUS"]) == (f"{one.id}@localhost", "TENTATIVE")
    assert event["DESCRIPTION"] == "You have not said yet if you can come."


def test_a_member_sees_the_dates_of_their_time_as_a_member(client, clinic, ana):
    meeting = make_meeting(clinic)
    member = make_member(meeting, ana, since=date(2026, 11, 10))
    with transaction():
        member.until = date(2026, 11, 17)
    days = [make_occurrence(meeting, starts=TOMORROW + timedelta(weeks=week)) for week in range(4)]

    assert [event["UID"] for event in shown(client, subscribe(ana))] == [
        f"{days[1].id}@localhost",
        f"{days[2].id}@localhost",
    ]


def test_what_only_others_go_to_is_in_nobody_elses_calendar(client, clinic, ana):
    ben = make_person(clinic)
    occurrence = answered(clinic, ben, name="Of Ben alone")
    make_attendance(occurrence, ben)
    make_member(make_meeting(clinic, name="Of Ben alone"), ben)
    shared = answered(clinic, ana, name="Of both")
    make_rsvp(shared, ben, status="maybe")

    [event] = shown(client, subscribe(ana))
    assert (event["SUMMARY"], event["STATUS"]) == ("Of both", "CONFIRMED")


def test_a_date_that_moves_is_moved_in_place(client, clinic, ana):
    occurrence = answered(clinic, ana)
    path = subscribe(ana)
    [before] = shown(client, path)
    with transaction():
        changes.move_occurrence(clinic.id, occurrence.id, to=datetime(2026, 11, 5, 19, 30), minutes=90, by=None)

    [after] = shown(client, path)

    assert after["UID"] == before["UID"]
    assert (after["DTSTART"], after["DTEND"]) == ("20261106T023000Z", "20261106T040000Z")
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1


def test_a_date_that_is_called_off_stays_and_says_so(client, clinic, ana):
    occurrence = answered(clinic, ana)
    path = subscribe(ana)
    shown(client, path)
    with transaction():
        changes.cancel_occurrence(clinic.id, occurrence.id, by=None)

    [event] = shown(client, path)

    assert (event["SUMMARY"], event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == (
        "Cancelled: Tools for the Week", "CANCELLED", "TRANSPARENT", "1",
    )  # fmt: skip


def test_a_member_who_never_answered_sees_that_a_date_is_called_off(client, clinic, ana):
    meeting = make_meeting(clinic)
    make_member(meeting, ana)
    occurrence = make_occurrence(meeting)
    path = subscribe(ana)
    shown(client, path)
    with transaction():
        changes.cancel_occurrence(clinic.id, occurrence.id, by=None)

    assert [event["STATUS"] for event in shown(client, path)] == ["CANCELLED"]


def test_a_seat_that_was_held_too_long_is_no_longer_offered(client, clinic, ana, hold):
    occurrence = answered(clinic, ana, "offered", capacity=1, starts=datetime(2026, 11, 6, 18))
    path = subscribe(ana)
    assert "A seat is held" in shown(client, path)[0]["DESCRIPTION"]
    hold(MONDAY + timedelta(hours=5))
    with transaction():
        rsvps.offer_free_seats(clinic.id, occurrence.id)

    assert "Mon, Nov 2, 2:00" not in shown(client, path)[0]["DESCRIPTION"]


def test_the_calendar_reaches_180_days_back_and_ahead(client, clinic, ana):
    today = datetime(2026, 11, 2)
    for days in (-181, -180, 180, 181):
        answered(clinic, ana, starts=today + timedelta(days=days, hours=12), name=f"Day {days}")

    assert [event["SUMMARY"] for event in shown(client, subscribe(ana))] == ["Day -180", "Day 180"]


def test_what_was_attended_stays_however_long_ago(client, clinic, ana):
    long_ago = answered(clinic, ana, starts=datetime(2024, 3, 5, 18), name="Long ago")
    make_attendance(long_ago, ana)
    turned_down = answered(clinic, ana, "declined", starts=datetime(2024, 3, 12, 18), name="Came anyway")
    make_attendance(turned_down, ana, state="late")
    excused = answered(clinic, ana, starts=datetime(2024, 3, 19, 18), name="Excused")
    make_attendance(excused, ana, state="excused")

    events = shown(client, subscribe(ana))

    assert [(event["SUMMARY"], event["STATUS"], event["DESCRIPTION"]) for event in events] == [
        ("Long ago", "CONFIRMED", "Attended"),
        ("Came anyway", "CONFIRMED", "Attended"),
    ]


def test_a_check_in_without_an_answer_is_in_the_calendar(client, clinic, ana):
    make_attendance(meeting_at(clinic, datetime(2026, 10, 27, 18), name="Walked in"), ana)

    [event] = shown(client, subscribe(ana))
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Walked in", "Attended")


def test_a_past_date_asks_nothing_any_more(client, clinic, ana):
    answered(clinic, ana, "waitlisted", starts=datetime(2026, 10, 27, 18))

    assert "DESCRIPTION" not in shown(client, subscribe(ana))[0]


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
