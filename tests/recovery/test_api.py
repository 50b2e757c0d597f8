from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db
from aftercare.people.access import SCOPES
from aftercare.recovery.models import Milestone
from tests.factories import make_attendance, make_meeting, make_occurrence, make_organisation, make_person, saved
from tests.programs import Program

PATHS = ("streak", "milestones")


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def patient(clinic):
    return make_person(clinic)


def come(patient, clinic, *, weeks):
    meeting = make_meeting(clinic)
    for week in range(weeks):
        day = datetime(2026, 10, 27, 18, 0) - timedelta(weeks=week)
        make_attendance(make_occurrence(meeting, starts=day), patient)


def test_a_streak_is_shown_with_its_weeks(program, clinic, patient):
    come(patient, clinic, weeks=3)

    shown = program.get(f"/patients/{patient.id}/streak").json

    weeks = shown.pop("weeks")
    assert shown == {
        "patient_id": str(patient.id), "total": 3, "weeks_on_goal": 3, "this_week_done": 0, "this_week_goal": 1,
        "current": 3, "best": 3, "shows_streak": True,
    }  # fmt: skip
    assert weeks[-2:] == [
        {"start": "2026-10-26", "done": 1, "goal": 1, "status": "met"},
        {"start": "2026-11-02", "done": 0, "goal": 1, "status": "open"},
    ]


def test_milestones_are_shown_newest_first(program, clinic, patient):
    for kind, number, day in (("meetings", 1, 5), ("weeks", 4, 28), ("meetings", 5, 30)):
        keys = {"organisation_id": clinic.id, "person_id": patient.id}
        saved(Milestone(**keys, kind=kind, number=number, reached_on=date(2026, 10, day)))

    assert program.get(f"/patients/{patient.id}/milestones").json == {
        "patient_id": str(patient.id),
        "items": [
            {"kind": "meetings", "number": 5, "reached_on": "2026-10-30"},
            {"kind": "weeks", "number": 4, "reached_on": "2026-10-28"},
            {"kind": "meetings", "number": 1, "reached_on": "2026-10-05"},
        ],
    }


@pytest.mark.parametrize("path", PATHS)
def test_an_outsider_finds_nobody(client, program, patient, path):
    outsider, url = Program(client, make_organisation()), f"/patients/{patient.id}/{path}"

    assert (program.get(url).status_code, outsider.get(url).status_code) == (200, 404)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"patients:read", "patients:write"}))
def test_other_scopes_do_not_open_them(client, clinic, patient, path, scope):
    assert Program(client, clinic, scope).get(f"/patients/{patient.id}/{path}").status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_staff_have_none(program, clinic, path):
    assert program.get(f"/patients/{make_person(clinic, role='counsellor').id}/{path}").status_code == 404


@pytest.mark.parametrize(("path", "act"), [("streak", "streak.read"), ("milestones", "milestones.read")])
def test_reading_them_leaves_a_trace(program, patient, path, act):
    program.get(f"/patients/{patient.id}/{path}")

    read = db.session.scalars(select(AuditEvent).where(AuditEvent.act == act)).one()
    assert (read.about_id, read.person_id) == (patient.id, patient.id)


def test_a_long_history_asks_no_more_often(program, clinic, patient, statements):
    path = f"/patients/{patient.id}/streak"
    come(patient, clinic, weeks=1)
    one = statements(lambda: program.get(path))
    come(patient, clinic, weeks=3)

    assert statements(lambda: program.get(path)) == one
