"""Who is asking: a browser that is signed in, or a program with a token. At most two queries; nothing is cached."""

from flask import request

from aftercare.core import clock
from aftercare.http.actor import Actor
from aftercare.http.dispatch import SAFE
from aftercare.people import access, devices, sessions, tokens

API = "/api/"
_BEARER = "bearer "


def load_actor() -> Actor | None:
    """Say who is asking. A program is heard only under /api/, and a browser only elsewhere."""
    return _program() if request.path.startswith(API) else _person()


def _program() -> Actor | None:
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(_BEARER):
        return None
    found = tokens.find_live(header[len(_BEARER) :].strip(), clock.now())
    if found is None:
        return None
    token, organisation = found
    return Actor(
        organisation_id=token.organisation_id,
        person_id=token.person_id,
        permissions=access.permissions_of_scopes(token.scopes),
        language=organisation.language,
        zone=organisation.zone,
        name=token.name,
        via="token",
        attributes={"token_id": str(token.id)},
    )


def _person() -> Actor | None:
    key, now = sessions.key(), clock.now()
    if key is None or sessions.is_idle(now):
        return None
    known = devices.find_known(key, now)
    if known is None:
        return None
    roles = _roles(known)
    if not roles:
        return None
    _note_seen(known)
    person = known.person
    return Actor(
        organisation_id=person.organisation_id,
        person_id=person.id,
        roles=roles,
        permissions=access.permissions_of(roles),
        language=person.language,
        zone=person.zone,
        name=person.name,
        attributes={"device_id": str(known.device.id)},
    )


def _roles(known: devices.Known) -> frozenset[str]:
    """Give the roles that this way of signing in is good for: a phone never opens what staff may do."""
    if not sessions.is_staff():
        return known.roles & access.BY_PHONE
    account = sessions.account()
    is_theirs = account is not None and account.person_id == known.person.id
    return known.roles if is_theirs else frozenset()


def _note_seen(known: devices.Known) -> None:
    today = clock.today(known.person.zone)
    if request.method not in SAFE and known.device.last_seen_on != today:
        known.device.last_seen_on = today
