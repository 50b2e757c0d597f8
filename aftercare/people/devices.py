"""The browsers in which people are signed in: a row each, so that each can be ended by itself, at once."""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from aftercare.core import clock
from aftercare.core.crypto import digest
from aftercare.core.db import db
from aftercare.core.tokens import new_long_secret
from aftercare.people.models import Device, Person, PersonRole


@dataclass(frozen=True)
class Key:
    """What a browser shows to be known again; the secret is kept only there, its hash only here."""

    organisation_id: uuid.UUID
    device_id: uuid.UUID
    secret: str

    def __str__(self) -> str:
        return f"{self.organisation_id.hex}.{self.device_id.hex}.{self.secret}"


@dataclass(frozen=True)
class Known:
    """A browser that is signed in, whose it is, and what roles they have at this moment."""

    device: Device
    person: Person
    roles: frozenset[str]


def read_key(text: str) -> Key | None:
    """Read a key as it was written; None if it is none."""
    try:
        organisation, device, secret = text.split(".")
        return Key(uuid.UUID(organisation), uuid.UUID(device), secret)
    except ValueError:
        return None


def open_device(person: Person, *, lasts: timedelta, is_own_phone: bool = False) -> Key:
    """Sign a person in, in one more browser."""
    secret = new_long_secret()
    device = Device(
        organisation_id=person.organisation_id,
        person_id=person.id,
        key_hash=digest(secret),
        is_own_phone=is_own_phone,
        last_seen_on=clock.today(person.zone),
        expires_at=clock.now() + lasts,
    )
    db.session.add(device)
    db.session.flush()
    return Key(device.organisation_id, device.id, secret)


def find_known(key: Key, now: datetime) -> Known | None:
    """Find who is signed in by a key, in one query; None once it is over, ended, or the person has left."""
    wanted = (
        select(Device, Person, PersonRole.role)
        .join(Person, (Person.organisation_id == Device.organisation_id) & (Person.id == Device.person_id))
        .outerjoin(
            PersonRole,
            (PersonRole.organisation_id == Device.organisation_id) & (PersonRole.person_id == Device.person_id),
        )
        .where(Device.organisation_id == key.organisation_id, Device.id == key.device_id)
    )
    rows = db.session.execute(wanted).all()
    if not rows or not _is_live(rows[0][0], rows[0][1], key, now):
        return None
    return Known(rows[0][0], rows[0][1], frozenset(role for _, _, role in rows if role))


def close_device(organisation_id: uuid.UUID, device_id: uuid.UUID) -> None:
    """End the sign-in of one browser."""
    _close(update(Device).where(Device.organisation_id == organisation_id, Device.id == device_id))


def close_devices(organisation_id: uuid.UUID, person_id: uuid.UUID, *, but: uuid.UUID | None = None) -> int:
    """End every sign-in of a person, but one perhaps; say how many."""
    theirs = update(Device).where(Device.organisation_id == organisation_id, Device.person_id == person_id)
    return _close(theirs.where(Device.id != but) if but else theirs)


def _close(matching: Any) -> int:
    closed = db.session.execute(matching.where(Device.revoked_at.is_(None)).values(revoked_at=clock.now()))
    return int(getattr(closed, "rowcount", 0))


def _is_live(device: Device, person: Person, key: Key, now: datetime) -> bool:
    return (
        hmac.compare_digest(bytes(device.key_hash), digest(key.secret))
        and device.revoked_at is None
        and now < device.expires_at
        and person.left_at is None
    )
