import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.people import accounts
from aftercare.people.access import SCOPES
from tests.factories import make_organisation, make_person
from tests.programs import Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


def test_an_added_patient_is_a_patient(program, clinic):
    answer = program.post("/patients", {"name": "Ana Rivera", "phone": "(303) 555-0123", "language": "es"})

    assert answer.status_code == 201
    assert answer.json == {
        "id": answer.json["id"], "name": "Ana Rivera", "phone": "•••23", "language": "es", "zone": clinic.zone,
        "created_at": "2026-11-02T17:00:00Z", "left_at": None,
    }  # fmt: skip
    assert answer.headers["Location"] == f"/api/v1/patients/{answer.json['id']}"
    assert program.get(f"/patients/{answer.json['id']}").json == answer.json


def test_an_added_patient_has_agreed_to_nothing(program, clinic):
    program.post("/patients", {"name": "Ana Rivera", "phone": "+13035550123"})

    (person,) = accounts.people_with_role(clinic.id, "patient")
    assert (person.phone, person.phone_verified_at) == ("+13035550123", None)


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "\u2003"}, "name"),
        ({"name": "Ana\x00"}, "name"),
        ({"name": "Ana", "phone": "12"}, "phone"),
        ({"name": "Ana", "phone": "1-2-3-4"}, "phone"),
        ({"name": "Ana", "zone": "Elm/Street"}, "zone"),
        ({"name": "Ana", "zone": "../etc/passwd"}, "zone"),
        ({"name": "Ana", "language": "fr"}, "language"),
        ({"name": "Ana", "roles": ["admin"]}, "roles"),
        ({"name": "Ana", "organisation_id": "x"}, "organisation_id"),
    ],
)
def test_a_patient_who_cannot_be_is_refused_by_member(program, clinic, body, member):
    answer = program.post("/patients", body)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [member])
    assert accounts.people_with_role(clinic.id, "patient") == []


def test_only_patients_who_are_here_are_listed(program, clinic):
    ana = make_person(clinic)
    make_person(clinic, role="counsellor")
    make_person(clinic, left_at=clock.now())

    assert [each["id"] for each in program.get("/patients").json["items"]] == [str(ana.id)]


def test_staff_are_no_patients(program, clinic):
    assert program.get(f"/patients/{make_person(clinic, role='counsellor').id}").status_code == 404


def test_an_outsider_finds_nobody(program, client, clinic):
    ana = make_person(clinic)
    outsider = Program(client, make_organisation())

    assert (program.get(f"/patients/{ana.id}").status_code, outsider.get(f"/patients/{ana.id}").status_code) == (
        200,
        404,
    )
    assert outsider.get("/patients").json == {"items": [], "next": None}


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"patients:read", "patients:write"}))
def test_other_scopes_do_not_open_patients(client, clinic, scope):
    ana = make_person(clinic)
    other = Program(client, clinic, scope)

    assert [other.get(path).status_code for path in ("/patients", f"/patients/{ana.id}")] == [403, 403]
    assert other.post("/patients", {"name": "Bo"}).status_code == 403


def test_reading_patients_leaves_a_trace(program, clinic):
    ana, bo = make_person(clinic), make_person(clinic)

    program.get("/patients")
    program.get(f"/patients/{bo.id}")

    listed, read = db.session.scalars(
        select(AuditEvent).where(AuditEvent.act.in_(("patients.listed", "patient.read"))).order_by(AuditEvent.number)
    )
    assert listed.facts == {"count": 2, "first": str(ana.id), "last": str(bo.id)}
    assert (read.about_id, read.person_id) == (bo.id, bo.id)
    assert listed.actor_id is not None


def test_a_refused_read_leaves_no_trace_of_a_person(client, clinic):
    ana = make_person(clinic)

    Program(client, make_organisation()).get(f"/patients/{ana.id}")

    assert db.session.scalars(select(AuditEvent).where(AuditEvent.act == "patient.read")).all() == []


def test_patients_are_paged_without_loss(program, clinic):
    people = [make_person(clinic) for _ in range(5)]

    assert [each["id"] for each in program.all_of("/patients", limit=2)] == [str(person.id) for person in people]


def test_a_list_asks_as_often_for_three_as_for_one(program, clinic, statements):
    make_person(clinic)
    one = statements(lambda: program.get("/patients"))
    make_person(clinic)
    make_person(clinic)

    assert statements(lambda: program.get("/patients")) == one
