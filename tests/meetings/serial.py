"""What tests of changed series say again and again: a weekly group on Tuesdays at six, and its dates."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import drafts, publishing, rsvps, schedule, series
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat
from aftercare.messaging.models import Message
from aftercare.people.models import Organisation, Person

TUESDAYS, WEDNESDAYS = Repeat(weekdays=(1,)), Repeat(weekdays=(2,))
FIRST = datetime(2026, 11, 3, 18, 0)


def publish(clinic: Organisation, **given: Any) -> Meeting:
    """Publish a weekly group; ten dates, unless told otherwise."""
    defaults: dict[str, Any] = {
        "name": "Tools",
        "first": FIRST,
        "zone": "America/Denver",
        "repeat": replace(TUESDAYS, count=10),
    }
    with transaction():
        return publishing.publish(clinic.id, Draft(**defaults | given), by=None)


def edit(meeting: Meeting, *, since: Any = None, **changes: Any) -> series.Edited:
    """Change a group, by naming what is to be otherwise."""
    with transaction():
        row = schedule.get_meeting(meeting.organisation_id, meeting.id)
        draft = replace(drafts.of(row), **changes)
        return series.change(meeting.organisation_id, meeting.id, draft, since=since, by=None)


def dates(meeting: Meeting) -> list[Occurrence]:
    """Read the dates of a group, in order."""
    db.session.rollback()
    wanted = select(Occurrence).where(Occurrence.meeting_id == meeting.id).order_by(Occurrence.starts_at)
    return list(db.session.scalars(wanted))


def on(meeting: Meeting) -> list[Occurrence]:
    """Read the dates of a group that take place."""
    return [date for date in dates(meeting) if date.status != "cancelled"]


def say_yes(date: Occurrence, *people: Person) -> None:
    """Let people answer yes."""
    for person in people:
        with transaction():
            rsvps.answer(date.organisation_id, date.id, person.id, "yes", via="web")


def texts(*kinds: str) -> list[Message]:
    """Read the texts that wait, in the order they were written."""
    db.session.rollback()
    wanted = select(Message).where(Message.state == "pending").order_by(Message.id)
    return [text for text in db.session.scalars(wanted) if not kinds or text.kind in kinds]
