"""What the API's document says of every operation without being told: who may, what it refuses, how to repeat it."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from aftercare.http import idempotency

SCHEME = "token"
WHY = {
    HTTPStatus.BAD_REQUEST: "The body is not JSON.",
    HTTPStatus.UNAUTHORIZED: "There is no token, or it is not good any more.",
    HTTPStatus.FORBIDDEN: "The token lacks the scope that this needs.",
    HTTPStatus.NOT_FOUND: "There is no such thing in the organisation of the token.",
    HTTPStatus.PRECONDITION_FAILED: "The thing has changed since the ETag was read.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than 64 KiB.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Some members are not right; `errors` says which and why.",
    HTTPStatus.PRECONDITION_REQUIRED: "If-Match is missing.",
}
ETAG = {"description": "The version of what is shown.", "schema": {"type": "string"}}
#: The headers of an answer that says where the new thing is.
LOCATED = {
    "Location": {"description": "Where the new thing is.", "schema": {"type": "string", "format": "uri-reference"}}
}


def head(prefix: str) -> dict[str, Any]:
    """Give the head of the document: what the API is, and how a program shows who it is."""
    scheme = {"type": "http", "scheme": "bearer", "description": "`aftercare token create` makes one."}
    return {
        "info": {
            "description": (
                "Meetings, their dates, who comes, and what it adds up to, for the programs of one organisation. "
                "Lists go on at `next`. Errors are problem documents (RFC 9457)."
            )
        },
        "servers": [{"url": "/"}],
        "components": {"securitySchemes": {SCHEME: scheme}},
        "externalDocs": {"url": f"{prefix}/docs", "description": "The same for people"},
    }


def facts(view: Callable[..., Any], rule: str) -> dict[str, Any]:
    """Gather what the decorators of a view say; raise TypeError for a view that declares no scope."""
    permission = getattr(view, "permission", "")
    if not permission.startswith("api:"):
        raise TypeError(f"{view.__name__} declares no scope: put @guards.needs above it.")
    return {
        "name": view.__name__,
        "scope": permission.removeprefix("api:"),
        "finds": "<" in rule,
        **{mark: getattr(view, mark, False) for mark in ("is_tagged", "is_conditional", "is_idempotent")},
    }


def complete(doc: dict[str, Any], info: Mapping[str, Any], **_: Any) -> dict[str, Any]:
    """Add what every operation of its kind takes and answers; flask-smorest calls this for each operation."""
    known = info["facts"]
    doc |= {"operationId": known["name"], "security": [{SCHEME: [known["scope"]]}]}
    doc["parameters"] = [*doc.get("parameters", []), *_headers(known)]
    for status in _refusals(doc, known):
        doc["responses"][status] = problem(status)
    if known["is_tagged"] and not known["is_conditional"]:
        doc["responses"][304] = {"description": "Nothing has changed since the ETag was read."}
    for status in info["success_status_codes"] if known["is_tagged"] else []:
        doc["responses"][status].setdefault("headers", {})["ETag"] = ETAG
    return doc


def problem(status: HTTPStatus, why: str = "") -> dict[str, Any]:
    """Describe one refusal."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": why or WHY.get(status, status.phrase), "content": content}


def _refusals(doc: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[HTTPStatus]:
    yield from (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    if known["finds"]:
        yield HTTPStatus.NOT_FOUND
    if known["is_conditional"]:
        yield from (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED)
    if "requestBody" in doc:
        yield from (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if "requestBody" in doc or 422 in doc["responses"] or known["is_idempotent"]:
        yield HTTPStatus.UNPROCESSABLE_ENTITY


def _headers(known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if known["is_conditional"]:
        tag = '"4f0c3b1de2a95c6e8d7f10b2a3c4d5e6"'
        shape = {"type": "string", "pattern": r'^(\*|"[!#-~]+")$', "examples": [tag]}
        yield _header("If-Match", "The ETag that was read, or * for any.", shape, required=True)
    elif known["is_tagged"]:
        yield _header("If-None-Match", "The ETag that was read before.", {"type": "string"})
    if known["is_idempotent"]:
        shape = {"type": "string", "pattern": idempotency.SHAPE}
        yield _header(idempotency.HEADER, "Repeat the request with its key, and nothing is done twice.", shape)


def _header(name: str, why: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"in": "header", "name": name, "description": why, "required": required, "schema": schema}
