"""From a day on, a series goes on as a meeting of its own, of the same lineage: its heir."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select

from aftercare.core import clock, ids
from aftercare.core.db import db
from aftercare.core.errors import Invalid
from aftercare.meetings import closed, drafts, schedule
from aftercare.meetings.change_models import Closure
from aftercare.meetings.models import Meeting, Member
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Pattern, given, next_slot, repeat_of, write_rule
from aftercare.people import directory

#: What an heir does not have from the meeting that it goes on with.
_OWN = {"id", "sequence", "created_at", "updated_at", "horizon_until", "ended_at", "search_text"}
_FAR = timedelta(days=36525)


def is_within(meeting: Meeting, since: date) -> bool:
    """Tell whether a series has dates before a day; if it has none, all of it is from that day on."""
    pattern = schedule.pattern_of(meeting)
    begins = next_slot(pattern, after=pattern.first) if pattern.rule else None
    return begins is not None and begins < _midnight(since)


def pattern_since(pattern: Pattern, was: Pattern, since: date) -> Pattern:
    """Let a rule begin on its first slot from a day on; dates that an unchanged number counts before are used up."""
    coming = next_slot(pattern, after=_midnight(since))
    if coming is None:
        sentence = "Choose a time that is still to come."
        raise Invalid(sentence, fields={"first": sentence}, code="over")
    if pattern.rule is None:
        return replace(pattern, first=coming)
    repeat, before = repeat_of(pattern), repeat_of(was) if was.rule else None
    if repeat.count is not None and before is not None and repeat.count == before.count:
        # Dates that fall on holidays are counted as well.
        used = len(given(was, after=was.first, before=_midnight(since)))
        used += len(given(pattern, after=_midnight(since), before=coming))
        repeat = replace(repeat, count=max(1, repeat.count - used))
    return replace(pattern, first=coming, rule=write_rule(repeat))


def heir_of(meeting: Meeting, draft: Draft, pattern: Pattern, *, since: date) -> Meeting:
    """Make the meeting that goes on with a series from a day on; its members belong to it as they did."""
    same: dict[str, Any] = {
        column.key: getattr(meeting, column.key) for column in Meeting.__table__.columns if column.key not in _OWN
    }
    heir = Meeting(**same, id=ids.new(), updated_at=clock.now())
    db.session.add(heir)
    db.session.flush()
    directory.enter_id("meeting", heir.id, organisation_id=heir.organisation_id)
    db.session.add_all(
        Member(organisation_id=heir.organisation_id, meeting_id=heir.id, person_id=each.person_id, since=each.since,
               until=each.until)
        for each in _members(meeting, since)
    )  # fmt: skip
    _stay_closed(meeting, heir, since)
    drafts.write(heir, draft, pattern)
    return heir


def find_heir(meeting: Meeting) -> Meeting | None:
    """Find the meeting that goes on with another, as far as anybody may see it; None if there is none."""
    if meeting.start_local is None:
        return None
    wanted = (
        select(Meeting)
        .where(
            Meeting.organisation_id == meeting.organisation_id,
            Meeting.lineage_id == meeting.lineage_id,
            # As the index of heirs has it.
            Meeting.lineage_id != Meeting.id,
            Meeting.id != meeting.id,
            Meeting.start_local > meeting.start_local,
            Meeting.listed.is_(True),
            Meeting.ended_at.is_(None),
        )
        .order_by(Meeting.start_local, Meeting.id)
        .limit(1)
    )
    return db.session.scalars(wanted).one_or_none()


def find_heir_of_ended(meeting_id: uuid.UUID) -> Meeting | None:
    """Find the meeting that goes on with one that nobody sees any more."""
    found = directory.find_by_id("meeting", meeting_id)
    meeting = db.session.get(Meeting, found) if found else None
    return find_heir(meeting) if meeting is not None and meeting.ended_at is not None else None


def _stay_closed(meeting: Meeting, heir: Meeting, since: date) -> None:
    """What is closed of a meeting by its name is closed of its heir."""
    for closure in closed.of_meeting(meeting, since, since + _FAR):
        if closure.scope == "meeting":
            same = {column.key: getattr(closure, column.key) for column in Closure.__table__.columns}
            db.session.add(Closure(**same | {"id": ids.new(), "meeting_id": heir.id}))


def _members(meeting: Meeting, since: date) -> list[Member]:
    wanted = select(Member).where(
        Member.organisation_id == meeting.organisation_id,
        Member.meeting_id == meeting.id,
        or_(Member.until.is_(None), Member.until >= since),
    )
    return list(db.session.scalars(wanted))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
