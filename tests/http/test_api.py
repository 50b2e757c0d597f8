import base64
import json
from datetime import timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface

from aftercare.core import clock
from aftercare.core.db import transaction
from aftercare.people import devices, tokens
from tests.factories import make_meeting, make_organisation, make_person
from tests.programs import ROOT, Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


def test_a_program_needs_no_form_token(app, program):
    app.config["WTF_CSRF_ENABLED"] = True

    assert program.post("/patients", {"name": "Ana Rivera"}).status_code == 201


def test_without_a_token_nothing_opens(client, clinic):
    answer = client.get(f"{ROOT}/meetings")

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer aft_wrong", "Basic YTpi", "aft_wrong", "Bearer \xff"])
def test_a_token_that_is_none_opens_nothing(client, clinic, header):
    assert client.get(f"{ROOT}/meetings", headers={"Authorization": header}).status_code == 401


def test_a_session_of_a_browser_opens_nothing(app, client, clinic):
    admin = make_person(clinic, role="admin")
    with transaction():
        key = devices.open_device(admin, lasts=timedelta(hours=8))
    with client.session_transaction() as session:
        session["device"], session["_user_id"] = str(key), "anything"

    assert isinstance(app.session_interface, SecureCookieSessionInterface)
    assert client.get(f"{ROOT}/meetings").status_code == 401
    assert client.post(f"{ROOT}/patients", json={"name": "Ana"}).status_code == 401


def test_a_token_that_was_taken_back_opens_nothing(client, clinic, program):
    (token,) = tokens.tokens_of(clinic.id)
    with transaction():
        tokens.revoke_token(clinic.id, token.id)

    assert program.get("/meetings").status_code == 401


def test_a_token_that_has_run_out_opens_nothing(client, clinic, program, hold):
    with transaction():
        _, secret = tokens.make_token(clinic, name="Short", scopes=["meetings:read"], lasts=timedelta(hours=1))
    program.secret = secret
    assert program.get("/meetings").status_code == 200

    hold(clock.now() + timedelta(hours=2))

    assert program.get("/meetings").status_code == 401


def test_another_method_is_told_which_there_are(program):
    answer = program.ask("DELETE", "/meetings")

    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS", "POST"})
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["/nothing", "/meetings/41", "/meetings/not-an-id"])
def test_what_is_not_there_is_a_problem_document(program, path):
    answer = program.get(path)

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json["status"] == 404


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=1.0", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("kind=other", "kind"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=W10", "cursor"),
        ("cursor=WyIyMDI2Il0", "cursor"),
        ("cursor=" + "W" * 401, "cursor"),
    ],
)
def test_a_query_that_cannot_be_is_refused_by_member(program, query, member):
    answer = program.get(f"/meetings?{query}")

    assert (answer.status_code, list(answer.json["errors"])) == (422, [member])


def test_a_query_may_carry_what_we_do_not_know(program):
    assert program.get("/meetings?colour=blue").status_code == 200


def test_a_cursor_of_another_list_is_refused(program, clinic):
    for _ in range(2):
        make_person(clinic)
    meeting = make_meeting(clinic)
    cursor = program.get("/patients?limit=1").json["next"]

    assert program.get(f"/meetings/{meeting.id}/occurrences", query_string={"cursor": cursor}).status_code == 422


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_cursor_at_the_end_of_time_is_refused(program, clinic, moment):
    meeting = make_meeting(clinic)
    cursor = base64.urlsafe_b64encode(json.dumps([moment, str(meeting.id)]).encode()).decode()

    assert program.get(f"/meetings/{meeting.id}/occurrences", query_string={"cursor": cursor}).status_code == 422


def test_a_cursor_leads_nobody_into_another_organisation(client, program, clinic):
    people = [make_person(clinic) for _ in range(3)]
    outsider = Program(client, make_organisation())

    cursor = program.get("/patients?limit=1").json["next"]

    assert len(program.get("/patients", query_string={"cursor": cursor}).json["items"]) == len(people) - 1
    assert outsider.get("/patients", query_string={"cursor": cursor}).json == {"items": [], "next": None}


def test_answers_are_kept_by_nobody_and_set_no_cookie(program):
    answer = program.get("/meetings")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_the_manual_names_every_operation(client, clinic):
    document = client.get(f"{ROOT}/openapi.json").json
    manual = client.get(f"{ROOT}/docs").text

    names = [found["operationId"] for path in document["paths"].values() for found in path.values() if "tags" in found]
    assert len(names) > 10
    assert [name for name in names if f'<h3 id="{name}">' not in manual] == []
    assert "http://" not in manual.replace("http://localhost", "")
