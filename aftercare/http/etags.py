"""Versions of what the API shows: ETag on what is read, If-Match on what is changed (RFC 9110, 13)."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, request
from werkzeug.exceptions import PreconditionRequired

from aftercare.core.errors import Stale

View = Callable[..., Any]


def shown(view: View) -> View:
    """Tag what a view shows; answer 304 to whoever has it already."""

    @wraps(view)
    def tagged(*args: Any, **kwargs: Any) -> Any:
        answer: Response = view(*args, **kwargs)
        tag = of(answer.get_json())
        answer.set_etag(tag)
        return _unchanged(tag) if _is_known(tag) else answer

    tagged.is_tagged = True  # type: ignore[attr-defined]  # what the documents of the API read
    return tagged


def needed(view: View) -> View:
    """Refuse a change that does not say which version it is meant for."""

    @wraps(view)
    def conditional(*args: Any, **kwargs: Any) -> Any:
        if not request.if_match:
            raise PreconditionRequired("Say which version you change: If-Match, with the ETag you read.")
        return view(*args, **kwargs)

    conditional.is_conditional = True  # type: ignore[attr-defined]
    return conditional


def match(document: Any) -> None:
    """Raise Stale unless the request was made for this version of a document (read under its lock)."""
    if of(document) not in request.if_match:
        raise Stale("This has changed since you read it. Read it again, then change it.")


def of(document: Any) -> str:
    """Make the tag of a document as it is shown."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:32]


def _is_known(tag: str) -> bool:
    return request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(tag)


def _unchanged(tag: str) -> Response:
    answer = Response(status=304)
    answer.set_etag(tag)
    return answer
