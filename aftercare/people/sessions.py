"""What the session cookie holds of a sign-in: the key of a row in `devices`, and how long it may lie idle."""

from datetime import datetime, timedelta
from typing import Any, cast

import flask_security
from flask import current_app, g, session

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.http import actor
from aftercare.people import devices
from aftercare.people.account_models import Account
from aftercare.people.models import Person

STAFF_LASTS = timedelta(hours=8)
STAFF_IDLE = timedelta(minutes=30)
OWN_PHONE_LASTS = timedelta(days=90)
OTHER_PHONE_LASTS = timedelta(hours=12)

_DEVICE, _SEEN, _IDLE, _KEPT = "device", "seen", "idle", ("language",)
_REFRESH = timedelta(minutes=1)


def begin_as_staff(
    account: Account, person: Person, *, lasts: timedelta = STAFF_LASTS, idle: timedelta | None = STAFF_IDLE
) -> None:
    """Sign a member of staff in on this browser, in a session that shares nothing with the one before."""
    _start_afresh()
    flask_security.login_user(cast(Any, account), remember=False)
    _remember(devices.open_device(person, lasts=lasts), idle=idle, stays=False)
    _note(person, "signed_in.staff")


def begin_by_phone(person: Person, *, is_own_phone: bool = False, lasts: timedelta | None = None) -> None:
    """Sign in whoever has shown to hold a patient's phone, in a session that shares nothing with the one before."""
    _start_afresh()
    lasts = lasts or (OWN_PHONE_LASTS if is_own_phone else OTHER_PHONE_LASTS)
    key = devices.open_device(person, lasts=lasts, is_own_phone=is_own_phone)
    _remember(key, idle=None, stays=is_own_phone)
    _note(person, "signed_in.phone")


def end() -> None:
    """Sign out on this browser: its row is closed, so that a copy of the cookie is worth nothing."""
    asking = actor.find()
    if asking is not None and asking.person_id is not None:
        trail.record(
            "signed_out", organisation_id=asking.organisation_id, about="person", about_id=asking.person_id,
            person_id=asking.person_id, actor_id=asking.person_id,
        )  # fmt: skip
    _start_afresh()


def key() -> devices.Key | None:
    """Give the key that this browser shows."""
    return devices.read_key(str(session.get(_DEVICE, "")))


def is_idle(now: datetime) -> bool:
    """Tell whether the session lay unused for too long; note that it is in use if not."""
    if _IDLE not in session:
        return False
    since = now.timestamp() - session.get(_SEEN, 0)
    if since > session[_IDLE]:
        return True
    if since > _REFRESH.total_seconds():
        session[_SEEN] = now.timestamp()
    return False


def account() -> Account | None:
    """Give the account that signed in on this browser with its password, if it is still open."""
    signed_in: Any = flask_security.current_user
    return signed_in if signed_in.is_authenticated else None


def is_staff() -> bool:
    """Tell whether this browser signed in with a password."""
    return "_user_id" in session


def _start_afresh() -> None:
    """Forget everything but the language: no form token and nothing else survives a sign-in (fixation)."""
    before = key()
    if before is not None:
        devices.close_device(before.organisation_id, before.device_id)
    if is_staff():
        flask_security.logout_user()
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)
    actor.forget()


def _remember(opened: devices.Key, *, idle: timedelta | None, stays: bool) -> None:
    session[_DEVICE] = str(opened)
    session.permanent = stays
    if idle is not None:
        session[_IDLE] = idle.total_seconds()
        session[_SEEN] = clock.now().timestamp()


def _note(person: Person, act: str) -> None:
    trail.record(
        act, organisation_id=person.organisation_id, about="person", about_id=person.id,
        person_id=person.id, actor_id=person.id,
    )  # fmt: skip
