"""Undo a change of a meeting within ten minutes. Which act is undone by what stands in one table, above all verbs."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict
from aftercare.meetings import aftermath, changes, closed, closures, dates, history, schedule, series_undo, substitutes
from aftercare.meetings.change_models import Closure, MeetingChange
from aftercare.meetings.models import Occurrence

#: Undoes a change for a person and says how many people are told. It notes nothing: the change says who undid it.
Undoing = Callable[[MeetingChange, uuid.UUID | None], int]


def _cancelled(change: MeetingChange, by: uuid.UUID | None) -> int:
    occurrence = _coming(change, by)
    return changes.put_on(occurrence, clock.now()) if occurrence.status == "cancelled" else 0


def _reinstated(change: MeetingChange, by: uuid.UUID | None) -> int:
    occurrence, closure_id = _coming(change, by), change.before.get("closure_id")
    if occurrence.status == "cancelled":
        return 0
    told = changes.put_off(occurrence, clock.now())
    # What a closure kept off opens with it again; what its rule no longer had was not called off by anybody.
    occurrence.closure_id = uuid.UUID(closure_id) if closure_id else None
    occurrence.is_called_off = change.before.get("called_off", closure_id is None)
    return told


def _moved(change: MeetingChange, by: uuid.UUID | None) -> int:
    occurrence, now = _coming(change, by), clock.now()
    to = datetime.fromisoformat(change.before["start_local"])
    starts_at, length = changes.checked_move(occurrence, to, change.before["minutes"], now)
    return changes.put_at(occurrence, to, starts_at, length, now=now, undoes=True)


def _placed(change: MeetingChange, by: uuid.UUID | None) -> int:
    place_id = change.before["place_id"]
    return dates.put_place(_coming(change, by), uuid.UUID(place_id) if place_id else None, clock.now(), undoes=True)


def _seats(change: MeetingChange, by: uuid.UUID | None) -> int:
    dates.put_seats(_coming(change, by), change.before["capacity"])
    return 0


def _noted(change: MeetingChange, by: uuid.UUID | None) -> int:
    dates.put_note(_coming(change, by), change.before["note"])
    return 0


def _added(change: MeetingChange, by: uuid.UUID | None) -> int:
    return changes.put_off(_coming(change, by), clock.now(), of="extra")


def _handed_over(change: MeetingChange, by: uuid.UUID | None) -> int:
    substitutes.put_substitutes(_coming(change, by), change.before["substitutes"], by=by)
    return 0


def _coming(change: MeetingChange, by: uuid.UUID | None) -> Occurrence:
    """Give the date that a change is about, locked; raise Conflict if it has begun."""
    assert change.occurrence_id is not None
    occurrence = schedule.lock_occurrence(change.organisation_id, change.occurrence_id)
    aftermath.refuse_if_begun(occurrence, clock.now())
    aftermath.record(occurrence, f"{change.act}.undone", by)
    return occurrence


UNDOING: Mapping[str, Undoing] = {
    "occurrence.cancelled": _cancelled,
    "occurrence.reinstated": _reinstated,
    "occurrence.moved": _moved,
    "occurrence.placed": _placed,
    "occurrence.capacity": _seats,
    "occurrence.noted": _noted,
    "occurrence.added": _added,
    "occurrence.substitute": _handed_over,
    "series.changed": series_undo.undo,
    "series.ended": series_undo.undo,
    "meeting.closed": closures.undo_closing,
    "meeting.reopened": closures.undo_lifting,
}


def undo(organisation_id: uuid.UUID, change_id: uuid.UUID, *, by: uuid.UUID | None) -> int:
    """Undo a change, once and within ten minutes; say how many people are told of it."""
    _lock(organisation_id, change_id)
    change = history.claim(organisation_id, change_id, by=by)
    if change.act not in UNDOING:
        raise Conflict("This cannot be undone. Change it once more instead.", code="not_undoable")
    return UNDOING[change.act](change, by)


def undo_closure(organisation_id: uuid.UUID, closure_id: uuid.UUID, *, by: uuid.UUID | None) -> int:
    """Undo all of a closure, once and within ten minutes; say how many people are told of it."""
    closure = closures.lock(organisation_id, closure_id)
    if closure.lifted_at is not None:
        raise Conflict("This is open again already.", code="lifted")
    if not can_undo_closure(closure):
        raise Conflict("This was more than 10 minutes ago. It can be changed, but not undone.", code="too_late")
    noted = _noted_of(closure)
    if noted:
        change = next((each for each in noted if not history.is_changed_since(each)), noted[0])
        return undo(organisation_id, change.id, by=by)
    # It changed no date, so that no meeting's history tells of it.
    trail.record(
        "meeting.closed.undone", organisation_id=organisation_id, about="closure", about_id=closure_id, actor_id=by
    )  # fmt: skip
    return closures.put_open(closure, clock.now(), by=by).told


def can_undo_closure(closure: Closure) -> bool:
    """Tell whether a closure stands that was made within the last ten minutes."""
    return closure.lifted_at is None and closure.made_at > clock.now() - history.UNDOABLE_FOR


def _noted_of(closure: Closure) -> Sequence[MeetingChange]:
    """Give what the histories of its meetings say of a closure, one change of each."""
    wanted = select(MeetingChange).where(
        MeetingChange.organisation_id == closure.organisation_id,
        MeetingChange.act == "meeting.closed",
        MeetingChange.at >= closure.made_at,
        MeetingChange.undone_at.is_(None),
    )
    noted = db.session.scalars(wanted.order_by(MeetingChange.at, MeetingChange.id))
    return [each for each in noted if each.after["closure_id"] == str(closure.id)]


def _lock(organisation_id: uuid.UUID, change_id: uuid.UUID) -> None:
    """Lock what a change is about before the change: who changes it now is seen, and nobody waits in a circle."""
    change = history.find(organisation_id, change_id)
    if change is None or "closure_id" not in change.after:
        closed.hold(organisation_id)
    if change is not None and change.occurrence_id is not None:
        schedule.lock_occurrence(organisation_id, change.occurrence_id)
    elif change is not None and "closure_id" in change.after:
        closures.lock(organisation_id, uuid.UUID(change.after["closure_id"]))


def can_undo(change: MeetingChange) -> bool:
    """Tell whether there is a way to undo an act."""
    return change.act in UNDOING
