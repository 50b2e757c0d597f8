"""When the rules of time zones change, dates to come keep their time on the wall; their UTC time is worked out anew.

Calendars hear of it by SEQUENCE. People only if it changes for them what they were told: who joins online is told times
by the clock of their own zone. Dates that have begun stay as they were (calendars.md, Store).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from aftercare.audit import trail
from aftercare.core import clock, zone_data
from aftercare.core.db import db
from aftercare.meetings import aftermath, members, notices, schedule, series_notices
from aftercare.meetings.models import Meeting, Occurrence, Rsvp
from aftercare.meetings.recurrence import instant
from aftercare.meetings.series_notices import MOVED, News
from aftercare.messaging import outbox
from aftercare.people import accounts, organisations
from aftercare.people.models import Person


@dataclass(frozen=True)
class Shifted:
    """A date whose UTC time is another now, and when it was."""

    occurrence: Occurrence
    was: datetime


def due(*, limit: int = 200) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Find programme meetings whose dates were worked out by another edition: (organisation, meeting)."""
    wanted = (
        select(Meeting.organisation_id, Meeting.id)
        .where(
            Meeting.kind == "programme", Meeting.ended_at.is_(None), Meeting.zone_data != zone_data.edition()
        )
        .order_by(Meeting.organisation_id, Meeting.id)
        .limit(limit)
    )  # fmt: skip
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def rederive(organisation_id: uuid.UUID, meeting_id: uuid.UUID) -> int:
    """Work the dates to come of a meeting out by the rules of now; say how many have another UTC time."""
    now = clock.now()
    meeting = schedule.get_meeting(organisation_id, meeting_id)
    dates = _lock(meeting, now)
    schedule.lock_meeting(meeting)
    shifted = [each for row in dates if (each := _shift(row, meeting.zone, now))]
    meeting.zone_data = zone_data.edition()
    if shifted:
        _follow(meeting, shifted, now)
    db.session.flush()
    return len(shifted)


def _lock(meeting: Meeting, now: datetime) -> Sequence[Occurrence]:
    wanted = select(Occurrence).where(
        Occurrence.organisation_id == meeting.organisation_id,
        Occurrence.meeting_id == meeting.id,
        Occurrence.starts_at > now,
        Occurrence.roll == "open",
    )
    locked = wanted.order_by(Occurrence.id).with_for_update()
    return db.session.scalars(locked, execution_options={"populate_existing": True}).all()


def _shift(row: Occurrence, zone: str, now: datetime) -> Shifted | None:
    was, starts_at = row.starts_at, instant(row.start_local, zone)
    if was == starts_at:
        return None
    row.starts_at, row.ends_at = starts_at, row.ends_at + (starts_at - was)
    row.sequence += 1
    row.updated_at = now
    return Shifted(row, was)


def _follow(meeting: Meeting, shifted: Sequence[Shifted], now: datetime) -> None:
    """Let reminders, offers, calendars and people follow the dates."""
    organisation_id = meeting.organisation_id
    meeting.sequence += 1
    meeting.updated_at = now
    db.session.flush()
    # Reminders are planned anew by the start; what else waits says the time on the wall, which stays.
    outbox.cancel(
        organisation_id, about=[each.occurrence.id for each in shifted], kinds=("reminder",), reason="clocks changed"
    )
    for each in shifted:
        _shorten_offers(each.occurrence)
        accounts.touch_calendars(organisation_id, members.concerned(each.occurrence))
    organisations.touch_public_calendar(organisation_id)
    if meeting.attendance == "online":
        _tell(organisation_id, meeting.zone, [each for each in shifted if each.occurrence.status != "cancelled"], now)
    trail.record(
        "meeting.clocks_changed", organisation_id=organisation_id, about="meeting", about_id=meeting.id,
        dates=len(shifted),
    )  # fmt: skip


def _shorten_offers(row: Occurrence) -> None:
    """No offer of a seat outlives an earlier start."""
    late = update(Rsvp).where(
        Rsvp.organisation_id == row.organisation_id, Rsvp.occurrence_id == row.id, Rsvp.offered_until > row.starts_at
    )
    db.session.execute(late.values(offered_until=row.starts_at))


def _tell(organisation_id: uuid.UUID, zone: str, shifted: Sequence[Shifted], now: datetime) -> None:
    """Tell each person once for whom dates are at another time of their own day."""
    news = [
        News(each.occurrence, MOVED, each.was, people)
        for each in shifted
        if (people := [person.id for person in _readers(each) if _hears(person, each, zone)])
    ]
    for each in news:
        each.occurrence.hear_by = aftermath.hear_by(each.occurrence, min(each.was, each.occurrence.starts_at), now)
    drafts = series_notices.written(news, now=now)
    outbox.post_all(organisations.get_organisation(organisation_id), drafts)


def _readers(each: Shifted) -> list[Person]:
    return notices.readers(each.occurrence, members.affected(each.occurrence))


def _hears(person: Person, each: Shifted, zone: str) -> bool:
    """Tell whether somebody was told another time than is right now: on the clock of its own zone nothing moves."""
    was, starts_at = (moment.astimezone(ZoneInfo(person.zone)) for moment in (each.was, each.occurrence.starts_at))
    return person.zone != zone and was.replace(tzinfo=None) != starts_at.replace(tzinfo=None)
