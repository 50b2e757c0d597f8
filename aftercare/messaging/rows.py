"""Rows of the outbox, changed many at a time: one statement, whatever their number."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, or_, tuple_, update

from aftercare.core.db import db
from aftercare.messaging.models import Message
from aftercare.messaging.references import Reference
from aftercare.messaging.states import State, sources

TABLE = cast(Table, Message.__table__)
KEYS = ("organisation_id", "id", "occurs_on")
#: A message, the number of the try that this is about, and its new values.
Change = tuple[Reference, int, dict[str, Any]]


def reference_of(message: Message) -> Reference:
    """Name a message by its whole key."""
    return Reference(message.organisation_id, message.id, message.occurs_on)


def change_all(references: Iterable[Reference], values: dict[str, Any], *fence: ColumnElement[bool]) -> None:
    """Give the same values to several messages, if they are inside the fence."""
    keys = [(each.organisation_id, each.id, each.occurs_on) for each in references]
    if keys:
        named = tuple_(*(TABLE.c[key] for key in KEYS)).in_(keys)
        db.session.execute(update(TABLE).where(named, *_allowed(values), *fence).values(values))


def change_each(changes: Sequence[Change], *fence: ColumnElement[bool]) -> None:
    """Give messages values of their own if they are inside the fence; all changes name the same columns."""
    if not changes:
        return
    named = [TABLE.c[key] == bindparam(f"key_{key}") for key in (*KEYS, "attempts")]
    values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in changes[0][2]}
    allowed = _allowed(*(change[2] for change in changes))
    statement = update(TABLE).where(*named, *allowed, *fence).values(values)
    db.session.execute(statement, [_parameters(*change) for change in changes])


def change_one(change: Change, *fence: ColumnElement[bool]) -> bool:
    """Give one message new values if it is inside the fence, and say whether it was."""
    reference, attempts, values = change
    named = [TABLE.c[key] == getattr(reference, key) for key in KEYS]
    statement = update(TABLE).where(*named, TABLE.c.attempts == attempts, *_allowed(values), *fence).values(values)
    return bool(getattr(db.session.execute(statement), "rowcount", 0))


def _allowed(*values: dict[str, Any]) -> list[ColumnElement[bool]]:
    """Fence an UPDATE of states by the one table of what may become what; what stays as it is may stay."""
    wanted = {State(each["state"]) for each in values if "state" in each}
    # Spelled out, because an executemany takes no list of its own length.
    return [or_(*(TABLE.c.state == each for each in sorted(wanted.union(*map(sources, wanted)))))] if wanted else []


def may_become(state: State) -> ColumnElement[bool]:
    """Fence off the messages that may not go to a state from where they stand."""
    return TABLE.c.state.in_(sorted(sources(state)))


def _parameters(reference: Reference, attempts: int, change: dict[str, Any]) -> dict[str, Any]:
    key = {f"key_{name}": getattr(reference, name) for name in KEYS} | {"key_attempts": attempts}
    return key | {f"new_{column}": value for column, value in change.items()}
