"""Change a published meeting: all its dates to come, or those from a day on; or end it. The past stays as it was."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import (
    closed,
    drafts,
    finder_rows,
    history,
    members,
    publishing,
    schedule,
    series_dates,
    series_record,
    series_split,
    settling,
)
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Pattern, given, repeat_of, write_rule
from aftercare.meetings.series_dates import Dates, Manner
from aftercare.meetings.settling import Settled, Step
from aftercare.people import accounts, organisations

NOTHING = Settled((), 0, (), 0)
LAST = datetime(2900, 1, 1)  # noqa: DTZ001


@dataclass(frozen=True)
class Edited:
    """What came of a change: the meeting that has the dates to come, what became of each, and which are new."""

    meeting: Meeting
    settled: Settled = NOTHING
    made: Sequence[datetime] = ()
    steps: Sequence[Step] = ()


def change(
    organisation_id: uuid.UUID, meeting_id: uuid.UUID, draft: Draft, *, since: date | None = None, by: uuid.UUID | None
) -> Edited:
    """Let a meeting be as a draft says: on all its dates to come, or, as a meeting of its own, on those since a day.

    Dates whose day the new rule has keep who they are, with their answers (calendars.md, Store); of the others, those
    concerned are told once.
    """
    now = clock.now()
    meeting = schedule.get_meeting(organisation_id, meeting_id)
    _check(meeting, draft)
    dates = _lock(meeting, since, now)
    _refuse_if_over(meeting, since)
    if draft == drafts.of(meeting):
        return Edited(meeting)
    if since is not None and series_split.is_within(meeting, since):
        return _change_following(meeting, dates, draft, since=since, by=by, now=now)
    return _change_all(meeting, dates, draft, by=by, now=now)


def end(organisation_id: uuid.UUID, meeting_id: uuid.UUID, *, since: date, by: uuid.UUID | None) -> Edited:
    """Let a meeting have no date from a day on; whoever would have come is told once."""
    now = clock.now()
    meeting = schedule.get_meeting(organisation_id, meeting_id)
    dates = _lock(meeting, since, now)
    _refuse_if_over(meeting, since)
    kept = series_record.before(meeting, dates.free)
    end_rule(meeting, _last_day(dates, since))
    steps = [series_dates.off(row) for row in dates.free if row.status != "cancelled" or row.closure_id]
    settled = settling.settle(organisation_id, steps, now=now)
    _end_if_over(meeting, since, now)
    _note(meeting, "series.ended", kept, settled, by=by, now=now, since=since.isoformat())
    return Edited(meeting, settled, steps=steps)


def lock(organisation_id: uuid.UUID, meeting_id: uuid.UUID) -> Meeting:
    """Give a meeting that, with its dates to come, nobody else changes until the transaction ends."""
    meeting = schedule.get_meeting(organisation_id, meeting_id)
    _lock(meeting, None, clock.now())
    return meeting


def end_rule(meeting: Meeting, last: date) -> None:
    """Let the rule of a meeting have no slot after a day."""
    if meeting.rule is None or meeting.start_local is None:
        return
    pattern = schedule.pattern_of(meeting)
    repeat = repeat_of(pattern)
    counted = given(pattern, after=pattern.first, before=LAST) if repeat.count else []
    # A series that ends by itself before that day ends as it would have.
    until = min([last, *(end for end in (repeat.until, counted and counted[-1].date()) if end)])
    meeting.rule = write_rule(replace(repeat, until=until, count=None)) if pattern.first.date() <= until else None


def _last_day(dates: Dates, since: date) -> date:
    """Give the last day of a rule that ends before a day; later only for what has begun before all it gives away."""
    given_away = min(map(series_dates.day_of, dates.free), default=date.max)
    return max([since - timedelta(days=1), *(day for day in dates.taken if day < given_away)])


def _lock(meeting: Meeting, since: date | None, now: datetime) -> Dates:
    """Lock the dates before their meeting, as whoever changes one date does; then those written out meanwhile."""
    closed.hold(meeting.organisation_id)
    series_dates.lock(meeting, since=since, now=now)
    schedule.lock_meeting(meeting)
    dates = series_dates.lock(meeting, since=since, now=now)
    if meeting.ended_at is not None:
        raise Conflict("This meeting has ended. What has ended cannot be changed.", code="ended")
    return dates


def _refuse_if_over(meeting: Meeting, since: date | None) -> None:
    if since is not None and since < clock.today(meeting.zone):
        raise Invalid("Choose a day that is still to come.", fields={"from": "Choose a day that is still to come."})


def _check(meeting: Meeting, draft: Draft) -> None:
    # A listing that its list closes for now stays closed, whatever else we say of it.
    stays_shut = draft.attendance == meeting.attendance == "inactive"
    publishing.check(replace(draft, attendance="in_person") if stays_shut else draft)
    if draft.kind != meeting.kind:
        sentence = "A programme meeting cannot become a listing, nor a listing a programme meeting."
        raise Invalid(sentence, fields={"kind": sentence}, code="kind")


def _change_all(
    meeting: Meeting, dates: Dates, draft: Draft, *, by: uuid.UUID | None, now: datetime
) -> Edited:  # fmt: skip
    kept, was, said = series_record.before(meeting, dates.free), series_dates.manner_of(meeting), _said(meeting)
    pattern = _pattern(meeting, draft, now)
    drafts.write(meeting, draft, pattern)
    today = clock.today(meeting.zone)
    settled, made, steps = _put(meeting, dates, was, since=today, is_said_otherwise=said != _said(meeting), now=now)
    _note(meeting, "series.changed", kept, settled, by=by, now=now, made=made)
    return Edited(meeting, settled, made, steps)


def _change_following(
    meeting: Meeting, dates: Dates, draft: Draft, *, since: date, by: uuid.UUID | None, now: datetime
) -> Edited:
    """Let the old row end, and a new one of the same lineage take over its dates with all that hangs on them."""
    if meeting.kind != "programme":
        raise Conflict("A listing has no dates of its own. Change it as a whole.", code="listing")
    kept, was, said = series_record.before(meeting, dates.free), series_dates.manner_of(meeting), _said(meeting)
    wanted = _pattern(meeting, draft, now)
    assert wanted is not None  # only a listing is by appointment
    pattern = series_split.pattern_since(wanted, schedule.pattern_of(meeting), since)
    end_rule(meeting, _last_day(dates, since))
    heir = series_split.heir_of(meeting, draft, pattern, since=since)
    settled, made, steps = _put(heir, dates, was, since=since, is_said_otherwise=said != _said(heir), now=now)
    _end_if_over(meeting, since, now)
    more = {"heir": str(heir.id), "since": since.isoformat()}
    done = _note(meeting, "series.changed", kept, settled, by=by, now=now, made=made, of=heir, **more)
    changed = {name: done.after[name] for name in ("meeting", "also", "since")}
    history.note(
        heir.organisation_id, heir.id, "series.begun", by=by,
        before={"meeting": done.before["meeting"]}, after={**changed, "of": str(meeting.id)},
    )  # fmt: skip
    return Edited(heir, settled, made, steps)


def _pattern(meeting: Meeting, draft: Draft, now: datetime) -> Pattern | None:
    pattern = drafts.pattern_of(meeting, draft)
    if pattern is not None and (meeting.start_local is None or pattern != schedule.pattern_of(meeting)):
        publishing.refuse_if_over(pattern, now)
    return pattern


def _said(meeting: Meeting) -> tuple[object, ...]:
    """Give what reminders say of a meeting besides its time."""
    return meeting.name, meeting.place_id


def _put(
    meeting: Meeting, dates: Dates, was: Manner, *, since: date, is_said_otherwise: bool, now: datetime
) -> tuple[Settled, list[datetime], list[Step]]:
    """Let the dates to come stand as the meeting's rule has them now; a listing has none."""
    if meeting.kind != "programme":
        organisations.touch_public_calendar(meeting.organisation_id)
        return NOTHING, [], []
    db.session.flush()
    steps, made = series_dates.plan(meeting, dates, was, since=since, now=now)
    schedule.write_out(meeting, made)
    meeting.horizon_until = max(schedule.horizon(meeting.zone), meeting.horizon_until or since)
    settled = settling.settle(meeting.organisation_id, steps, now=now, is_said_otherwise=is_said_otherwise)
    accounts.touch_calendars(meeting.organisation_id, members.on_day(meeting, since))
    return settled, made, steps


