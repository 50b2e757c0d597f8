"""Browsers in which somebody is signed in already; that signing in works is shown by tests/people and the story."""

from datetime import timedelta

from flask.testing import FlaskClient

from aftercare.core import clock
from aftercare.core.db import transaction
from aftercare.people import accounts, devices, passwords
from aftercare.people.models import Person


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """Let a browser be that of a person: a patient's phone, or a staff session."""
    is_staff = bool(accounts.roles_of(person.organisation_id, person.id) & {"counsellor", "manager", "admin"})
    with transaction():
        key = devices.open_device(person, lasts=timedelta(hours=8))
        account = passwords.find_account(person) if is_staff else None
        if is_staff and account is None:
            account = passwords.open_account(person, f"sam{person.id.hex}@elm.example")
    with client.session_transaction() as cookie:
        cookie["device"] = str(key)
        if account is not None:
            cookie["_user_id"] = account.fs_uniquifier
            cookie["_fresh"] = True
            cookie["idle"] = timedelta(minutes=30).total_seconds()
            cookie["seen"] = clock.now().timestamp()
    return client
