"""Found meetings as JSON, ahead of Flask: no session, no routing, nobody recognised, for what anybody may read.

What cannot be read or found goes on to Flask, which says so. An answer is kept for its minute, as long as the list
stays as it is; where somebody looks is kept nowhere, here as elsewhere.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask
from sqlalchemy import bindparam, select
from werkzeug import Request

from aftercare.core import clock, logs
from aftercare.core.errors import Refused
from aftercare.core.reader import EXTENSION, Question, Reader, Unanswered
from aftercare.http import headers, visitors
from aftercare.meetings import finder_ask, finder_json
from aftercare.people.models import Organisation

#: Answers that a process keeps; one has 35 KB.
MOST_KEPT = 200
LONGEST_QUERY = 500
WANTED = select(
    Organisation.id, Organisation.slug, Organisation.zone, Organisation.language, Organisation.calendar_version
)
_PATH = re.compile(r"/o/([A-Za-z0-9-]{1,100})/meetings/find\.json")
Key = tuple[object, ...]
Answer = tuple[bytes, str]
log = structlog.get_logger()


class Ahead:
    """A WSGI application in front of another one."""

    def __init__(self, app: Flask, behind: WSGIApplication, *, is_https: bool) -> None:
        self.behind, self._app = behind, app
        self._always = headers.of_every_answer(is_https=is_https)
        self._question: Question | None = None
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or let Flask answer."""
        asked = _PATH.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "GET" else None
        answer = self._answer(asked[1].lower(), environ) if asked else None
        if answer is None:
            return self.behind(environ, start_response)
        body, cache = answer
        said = {"Content-Type": "application/json", "Content-Length": str(len(body))} | finder_json.headers(cache)
        start_response("200 OK", [*(said | self._always).items()])
        return [body]

    def _answer(self, slug: str, environ: WSGIEnvironment) -> Answer | None:
        reader: Reader = self._app.extensions[EXTENSION]
        try:
            row = self._asking(reader).ask(slug=slug)
            return self._kept_or_written(row, environ, reader) if row else None
        except Refused:
            return None
        except Unanswered as trouble:
            log.warning("search_unread", kind=type(trouble.__cause__).__name__)
            return None
        except Exception as trouble:  # Flask has a page for what breaks, and a line in the log.
            log.error("search_broke", kind=type(trouble).__name__, where=logs.where(trouble))
            return None

    def _asking(self, reader: Reader) -> Question:
        if self._question is None:
            self._question = reader.question(WANTED.where(Organisation.slug == bindparam("slug")))
        return self._question

    def _kept_or_written(self, row: tuple[Any, ...], environ: WSGIEnvironment, reader: Reader) -> Answer:
        query = environ.get("QUERY_STRING", "")
        key = (row, query, _minute(clock.now()))
        answer = self._kept.get(key)
        if answer is None:
            visitors.take(visitors.SEARCHES, row[0], remote=environ.get("REMOTE_ADDR", ""))
            with self._app.app_context(), finder_ask.without_session(reader):
                said, cache = finder_json.written(_organisation(row), Request(environ).args.to_dict())
            answer = said.encode(), cache
            if cache.startswith("public") and len(query) <= LONGEST_QUERY:
                self._keep(key, answer)
        return answer

    def _keep(self, key: Key, answer: Answer) -> None:
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


@lru_cache(maxsize=256)
def _organisation(row: tuple[Any, ...]) -> Organisation:
    """Give an organisation of no session, with what a search needs of it."""
    names = ("id", "slug", "zone", "language", "calendar_version")
    return Organisation(**dict(zip(names, row, strict=True)))


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def register(app: Flask, *, is_https: bool) -> None:
    """Put this in front of an application, behind what lays out the reader."""
    app.wsgi_app = Ahead(app, app.wsgi_app, is_https=is_https)  # type: ignore[method-assign]
