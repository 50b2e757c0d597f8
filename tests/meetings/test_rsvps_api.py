from datetime import datetime

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db
from aftercare.meetings import rsvps
from aftercare.meetings.models import Rsvp
from aftercare.people.access import SCOPES
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.programs import Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def occurrence(clinic):
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 18, 0), capacity=1)


@pytest.fixture
def patient(clinic):
    return make_person(clinic, name="Ana Rivera")


def test_going_takes_a_seat(program, occurrence, patient):
    answer = program.put(f"/occurrences/{occurrence.id}/rsvps/{patient.id}", {"status": "going"})

    assert (answer.status_code, answer.json) == (
        200,
        {
            "occurrence_id": str(occurrence.id), "patient_id": str(patient.id), "name": "Ana Rivera", "status": "going",
            "position": None, "offered_until": None, "confirmed_at": "2026-11-02T17:00:00Z",
            "answered_at": "2026-11-02T17:00:00Z",
        },
    )  # fmt: skip


def test_going_to_a_full_date_says_the_place_in_line(program, clinic, occurrence):
    path = f"/occurrences/{occurrence.id}/rsvps"
    answers = [program.put(f"{path}/{make_person(clinic).id}", {"status": "going"}).json for _ in range(3)]

    assert [(each["status"], each["position"]) for each in answers] == [
        ("going", None), ("waitlisted", 1), ("waitlisted", 2),
    ]  # fmt: skip


def test_said_twice_is_said_once(program, occurrence, patient):
    path = f"/occurrences/{occurrence.id}/rsvps/{patient.id}"

    first, again = (program.put(path, {"status": "going"}) for _ in range(2))

    assert (again.status_code, again.json) == (200, first.json)


@pytest.mark.parametrize(("wish", "status"), [("declined", "cancelled"), ("maybe", "maybe")])
def test_a_seat_given_back_is_offered_on(program, clinic, occurrence, patient, wish, status):
    waiting = make_person(clinic)
    make_rsvp(occurrence, patient)
    make_rsvp(occurrence, waiting, status="waitlisted", position=1)
    path = f"/occurrences/{occurrence.id}/rsvps"

    answer = program.put(f"{path}/{patient.id}", {"status": wish})

    assert answer.json["status"] == status
    assert program.get(f"{path}/{waiting.id}").json["status"] == "offered"


def test_nothing_said_yet_is_none(program, occurrence, patient):
    answer = program.get(f"/occurrences/{occurrence.id}/rsvps/{patient.id}")

    assert (answer.status_code, answer.json["status"]) == (200, "none")


def test_a_cancelled_date_takes_no_answers(program, clinic, patient):
    off = make_occurrence(make_meeting(clinic), status="cancelled")

    assert program.put(f"/occurrences/{off.id}/rsvps/{patient.id}", {"status": "going"}).status_code == 409


@pytest.mark.parametrize("body", [{}, {"status": "yes"}, {"status": "going", "seat": 1}, [], "going"])
def test_a_wish_that_is_none_is_refused(program, occurrence, patient, body):
    path = f"/occurrences/{occurrence.id}/rsvps/{patient.id}"

    assert program.put(path, body).status_code == 422
    assert program.get(path).json["status"] == "none"


def test_names_are_shown_only_to_who_may_read_patients(client, clinic, occurrence, patient):
    make_rsvp(occurrence, patient)
    nameless = Program(client, clinic, "rsvps:write")

    listed = nameless.get(f"/occurrences/{occurrence.id}/rsvps").json["items"]

    assert [(each["patient_id"], "name" in each) for each in listed] == [(str(patient.id), False)]
    assert b"Ana" not in nameless.put(f"/occurrences/{occurrence.id}/rsvps/{patient.id}", {"status": "going"}).data


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"rsvps:read", "rsvps:write"}))
def test_other_scopes_do_not_open_answers(client, clinic, occurrence, patient, scope):
    other = Program(client, clinic, scope)

    assert other.get(f"/occurrences/{occurrence.id}/rsvps").status_code == 403
    assert other.put(f"/occurrences/{occurrence.id}/rsvps/{patient.id}", {"status": "going"}).status_code == 403


