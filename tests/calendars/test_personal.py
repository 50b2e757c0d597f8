from datetime import date, datetime, timedelta

import pytest

from aftercare.core.db import transaction
from aftercare.meetings import changes, members, rsvps
from tests.calendars import content_lines
from tests.calendars.devices import fetch, shown, subscribe
from tests.conftest import MONDAY
from tests.factories import (
    make_attendance,
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
)

TOMORROW = datetime(2026, 11, 3, 18)


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


def test_who_joins_a_group_finds_its_dates_in_their_calendar_at_once(client, clinic, ana):
    meeting = make_meeting(clinic)
    make_occurrence(meeting)
    path = subscribe(ana)
    assert shown(client, path) == []
    with transaction():
        members.join(meeting, ana, since=date(2026, 11, 1))

    assert len(shown(client, path)) == 1
