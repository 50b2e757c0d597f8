"""Undo a change of a meeting within ten minutes. Which act is undone by what stands in one table, above all verbs."""

import uuid
from collections.abc import Callable, Mapping

from aftercare.core.errors import Conflict
from aftercare.meetings import history
from aftercare.meetings.change_models import MeetingChange

#: Undoes a change for a person and says how many people are told. It notes nothing: the change says who undid it.
Undoing = Callable[[MeetingChange, uuid.UUID | None], int]

UNDOING: Mapping[str, Undoing] = {}


def undo(organisation_id: uuid.UUID, change_id: uuid.UUID, *, by: uuid.UUID | None) -> int:
    """Undo a change, once and within ten minutes; say how many people are told of it."""
    change = history.claim(organisation_id, change_id, by=by)
    if change.act not in UNDOING:
        raise Conflict("This cannot be undone. Change it once more instead.", code="not_undoable")
    return UNDOING[change.act](change, by)


def can_undo(change: MeetingChange) -> bool:
    """Tell whether there is a way to undo an act."""
    return change.act in UNDOING
