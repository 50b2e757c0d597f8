from datetime import datetime, timedelta

import pytest

from aftercare.core.db import transaction
from aftercare.meetings import schedule
from tests.conftest import MONDAY
from tests.factories import (
    make_facilitator,
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
)
from tests.programs import Program

TUESDAY = datetime(2026, 11, 3, 18, 0)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def meeting(clinic):
    return make_meeting(clinic, capacity=8)


@pytest.fixture
def occurrence(meeting):
    return make_occurrence(meeting, starts=TUESDAY, capacity=8)


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor")


@pytest.fixture
def kim(clinic):
    return make_person(clinic, role="counsellor")


def acts(program, meeting):
    return [each["act"] for each in program.get(f"/meetings/{meeting.id}/changes").json["items"]]


def test_somebody_stands_in_at_a_date_and_no_longer(program, meeting, occurrence, sam, kim):
    make_facilitator(meeting, sam)
    path = f"/occurrences/{occurrence.id}"

    there = program.put(f"{path}/substitute", {"person_id": str(kim.id), "instead_of": str(sam.id)})
    again = program.put(f"{path}/substitute", {"person_id": None})

    assert there.json == {"leaders": [{"person_id": str(kim.id), "stands_in": True}]}
    assert again.json == {"leaders": [{"person_id": str(sam.id), "stands_in": False}]}
    assert program.get(f"{path}/leaders").json == again.json


@pytest.mark.parametrize("who", ["patient", "stranger"])
def test_nobody_but_staff_stands_in(program, clinic, occurrence, who):
    person = make_person(clinic) if who == "patient" else make_person(make_organisation(), role="counsellor")

    answer = program.put(f"/occurrences/{occurrence.id}/substitute", {"person_id": str(person.id)})

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["person_id"])


def test_nobody_stands_in_for_one_who_does_not_lead(program, meeting, occurrence, sam, kim):
    make_facilitator(meeting, sam)
    body = {"person_id": str(kim.id), "instead_of": str(kim.id)}

    answer = program.put(f"/occurrences/{occurrence.id}/substitute", body)

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["instead_of"])
    assert acts(program, meeting) == []


def test_one_more_date_is_added_once_for_a_key(program, meeting, occurrence):
    body = {"start_local": "2026-11-05T19:30", "note": "Use the back door."}
    headers = {"Idempotency-Key": "extra-1"}

    first, again = (program.post(f"/meetings/{meeting.id}/occurrences", body, headers=headers) for _ in range(2))

    assert (first.status_code, first.json) == (201, again.json)
    assert program.get(first.headers["Location"].removeprefix("/api/v1")).json == first.json
    said = {name: first.json[name] for name in ("slot_local", "start_local", "note", "capacity")}
    assert said == {
        "slot_local": None,
        "start_local": "2026-11-05T19:30:00",
        "note": "Use the back door.",
        "capacity": 8,
    }
    assert program.post(f"/meetings/{meeting.id}/occurrences", body).status_code == 409


def test_a_meeting_ends_on_a_day(program, meeting, sam):
    with transaction():
        schedule.extend(meeting)
    ended = program.post(f"/meetings/{meeting.id}/ending", {"from": "2026-11-10"})

    assert (ended.status_code, ended.json["repeat"]["until"], ended.json["ended_at"]) == (200, "2026-11-09", None)
    left = program.get(f"/meetings/{meeting.id}/occurrences?since=2026-11-02").json["items"]
    assert [each["start_local"][:10] for each in left if each["status"] != "cancelled"] == ["2026-11-03"]
    assert program.post(f"/meetings/{meeting.id}/ending", {"from": "2026-11-01"}).status_code == 422


def test_the_history_tells_what_was_changed_newest_first_page_by_page(program, meeting, occurrence, hold):
    for minute, note in enumerate(("One.", "Two.", "Three.")):
        hold(MONDAY + timedelta(minutes=minute))
        program.patch(f"/occurrences/{occurrence.id}", {"note": note})

    found = program.all_of(f"/meetings/{meeting.id}/changes", limit=2)

    assert [each["after"] for each in found] == [{"note": "Three."}, {"note": "Two."}, {"note": "One."}]
    assert [each["can_undo"] for each in found] == [True, False, False]
    assert found[0]["occurrence_id"] == str(occurrence.id)


def test_the_history_tells_nothing_of_those_who_were_told(program, clinic, meeting):
    ana = make_person(clinic)
    make_member(meeting, ana)
    with transaction():
        schedule.extend(meeting)
        make_rsvp(schedule.next_dates(meeting)[0], ana)
    program.patch(f"/meetings/{meeting.id}", {"name": "Skills", "start_local": "2026-11-04T18:00"})

    answer = program.get(f"/meetings/{meeting.id}/changes")

    [change] = answer.json["items"]
    assert {"name", "start_local"} <= set(change["after"]["changed"])
    assert str(ana.id) not in answer.text


def test_a_change_is_undone_once_and_within_ten_minutes(program, meeting, occurrence, hold):
    program.patch(f"/occurrences/{occurrence.id}", {"start_local": "2026-11-04T19:30"})
    [moved] = program.get(f"/meetings/{meeting.id}/changes").json["items"]
    path = f"/meetings/{meeting.id}/changes/{moved['id']}/undoing"

    undone = program.post(path, None)
    again = program.post(path, None)

    assert (undone.status_code, undone.json["can_undo"], undone.json["undone_at"]) == (
        200,
        False,
        "2026-11-02T17:00:00Z",
    )
    assert program.get(f"/occurrences/{occurrence.id}").json["start_local"] == "2026-11-03T18:00:00"
    assert (again.status_code, again.json["code"]) == (409, "undone")
    program.patch(f"/occurrences/{occurrence.id}", {"status": "cancelled"})
    last = program.get(f"/meetings/{meeting.id}/changes").json["items"][0]
    hold(MONDAY + timedelta(minutes=11))
    late = program.post(f"/meetings/{meeting.id}/changes/{last['id']}/undoing", None)
    assert (late.status_code, late.json["code"]) == (409, "too_late")


def test_a_change_of_another_meeting_is_not_found_at_this_one(program, clinic, meeting, occurrence):
    program.patch(f"/occurrences/{occurrence.id}", {"note": "One."})
    [noted] = program.get(f"/meetings/{meeting.id}/changes").json["items"]

    answer = program.post(f"/meetings/{make_meeting(clinic).id}/changes/{noted['id']}/undoing", None)

    assert answer.status_code == 404
    assert program.get(f"/occurrences/{occurrence.id}").json["note"] == "One."
