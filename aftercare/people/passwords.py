"""Staff accounts and their passwords: Flask-Security's rules and hashing, on our tables.

Second factor, recovery codes and passkeys have their columns and keys already; their doors stay shut for now.
"""

import base64
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from flask_security import Security, SQLAlchemyUserDatastore, hash_password, uia_email_mapper
from flask_security.forms import LoginForm
from flask_security.recoverable import generate_reset_password_token, reset_password_token_status
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from aftercare import config
from aftercare.audit import trail
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.core.sealed import keyring
from aftercare.people import devices
from aftercare.people.account_models import Account, Passkey
from aftercare.people.models import Person, PersonRole

LENGTH = 12
# Nobody's password is longer; the hash refuses some thousand characters with a crash.
LONGEST = 200
LINK_LASTS = timedelta(hours=24)
# Flask-Security declares other key types than ours, and asks for no more than the attributes.
_TABLES: Any = (Account, PersonRole, Passkey)


def register(app: Flask, settings: config.Settings) -> None:
    """Put Flask-Security on an application, without any of its routes."""
    with app.app_context():
        app.config.update(_settings(settings) | dict(settings.overrides))
    security = Security(app, SQLAlchemyUserDatastore(db, *_TABLES), register_blueprint=False)
    # Its own bearer tokens would be read from any query or JSON body; ours are in people/tokens.py.
    security.login_manager.request_loader(lambda _request: None)


def open_account(person: Person, email: str, *, by: uuid.UUID | None = None) -> Account:
    """Give a member of staff an account without a password; raise Conflict if the e-mail has one."""
    address = _normal(email)
    if db.session.scalars(select(Account).where(Account.email == address)).one_or_none():
        raise Conflict("This e-mail already has an account. Use another one.")
    account = Account(
        organisation_id=person.organisation_id, person_id=person.id, email=address, fs_uniquifier=uuid.uuid4().hex
    )
    person.email = address
    db.session.add(account)
    db.session.flush()
    _note("account.opened", account, by)
    return account


def find_account(person: Person) -> Account | None:
    """Find the account of somebody."""
    wanted = select(Account).where(Account.organisation_id == person.organisation_id, Account.person_id == person.id)
    return db.session.scalars(wanted).one_or_none()


def check_password(email: str, password: str) -> Account | None:
    """Give the open account that this e-mail and password belong to. Unknown e-mails take as long as known ones."""
    given = {"email": email.strip().lower(), "password": password[:LONGEST]}
    form = LoginForm(MultiDict(given), meta={"csrf": False})
    account: Any = form.user if form.validate() else None
    return account if isinstance(account, Account) else None


def set_password(account: Account, password: str) -> None:
    """Set a password, and end every sign-in and link that stood on the one before; raise Invalid if it is weak."""
    wrong, normal = current_app.extensions["security"].password_util.validate(password, False, user=account)
    if wrong or account.email.partition("@")[0] in normal.lower():
        sentence = "Use a longer password, without your e-mail in it. Four random words are good."
        raise Invalid(sentence, fields={"password": sentence})
    account.password = hash_password(normal)
    account.fs_uniquifier = uuid.uuid4().hex
    devices.close_devices(account.organisation_id, account.person_id)
    _note("account.password_set", account, account.person_id)


def close_account(account: Account, *, by: uuid.UUID | None = None) -> None:
    """Let an account sign in no more, and end its sign-ins at once."""
    account.active = False
    account.fs_uniquifier = uuid.uuid4().hex
    devices.close_devices(account.organisation_id, account.person_id)
    _note("account.closed", account, by)


def link_for(account: Account) -> str:
    """Write the link that sets the password, once, within a day."""
    token: str = generate_reset_password_token(account)  # type: ignore[no-untyped-call]
    return f"{config.current().base_url}/staff/password/{token}"


def find_by_link_token(token: str) -> Account | None:
    """Find the open account of a token that is neither used nor too old."""
    expired, invalid, account = reset_password_token_status(token)  # type: ignore[no-untyped-call]
    found: Account | None = account
    return found if found is not None and found.active and not expired and not invalid else None


def _normal(email: str) -> str:
    try:
        address: str = current_app.extensions["security"].mail_util.normalize(email.strip())
    except ValueError as error:
        sentence = "Enter an e-mail address, like sam@example.org."
        raise Invalid(sentence, fields={"email": sentence}) from error
    return address.lower()


def _note(act: str, account: Account, by: uuid.UUID | None) -> None:
    trail.record(
        act, organisation_id=account.organisation_id, about="account", about_id=account.id,
        person_id=account.person_id, actor_id=by,
    )  # fmt: skip


def _settings(settings: config.Settings) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        # No key of ours goes into the hash, so that keys can be changed and dropped; argon2 salts by itself.
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_SALT": "unused",
        # OWASP's figures: 20 ms and 19 MiB a try, so that a burst of tries does not stop the service.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__time_cost": 2,
            "argon2__memory_cost": 19456,
            "argon2__parallelism": 1,
        },
        "SECURITY_PASSWORD_LENGTH_MIN": LENGTH,
        "SECURITY_TOTP_SECRETS": _totp_secrets(),
        "SECURITY_TOTP_ISSUER": "Aftercare",
        "SECURITY_WAN_RP_NAME": "Aftercare",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_RESET_PASSWORD_WITHIN": LINK_LASTS,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper, "case_insensitive": False}}],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        # Sign-ins are bound to rows in `devices`, not to a network address that a phone changes every hour.
        "SESSION_PROTECTION": None,
        "REMEMBER_COOKIE_SECURE": settings.is_https,
        "REMEMBER_COOKIE_HTTPONLY": True,
    }


def _totp_secrets() -> dict[str, str]:
    """Make a secret of each key in force; the newest seals, all of them open."""
    ring = keyring()
    marks = ring.marks("totp", purpose="flask-security")
    return {
        str(version): base64.urlsafe_b64encode(mark).decode()
        for version, mark in zip(ring.by_version, marks, strict=True)
    }
