import gzip

import pytest
from werkzeug.exceptions import BadRequest

from aftercare.http import bodies
from tests.factories import make_organisation
from tests.programs import Program


@pytest.fixture
def program(client, monday):
    return Program(client, make_organisation())


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b'{"name": "Ana"', b"\xff\xfe", b'"\\ud800"', b'{"\\ud800": 1}', b'{"name": "Ana", "name": "Bo"}',
        b"NaN", b"[Infinity]", b'{"a": {"b": 1, "b": 2}}', b"[" * 100_000, b"1" * 5000, b"{'name': 'Ana'}",
    ],
)  # fmt: skip
def test_a_body_that_is_not_json_is_refused(body):
    with pytest.raises(BadRequest):
        bodies.parse(body)


def test_json_is_read_as_it_is():
    assert bodies.parse('{"name": "Ana 🌅", "list": [1, 2.5, true, null, {}]}'.encode()) == {
        "name": "Ana 🌅",
        "list": [1, 2.5, True, None, {}],
    }


@pytest.mark.parametrize(
    "given",
    [
        {"data": '{"name": "Ana"}'},
        {"data": '{"name": "Ana"}', "content_type": "text/plain"},
        {"data": '{"name": "Ana"}', "content_type": "application/json; charset=utf-16"},
        {"data": {"name": "Ana"}},
        {
            "data": gzip.compress(b'{"name": "Ana"}'),
            "content_type": "application/json",
            "headers": {"Content-Encoding": "gzip"},
        },
    ],
)
def test_another_kind_of_body_is_refused(program, given):
    answer = program.ask("POST", "/patients", **given)

    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")


def test_a_body_may_name_its_charset(program):
    answer = program.ask("POST", "/patients", data='{"name": "Ana"}', content_type="application/json; charset=UTF-8")

    assert answer.status_code == 201


def test_a_body_that_is_too_large_is_refused(program):
    answer = program.post("/patients", {"name": "Ana", "more": "x" * bodies.MOST_BYTES})

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


@pytest.mark.parametrize(("body", "status"), [("{", 400), ('{"name": "Ana", "name": "Bo"}', 400), ('"Ana"', 422)])
def test_a_broken_body_is_a_problem_document(program, body, status):
    answer = program.ask("POST", "/patients", data=body, content_type="application/json")

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1" + "0" * 400, "1e400", "1e300", "1.5", "true", '"5"'])
def test_a_number_that_cannot_be_is_refused_by_member(program, number):
    answer = program.ask("POST", "/meetings", data=f'{{"capacity": {number}}}', content_type="application/json")

    assert answer.status_code == 422
    assert "capacity" in answer.json["errors"]
