"""A phone that subscribes to a calendar and asks for it, as phones do."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from aftercare.calendars import feeds
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
    """The statements sent to the database while this is open."""

    def __enter__(self) -> "Statements":
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.append(statement)
