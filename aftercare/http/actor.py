"""Who is asking. Wired by app.py: the people floor says how to find out, this floor only remembers."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app, g

from aftercare.core.errors import NotAllowed, NotSignedIn


@dataclass(frozen=True)
class Actor:
    """Somebody who is signed in, or a token; with what they may do (decided by people/access.py)."""

    organisation_id: uuid.UUID
    person_id: uuid.UUID | None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    language: str = "en"
    zone: str = "UTC"
    name: str = ""
    via: str = "session"
    attributes: dict[str, str] = field(default_factory=dict)

    def may(self, permission: str) -> bool:
        """Tell whether this actor may do a thing."""
        return permission in self.permissions

    @property
    def is_staff(self) -> bool:
        """Tell whether this is somebody who works for the organisation."""
        return bool(self.roles & {"counsellor", "manager", "admin"})


EXTENSION = "aftercare.actor_finder"


def find() -> Actor | None:
    """Give whoever is asking, or None; found once a request."""
    if "actor" not in g:
        finder: Callable[[], Actor | None] = current_app.extensions[EXTENSION]
        g.actor = finder()
    found: Actor | None = g.actor
    return found


def current() -> Actor:
    """Give whoever is asking; raise NotSignedIn if nobody is."""
    actor = find()
    if actor is None:
        raise NotSignedIn("Sign in first.")
    return actor


def person_id() -> uuid.UUID:
    """Give the person who is asking; raise NotAllowed for a token that stands for nobody."""
    asking = current().person_id
    if asking is None:
        raise NotAllowed("This needs a person, not a program.")
    return asking


def forget() -> None:
    """Look again at the next question: somebody has just signed in or out."""
    g.pop("actor", None)
