"""What a view needs, declared above it. A view without a guard fails tests/house/test_doors.py."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from aftercare.core.errors import NotAllowed
from aftercare.http import actor

View = Callable[..., Any]


def public(view: View) -> View:
    """Let anybody in."""
    view.permission = "public"  # type: ignore[attr-defined]  # what test_doors and the access table read
    return view


def needs(permission: str) -> Callable[[View], View]:
    """Let in whoever may do this, in their own organisation."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not actor.current().may(permission):
                raise NotAllowed("Your account may not do this. Ask an admin of your organisation.")
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def writes(view: View) -> View:
    """Say that a GET writes (a read of a person's record leaves a trace), so that SQLite takes its lock at once."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def without_csrf(view: View) -> View:
    """Say that a view checks its caller by other means (a signature, a bearer token)."""
    view.without_csrf = True  # type: ignore[attr-defined]
    return view
