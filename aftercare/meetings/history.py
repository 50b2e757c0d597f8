"""The history of a meeting: every act, by whom, and what was there before and after. It says what may be undone."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings.change_models import MeetingChange
from aftercare.people import accounts

UNDOABLE_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Noted:
    """One change, and the names of who made it and who undid it; empty where no person did."""

    change: MeetingChange
    by: str
    undone_by: str


def note(
    organisation_id: uuid.UUID,
    meeting_id: uuid.UUID,
    act: str,
    *,
    by: uuid.UUID | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    occurrence_id: uuid.UUID | None = None,
) -> MeetingChange:
    """Note an act on a meeting, or on one of its dates, with plain values as JSON keeps them."""
    change = MeetingChange(
        organisation_id=organisation_id, meeting_id=meeting_id, occurrence_id=occurrence_id, act=act, by=by,
        at=clock.now(), before=dict(before), after=dict(after),
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    return change


def of_meeting(organisation_id: uuid.UUID, meeting_id: uuid.UUID, *, limit: int = 100) -> list[Noted]:
    """Give the changes of a meeting, newest first, with who made them, in two queries."""
    newest = all_of(organisation_id, meeting_id).order_by(MeetingChange.at.desc(), MeetingChange.id.desc())
    return _with_names(organisation_id, db.session.scalars(newest.limit(limit)).all())


def all_of(organisation_id: uuid.UUID, meeting_id: uuid.UUID) -> Select[MeetingChange]:
    """Ask for the changes of a meeting."""
    return select(MeetingChange).where(
        MeetingChange.organisation_id == organisation_id, MeetingChange.meeting_id == meeting_id
    )


def undoable(organisation_id: uuid.UUID, meeting_id: uuid.UUID) -> list[MeetingChange]:
    """Give what can be undone now, newest first: what nothing later has changed again."""
    now = clock.now()
    wanted = (
        select(MeetingChange)
        .where(
            MeetingChange.organisation_id == organisation_id,
            MeetingChange.meeting_id == meeting_id,
            MeetingChange.at > now - UNDOABLE_FOR,
            MeetingChange.undone_at.is_(None),
        )
        .order_by(MeetingChange.at.desc(), MeetingChange.id.desc())
    )
    recent = db.session.scalars(wanted).all()
    return [change for place, change in enumerate(recent) if not any(_same(change, each) for each in recent[:place])]


def find(organisation_id: uuid.UUID, change_id: uuid.UUID) -> MeetingChange | None:
    """Find a change; None if there is none."""
    return db.session.get(MeetingChange, (organisation_id, change_id))


def of_this_meeting(organisation_id: uuid.UUID, meeting_id: uuid.UUID, change_id: uuid.UUID) -> MeetingChange:
    """Give a change of this very meeting; raise NotFound."""
    change = find(organisation_id, change_id)
    if change is None or change.meeting_id != meeting_id:
        raise NotFound("There is no such change.")
    return change


def claim(organisation_id: uuid.UUID, change_id: uuid.UUID, *, by: uuid.UUID | None) -> MeetingChange:
    """Mark a change as undone, once; raise Conflict if it is too late, or if something has changed the same since."""
    now = clock.now()
    wanted = select(MeetingChange).where(
        MeetingChange.organisation_id == organisation_id, MeetingChange.id == change_id
    )
    change = db.session.scalars(
        wanted.with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()  # fmt: skip
    if change is None:
        raise NotFound("There is no such change.")
    _refuse_if_fixed(change, now)
    change.undone_at, change.undone_by = now, by
    db.session.flush()
    return change


def _refuse_if_fixed(change: MeetingChange, now: datetime) -> None:
    if change.undone_at is not None:
        raise Conflict("This was undone already.", code="undone")
    if change.at <= now - UNDOABLE_FOR:
        raise Conflict("This was more than 10 minutes ago. It can be changed, but not undone.", code="too_late")
    refuse_if_changed_since(change)


def refuse_if_changed_since(change: MeetingChange) -> None:
    """Raise Conflict if something later, that is not undone, is about the same."""
    if is_changed_since(change):
        raise Conflict("Something else was changed since then. Undo that first.", code="changed_since")


def is_changed_since(change: MeetingChange) -> bool:
    """Tell whether something later, that is not undone, is about the same."""
    later = or_(
        MeetingChange.at > change.at, (MeetingChange.at == change.at) & (MeetingChange.id > change.id)
    )  # fmt: skip
    wanted = select(MeetingChange.id).where(
        MeetingChange.organisation_id == change.organisation_id,
        MeetingChange.meeting_id == change.meeting_id,
        MeetingChange.undone_at.is_(None),
        later,
    )
    if change.occurrence_id is not None:
        same = or_(MeetingChange.occurrence_id == change.occurrence_id, MeetingChange.occurrence_id.is_(None))
        wanted = wanted.where(same)
    return db.session.scalars(wanted.limit(1)).first() is not None


def _same(change: MeetingChange, later: MeetingChange) -> bool:
    """Tell whether two changes are about the same date, or one of them about the whole meeting."""
    return None in {change.occurrence_id, later.occurrence_id} or change.occurrence_id == later.occurrence_id


def _with_names(organisation_id: uuid.UUID, changes: Sequence[MeetingChange]) -> list[Noted]:
    ids = {each for change in changes for each in (change.by, change.undone_by) if each is not None}
    people = accounts.people_named(organisation_id, ids) if ids else {}
    names = {key: person.name for key, person in people.items()}
    return [Noted(change, _name(names, change.by), _name(names, change.undone_by)) for change in changes]


def _name(names: Mapping[uuid.UUID, str], person_id: uuid.UUID | None) -> str:
    return names.get(person_id, "") if person_id else ""
