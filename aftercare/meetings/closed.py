"""What is closed on which days: closures as they stand, for whoever writes out, lists or exports meetings.

On PostgreSQL one who closes and one who writes dates out, or puts them elsewhere, would not see each other's rows: they
wait for each other here, before they lock anything else. SQLite has one writer.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select

from aftercare.core.db import db, is_postgresql
from aftercare.core.errors import NotFound
from aftercare.meetings.change_models import Closure
from aftercare.meetings.models import Meeting, Occurrence, Place

#: Which of PostgreSQL's locks by number are about closures; the second number is the organisation's.
_LOCK = 4


@dataclass(frozen=True)
class Closed:
    """The closures of an organisation that stand on some days."""

    closures: Sequence[Closure]

    def of(self, meeting: Meeting, day: date, *, place_id: uuid.UUID | None = None) -> Closure | None:
        """Give the closure that keeps a meeting from taking place on a day, or None; `place_id` if not its usual."""
        where = place_id or meeting.place_id
        return next((each for each in self.closures if _covers(each, meeting, where, day)), None)

    def next_of(self, meeting: Meeting, first: date, last: date) -> Closure | None:
        """Give the first closure that keeps a meeting from taking place on one of some days, or None."""
        days = [(each, max(first, each.first_day)) for each in self.closures]
        is_shut = (each for each, day in days if day <= last and _covers(each, meeting, meeting.place_id, day))
        return next(is_shut, None)

    def still(
        self, closure_id: uuid.UUID | None, meeting: Meeting, day: date, *, place_id: uuid.UUID | None
    ) -> Closure | None:
        """Give the closure that keeps something off now: the one that did, if it still does, else as `of`."""
        kept = Closed([each for each in self.closures if each.id == closure_id])
        return kept.of(meeting, day, place_id=place_id) or self.of(meeting, day, place_id=place_id)

    def at(self, place_id: uuid.UUID | None, day: date) -> Closure | None:
        """Give the closure of a place itself on a day, or None."""
        of_place = [each for each in self.closures if each.scope == "place" and each.place_id == place_id]
        return on_day(of_place, day)

    def since(self, act: uuid.UUID) -> "Closed":
        """Give what was closed after an act: ids sort by the moment they were made."""
        return Closed([each for each in self.closures if each.id > act])


NOTHING = Closed(())


def hold(organisation_id: uuid.UUID) -> None:
    """Let nobody close or open anything of an organisation until the transaction ends."""
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK, _number(organisation_id))))


def hold_alone(organisation_id: uuid.UUID) -> None:
    """Wait for whoever holds what is closed of an organisation as it is, and let nobody else until this ends."""
    if is_postgresql():
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK, _number(organisation_id))))


def between(organisation_id: uuid.UUID, first: date, last: date) -> Closed:
    """Give the closures that stand on any of these days, in one query, the earliest made first."""
    wanted = select(Closure).where(
        Closure.organisation_id == organisation_id,
        Closure.last_day >= first,
        Closure.first_day <= last,
        Closure.lifted_at.is_(None),
    )
    return Closed(db.session.scalars(wanted.order_by(Closure.id)).all())


@dataclass(frozen=True)
class Named:
    """A closure, and the meeting or the place it is about."""

    closure: Closure
    meeting: Meeting | None
    place: Place | None


def of_days(organisation_id: uuid.UUID, days: Collection[date], *, today: date) -> Closed:
    """Give the closures that stand today, or on any of some days of a list, in one query."""
    return between(organisation_id, min([today, *days]), max([today, *days]))


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


def all_of(organisation_id: uuid.UUID, *, since: date | None = None) -> Select[Closure]:
    """Ask for the closures of an organisation, or for those alone that stand since a day or are to come."""
    wanted = select(Closure).where(Closure.organisation_id == organisation_id)
    return wanted.where(Closure.last_day >= since, Closure.lifted_at.is_(None)) if since else wanted


def get(organisation_id: uuid.UUID, closure_id: uuid.UUID) -> Closure:
    """Give a closure; raise NotFound."""
    found = db.session.get(Closure, (organisation_id, closure_id))
    if found is None:
        raise NotFound("There is no such closure.")
    return found


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
    found = db.session.scalars(wanted.order_by(Closure.id)).all()
    return [each for each in found if not (each.scope == "place" and meeting.attendance == "online")]


def on_day(closures: Collection[Closure], day: date) -> Closure | None:
    """Give the closure among these that covers a day."""
    return next((each for each in closures if each.first_day <= day <= each.last_day), None)


def by_place(occurrence: Occurrence) -> bool:
    """Tell whether a date is off because its place is closed: elsewhere it could take place."""
    closure_id = occurrence.closure_id if occurrence.status == "cancelled" else None
    closure = db.session.get(Closure, (occurrence.organisation_id, closure_id)) if closure_id else None
    return closure is not None and closure.scope == "place"


def site(attendance: str, place_id: uuid.UUID | None) -> uuid.UUID | None:
    """Give the place whose being closed keeps something from taking place: what is online needs none."""
    return None if attendance == "online" else place_id


def _number(organisation_id: uuid.UUID) -> int:
    return int.from_bytes(organisation_id.bytes[-4:], "big", signed=True)


def _covers(closure: Closure, meeting: Meeting, place_id: uuid.UUID | None, day: date) -> bool:
    if not closure.first_day <= day <= closure.last_day:
        return False
    if closure.scope == "place":
        return closure.place_id == site(meeting.attendance, place_id)
    return closure.scope == "organisation" or closure.meeting_id == meeting.id


def _same(row: type[Meeting | Place]) -> ColumnElement[bool]:
    return row.organisation_id == Closure.organisation_id
