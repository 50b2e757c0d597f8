"""Close a meeting, a place, or everything from one day to another, in one act; it reopens by itself."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, select, update

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db, part
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings import closed, history, notices, schedule, settling, still_off
from aftercare.meetings.change_models import Closure, MeetingChange
from aftercare.meetings.models import Meeting, Occurrence, Place
from aftercare.meetings.settling import Settled, Step, footing
from aftercare.messaging import outbox, outlook
from aftercare.messaging.outlook import Outlook
from aftercare.people import organisations

MOST_DAYS = 366
SCOPES = ("meeting", "place", "organisation")


@dataclass(frozen=True)
class Plan:
    """What is to be closed, from which day to which; both days are closed."""

    scope: str
    first_day: date
    last_day: date
    meeting_id: uuid.UUID | None = None
    place_id: uuid.UUID | None = None
    reason: str = ""


@dataclass(frozen=True)
class Done:
    """A closure, the dates that it cancelled or gave back, and how many people are told."""

    closure: Closure
    dates: Sequence[Occurrence]
    told: int


@dataclass(frozen=True)
class Foreseen:
    """What closing or reopening would come to: which dates, and who would read what."""

    dates: Sequence[uuid.UUID]
    outlook: Outlook


def close(organisation_id: uuid.UUID, plan: Plan, *, by: uuid.UUID | None) -> Done:
    """Close from one day to another: its dates are cancelled, and everybody affected is told once, of all of them."""
    now = clock.now()
    closed.hold_alone(organisation_id)
    check(organisation_id, plan)
    closure = Closure(
        organisation_id=organisation_id, scope=plan.scope, place_id=plan.place_id, meeting_id=plan.meeting_id,
        first_day=plan.first_day, last_day=plan.last_day, reason=plan.reason.strip(), made_by=by, made_at=now,
    )  # fmt: skip
    db.session.add(closure)
    db.session.flush()
    settled = put_shut(closure, now)
    dates = [step.occurrence for step in settled.steps]
    _note(closure, "meeting.closed", dates, by)
    return Done(closure, dates, settled.told)


def lift(organisation_id: uuid.UUID, closure_id: uuid.UUID, *, by: uuid.UUID | None) -> Done:
    """Open again before the last day: the dates to come take place, and who heard otherwise is told once."""
    now, closure = clock.now(), lock(organisation_id, closure_id)
    if closure.lifted_at is not None:
        raise Conflict("This is open again already.", code="lifted")
    settled = put_open(closure, now, by=by)
    dates = [step.occurrence for step in settled.steps]
    _note(closure, "meeting.reopened", dates, by)
    return Done(closure, dates, settled.told)


def standing(organisation_id: uuid.UUID) -> list[closed.Named]:
    """Give the closures that stand or are to come, the first ones first."""
    return closed.from_day(organisation_id, clock.today(organisations.get_organisation(organisation_id).zone))


def check(organisation_id: uuid.UUID, plan: Plan) -> None:
    """Raise Invalid, with the fields, for what cannot be closed, or not then."""
    wrong: dict[str, str] = {}
    today = clock.today(organisations.get_organisation(organisation_id).zone)
    if plan.scope not in SCOPES:
        wrong["scope"] = "Choose what is closed."
    if plan.last_day < plan.first_day:
        wrong["last_day"] = "Choose a last day that is not before the first."
    elif plan.last_day < today:
        wrong["last_day"] = "Choose a last day that is still to come."
    elif (plan.last_day - plan.first_day).days >= MOST_DAYS:
        wrong["last_day"] = "Choose at most 366 days. To close for good, end the meeting."
    if len(plan.reason) > 500:
        wrong["reason"] = "Use at most 500 characters."
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    if plan.scope == "meeting":
        schedule.get_meeting(organisation_id, plan.meeting_id or uuid.UUID(int=0))
    if plan.scope == "place" and db.session.get(Place, (organisation_id, plan.place_id)) is None:
        raise NotFound("There is no such place.")


def foresee_closing(organisation_id: uuid.UUID, plan: Plan) -> Foreseen:
    """Say what closing would come to: it is done, looked at, and taken back."""
    check(organisation_id, plan)
    closure = Closure(
        organisation_id=organisation_id, scope=plan.scope, place_id=plan.place_id, meeting_id=plan.meeting_id,
        first_day=plan.first_day, last_day=plan.last_day,
    )  # fmt: skip
    return _foreseen(organisation_id, lambda: put_shut(closure, clock.now()))


def foresee_lifting(organisation_id: uuid.UUID, closure_id: uuid.UUID) -> Foreseen:
    """Say what opening again would come to: it is done, looked at, and taken back."""
    closure = lock(organisation_id, closure_id)
    return _foreseen(organisation_id, lambda: put_open(closure, clock.now(), by=None))


def lock(organisation_id: uuid.UUID, closure_id: uuid.UUID) -> Closure:
    """Give a closure that nobody else opens or shuts until the transaction ends; raise NotFound."""
    closed.hold_alone(organisation_id)
    wanted = select(Closure).where(Closure.organisation_id == organisation_id, Closure.id == closure_id)
    closure = db.session.scalars(
        wanted.with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()  # fmt: skip
    if closure is None:
        raise NotFound("There is no such closure.")
    return closure


def put_shut(closure: Closure, now: datetime) -> Settled:
    """Cancel the dates to come that a closure covers."""
    closure.lifted_at = closure.lifted_by = None
    rows = _covered(closure, now)
    _stamp_meetings(closure, now)
    steps = [Step(row, footing(row), replace(footing(row), status="cancelled", closure_id=closure.id)) for row in rows]
    return settling.settle(closure.organisation_id, steps, now=now)


def put_open(closure: Closure, now: datetime, *, by: uuid.UUID | None) -> Settled:
    """Give back the dates to come that a closure cancelled, unless another one covers them too."""
    closure.lifted_at, closure.lifted_by = now, by
    db.session.flush()
    shut = _shut(closure, now)
    staying = _shut_otherwise(closure, shut)
    rows = [row for row in shut if row not in staying]
    _stamp_meetings(closure, now)
    # Dates that were written out during the closure were never announced, so nobody is told that they are on.
    known = [row for row in rows if row.sequence]
    unaware = {person for row in known for person in notices.take_back(row, "cancelled")}
    for row in rows:
        if not row.sequence:
            row.status, row.closure_id, row.updated_at = schedule.status_of(row), None, now
    # They keep by what they were closed: one text told of all these dates, and whoever asks who has heard of one must
    # know which they were.
    steps = [Step(row, footing(row), replace(footing(row), status=schedule.status_of(row))) for row in known]
    settled = settling.settle(closure.organisation_id, steps, now=now, unaware=unaware)
    return _with_what_stays(settled, staying, unaware, now)


def undo_closing(change: MeetingChange, by: uuid.UUID | None) -> int:
    """Take a closure back, for all the meetings that it closed."""
    closure = _undone(change, by)
    return put_open(closure, clock.now(), by=by).told if closure.lifted_at is None else 0


def undo_lifting(change: MeetingChange, by: uuid.UUID | None) -> int:
    """Close again what was opened early, for all the meetings that it opened."""
    return put_shut(_undone(change, by), clock.now()).told


class _LookedAt(Exception):
    pass


def _foreseen(organisation_id: uuid.UUID, act: Callable[[], Settled]) -> Foreseen:
    organisation, found = organisations.get_organisation(organisation_id), Foreseen([], Outlook())
    try:
        with part():
            settled = act()
            ids = [step.occurrence.id for step in settled.steps]
            found = Foreseen(ids, outlook.foresee(organisation, settled.news))
            raise _LookedAt
    except _LookedAt:
        return found


def _covered(closure: Closure, now: datetime) -> Sequence[Occurrence]:
    place = func.coalesce(Occurrence.place_id, Meeting.place_id)
    wanted = (
        select(Occurrence)
        .join(Meeting, (Meeting.organisation_id == Occurrence.organisation_id) & (Meeting.id == Occurrence.meeting_id))
        .where(
            Occurrence.organisation_id == closure.organisation_id,
            Occurrence.status.in_(("scheduled", "moved")),
            Occurrence.starts_at > now,
            Occurrence.start_local >= datetime.combine(closure.first_day, time()),
            Occurrence.start_local < datetime.combine(closure.last_day + timedelta(days=1), time()),
        )
    )
    if closure.scope == "meeting":
        wanted = wanted.where(Occurrence.meeting_id == closure.meeting_id)
    if closure.scope == "place":
        wanted = wanted.where(place == closure.place_id, Meeting.attendance != "online")
    return _locked(wanted)


def _shut(closure: Closure, now: datetime) -> Sequence[Occurrence]:
    return _locked(
        select(Occurrence).where(
            Occurrence.organisation_id == closure.organisation_id,
            Occurrence.closure_id == closure.id,
            Occurrence.status == "cancelled",
            Occurrence.starts_at > now,
        )
    )


def _locked(wanted: Select[Occurrence]) -> Sequence[Occurrence]:
    locked = wanted.order_by(Occurrence.id).with_for_update(of=Occurrence)
    return db.session.scalars(locked, execution_options={"populate_existing": True}).all()


def _shut_otherwise(closure: Closure, rows: Sequence[Occurrence]) -> list[Occurrence]:
    """Give the dates that later closures cover too, and let them be those closures' own.

    What an earlier one covers took place all the same when this one began: somebody had let it happen.
    """
    days, staying = [row.start_local.date() for row in rows], []
    others = closed.between(closure.organisation_id, min(days), max(days)).since(closure.id) if rows else closed.NOTHING
    for row, day in zip(rows, days, strict=True):
        meeting = schedule.get_meeting(row.organisation_id, row.meeting_id)
        if (other := others.of(meeting, day, place_id=row.place_id)) is not None:
            row.closure_id = other.id
            staying.append(row)
    return staying


def _with_what_stays(
    settled: Settled, staying: Sequence[Occurrence], unaware: set[uuid.UUID], now: datetime
) -> Settled:
    """Tell of dates that stay closed, whom the text that was taken back would have told of those as well."""
    drafts = still_off.news(staying, unaware, now)
    if not drafts:
        return settled
    told = outbox.post_all(organisations.get_organisation(staying[0].organisation_id), drafts)
    return replace(settled, news=[*settled.news, *drafts], told=settled.told + told)


def _stamp_meetings(closure: Closure, now: datetime) -> None:
    """Say that lists and calendars of what is closed have changed; before the organisation, as every change does."""
    concerned = update(Meeting).where(Meeting.organisation_id == closure.organisation_id)
    if closure.scope == "meeting":
        concerned = concerned.where(Meeting.id == closure.meeting_id)
    if closure.scope == "place":
        concerned = concerned.where(Meeting.place_id == closure.place_id)
    db.session.execute(concerned.values(updated_at=now, sequence=Meeting.sequence + 1))


def _note(closure: Closure, act: str, dates: Sequence[Occurrence], by: uuid.UUID | None) -> None:
    meetings = sorted({date.meeting_id for date in dates} | ({closure.meeting_id} if closure.meeting_id else set()))
    for meeting_id in meetings:
        said = {
            "closure_id": str(closure.id), "scope": closure.scope, "reason": closure.reason,
            "first_day": closure.first_day.isoformat(), "last_day": closure.last_day.isoformat(),
            "dates": sum(date.meeting_id == meeting_id for date in dates),
        }  # fmt: skip
        history.note(closure.organisation_id, meeting_id, act, by=by, before={}, after=said)
    trail.record(act, organisation_id=closure.organisation_id, about="closure", about_id=closure.id, actor_id=by)


def _undone(change: MeetingChange, by: uuid.UUID | None) -> Closure:
    """Give the closure that a change is about, and mark the same change of the other meetings as undone too."""
    wanted = select(MeetingChange).where(
        MeetingChange.organisation_id == change.organisation_id,
        MeetingChange.act == change.act,
        # The clock goes on from one meeting to the next.
        MeetingChange.at >= change.at - history.UNDOABLE_FOR,
        MeetingChange.undone_at.is_(None),
    )
    for other in db.session.scalars(wanted):
        if other.after["closure_id"] == change.after["closure_id"]:
            other.undone_at, other.undone_by = change.undone_at, by
    closure_id = uuid.UUID(change.after["closure_id"])
    act = f"{change.act}.undone"
    trail.record(act, organisation_id=change.organisation_id, about="closure", about_id=closure_id, actor_id=by)
    return lock(change.organisation_id, closure_id)
