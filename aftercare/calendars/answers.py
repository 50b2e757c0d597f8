"""How a feed is answered: "not modified", or its bytes as the reader's program takes them (calendars.md, "Serve")."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Response
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags

MAX_AGE = 900
ZIPPED = "-gzip"
TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """What a program says of itself: whether it unpacks, and what it holds already."""

    takes_gzip: bool
    tags: str | None
    since: str | None

    @property
    def is_conditional(self) -> bool:
        """Tell whether the program holds something already."""
        return self.tags is not None or self.since is not None


class Answer(Response):
    """An answer that never sets a cookie: a feed knows no visitor, and a cache could give the cookie to others."""

    def set_cookie(self, *_: Any, **__: Any) -> None:
        """Set nothing."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Say that the answer is the same whatever cookie came; a session that was looked at says otherwise."""
        headers = super().get_wsgi_headers(environ)
        if "Vary" in headers:
            headers["Vary"] = "Accept-Encoding"
        return headers


def asked(environ: Mapping[str, Any]) -> Asked:
    """Read what a program says of itself (WSGI)."""
    return Asked(
        takes_gzip=_takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")),
        tags=environ.get("HTTP_IF_NONE_MATCH"),
        since=environ.get("HTTP_IF_MODIFIED_SINCE"),
    )


def is_known(asking: Asked, tag: str, changed_at: datetime) -> bool:
    """Say whether the program that asks holds this very feed: If-None-Match wins over If-Modified-Since (RFC 9110)."""
    if asking.tags is not None:
        return _names(asking.tags, tag)
    since = parse_date(asking.since)
    return since is not None and changed_at.replace(microsecond=0) <= since


def labels(asking: Asked, tag: str, changed_at: datetime, *, scope: str) -> dict[str, str]:
    """Say what caches must know of a feed. `scope` is private or public."""
    # Two encodings are two representations: a strong tag tells them apart.
    return {
        "ETag": f'"{tag}{ZIPPED}"' if asking.takes_gzip else f'"{tag}"',
        "Last-Modified": _said(changed_at),
        "Cache-Control": f"{scope}, max-age={MAX_AGE}",
        "Vary": "Accept-Encoding",
    }


def content(asking: Asked, zipped: bytes) -> bytes:
    """Give the bytes of a feed as the program takes them."""
    return zipped if asking.takes_gzip else gzip.decompress(zipped)


def described(asking: Asked, taken: bytes) -> dict[str, str]:
    """Say what these bytes are."""
    said = {"Content-Type": TYPE, "Content-Length": str(len(taken))}
    return said | {"Content-Encoding": "gzip"} if asking.takes_gzip else said


def without_date(said: dict[str, str]) -> dict[str, str]:
    """Say what belongs to "not modified": the date of what is not sent does not (RFC 9110, 15.4.5)."""
    return {name: value for name, value in said.items() if name != "Last-Modified"}


def not_modified(asking: Asked, tag: str, changed_at: datetime, *, scope: str) -> Response:
    """Say that nothing has changed."""
    return Answer(status=304, headers=labels(asking, tag, changed_at, scope=scope))


def sent(asking: Asked, zipped: bytes, tag: str, changed_at: datetime, *, scope: str) -> Response:
    """Send a feed, packed if the program can unpack it."""
    taken = content(asking, zipped)
    return Answer(taken, headers=described(asking, taken) | labels(asking, tag, changed_at, scope=scope))


def gone(sentence: str) -> Response:
    """Say that there is nothing here any more."""
    return Answer(sentence, 410, content_type="text/plain; charset=utf-8")


def _names(tags: str, tag: str) -> bool:
    if tags in (f'"{tag}"', f'"{tag}{ZIPPED}"'):
        return True
    known = parse_etags(tags)
    return known.star_tag or known.contains_weak(tag) or known.contains_weak(tag + ZIPPED)


@lru_cache(maxsize=256)
def _takes_gzip(encodings: str) -> bool:
    return parse_accept_header(encodings, Accept).quality("gzip") > 0


@lru_cache(maxsize=1024)
def _said(changed_at: datetime) -> str:
    return http_date(changed_at)
