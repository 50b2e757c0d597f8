"""Calendars ahead of Flask: what has not changed is answered from one indexed row (calendars.md, "Serve").

All else goes on to Flask, which writes feeds anew. Nothing here ends in an error of ours: a phone that hears of one may
switch its calendar off, so that it is told "nothing new" instead, or given what this process sent last.
"""

import re
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from zoneinfo import ZoneInfo

import structlog
from flask import Flask

from aftercare.calendars import answers, board, feeds
from aftercare.calendars.answers import Asked
from aftercare.calendars.bodies import Body, Label
from aftercare.calendars.models import FeedBody, PublicBody
from aftercare.calendars.shelf import Shelf
from aftercare.core import clock
from aftercare.core.crypto import digest
from aftercare.core.db import db
from aftercare.core.reader import EXTENSION, Reader, Unanswered
from aftercare.http import headers

#: Feeds that a thread remembers; then it begins anew.
MOST_KNOWN = 1000
SECRETLY = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
_PERSONAL = re.compile(r"/c/([A-Za-z0-9_-]{22})\.ics")
_MEETING = re.compile(r"/m/([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\.ics")
_LIST = re.compile(r"/o/([A-Za-z0-9-]+)/meetings\.ics")
log = structlog.get_logger()


@dataclass(frozen=True)
class Wanted:
    """A feed that is asked for: by which questions it is found, the label alone or with its bytes."""

    kind: "Kind"
    given: dict[str, Any]

    @property
    def key(self) -> object:
        """Name it for what is kept in memory; a secret stands there as its hash."""
        return self.given["key"]


class TurnedOff(Exception):
    """The calendar is nobody's any more: what was sent of it must never go out again."""


class Kind(Protocol):
    """A kind of feed."""

    scope: str
    more: dict[str, str]

    def wanted(self, path: str) -> dict[str, Any] | None:
        """Read a path; None if it is none of this kind."""

    def find(self, given: dict[str, Any], *, whole: bool) -> "Found | None":
        """Give what is kept, if it is what would be written now; without its bytes unless it is wanted whole.

        Raise TurnedOff if there is none any more.
        """


@dataclass(frozen=True)
class Found:
    """A kept feed, and the day on which it is what would be written, unless something changes."""

    body: Body
    since: datetime
    until: datetime


class Personal:
    """The calendar of one device."""

    scope, more = "private", SECRETLY

    def __init__(self, reader: Reader) -> None:
        self._label = reader.question(feeds.WANTED)
        self._whole = reader.question(feeds.WANTED.add_columns(FeedBody.body))

    def wanted(self, path: str) -> dict[str, Any] | None:
        """Read a path."""
        match = _PERSONAL.fullmatch(path)
        return {"key": digest(match[1])} if match else None

    def find(self, given: dict[str, Any], *, whole: bool) -> "Found | None":
        """Give what is kept, if it is what would be written now."""
        row = (self._whole if whole else self._label).ask(**given)
        found = feeds.as_found(row) if row else None
        if row is None or found is None or found.off_since:
            raise TurnedOff
        if not found.kept or found.kept.version != found.version:
            return None
        return _found(found.kept, row[-1] if whole else b"", found.reader.zone)


class Public:
    """A feed that anybody may read, found by a key of its path."""

    scope = "public"

    def __init__(self, reader: Reader, statement: Any, read: Callable[[str], dict[str, Any] | None]) -> None:
        self._label = reader.question(statement)
        self._whole = reader.question(statement.add_columns(PublicBody.body))
        self.wanted, self.more = read, dict[str, str]()

    def find(self, given: dict[str, Any], *, whole: bool) -> "Found | None":
        """Give what is kept, if it is what would be written now."""
        row = (self._whole if whole else self._label).ask(**given)
        if row is None:
            return None
        label, body = (row[:-1], row[-1]) if whole else (row, b"")
        found = board.as_board(label, about=given["about"])
        return _found(found.kept, body, found.zone) if found.kept and found.is_current else None


