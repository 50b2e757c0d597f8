"""The API's document has one shape: what every operation says of itself, and what all of them answer alike."""

import pytest

from aftercare.http import api
from aftercare.people.access import SCOPES

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
WITH_BODY = {"post", "put", "patch"}


@pytest.fixture
def document(app):
    return app.extensions[api.EXTENSION]


@pytest.fixture
def operations(document):
    return {
        found["operationId"]: (method, path, found)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
        if method != "parameters"
    }


def test_it_is_openapi_3_1_under_our_prefix(document):
    assert document["openapi"] == "3.1.0"
    assert [path for path in document["paths"] if not path.startswith("/api/v1/")] == []


def test_every_route_of_the_api_is_described(app, operations):
    undescribed = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_") and rule.endpoint.partition(".")[2] not in operations
    }

    assert undescribed == set()


def test_every_operation_has_a_name_of_its_own_a_tag_and_a_sentence(document, operations):
    tags = {tag["name"] for tag in document["tags"]}
    described = [name for methods in document["paths"].values() for name in methods if name != "parameters"]
    found = [each for _, _, each in operations.values()]

    assert len(described) == len(operations)
    assert [each["operationId"] for each in found if not set(each["tags"]) <= tags] == []
    assert [each["operationId"] for each in found if not each["summary"].endswith(".")] == []


def test_every_operation_needs_a_scope_that_exists(operations):
    needed = {name: scopes_of(found) for name, (_, _, found) in operations.items()}

    assert {name: scopes for name, scopes in needed.items() if not scopes or not scopes <= set(SCOPES)} == {}


def test_every_refusal_is_a_problem_document(operations):
    others = {
        (name, status)
        for name, (_, _, found) in operations.items()
        for status, answer in found["responses"].items()
        if int(status) >= 400 and answer.get("content") != PROBLEM
    }

    assert others == set()


def test_every_operation_says_how_it_refuses(operations):
    silent = {
        name: expected - set(found["responses"])
        for name, (method, path, found) in operations.items()
        if (expected := refusals_of(method, path, found)) - set(found["responses"])
    }

    assert silent == {}


def test_no_operation_answers_by_default(operations):
    assert [name for name, (_, _, found) in operations.items() if "default" in found["responses"]] == []


def test_every_post_can_be_repeated_and_every_patch_says_its_version(operations):
    wanted = {"post": "Idempotency-Key", "patch": "If-Match"}
    without = [
        name
        for name, (method, _, found) in operations.items()
        if method in wanted and wanted[method] not in {each["name"] for each in found["parameters"]}
    ]

    assert without == []


def test_every_list_goes_by_cursor(operations):
    lists = {name: found for name, (_, _, found) in operations.items() if name.startswith("list_")}

    assert lists
    for found in lists.values():
        assert {"limit", "cursor"} <= {each["name"] for each in found["parameters"]}


def test_bodies_refuse_members_that_we_do_not_know(document, operations):
    for name, (_, _, found) in operations.items():
        if "requestBody" in found:
            schema = found["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
            assert document["components"]["schemas"][schema]["additionalProperties"] is False, name


def scopes_of(found):
    return {scope for needed in found["security"] for scope in needed["token"]}


def refusals_of(method, path, found):
    expected = {"401", "403"}
    if "{" in path:
        expected |= {"404"}
    if "requestBody" in found:
        expected |= {"400", "413", "415", "422"}
    if any(each.get("in") == "query" for each in found.get("parameters", [])):
        expected |= {"422"}
    if method == "patch":
        expected |= {"412", "428"}
    return expected
