"""A phone that subscribes to a calendar and asks for it, as phones do."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
from flask import current_app
from flask.testing import FlaskClient
from psycopg.rows import tuple_row
from sqlalchemy import event
from werkzeug.test import TestResponse

from aftercare.calendars import feeds
from aftercare.core import reader
from aftercare.core.db import db, transaction
from aftercare.people import devices
from aftercare.people.models import Person
from tests.calendars import content_lines

Event = dict[str, str]


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


class Statements(list[str]):
    """The statements sent to the database while this is open: by sessions, and ahead of them."""

    def __enter__(self) -> "Statements":
        self.is_open = True
        event.listen(db.engine, "before_cursor_execute", self._note)
        event.listen(_ahead().engine, "checkout", self._watch)
        _ahead().let_go()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_open = False
        event.remove(_ahead().engine, "checkout", self._watch)
        _ahead().let_go()
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Whether anybody wrote, SQLite says without looking at a table.
        if self.is_open and not statement.startswith(("BEGIN", "PRAGMA data_version")):
            self.append(statement)

    def _watch(self, connection: Any, *_: Any) -> None:
        """Hear of what a driver's connection sends, which no engine tells."""
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(lambda statement: self._note(None, None, statement))
        else:
            connection.cursor_factory = partial(_Told, note=self._note)


class _Told(psycopg.Cursor[Any]):
    def __init__(self, connection: Any, *, note: Callable[..., None], row_factory: Any = tuple_row) -> None:
        super().__init__(connection, row_factory=row_factory)
        self._tell = note

    def execute(self, query: Any, *given: Any, **more: Any) -> Any:
        self._tell(None, None, query)
        return super().execute(query, *given, **more)


def _ahead() -> reader.Reader:
    found: reader.Reader = current_app.extensions[reader.EXTENSION]
    return found
