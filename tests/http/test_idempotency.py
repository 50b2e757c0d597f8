import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.http import idempotency
from aftercare.http.models import KeptAnswer
from aftercare.people import accounts
from tests.factories import make_organisation
from tests.programs import ROOT, Program

ANA, BO = {"name": "Ana Rivera"}, {"name": "Bo Lindqvist"}
KEY = {"Idempotency-Key": "order-41"}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


def names(clinic):
    return [person.name for person in accounts.people_with_role(clinic.id, "patient")]


def test_a_request_repeated_with_its_key_is_done_once(program, clinic):
    first, again = (program.post("/patients", ANA, headers=KEY) for _ in range(2))

    assert names(clinic) == ["Ana Rivera"]
    assert (again.status_code, again.data, again.headers["Location"]) == (201, first.data, first.headers["Location"])


def test_without_a_key_a_repeated_request_is_another(program, clinic):
    program.post("/patients", ANA)
    program.post("/patients", ANA)

    assert names(clinic) == ["Ana Rivera", "Ana Rivera"]


def test_a_key_serves_one_request(program, clinic):
    program.post("/patients", ANA, headers=KEY)

    other = program.post("/patients", BO, headers=KEY)

    assert (other.status_code, list(other.json["errors"])) == (422, ["Idempotency-Key"])
    assert names(clinic) == ["Ana Rivera"]


def test_a_key_serves_one_path(program, clinic):
    program.post("/patients", ANA, headers=KEY)

    assert program.post("/meetings", ANA, headers=KEY).status_code == 422


def test_a_refusal_is_not_kept(program, clinic):
    assert program.post("/patients", {"name": ""}, headers=KEY).status_code == 422

    assert program.post("/patients", ANA, headers=KEY).status_code == 201


def test_callers_do_not_share_keys(client, program, clinic):
    other, outsider = Program(client, clinic), Program(client, make_organisation())

    answers = [each.post("/patients", ANA, headers=KEY) for each in (program, other, outsider)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json["id"] for answer in answers}) == 3
    assert len(names(clinic)) == 2


def test_a_key_is_forgotten_after_a_day(program, clinic, monday, hold):
    program.post("/patients", ANA, headers=KEY)

    hold(monday + timedelta(hours=25))

    assert program.post("/patients", BO, headers=KEY).status_code == 201
    assert names(clinic) == ["Ana Rivera", "Bo Lindqvist"]


def test_what_is_kept_is_sealed(program, clinic):
    program.post("/patients", ANA, headers=KEY)

    kept = db.session.scalars(select(KeptAnswer)).one()
    assert b"Ana" not in kept.body_sealed
    assert "order-41" not in kept.key


def test_old_answers_are_swept(program, clinic, monday):
    program.post("/patients", ANA, headers=KEY)

    with transaction():
        early = idempotency.sweep(monday + timedelta(hours=23))
        late = idempotency.sweep(clock.now() + timedelta(hours=25))

    assert (early, late) == (0, 1)


@pytest.mark.parametrize("key", ["", "two words", "é", "x" * 256])
def test_a_key_of_another_shape_is_refused(program, clinic, key):
    assert program.post("/patients", ANA, headers={"Idempotency-Key": key}).status_code == 422
    assert names(clinic) == []


def test_requests_at_once_with_one_key_are_done_once(app, program, clinic):
    """Real threads, each with a connection of its own."""
    headers = KEY | {"Authorization": f"Bearer {program.secret}"}
    gate, answers = threading.Barrier(6), []

    def send():
        gate.wait()
        answers.append(Client(app).post(f"{ROOT}/patients", json=ANA, headers=headers))

    db.session.rollback()
    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.data for answer in answers}) == 1
    assert names(clinic) == ["Ana Rivera"]
