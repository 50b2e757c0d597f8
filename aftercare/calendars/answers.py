"""How a feed is answered: "not modified", or its bytes as the reader's program takes them (calendars.md, "Serve")."""

import gzip
from datetime import datetime
from typing import Any

from flask import Response, request

MAX_AGE = 900
ZIPPED = "-gzip"


class Answer(Response):
    """An answer that never sets a cookie: a feed knows no visitor, and a cache could give the cookie to others."""

    def set_cookie(self, *_: Any, **__: Any) -> None:
        """Set nothing."""


def is_known(tag: str, changed_at: datetime) -> bool:
    """Say whether the program that asks holds this very feed: If-None-Match wins over If-Modified-Since (RFC 9110)."""
    if "If-None-Match" in request.headers:
        known = request.if_none_match
        return known.star_tag or known.contains_weak(tag) or known.contains_weak(tag + ZIPPED)
    since = request.if_modified_since
    return since is not None and changed_at.replace(microsecond=0) <= since


def not_modified(tag: str, changed_at: datetime, *, scope: str) -> Response:
    """Say that nothing has changed."""
    return _labelled(Answer(status=304), tag, changed_at, scope)


def sent(zipped: bytes, tag: str, changed_at: datetime, *, scope: str) -> Response:
    """Send a feed, packed if the program can unpack it. `scope` is private or public."""
    answer = Answer(zipped if _takes_gzip() else gzip.decompress(zipped), content_type="text/calendar; charset=utf-8")
    if _takes_gzip():
        answer.headers["Content-Encoding"] = "gzip"
    return _labelled(answer, tag, changed_at, scope)


def gone(sentence: str) -> Response:
    """Say that there is nothing here any more."""
    return Answer(sentence, 410, content_type="text/plain; charset=utf-8")


def _labelled(answer: Response, tag: str, changed_at: datetime, scope: str) -> Response:
    # Two encodings are two representations: a strong tag tells them apart.
    answer.set_etag(tag + ZIPPED if _takes_gzip() else tag)
    answer.last_modified = changed_at
    answer.headers["Cache-Control"] = f"{scope}, max-age={MAX_AGE}"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0
