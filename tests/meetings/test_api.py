from datetime import date, datetime, timedelta
from typing import Any

import pytest

from aftercare.audit import trail
from aftercare.core.db import db
from aftercare.meetings.models import Occurrence
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp, saved
from tests.programs import Program

TUESDAY = datetime(2026, 11, 3, 18, 0)
DRAFT: dict[str, Any] = {
    "name": "Tools for the Week",
    "start_local": "2026-11-03T18:00",
    "repeat": {"weekdays": [1], "count": 3},
}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def outsider(client, clinic):
    return Program(client, make_organisation())


@pytest.fixture
def occurrence(clinic):
    return make_occurrence(make_meeting(clinic), starts=TUESDAY, capacity=1)


def test_a_published_meeting_has_its_dates(program):
    answer = program.post("/meetings", DRAFT)

    assert answer.status_code == 201
    dates = program.get(answer.headers["Location"].removeprefix("/api/v1") + "/occurrences").json["items"]
    assert [each["start_local"] for each in dates] == [
        "2026-11-03T18:00:00", "2026-11-10T18:00:00", "2026-11-17T18:00:00",
    ]  # fmt: skip
    assert dates[0]["starts_at"] == "2026-11-04T01:00:00Z"


def test_a_published_meeting_is_shown_as_it_was_said(program, clinic):
    said = DRAFT | {
        "description": "Bring a pen.\nCoffee is there.", "types": ["O", "X"], "languages": ["en", "es"], "capacity": 12,
        "place": {"name": "Elm Hall", "address": "12 Elm St", "detail": "Room 4"}, "attendance": "hybrid",
        "join_url": "https://example.org/room", "is_open": False, "zone": "America/New_York",
        "holidays": "US-NY", "days_off": ["2026-11-10", "2026-12-24"],
    }  # fmt: skip

    shown = program.post("/meetings", said).json

    repeat = {
        "every": 1, "unit": "week", "weekdays": [1], "nth": None, "also": [], "month_days": [], "month": None,
        "until": None, "count": 3,
    }  # fmt: skip
    place = said["place"] | {"latitude": None, "longitude": None}
    expected = said | {"repeat": repeat, "place": place, "start_local": "2026-11-03T18:00:00", "kind": "programme"}
    assert {name: shown[name] for name in expected} == expected
    assert program.get(f"/meetings/{shown['id']}").json == shown


def test_a_meeting_without_a_zone_is_in_the_zone_of_its_organisation(program, clinic):
    assert program.post("/meetings", DRAFT).json["zone"] == clinic.zone


@pytest.mark.parametrize(
    ("repeat", "dates"),
    [
        ({"unit": "month", "nth": -1, "weekdays": [4], "count": 2}, ["2026-11-27", "2026-12-25"]),
        ({"unit": "week", "every": 2, "weekdays": [1, 3], "count": 3}, ["2026-11-03", "2026-11-05", "2026-11-17"]),
        ({"weekdays": [1], "until": "2026-11-10"}, ["2026-11-03", "2026-11-10"]),
        ({"unit": "day", "every": 30, "count": 2}, ["2026-11-03", "2026-12-03"]),
        ({"unit": "month", "nth": 1, "also": [3], "weekdays": [1], "count": 2}, ["2026-11-03", "2026-11-17"]),
        ({"unit": "month", "month_days": [15, -1], "count": 2}, ["2026-11-15", "2026-11-30"]),
        ({"unit": "year", "month": 11, "month_days": [4], "count": 1}, ["2026-11-04"]),
        (None, ["2026-11-03"]),
    ],
)
def test_a_meeting_repeats_as_was_said(program, repeat, dates):
    meeting = program.post("/meetings", DRAFT | {"repeat": repeat}).json

    found = program.get(f"/meetings/{meeting['id']}/occurrences").json["items"]

    assert [each["start_local"][:10] for each in found] == dates


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"name": "  "}, "name"),
        ({"name": None}, "name"),
        ({"surprise": 1}, "surprise"),
        ({"start_local": "2026-02-30T18:00"}, "start_local"),
        ({"start_local": "2026-11-03T18:00Z"}, "start_local"),
        ({"repeat": {"unit": "month", "nth": 1}}, "weekdays"),
        ({"repeat": {"weekdays": [7]}}, "repeat.weekdays.0"),
        ({"repeat": {"weekday": [1]}}, "repeat.weekday"),
        ({"repeat": {"unit": "month", "month_days": [0]}}, "month_days"),
        ({"holidays": "US-ZZ"}, "holidays"),
        ({"days_off": ["Christmas"]}, "days_off.0"),
        ({"zone": "Elm/Street"}, "zone"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": True}, "capacity"),
        ({"is_open": "true"}, "is_open"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"description": "nul\x00"}, "description"),
        ({"kind": "fellowship", "capacity": 3}, "kind"),
        ({"kind": "fellowship", "closes_minutes_before": 0}, "kind"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_by_member(program, wrong, member):
    answer = program.post("/meetings", DRAFT | wrong)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [member])
    assert program.get("/meetings").json["items"] == []


