import pytest
from sqlalchemy import select

from aftercare.calendars.models import Feed
from aftercare.core.db import db
from aftercare.people.access import SCOPES
from tests.factories import make_organisation, make_person
from tests.programs import Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def path(clinic):
    return f"/patients/{make_person(clinic).id}/calendars"


def test_a_calendar_is_read_at_the_address_that_is_said_once(client, program, path):
    answer = program.post(path, {"name": "Ana's phone", "level": "full"})

    assert (answer.status_code, answer.json["name"], answer.json["level"]) == (201, "Ana's phone", "full")
    assert answer.json["url"].startswith("http://localhost/c/")
    read = client.get(answer.json["url"].removeprefix("http://localhost"))
    assert (read.status_code, read.mimetype) == (200, "text/calendar")


def test_a_calendar_is_discreet_unless_told_otherwise(program, path):
    assert program.post(path, {}).json["level"] == "discreet"


def test_a_repeated_request_gets_the_same_address(program, path):
    headers = {"Idempotency-Key": "phone-1"}

    first, again = (program.post(path, {}, headers=headers).json["url"] for _ in range(2))

    assert first == again
    assert len(db.session.scalars(select(Feed)).all()) == 1


@pytest.mark.parametrize(
    ("body", "member"), [({"level": "loud"}, "level"), ({"name": ""}, "name"), ({"person_id": "x"}, "person_id")]
)
def test_a_calendar_that_cannot_be_is_refused(program, path, body, member):
    answer = program.post(path, body)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [member])
    assert db.session.scalars(select(Feed)).all() == []


def test_a_patient_has_only_so_many(program, path):
    statuses = [program.post(path, {}).status_code for _ in range(21)]

    assert (set(statuses[:20]), statuses[20]) == ({201}, 409)


def test_an_outsider_makes_none(client, program, path):
    assert Program(client, make_organisation()).post(path, {}).status_code == 404
    assert db.session.scalars(select(Feed)).all() == []


@pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"calendars:write"}))
def test_other_scopes_make_none(client, clinic, path, scope):
    assert Program(client, clinic, scope).post(path, {}).status_code == 403
