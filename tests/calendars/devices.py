"""A phone that subscribes to a calendar and asks for it, as phones do."""

import re
import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from re import Match
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from psycopg.pq import Trace
from sqlalchemy import event
from werkzeug.test import TestResponse

from aftercare.calendars import feeds
from aftercare.core import reader
from aftercare.core.db import db, transaction
from aftercare.people import devices
from aftercare.people.models import Person
from tests.calendars import content_lines

Event = dict[str, str]
#: What libpq writes of a statement that is prepared, of one that is run, and of one that needs no preparing.
SAID = re.compile(
    r"^F\t\d+\t"
    r'(?:Parse\t "(?P<name>.*?)" "(?P<text>.*?)" \d+(?: \d+)*$|Bind\t ".*?" "(?P<run>.*?)" |Query\t "(?P<asked>.*?)"$)',
    re.MULTILINE | re.DOTALL,
)


def subscribe(person: Person, level: str = "full", *, name: str = "My phone") -> str:
    """Make a calendar; give the path of its address."""
    with transaction():
        _, secret = feeds.create(person, name=name, level=level)
    return f"/c/{secret}.ics"


def sign_in(client: FlaskClient, person: Person) -> None:
    """Sign a patient in on a browser."""
    with transaction():
        key = devices.open_device(person, lasts=timedelta(hours=1))
    with client.session_transaction() as cookie:
        cookie["device"] = str(key)


def fetch(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """Ask for a calendar; a header is given as If_None_Match."""
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def shown(client: FlaskClient, path: str) -> list[Event]:
    """Ask for a calendar and give its events."""
    return content_lines.events(fetch(client, path).data)


def by_title(client: FlaskClient, path: str) -> dict[str, Event]:
    """Ask for a calendar and give its events by their titles."""
    return {event["SUMMARY"]: event for event in shown(client, path)}


class Statements(Sequence[str]):
    """The statements sent to the database while this is open: by sessions, and ahead of them."""

    def __enter__(self) -> "Statements":
        self._sent: list[str] = []
        self._wire = Wire()
        event.listen(db.engine, "before_cursor_execute", self._note)
        event.listen(_ahead().engine, "checkout", self._watch)
        _ahead().let_go()
        return self

    def __exit__(self, *_: object) -> None:
        self._hear()
        event.remove(_ahead().engine, "checkout", self._watch)
        _ahead().let_go()
        self._wire.close()
        event.remove(db.engine, "before_cursor_execute", self._note)

    def __len__(self) -> int:
        return len(self._hear())

    def __getitem__(self, number: Any) -> Any:
        return self._hear()[number]

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Whether anybody wrote, SQLite says without looking at a table.
        if not statement.startswith(("BEGIN", "PRAGMA data_version")):
            self._hear().append(statement)

    def _watch(self, connection: Any, *_: Any) -> None:
        """Hear of what a driver's connection sends, which no engine tells."""
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(lambda statement: self._note(None, None, statement))
        else:
            self._wire.listen(connection)

    def _hear(self) -> list[str]:
        self._sent += self._wire.heard()
        return self._sent


class Wire:
    """What PostgreSQL's own library writes down of what it sends over a connection."""

    def __init__(self) -> None:
        self._file = tempfile.NamedTemporaryFile()  # noqa: SIM115
        self._read, self._prepared = 0, dict[str, str]()

    def listen(self, connection: Any) -> None:
        """Listen in on a connection."""
        connection.pgconn.trace(self._file.fileno())
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)

    def heard(self) -> list[str]:
        """Give the statements that were run since this was asked before."""
        written = "" if self._file.closed else Path(self._file.name).read_text(encoding="utf-8")
        new, self._read = written[self._read :], len(written)
        return [statement for said in SAID.finditer(new) if (statement := self._run(said)) is not None]

    def close(self) -> None:
        """Listen no more: the connections are closed."""
        self._file.close()

    def _run(self, said: Match[str]) -> str | None:
        if said["asked"] is not None:
            return said["asked"]
        if said["text"] is None:
            return self._prepared[said["run"]]
        self._prepared[said["name"]] = said["text"]
        return None


def _ahead() -> reader.Reader:
    found: reader.Reader = current_app.extensions[reader.EXTENSION]
    return found