def test_reading_answers_does_not_allow_giving_them(client, clinic, occurrence, patient):
    reader = Program(client, clinic, "rsvps:read")

    assert reader.get(f"/occurrences/{occurrence.id}/rsvps").status_code == 200
    assert reader.put(f"/occurrences/{occurrence.id}/rsvps/{patient.id}", {"status": "going"}).status_code == 403


def test_an_outsider_neither_reads_nor_answers(client, occurrence, patient):
    make_rsvp(occurrence, patient, status="maybe")
    outsider = Program(client, make_organisation())
    path = f"/occurrences/{occurrence.id}/rsvps"

    asked = [
        outsider.get(path),
        outsider.get(f"{path}/{patient.id}"),
        outsider.put(f"{path}/{patient.id}", {"status": "going"}),
    ]

    assert [answer.status_code for answer in asked] == [404, 404, 404]
    assert db.session.scalars(select(Rsvp.status)).all() == ["maybe"]


def test_a_patient_of_another_organisation_gets_no_seat(program, occurrence):
    theirs = make_person(make_organisation())

    assert program.put(f"/occurrences/{occurrence.id}/rsvps/{theirs.id}", {"status": "going"}).status_code == 404
    assert db.session.scalars(select(Rsvp)).all() == []


def test_staff_get_no_seat(program, clinic, occurrence):
    counsellor = make_person(clinic, role="counsellor")

    assert program.put(f"/occurrences/{occurrence.id}/rsvps/{counsellor.id}", {"status": "going"}).status_code == 404


def test_reading_answers_leaves_a_trace(program, occurrence, patient):
    make_rsvp(occurrence, patient)

    program.get(f"/occurrences/{occurrence.id}/rsvps")
    program.get(f"/occurrences/{occurrence.id}/rsvps/{patient.id}")

    listed, read = db.session.scalars(
        select(AuditEvent).where(AuditEvent.act.in_(("rsvps.listed", "rsvp.read"))).order_by(AuditEvent.number)
    )
    assert (listed.about_id, listed.facts) == (
        occurrence.id,
        {"count": 1, "first": str(patient.id), "last": str(patient.id)},
    )
    assert (read.about_id, read.person_id) == (occurrence.id, patient.id)


def test_answers_are_paged_without_loss(program, clinic, occurrence):
    people = [make_person(clinic) for _ in range(5)]
    for number, person in enumerate(people):
        make_rsvp(occurrence, person, status="waitlisted", position=number)

    found = program.all_of(f"/occurrences/{occurrence.id}/rsvps", limit=2)

    assert [(each["patient_id"], each["position"]) for each in found] == [
        (str(person.id), number) for number, person in enumerate(people, 1)
    ]


def test_a_list_asks_as_often_for_three_as_for_one(program, clinic, occurrence, statements):
    path = f"/occurrences/{occurrence.id}/rsvps"
    make_rsvp(occurrence, make_person(clinic))
    one = statements(lambda: program.get(path))
    make_rsvp(occurrence, make_person(clinic))
    make_rsvp(occurrence, make_person(clinic))

    assert statements(lambda: program.get(path)) == one


def test_a_one_tap_link_made_by_a_program_answers_for_its_patient(client, app):
    clinic = make_organisation()
    date, ana = make_occurrence(make_meeting(clinic)), make_person(clinic)

    made = Program(client, clinic, "rsvps:write").ask("POST", f"/occurrences/{date.id}/rsvps/{ana.id}/links")

    assert made.status_code == 201
    assert client.post(made.json["url"].removeprefix("http://localhost"), data={"answer": "yes"}).status_code == 200
    db.session.rollback()
    assert [row.status for row in rsvps.answers(date)] == ["going"]


def test_no_link_is_made_for_a_patient_of_another_organisation(client, app):
    clinic, elsewhere = make_organisation(), make_organisation()
    date, outsider = make_occurrence(make_meeting(clinic)), make_person(elsewhere)

    made = Program(client, clinic, "rsvps:write").ask("POST", f"/occurrences/{date.id}/rsvps/{outsider.id}/links")

    assert made.status_code == 404
