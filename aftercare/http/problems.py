"""One table: what went wrong -> what is answered. A page for people, a problem document (RFC 9457) for programs."""

from typing import Any

import structlog
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from aftercare.core import errors, logs
from aftercare.http import pages

FORGED = "This page was open too long. Go back, reload it, and try again."
UNKEPT = "Something in what was sent cannot be kept. Type it anew, without signs that cannot be seen."
CRASHED = "Something went wrong on our side. Nothing was saved. Try again in a minute."
STATUS: dict[type[errors.Refused], int] = {
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Stale: 412,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Refused: 400,
}
log = structlog.get_logger()


def register(app: Flask) -> None:
    """Answer every refusal and every crash of an application."""
    app.register_error_handler(errors.Refused, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unkept)
    app.register_error_handler(Exception, _crashed)


def status_of(refusal: errors.Refused) -> int:
    """Say the HTTP status of a refusal."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def problem(status: int, sentence: str, **more: Any) -> Response:
    """Write a problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": _title(status), "status": status, "detail": sentence, **more}
    answer = jsonify({key: value for key, value in body.items() if value is not None})
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def _refused(refusal: errors.Refused) -> Response:
    more: dict[str, Any] = {"code": refusal.code}
    if isinstance(refusal, errors.Invalid) and refusal.fields:
        more["errors"] = refusal.fields
    answer = _answer(status_of(refusal), refusal.sentence, _in_their_language(refusal), **more)
    if isinstance(refusal, errors.TooMany):
        answer.headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, errors.NotSignedIn) and _wants_json():
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _in_their_language(refusal: errors.Refused) -> str:
    """Say a refusal as the reader reads: whole, or field by field where it only strings its fields together."""
    if isinstance(refusal, errors.Invalid) and refusal.sentence == " ".join(refusal.fields.values()):
        return " ".join(map(pages.translated, refusal.fields.values()))
    return pages.translated(refusal.sentence)


def _forged(_error: CSRFError) -> Response:
    return _answer(400, FORGED, pages.translated(FORGED))


def _unkept(error: DataError) -> Response:
    """Answer what PostgreSQL has no room for, like the sign of number zero in a text."""
    log.warning("unkept", kind=type(error.orig).__name__, where=logs.where(error))
    return _answer(422, UNKEPT, pages.translated(UNKEPT))


def _http(error: HTTPException) -> Response:
    sentence = str(error.description or "")
    # What the library says of itself is no sentence of ours: the page says the general one.
    own = "" if error.description == type(error).description else pages.translated(sentence)
    answer = _answer(error.code or 500, sentence, own, **_schema_errors(error))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "location", "www-authenticate"}:
            answer.headers[name] = value
    return answer


def _crashed(error: Exception) -> Response:
    log.error("crashed", kind=type(error).__name__, where=logs.where(error))
    if _wants_json():
        return problem(500, CRASHED)
    try:
        return _page(500, pages.translated(CRASHED))
    except Exception as another:  # whatever breaks pages may break this one too
        log.error("crashed", kind=type(another).__name__, where=logs.where(another))
        return Response(current_app.jinja_env.get_template("errors/plain.html").render(), 500)


def _answer(status: int, sentence: str, translated: str, **more: Any) -> Response:
    """Answer a program in English, a person in their language."""
    return problem(status, sentence, **more) if _wants_json() else _page(status, translated)


def _page(status: int, sentence: str) -> Response:
    return Response(render_template("errors/error.html", status=status, sentence=sentence), status)


def _wants_json() -> bool:
    return request.path.startswith("/api/") or request.path.endswith(".json")


def _schema_errors(error: HTTPException) -> dict[str, Any]:
    """Give what marshmallow found wrong (flask-smorest leaves it in `data`)."""
    found = getattr(error, "data", None) or {}
    return {"errors": found["messages"]} if found.get("messages") else {}


def _title(status: int) -> str:
    return {
        400: "Bad request",
        401: "Not signed in",
        403: "Not allowed",
        404: "Not found",
        405: "Method not allowed",
        409: "Conflict",
        410: "Gone",
        412: "Changed meanwhile",
        413: "Too large",
        415: "Unsupported media type",
        422: "Cannot be understood",
        428: "Say which version",
        429: "Too many requests",
    }.get(status, "Problem")
