"""What undoing a change would come to: it is undone, looked at, and done again (product.md 2)."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select

from aftercare.core.db import db
from aftercare.meetings import foresight, undoing
from aftercare.meetings.change_models import Closure, MeetingChange
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.messaging.outlook import Outlook


@dataclass(frozen=True)
class Stood:
    """How a date stands: its meeting, by name and zone, when it is, and whether it takes place."""

    meeting: str
    zone: str
    starts_at: datetime
    minutes: int
    is_on: bool


@dataclass(frozen=True)
class Foreseen:
    """Which dates would stand otherwise (was, is to be), who would read what, and how many texts are called back."""

    dates: list[tuple[Stood, Stood]]
    outlook: Outlook
    taken_back: int


def of_undoing(organisation_id: uuid.UUID, change: MeetingChange) -> Foreseen:
    """Say what undoing a change would come to; raise as undoing it would."""
    key = change.id
    return _foreseen(organisation_id, _concerned(change), lambda: undoing.undo(organisation_id, key, by=None))


def of_undoing_closure(organisation_id: uuid.UUID, closure: Closure) -> Foreseen:
    """Say what undoing all of a closure would come to; raise as undoing it would."""
    key, concerned = closure.id, _on_days(closure.first_day, closure.last_day)
    return _foreseen(organisation_id, concerned, lambda: undoing.undo_closure(organisation_id, key, by=None))


def _foreseen(organisation_id: uuid.UUID, concerned: ColumnElement[bool], act: Callable[[], int]) -> Foreseen:
    was, to = _standing(organisation_id, concerned), dict[uuid.UUID, Stood]()

    def undo() -> None:
        act()
        to.update(_standing(organisation_id, concerned))

    seen = foresight.looked_at(organisation_id, undo)
    dates = [(was[each], to[each]) for each in to if was[each] != to[each]]
    return Foreseen(dates, seen.outlook, seen.taken_back)


def _concerned(change: MeetingChange) -> ColumnElement[bool]:
    """Spell which dates undoing a change may touch."""
    if change.occurrence_id is not None:
        return Occurrence.id == change.occurrence_id
    if "closure_id" not in change.after:
        ids = [*change.before.get("dates", ()), *change.before.get("made", ())]
        return Occurrence.id.in_([uuid.UUID(each) for each in ids])
    return _on_days(*(date.fromisoformat(change.after[name]) for name in ("first_day", "last_day")))


def _on_days(first: date, last: date) -> ColumnElement[bool]:
    begins, ends = datetime.combine(first, time()), datetime.combine(last + timedelta(days=1), time())
    return (Occurrence.start_local >= begins) & (Occurrence.start_local < ends)


def _standing(organisation_id: uuid.UUID, concerned: ColumnElement[bool]) -> Mapping[uuid.UUID, Stood]:
    wanted = (
        select(
            Occurrence.id, Meeting.name, Meeting.zone, Occurrence.starts_at, Occurrence.ends_at, Occurrence.status,
        )
        .join(Meeting, (Meeting.organisation_id == Occurrence.organisation_id) & (Meeting.id == Occurrence.meeting_id))
        .where(Occurrence.organisation_id == organisation_id, concerned)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )  # fmt: skip
    return {
        row[0]: Stood(row[1], row[2], row[3], int((row[4] - row[3]).total_seconds() // 60), row[5] != "cancelled")
        for row in db.session.execute(wanted)
    }
