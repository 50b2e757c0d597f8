"""The directory: from a secret, a phone or a bare id to the organisation that knows it, and nothing more."""

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from aftercare.core.crypto import digest
from aftercare.core.db import db
from aftercare.core.sealed import keyring
from aftercare.people.models import DirectoryEntry

Found = tuple[uuid.UUID, uuid.UUID]


def enter_secret(purpose: str, secret: str, *, organisation_id: uuid.UUID, subject_id: uuid.UUID) -> bytes:
    """Let a secret lead to its subject; give the hash that is kept."""
    key = digest(secret)
    db.session.add(DirectoryEntry(purpose=purpose, key=key, organisation_id=organisation_id, subject_id=subject_id))
    return key


def find_by_secret(purpose: str, secret: str) -> Found | None:
    """Find the organisation and subject of a secret."""
    return next(iter(_find(purpose, [digest(secret)])), None)


def enter_id(purpose: str, subject_id: uuid.UUID, *, organisation_id: uuid.UUID) -> None:
    """Let a public id lead to its organisation."""
    db.session.add(
        DirectoryEntry(purpose=purpose, key=subject_id.bytes, organisation_id=organisation_id, subject_id=subject_id)
    )


def enter_ids(purpose: str, subject_ids: Sequence[uuid.UUID], *, organisation_id: uuid.UUID) -> None:
    """Let many public ids lead to their organisation, in one statement."""
    keys = {"purpose": purpose, "organisation_id": organisation_id}
    if subject_ids:
        rows = [keys | {"key": subject_id.bytes, "subject_id": subject_id} for subject_id in subject_ids]
        db.session.execute(insert(DirectoryEntry), rows)


def find_by_id(purpose: str, subject_id: uuid.UUID) -> Found | None:
    """Find the organisation of a public id."""
    return next(iter(_find(purpose, [subject_id.bytes])), None)


def enter_phone(number: str, *, organisation_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Let a phone number (E.164) lead to a person."""
    enter_mark("phone", number, organisation_id=organisation_id, subject_id=person_id)


def find_by_phone(number: str) -> list[Found]:
    """Find everybody a phone number leads to, in every organisation."""
    return find_by_mark("phone", number)


def enter_mark(purpose: str, text: str, *, organisation_id: uuid.UUID, subject_id: uuid.UUID) -> None:
    """Let something that could be guessed lead to its subject: only its keyed hash is kept."""
    key = keyring().mark(text, purpose=purpose)
    db.session.add(DirectoryEntry(purpose=purpose, key=key, organisation_id=organisation_id, subject_id=subject_id))


def find_by_mark(purpose: str, text: str) -> list[Found]:
    """Find every subject of something that could be guessed."""
    return _find(purpose, keyring().marks(text, purpose=purpose))


def leave(purpose: str, *, organisation_id: uuid.UUID, subject_id: uuid.UUID) -> None:
    """Take a subject's entries of a purpose out."""
    entries = delete(DirectoryEntry).where(
        DirectoryEntry.purpose == purpose,
        DirectoryEntry.organisation_id == organisation_id,
        DirectoryEntry.subject_id == subject_id,
    )
    db.session.execute(entries)


def _find(purpose: str, keys: list[bytes]) -> list[Found]:
    wanted = (
        select(DirectoryEntry.organisation_id, DirectoryEntry.subject_id)
        .where(DirectoryEntry.purpose == purpose, DirectoryEntry.key.in_(keys))
        .order_by(DirectoryEntry.organisation_id, DirectoryEntry.subject_id)
    )
    return [(row.organisation_id, row.subject_id) for row in db.session.execute(wanted)]
