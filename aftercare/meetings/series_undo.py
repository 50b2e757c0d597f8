"""Undo a change of a series: the meeting and its dates stand again as they did; who has heard of it hears of that."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict
from aftercare.meetings import (
    closed,
    drafts,
    finder_rows,
    history,
    local_edits,
    notices,
    schedule,
    series_dates,
    series_record,
    settling,
)
from aftercare.meetings.change_models import Closure, MeetingChange
from aftercare.meetings.closed import Closed
from aftercare.meetings.models import Meeting, Member, Occurrence
from aftercare.meetings.series_dates import is_free
from aftercare.meetings.settling import Footing, Step, footing
from aftercare.people import organisations


def undo(change: MeetingChange, by: uuid.UUID | None) -> int:
    """Let a series be as it was before a change; say how many people are told. What has begun stays as it is."""
    now = clock.now()
    meeting = schedule.get_meeting(change.organisation_id, change.meeting_id)
    rows = [row for row in _locked(change) if is_free(row, now)]
    schedule.lock_meeting(meeting)
    # One date may have been changed while this waited for it.
    history.refuse_if_changed_since(change)
    heir = _heir(change)
    place_id = (heir or meeting).place_id
    _put_back(meeting, change.before, now)
    footings, shut = series_record.footings(change.before["dates"]), series_dates.shut_around(meeting, rows)
    unaware = _take_back(change)
    settled = settling.settle(
        change.organisation_id,
        [_back(row, footings, meeting, place_id, change, shut) for row in rows],
        now=now,
        is_said_otherwise=True,
        unaware=unaware,
    )
    if len(unaware) == change.before["told"].get("count"):
        _stay_said(rows, change.before["placed"])
    if heir is not None:
        _close(heir, now)
    organisations.touch_public_calendar(change.organisation_id)
    trail.record(
        f"{change.act}.undone", organisation_id=change.organisation_id, about="meeting", about_id=meeting.id,
        actor_id=by,
    )  # fmt: skip
    return settled.told


def _locked(change: MeetingChange) -> Sequence[Occurrence]:
    ids = {uuid.UUID(each) for each in [*change.before["dates"], *change.before["made"]]}
    wanted = select(Occurrence).where(Occurrence.organisation_id == change.organisation_id, Occurrence.id.in_(ids))
    locked = wanted.order_by(Occurrence.id).with_for_update()
    return db.session.scalars(locked, execution_options={"populate_existing": True}).all()


def _heir(change: MeetingChange) -> Meeting | None:
    """Find the meeting that a change made; raise Conflict if that was changed again."""
    if "heir" not in change.after:
        return None
    heir = schedule.lock_meeting(schedule.get_meeting(change.organisation_id, uuid.UUID(change.after["heir"])))
    wanted = select(MeetingChange.id).where(
        MeetingChange.organisation_id == heir.organisation_id,
        MeetingChange.meeting_id == heir.id,
        MeetingChange.act != "series.begun",
        MeetingChange.undone_at.is_(None),
    )
    if db.session.scalars(wanted.limit(1)).first() is not None:
        raise Conflict("Something else was changed since then. Undo that first.", code="changed_since")
    return heir


def _put_back(meeting: Meeting, kept: dict[str, Any], now: datetime) -> None:
    series_record.put_columns(meeting, kept["meeting"])
    drafts.write_types(meeting, [(fellowship, code) for fellowship, code in kept["types"]])
    drafts.write_facilitators(meeting, [uuid.UUID(each) for each in kept["facilitators"]])
    local_edits.give_back(meeting, except_for=kept.get("edited", meeting.local_edits))
    meeting.sequence, meeting.updated_at = meeting.sequence + 1, now
    finder_rows.keep(meeting)


def _take_back(change: MeetingChange) -> Collection[uuid.UUID]:
    """Take back what has not left of the news; give those who have heard none of it."""
    taken: Counter[uuid.UUID] = Counter()
    for kind, occurrence_id in change.before["told"]["news"]:
        occurrence = schedule.get_occurrence(change.organisation_id, uuid.UUID(occurrence_id))
        taken.update(notices.take_back(occurrence, kind))
    texts = change.before["told"]["people"]
    return {person_id for person_id, count in taken.items() if count == texts.get(str(person_id))}


def _stay_said(rows: Sequence[Occurrence], placed: Mapping[str, int | None]) -> None:
    """Let what was said of dates before a change that nobody has heard of count again: it named the right place."""
    for row in rows:
        row.placed_in = placed.get(str(row.id))


def _back(
    row: Occurrence,
    footings: Mapping[uuid.UUID, Footing],
    meeting: Meeting,
    place_id: uuid.UUID | None,
    change: MeetingChange,
    shut: Closed,
) -> Step:
    """Say that a date stands again as it did, before it was in a place; if it did not exist, or is closed now, off."""
    if row.id not in footings:
        return series_dates.off(row)
    was, to = footing(row), footings[row.id]
    day = to.start.date()
    site = closed.site(meeting.attendance, row.place_id or meeting.place_id)
    if to.closure_id is not None and not to.is_on:
        closure = shut.still(to.closure_id, meeting, day, place_id=row.place_id)
        to = replace(to, status=series_dates.standing(row, to.slot, to.start), closure_id=None)
    else:
        closure = shut.since(change.id).at(site, day)
    if closure is not None:
        to = replace(to, status="cancelled", closure_id=closure.id)
    return Step(row, was, to, is_placed=series_dates.is_placed(row, meeting, place_id))


def _close(heir: Meeting, now: datetime) -> None:
    """Take the heir from every list; its dates, and what is closed of it, are with the meeting that it went on with."""
    heir.ended_at, heir.listed, heir.updated_at, heir.sequence = now, False, now, heir.sequence + 1
    gone = delete(Member).where(Member.organisation_id == heir.organisation_id, Member.meeting_id == heir.id)
    db.session.execute(gone)
    own = update(Closure).where(Closure.organisation_id == heir.organisation_id, Closure.meeting_id == heir.id)
    db.session.execute(own.where(Closure.lifted_at.is_(None)).values(lifted_at=now))
