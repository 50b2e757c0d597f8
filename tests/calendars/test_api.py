import pytest
from sqlalchemy import select

from aftercare.calendars import feeds
from aftercare.calendars.models import Feed
from aftercare.core.db import db, transaction
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


def test_a_calendar_rings_and_says_as_it_is_told(client, program, path):
    made = program.post(path, {"level": "busy", "alarm_minutes": 30})
    where = made.headers["Location"].removeprefix("/api/v1")
    assert (made.json["alarm_minutes"], program.get(where).json["level"]) == (30, "busy")

    changed = program.patch(where, {"level": "full", "alarm_minutes": None})

    assert (changed.status_code, changed.json["level"], changed.json["alarm_minutes"]) == (200, "full", None)
    assert program.get(where).json == changed.json
    assert "url" not in changed.json
    assert [each["id"] for each in program.all_of(path, limit=1)] == [made.json["id"]]


@pytest.mark.parametrize("body", [{}, {"level": "loud"}, {"alarm_minutes": 45}, {"alarm_minutes": "30"}, {"name": "x"}])
def test_a_change_of_a_calendar_that_cannot_be_changes_nothing(program, path, body):
    where = program.post(path, {}).headers["Location"].removeprefix("/api/v1")
    before = program.get(where).json

    assert program.patch(where, body).status_code == 422
    assert program.get(where).json == before


def test_a_calendar_is_turned_off_and_its_phone_finds_it_empty(client, program, path):
    made = program.post(path, {})
    where = made.headers["Location"].removeprefix("/api/v1")

    off = program.post(f"{where}/revocation", None)

    assert (off.status_code, off.json["revoked_at"]) == (200, "2026-11-02T17:00:00Z")
    assert b"Calendar off" in client.get(made.json["url"].removeprefix("http://localhost")).data
    assert program.get(where).status_code == 404
    assert program.get(path).json["items"] == []


def test_the_calendar_of_another_patient_is_not_found(program, clinic, path):
    where = program.post(path, {}).headers["Location"].removeprefix("/api/v1")
    other = where.replace(path.split("/")[2], str(make_person(clinic).id))

    assert program.get(other).status_code == 404
    assert program.post(f"{other}/revocation", None).status_code == 404
    assert program.get(where).status_code == 200


def test_the_calendar_of_staff_is_no_calendar_of_a_patient(program, clinic):
    sam = make_person(clinic, role="counsellor")
    with transaction():
        feed, _secret = feeds.create(sam, name="Sam's phone", level="full")
    where = f"/patients/{sam.id}/calendars/{feed.id}"

    assert program.get(where).status_code == 404
    assert program.patch(where, {"level": "busy"}).status_code == 404
    assert program.post(f"{where}/revocation", None).status_code == 404
    assert feeds.of(sam) == [feed]
