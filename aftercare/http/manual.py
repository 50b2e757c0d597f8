"""The API's document as people read it: its operations by kind of thing, every member in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Member:
    """One thing that is given or shown."""

    name: str
    kind: str
    is_required: bool
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked."""

    name: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: list[Member]
    body: list[Member]
    shown: list[Member]
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class Chapter:
    """The operations of one kind of thing."""

    name: str
    summary: str
    operations: list[Operation]


def chapters(document: Document) -> list[Chapter]:
    """Give the chapters of the API's document, in the order of its doors."""
    return [
        Chapter(tag["name"], tag["description"], list(_operations(document, tag["name"]))) for tag in document["tags"]
    ]


def _operations(document: Document, tag: str) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, found in methods.items():
            if method != "parameters" and tag in found["tags"]:
                yield _operation(document, method, path, found, shared)


def _operation(document: Document, method: str, path: str, found: Document, shared: list[Any]) -> Operation:
    success = next(answer for status, answer in found["responses"].items() if status.startswith("2"))
    return Operation(
        name=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found["summary"],
        scope=next(iter(found["security"][0].values()))[0],
        parameters=[_parameter(each) for each in (*shared, *found.get("parameters", []))],
        body=_members(document, found.get("requestBody", {})),
        shown=_members(document, success),
        answers=sorted((status, answer["description"]) for status, answer in found["responses"].items()),
    )


def _parameter(given: Document) -> Member:
    kind = f"{given['in']}, {_kind(given['schema'])}"
    return Member(given["name"], kind, given.get("required", False), given.get("description", ""))


def _members(document: Document, given: Document) -> list[Member]:
    schema = given.get("content", {}).get("application/json", {}).get("schema", {})
    return list(_flat(document, schema, ""))


def _flat(document: Document, schema: Document, inside: str) -> Iterator[Member]:
    schema = _resolved(document, schema)
    for name, member in schema.get("properties", {}).items():
        within = _resolved(document, member)
        is_required = name in schema.get("required", [])
        kind = _kind(within) + (" or null" if {"type": "null"} in member.get("anyOf", []) else "")
        yield Member(inside + name, kind, is_required, member.get("description", ""))
        listed = within.get("items", {})
        yield from _flat(document, within, f"{inside}{name}.")
        yield from _flat(document, listed, f"{inside}{name}[].")


def _resolved(document: Document, schema: Document) -> Document:
    """Follow a reference; of "this or null", take this."""
    for choice in schema.get("anyOf", []):
        if "$ref" in choice:
            schema = choice
    if "$ref" not in schema:
        return schema
    found: Document = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def _kind(schema: Document) -> str:
    said = schema.get("type", "object")
    kinds = said if isinstance(said, list) else [said]
    if "enum" in schema:
        kinds = [*(str(word) for word in schema["enum"] if word is not None), *(k for k in kinds if k == "null")]
    return " or ".join(kinds) + (f" ({schema['format']})" if "format" in schema else "")
