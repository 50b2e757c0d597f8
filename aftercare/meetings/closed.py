"""What is closed on which days: closures as they stand, for whoever writes out, lists or exports meetings."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from aftercare.core.db import db
from aftercare.meetings.change_models import Closure
from aftercare.meetings.models import Meeting, Place


@dataclass(frozen=True)
class Closed:
    """The closures of an organisation that stand on some days."""

    closures: Sequence[Closure]

    def of(self, meeting: Meeting, day: date, *, place_id: uuid.UUID | None = None) -> Closure | None:
        """Give the closure that keeps a meeting from taking place on a day, or None; `place_id` if not its usual."""
        where = place_id or meeting.place_id
        return next((each for each in self.closures if _covers(each, meeting, where, day)), None)


NOTHING = Closed(())


def between(organisation_id: uuid.UUID, first: date, last: date) -> Closed:
    """Give the closures that stand on any of these days, in one query."""
    wanted = select(Closure).where(
        Closure.organisation_id == organisation_id,
        Closure.last_day >= first,
        Closure.first_day <= last,
        Closure.lifted_at.is_(None),
    )
    return Closed(db.session.scalars(wanted.order_by(Closure.first_day, Closure.id)).all())


@dataclass(frozen=True)
class Named:
    """A closure, and the meeting or the place it is about."""

    closure: Closure
    meeting: Meeting | None
    place: Place | None


def last_turn(organisation_id: uuid.UUID, today: date) -> date | None:
    """Give the last day, up to today, on which something was closed or opened because its day had come."""
    wanted = select(Closure.first_day, Closure.last_day).where(
        Closure.organisation_id == organisation_id, Closure.first_day <= today, Closure.lifted_at.is_(None)
    )
    turns = [day for first, last in db.session.execute(wanted) for day in (first, last + timedelta(days=1))]
    return max((day for day in turns if day <= today), default=None)


def from_day(organisation_id: uuid.UUID, day: date) -> list[Named]:
    """Give the closures that are not over on a day, with the meeting or the place they are about."""
    wanted = (
        select(Closure, Meeting, Place)
        .outerjoin(Meeting, _same(Meeting) & (Meeting.id == Closure.meeting_id))
        .outerjoin(Place, _same(Place) & (Place.id == Closure.place_id))
        .where(Closure.organisation_id == organisation_id, Closure.last_day >= day, Closure.lifted_at.is_(None))
        .order_by(Closure.first_day, Closure.id)
    )
    return [Named(row[0], row[1], row[2]) for row in db.session.execute(wanted)]


def of_meeting(meeting: Meeting, first: date, last: date) -> Sequence[Closure]:
    """Give the closures of a meeting, of its place, or of everything, that stand on any of these days."""
    wanted = select(Closure).where(
        Closure.organisation_id == meeting.organisation_id,
        Closure.last_day >= first,
        Closure.first_day <= last,
        Closure.lifted_at.is_(None),
        or_(
            Closure.scope == "organisation",
            Closure.meeting_id == meeting.id,
            Closure.place_id.is_not(None) & (Closure.place_id == meeting.place_id),
        ),
    )
    found = db.session.scalars(wanted.order_by(Closure.first_day, Closure.id)).all()
    return [each for each in found if not (each.scope == "place" and meeting.attendance == "online")]


def on_day(closures: Collection[Closure], day: date) -> Closure | None:
    """Give the closure among these that covers a day."""
    return next((each for each in closures if each.first_day <= day <= each.last_day), None)


def _covers(closure: Closure, meeting: Meeting, place_id: uuid.UUID | None, day: date) -> bool:
    if not closure.first_day <= day <= closure.last_day:
        return False
    if closure.scope == "place":
        return closure.place_id == place_id and meeting.attendance != "online"
    return closure.scope == "organisation" or closure.meeting_id == meeting.id


def _same(row: type[Meeting | Place]) -> ColumnElement[bool]:
    return row.organisation_id == Closure.organisation_id