def test_a_facilitator_of_another_organisation_is_nobody(program, outsider):
    theirs = make_person(make_organisation(), role="counsellor")

    assert program.post("/meetings", DRAFT | {"facilitators": [str(theirs.id)]}).status_code == 404


def test_lists_keep_to_a_kind(program, clinic):
    programme, listing = make_meeting(clinic), make_meeting(clinic, kind="fellowship")

    assert [each["id"] for each in program.get("/meetings").json["items"]] == [str(programme.id), str(listing.id)]
    assert [each["id"] for each in program.get("/meetings?kind=fellowship").json["items"]] == [str(listing.id)]


def test_a_withheld_link_is_not_shown(program, clinic):
    meeting = make_meeting(clinic, join_url="https://example.org/r", join_phone="303 555 0199", is_join_withheld=True)

    shown = program.get(f"/meetings/{meeting.id}").json

    assert (shown["join_url"], shown["join_phone"]) == ("", "")


def test_dates_are_listed_between_two_days(program, clinic):
    meeting = make_meeting(clinic)
    for week in range(4):
        make_occurrence(meeting, starts=TUESDAY + timedelta(weeks=week))

    found = program.get(f"/meetings/{meeting.id}/occurrences?since=2026-11-10&until=2026-11-17").json["items"]

    assert [each["start_local"][:10] for each in found] == ["2026-11-10", "2026-11-17"]


def test_a_date_is_moved(program, occurrence):
    answer = program.patch(f"/occurrences/{occurrence.id}", {"start_local": "2026-11-04T19:30"})

    assert answer.status_code == 200
    moved = {name: answer.json[name] for name in ("start_local", "slot_local", "starts_at", "ends_at", "status")}
    assert moved == {
        "start_local": "2026-11-04T19:30:00", "slot_local": "2026-11-03T18:00:00", "status": "moved",
        "starts_at": "2026-11-05T02:30:00Z", "ends_at": "2026-11-05T03:30:00Z",
    }  # fmt: skip


def test_a_date_is_cancelled(program, occurrence):
    answer = program.patch(f"/occurrences/{occurrence.id}", {"status": "cancelled"})

    assert (answer.status_code, answer.json["status"]) == (200, "cancelled")


def test_more_seats_reach_whoever_waits(program, clinic, occurrence):
    waiting = make_person(clinic)
    make_rsvp(occurrence, make_person(clinic))
    make_rsvp(occurrence, waiting, status="waitlisted", position=1)

    answer = program.patch(f"/occurrences/{occurrence.id}", {"capacity": 2})

    assert (answer.status_code, answer.json["capacity"]) == (200, 2)
    assert program.get(f"/occurrences/{occurrence.id}/rsvps/{waiting.id}").json["status"] == "offered"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "cancelled", "capacity": 2},
        {"status": "held"},
        {"start_local": "2026-11-01T18:00"},
        {"note": "x" * 501},
        {"place": {"name": "x" * 256}},
        {"place": {"town": "Elm"}},
        {"place": None},
    ],
)
def test_a_change_that_cannot_be_changes_nothing(program, occurrence, body):
    before = program.get(f"/occurrences/{occurrence.id}").json

    assert program.patch(f"/occurrences/{occurrence.id}", body).status_code == 422
    assert program.get(f"/occurrences/{occurrence.id}").json == before


