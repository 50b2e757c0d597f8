from datetime import datetime

import pytest
from sqlalchemy import select

from aftercare.attendance.models import Attendance
from aftercare.audit.models import AuditEvent
from aftercare.core.db import db
from aftercare.people import tokens
from aftercare.people.access import SCOPES
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person
from tests.programs import Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def patient(clinic):
    return make_person(clinic)


@pytest.fixture
def occurrence(clinic):
    """Give a date that began ten minutes ago."""
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 2, 9, 50))


@pytest.fixture
def path(occurrence, patient):
    return f"/occurrences/{occurrence.id}/attendance/{patient.id}"


def test_what_staff_saw_is_recorded(program, occurrence, patient, path):
    answer = program.put(path, {"status": "attended"})

    assert (answer.status_code, answer.json) == (
        200,
        {
            "occurrence_id": str(occurrence.id), "patient_id": str(patient.id), "status": "attended",
            "credit_date": "2026-11-02", "arrived_at": "2026-11-02T17:00:00Z", "way": "roll", "assurance": 3,
            "updated_at": "2026-11-02T17:00:00Z",
        },
    )  # fmt: skip
    assert program.get(f"/patients/{patient.id}/streak").json["total"] == 1


def test_recorded_twice_is_recorded_once(program, path):
    first, again = (program.put(path, {}) for _ in range(2))

    assert (again.status_code, again.json) == (200, first.json)
    assert len(db.session.scalars(select(Attendance)).all()) == 1


def test_the_token_stands_in_the_trail(program, clinic, path):
    program.put(path, {})

    (token,) = tokens.tokens_of(clinic.id)
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "attendance.recorded")).one()
    assert noted.actor_id == token.id


@pytest.mark.parametrize(
    ("body", "member"), [({"status": "no_show"}, "status"), ({"status": "excused"}, "reason"), ({"way": "qr"}, "way")]
)
def test_a_mark_that_cannot_be_is_refused(program, path, body, member):
    answer = program.put(path, body)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [member])
    assert db.session.scalars(select(Attendance)).all() == []


def test_nobody_came_to_what_is_still_to_come(program, clinic, patient):
    later = make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 18, 0))

    assert program.put(f"/occurrences/{later.id}/attendance/{patient.id}", {}).status_code == 409


def test_an_outsider_records_nothing(client, program, occurrence, patient, path):
    outsider = Program(client, make_organisation())

    assert outsider.put(path, {}).status_code == 404
    assert db.session.scalars(select(Attendance)).all() == []
    assert program.put(path, {}).status_code == 200


def test_a_patient_of_another_organisation_was_not_there(program, occurrence):
    theirs = make_person(make_organisation())

    assert program.put(f"/occurrences/{occurrence.id}/attendance/{theirs.id}", {}).status_code == 404


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"attendance:write"}))
def test_other_scopes_record_nothing(client, clinic, path, scope):
    assert Program(client, clinic, scope).put(path, {}).status_code == 403