class Ahead:
    """A WSGI application in front of another one."""

    def __init__(self, behind: WSGIApplication, reader: Reader, *, is_https: bool) -> None:
        self.behind, self._reader, self._shelf, self._fresh = behind, reader, Shelf(), threading.local()
        self._always = headers.of_every_answer(is_https=is_https)
        self._heads: dict[tuple[object, ...], list[tuple[str, str]]] = {}
        self._kinds: list[Kind] = [
            Personal(reader),
            Public(reader, board.WANTED_MEETING, _read_meeting),
            Public(reader, board.WANTED_ORGANISATION, _read_list),
        ]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or let Flask answer."""
        wanted = self._wanted(environ)
        if wanted is None:
            return self.behind(environ, start_response)
        asking = answers.asked(environ)
        try:
            body = self._find(wanted, asking)
        except Unanswered as trouble:
            log.warning("calendar_unread", kind=type(trouble.__cause__).__name__)
            body = None
        except TurnedOff:
            self._shelf.drop(wanted.key)
            body = None
        if body is None:
            return self._behind(wanted, asking, environ, start_response)
        return self._answer(wanted, asking, body, environ, start_response)

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

    def _find(self, wanted: Wanted, asking: Asked) -> Body | None:
        """Give what is kept, if it is current: as this thread found it, if nobody wrote since; else by its row."""
        known = self._known()
        found, now = known.get(wanted.key), clock.now()
        if found is None or not found.since <= now < found.until or _lacks_bytes(found, asking):
            found = wanted.kind.find(wanted.given, whole=not asking.is_conditional)
        if found and _lacks_bytes(found, asking):
            found = wanted.kind.find(wanted.given, whole=True)
        if found is None:
            return None
        if known.get(wanted.key) is not found:
            known[wanted.key] = found
            if found.body.zipped:
                self._shelf.put(wanted.key, found.body)
        return found.body

    def _known(self) -> dict[object, Found]:
        """Give what this thread has found since anybody wrote into the database."""
        stamp = self._reader.stamp()
        known: dict[object, Found] | None = getattr(self._fresh, "found", None)
        if known is None or stamp is None or stamp != self._fresh.stamp or len(known) >= MOST_KNOWN:
            known = self._fresh.found = {}
            self._fresh.stamp = stamp
        return known

    def _answer(
        self, wanted: Wanted, asking: Asked, body: Body, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        is_known = answers.is_known(asking, body.tag, body.changed_at)
        content = b"" if is_known else answers.content(asking, body.zipped)
        start_response("304 NOT MODIFIED" if is_known else "200 OK", self._head(wanted, asking, body, content))
        return [] if is_known or environ["REQUEST_METHOD"] == "HEAD" else [content]

    def _head(self, wanted: Wanted, asking: Asked, body: Body, content: bytes) -> list[tuple[str, str]]:
        """Give the headers of an answer, written once for as long as the answer stays the same."""
        key = (wanted.kind.scope, body.tag, body.changed_at, asking.takes_gzip, len(content))
        head = self._heads.get(key)
        if head is None:
            if len(self._heads) >= MOST_KNOWN:
                self._heads.clear()
            said = answers.labels(asking, body.tag, body.changed_at, scope=wanted.kind.scope)
            said = said | answers.described(asking, content) if content else answers.without_date(said)
            head = self._heads[key] = [*(self._always | wanted.kind.more | said).items()]
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
        body = self._shelf.find(wanted.key)
        if body is not None:
            close()
            return self._answer(wanted, asking, body, environ, start_response)
        if asking.is_conditional:
            close()
            start_response("304 NOT MODIFIED", [*(self._always | wanted.kind.more).items()])
            return []
        start_response(held.status, held.headers)
        return content


def _found(label: Label, zipped: bytes, zone: str) -> Found:
    clocks = ZoneInfo(zone)
    today = clock.today(zone)
    begin, end = (datetime.combine(day, time(), clocks) for day in (today, today + timedelta(days=1)))
    return Found(Body(label.tag, label.changed_at, zipped), begin.astimezone(UTC), end.astimezone(UTC))


def _lacks_bytes(found: Found, asking: Asked) -> bool:
    return not found.body.zipped and not answers.is_known(asking, found.body.tag, found.body.changed_at)


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


def _read_meeting(path: str) -> dict[str, Any] | None:
    match = _MEETING.fullmatch(path)
    if match is None:
        return None
    meeting_id = uuid.UUID(match[1])
    return {"key": meeting_id.bytes, "about": str(meeting_id)}


def _read_list(path: str) -> dict[str, Any] | None:
    match = _LIST.fullmatch(path)
    return {"key": match[1].lower(), "about": ""} if match else None