def test_a_date_that_has_begun_stays_as_it_is(program, clinic):
    begun = make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 2, 9, 30))

    assert program.patch(f"/occurrences/{begun.id}", {"status": "cancelled"}).status_code == 409


def test_a_change_must_say_which_version_it_is_for(program, occurrence):
    answer = program.ask("PATCH", f"/occurrences/{occurrence.id}", json={"status": "cancelled"})

    assert answer.status_code == 428
    assert db.session.get_one(Occurrence, (occurrence.organisation_id, occurrence.id)).status == "scheduled"


def test_a_change_for_an_older_version_is_refused(program, occurrence):
    read = program.get(f"/occurrences/{occurrence.id}").headers["ETag"]
    moved = program.patch(f"/occurrences/{occurrence.id}", {"start_local": "2026-11-04T19:30"})

    late = program.patch(f"/occurrences/{occurrence.id}", {"status": "cancelled"}, headers={"If-Match": read})

    assert late.status_code == 412
    assert program.get(f"/occurrences/{occurrence.id}").headers["ETag"] == moved.headers["ETag"] != read


def test_what_has_not_changed_is_not_sent_again(program, occurrence):
    read = program.get(f"/occurrences/{occurrence.id}")

    again = program.get(f"/occurrences/{occurrence.id}", headers={"If-None-Match": read.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_what_programs_change_is_in_the_trail(program, clinic, occurrence):
    before, _ = trail.verify(clinic.id)

    program.patch(f"/occurrences/{occurrence.id}", {"status": "cancelled"})

    assert trail.verify(clinic.id) == (before + 1, None)


@pytest.mark.parametrize(
    "path", ["/meetings/{meeting}", "/meetings/{meeting}/occurrences", "/occurrences/{occurrence}"]
)
def test_an_outsider_finds_nothing(program, outsider, occurrence, path):
    url = path.format(meeting=occurrence.meeting_id, occurrence=occurrence.id)

    assert (program.get(url).status_code, outsider.get(url).status_code) == (200, 404)


def test_an_outsider_changes_nothing(program, outsider, occurrence):
    tag = program.get(f"/occurrences/{occurrence.id}").headers["ETag"]

    answer = outsider.patch(f"/occurrences/{occurrence.id}", {"status": "cancelled"}, headers={"If-Match": tag})

    assert answer.status_code == 404
    assert program.get(f"/occurrences/{occurrence.id}").json["status"] == "scheduled"


def test_an_outsider_lists_only_their_own(outsider, program, occurrence):
    assert outsider.get("/meetings").json == {"items": [], "next": None}


def test_a_list_asks_as_often_for_three_as_for_one(program, clinic, statements):
    place = {"place": {"name": "Elm Hall"}, "types": ["O"]}
    program.post("/meetings", DRAFT | place)
    one = statements(lambda: program.get("/meetings"))
    program.post("/meetings", DRAFT | place)
    program.post("/meetings", DRAFT | {"types": ["X"]})

    assert statements(lambda: program.get("/meetings")) == one


def test_dates_are_asked_for_as_often_for_three_as_for_one(program, clinic, statements):
    meeting = make_meeting(clinic)
    path = f"/meetings/{meeting.id}/occurrences"
    make_occurrence(meeting, starts=TUESDAY)
    one = statements(lambda: program.get(path))
    make_occurrence(meeting, starts=TUESDAY + timedelta(weeks=1))
    make_occurrence(meeting, starts=TUESDAY + timedelta(weeks=2))

    assert statements(lambda: program.get(path)) == one


def test_dates_that_begin_at_once_are_paged_without_loss(program, clinic):
    meeting = make_meeting(clinic)
    slots = [TUESDAY + timedelta(minutes=minute) for minute in range(5)]
    begins = make_occurrence(meeting, starts=slots[0]).starts_at
    for slot in slots[1:]:
        saved(Occurrence(
            organisation_id=clinic.id, meeting_id=meeting.id, slot_local=slot, start_local=TUESDAY,
            occurs_on=date(2026, 11, 3), starts_at=begins, ends_at=begins + timedelta(hours=1),
        ))  # fmt: skip

    found = program.all_of(f"/meetings/{meeting.id}/occurrences", limit=2)

    assert sorted(each["slot_local"] for each in found) == [slot.isoformat() for slot in slots]
