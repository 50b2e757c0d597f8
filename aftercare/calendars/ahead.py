"""Calendars ahead of Flask: what has not changed is answered from one indexed row (calendars.md, "Serve").

All else goes on to Flask, which writes feeds anew. Nothing here ends in an error of ours: a phone that hears of one may
switch its calendar off, so that it is told "nothing new" instead, or given what this process sent last.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask

from aftercare.calendars import answers, kinds
from aftercare.calendars.answers import Asked
from aftercare.calendars.kinds import Found, Head, Kind, TurnedOff
from aftercare.calendars.shelf import Shelf
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.reader import EXTENSION, Reader, Unanswered
from aftercare.http import headers

#: Feeds that a thread remembers; then it begins anew.
MOST_KNOWN = 1000
log = structlog.get_logger()


@dataclass(frozen=True)
class Wanted:
    """A feed that is asked for, and by what it is found."""

    kind: Kind
    given: dict[str, Any]

    @property
    def key(self) -> object:
        """Name it for what is kept in memory; a secret stands there as its hash."""
        return self.given["key"]


class Ahead:
    """A WSGI application in front of another one."""

    def __init__(self, behind: WSGIApplication, reader: Reader, *, is_https: bool) -> None:
        self.behind, self._reader, self._fresh = behind, reader, threading.local()
        self._shelf = Shelf[Found]()
        self._always = headers.of_every_answer(is_https=is_https)
        self._kinds = kinds.kinds(reader)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or let Flask answer."""
        wanted = self._wanted(environ)
        if wanted is None:
            return self.behind(environ, start_response)
        asking = answers.asked(environ)
        try:
            found = self._find(wanted, asking)
        except Unanswered as trouble:
            log.warning("calendar_unread", kind=type(trouble.__cause__).__name__)
            found = None
        except TurnedOff:
            self._shelf.drop(wanted.key)
            found = None
        if found is None:
            return self._behind(wanted, asking, environ, start_response)
        return self._answer(wanted, asking, found, environ, start_response)

    def _wanted(self, environ: WSGIEnvironment) -> Wanted | None:
        path = environ["PATH_INFO"]
        if not path.endswith(".ics") or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        for kind in self._kinds:
            given = kind.wanted(path)
            if given is not None:
                is_plain = kind.scope == "private" or not environ.get("QUERY_STRING")
                return Wanted(kind, given) if is_plain else None
        return None

    def _find(self, wanted: Wanted, asking: Asked) -> Found | None:
        """Give what is kept, if it is current: as this thread found it, if nobody wrote since; else by its row."""
        known, now = self._known(), clock.now()
        found = known.get(wanted.key)
        if found is not None and found.is_of(now) and found.answers(asking):
            return found
        before = self._shelf.find(wanted.key)
        is_small = asking.is_conditional or (before is not None and before.size > 0)
        found = wanted.kind.find(wanted.given, before, now, whole=not is_small)
        if found is not None and not found.answers(asking):
            found = wanted.kind.find(wanted.given, None, now, whole=True)
        if found is not None:
            known[wanted.key] = found
            if found is not before:
                self._shelf.put(wanted.key, found)
        return found

    def _known(self) -> dict[object, Found]:
        """Give what this thread has found since anybody wrote into the database."""
        stamp = self._reader.stamp()
        known: dict[object, Found] | None = getattr(self._fresh, "found", None)
        if known is None or stamp is None or stamp != self._fresh.stamp or len(known) >= MOST_KNOWN:
            known = self._fresh.found = {}
            self._fresh.stamp = stamp
        return known

    def _answer(
        self, wanted: Wanted, asking: Asked, found: Found, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        is_known = answers.is_known(asking, found.body.tag, found.body.changed_at)
        content = b"" if is_known else answers.content(asking, found.body.zipped)
        start_response("304 NOT MODIFIED" if is_known else "200 OK", self._head(wanted, asking, found, content))
        return [] if is_known or environ["REQUEST_METHOD"] == "HEAD" else [content]

    def _head(self, wanted: Wanted, asking: Asked, found: Found, content: bytes) -> Head:
        """Give the headers of an answer, written once for as long as the answer stays the same."""
        is_known, body = not content, found.body
        head = found.heads.get((is_known, asking.takes_gzip))
        if head is None:
            said = answers.labels(asking, body.tag, body.changed_at, scope=wanted.kind.scope)
            said = answers.without_date(said) if is_known else said | answers.described(asking, content)
            head = found.heads[is_known, asking.takes_gzip] = [*(self._always | wanted.kind.more | said).items()]
        return head.copy()

    def _behind(
        self, wanted: Wanted, asking: Asked, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let Flask answer; in place of an error of ours, send what was sent last, or say that there is nothing new."""
        held = Held()
        content = self.behind(environ, held)
        if not held.status.startswith("5"):
            start_response(held.status, held.headers)
            return content
        close = getattr(content, "close", lambda: None)
        last = self._shelf.find(wanted.key)
        if last is not None and last.answers(asking):
            close()
            return self._answer(wanted, asking, last, environ, start_response)
        if asking.is_conditional:
            close()
            start_response("304 NOT MODIFIED", [*(self._always | wanted.kind.more).items()])
            return []
        start_response(held.status, held.headers)
        return content


def register(app: Flask, *, is_https: bool) -> None:
    """Put this in front of an application that is otherwise whole."""
    with app.app_context():
        reader = app.extensions[EXTENSION] = Reader(db.engine)
    app.wsgi_app = Ahead(app.wsgi_app, reader, is_https=is_https)  # type: ignore[method-assign]


class Held:
    """An answer's beginning, held back until it is known whether it may go out."""

    status: str
    headers: list[tuple[str, str]]

    def __call__(self, status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[..., Any]:
        """Take the beginning of an answer."""
        self.status, self.headers = status, headers
        return _write


def _write(_content: bytes) -> object:
    raise NotImplementedError("Flask gives its content back; nothing is written past it.")