def _end_if_over(meeting: Meeting, since: date, now: datetime) -> None:
    """Take a meeting out of the lists that has no date left to come."""
    db.session.flush()
    to_come = exists().where(
        Occurrence.organisation_id == meeting.organisation_id,
        Occurrence.meeting_id == meeting.id,
        Occurrence.ends_at > now,
        Occurrence.status != "cancelled",
    )
    has_dates = db.session.scalar(select(to_come)) if meeting.kind == "programme" else since > clock.today(meeting.zone)
    meeting.ended_at = None if has_dates else now
    # Its rule has another end.
    finder_rows.keep(meeting)


def _note(
    meeting: Meeting,
    act: str,
    kept: dict[str, Any],
    settled: Settled,
    *,
    by: uuid.UUID | None,
    now: datetime,
    made: Sequence[datetime] = (),
    of: Meeting | None = None,
    **more: Any,
) -> MeetingChange:
    meeting.sequence, meeting.updated_at = meeting.sequence + 1, now
    db.session.flush()
    kept["told"] = series_record.told(settled)
    kept["made"] = [str(each) for each in series_dates.made(of or meeting, made)]
    after = {**series_record.after(kept, of or meeting), **more}
    done = history.note(meeting.organisation_id, meeting.id, act, by=by, before=kept, after=after)
    organisations.touch_public_calendar(meeting.organisation_id)
    trail.record(
        act, organisation_id=meeting.organisation_id, about="meeting",
        about_id=meeting.id, actor_id=by,
    )  # fmt: skip
    return done
