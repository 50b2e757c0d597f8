"""How tests sign in, and ask who is signed in."""

import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from aftercare.core.db import db, transaction
from aftercare.http import actor
from aftercare.people import devices, passwords
from aftercare.people.account_models import Account
from aftercare.people.models import Person
from tests.factories import make_person

PASSWORD = "four random words here"


def make_account(role: str = "counsellor", **given: Any) -> tuple[Account, Person]:
    """Make a member of staff who has set a password."""
    person = make_person(role=role, **given)
    with transaction():
        account = passwords.open_account(person, f"sam{person.id.hex}@elm.example")
        passwords.set_password(account, PASSWORD)
    return account, person


def sign_in_staff(client: FlaskClient, account: Account, **form: str) -> Any:
    """Post a password, the right one unless told otherwise."""
    return client.post("/staff/sign-in", data={"email": account.email, "password": PASSWORD} | form)


def sign_in_patient(client: FlaskClient, person: Person, *, lasts: timedelta = timedelta(hours=1)) -> devices.Key:
    """Put somebody's key into a browser, as if they had entered their code."""
    with transaction():
        key = devices.open_device(person, lasts=lasts)
    with client.session_transaction() as cookie:
        cookie["device"] = str(key)
    return key


def who(client: FlaskClient, path: str = "/staff/sign-in", **headers: str) -> actor.Actor | None:
    """Say who is signed in, as a request sees it."""
    with client:
        client.get(path, headers=headers)
        return actor.find()


def signed_in(client: FlaskClient) -> uuid.UUID | None:
    """Say which person is signed in."""
    found = who(client)
    return found.person_id if found else None


def statements(app: Flask) -> list[str]:
    """List the statements sent from now on, but for the beginnings of transactions."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    return sent
