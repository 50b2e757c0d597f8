from datetime import datetime

import pytest

from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.programs import Program

TUESDAY = datetime(2026, 11, 3, 18, 0)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def occurrence(clinic):
    return make_occurrence(make_meeting(clinic), starts=TUESDAY, capacity=1)


def test_a_cancelled_date_takes_place_after_all(program, clinic, occurrence):
    make_rsvp(occurrence, make_person(clinic))
    program.patch(f"/occurrences/{occurrence.id}", {"status": "cancelled"})

    answer = program.patch(f"/occurrences/{occurrence.id}", {"status": "scheduled"})

    assert (answer.status_code, answer.json["status"]) == (200, "scheduled")
    assert [row["status"] for row in program.all_of(f"/occurrences/{occurrence.id}/rsvps", limit=5)] == ["going"]


def test_a_date_is_put_elsewhere_and_back(program, occurrence):
    there = program.patch(f"/occurrences/{occurrence.id}", {"place": {"name": "Library"}})
    back = program.patch(f"/occurrences/{occurrence.id}", {"place": {}})

    assert (there.status_code, there.json["place_id"] is None) == (200, False)
    assert (back.status_code, back.json["place_id"]) == (200, None)


def test_a_date_of_an_online_meeting_has_no_place(program, clinic):
    online = make_occurrence(make_meeting(clinic, attendance="online"))

    assert program.patch(f"/occurrences/{online.id}", {"place": {"name": "Library"}}).status_code == 409


def test_a_note_of_a_date_is_kept(program, occurrence):
    answer = program.patch(f"/occurrences/{occurrence.id}", {"note": "Use the back door."})

    assert (answer.status_code, answer.json["note"]) == (200, "Use the back door.")


def test_one_more_date_has_no_slot(program, clinic, occurrence):
    extra = make_occurrence(make_meeting(clinic), slot_local=None)

    assert program.get(f"/occurrences/{extra.id}").json["slot_local"] is None
