"""Every refusal that the document of the API names is real: each operation is asked by every kind of stranger."""

from datetime import date, datetime

import pytest

from aftercare.app import create_app
from aftercare.core.db import transaction
from aftercare.http import api, bodies
from aftercare.meetings import closures, dates, history
from aftercare.meetings.closures import Plan
from aftercare.people.access import SCOPES
from tests.conftest import settings_for
from tests.factories import make_feed, make_meeting, make_occurrence, make_organisation, make_person
from tests.programs import ROOT, Program

DOCUMENT = create_app(settings_for("sqlite://")).extensions[api.EXTENSION]
OPERATIONS = {
    found["operationId"]: (method.upper(), path.removeprefix(ROOT), found)
    for path, methods in DOCUMENT["paths"].items()
    for method, found in methods.items()
    if method != "parameters"
}
TAKING = sorted(name for name, (_, _, found) in OPERATIONS.items() if "requestBody" in found)
FINDING = sorted(name for name, (_, path, _) in OPERATIONS.items() if "{" in path)
ASKING = sorted(
    name for name, (_, _, found) in OPERATIONS.items() if any(each["in"] == "query" for each in found["parameters"])
)
#: A body that each operation would take.
BODIES = {
    "publish_meeting": {"name": "Tools for the Week", "start_local": "2026-11-03T18:00"},
    "change_meeting": {"name": "Skills"},
    "change_occurrence": {"status": "cancelled"},
    "answer_rsvp": {"status": "going"},
    "record_attendance": {"status": "attended"},
    "add_patient": {"name": "Ana Rivera"},
    "make_calendar": {"level": "busy"},
    "change_calendar": {"alarm_minutes": 30},
    "close": {"scope": "organisation", "first_day": "2026-11-03", "last_day": "2026-11-04"},
    "put_substitute": {"person_id": None},
    "add_occurrence": {"start_local": "2026-11-05T18:00"},
    "end_meeting": {"from": "2026-11-10"},
}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def paths(clinic):
    """Give the path of each operation, to things that are there."""
    meeting = make_meeting(clinic)
    occurrence = make_occurrence(meeting, starts=datetime(2026, 11, 2, 10, 15))
    with transaction():
        closure = closures.close(clinic.id, Plan("organisation", date(2026, 11, 3), date(2026, 11, 4)), by=None).closure
        dates.change_note(clinic.id, occurrence.id, note="Back door.", by=None)
    [noted] = history.of_meeting(clinic.id, meeting.id)
    patient = make_person(clinic)
    ids = {
        "meeting_id": meeting.id, "occurrence_id": occurrence.id, "patient_id": patient.id,
        "calendar_id": make_feed(patient).id, "closure_id": closure.id, "change_id": noted.change.id,
    }  # fmt: skip
    return {name: path.format(**ids) for name, (_, path, _) in OPERATIONS.items()}


def ask(program, name, path, **given):
    headers = {"If-Match": "*"} | given.pop("headers", {})
    if name in BODIES and not {"json", "data"} & set(given):
        given["json"] = BODIES[name]
    return program.ask(OPERATIONS[name][0], path, headers=headers, **given)


def scope_of(name):
    return OPERATIONS[name][2]["security"][0]["token"][0]


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_its_own_scope_opens_an_operation_and_no_other_does(client, clinic, paths, name):
    allowing = {scope for scope, permissions in SCOPES.items() if f"api:{scope_of(name)}" in permissions}
    refused = Program(client, clinic, *(set(SCOPES) - allowing))
    let_in = Program(client, clinic, scope_of(name))

    assert ask(refused, name, paths[name]).status_code == 403
    assert ask(let_in, name, paths[name]).status_code in {200, 201}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_nothing_opens_without_a_token(client, clinic, paths, name):
    stranger = Program(client, clinic)
    stranger.secret = "aft_nothing"

    assert ask(stranger, name, paths[name]).status_code == 401


@pytest.mark.parametrize("name", FINDING)
def test_another_organisation_finds_nothing(client, clinic, paths, name):
    outsider = Program(client, make_organisation())

    assert ask(outsider, name, paths[name]).status_code == 404
    assert ask(Program(client, clinic), name, paths[name]).status_code in {200, 201}


@pytest.mark.parametrize("name", TAKING)
def test_bodies_that_cannot_be_are_refused_alike(client, clinic, paths, name):
    program = Program(client, clinic)

    def status(body, kind="application/json"):
        return ask(program, name, paths[name], data=body, content_type=kind).status_code

    assert status("{") == 400
    assert status("{}", "text/plain") == 415
    assert status(b" " * (bodies.MOST_BYTES + 1)) == 413
    assert status("[]") == 422
    assert status('{"surprise": 1}') == 422


@pytest.mark.parametrize("name", ASKING)
def test_queries_that_cannot_be_are_refused_alike(client, clinic, paths, name):
    program = Program(client, clinic)

    assert ask(program, name, f"{paths[name]}?limit=0").status_code == 422
    assert ask(program, name, f"{paths[name]}?cursor=nonsense").status_code == 422
