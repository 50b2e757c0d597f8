"""Reading leaves a trace: whoever looks at a person's record is noted, with what they looked at (product.md 7.2)."""

import uuid
from collections.abc import Sequence

from aftercare.audit import trail
from aftercare.http import actor


def note(act: str, *, about: str, about_id: uuid.UUID, person_id: uuid.UUID | None = None) -> None:
    """Note that whoever is asking reads a record."""
    trail.record(
        act, organisation_id=actor.current().organisation_id, about=about, about_id=about_id, person_id=person_id,
        actor_id=caller(),
    )  # fmt: skip


def note_list(act: str, *, about: str, ids: Sequence[uuid.UUID], of: uuid.UUID | None = None) -> None:
    """Note that whoever is asking reads a page of a list in order of ids: its ends say what was on it."""
    trail.record(
        act, organisation_id=actor.current().organisation_id, about=about, about_id=of, actor_id=caller(),
        count=len(ids), first=str(ids[0]) if ids else None, last=str(ids[-1]) if ids else None,
    )  # fmt: skip


def caller() -> uuid.UUID:
    """Say who acts: the person who is signed in, or whom a token stands for, else the token itself."""
    asking = actor.current()
    return asking.person_id or uuid.UUID(asking.attributes["token_id"])
