"""What staff see first: today's groups, what is still to do, the next days."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from aftercare.attendance import records, room_code
from aftercare.core import clock
from aftercare.http import formats
from aftercare.meetings import rsvps, shown, timetable
from aftercare.meetings.exchange import waiting_lists
from aftercare.meetings.models import Occurrence
from aftercare.meetings.timetable import Listed
from aftercare.people.models import Organisation, Person
from aftercare.recovery import calls, outreach, task_shown

NEXT_DAYS = timedelta(days=7)
MOST_LATER, MOST_TASKS = 10, 20


def today(
    organisation: Organisation, person: Person, *, sees_queue: bool = False, keeps_lists: bool = False
) -> dict[str, Any]:
    """Show a member of staff their organisation's day; what keeps texts from going, only to whoever sees the queue."""
    now = clock.now()
    hidden = () if sees_queue else outreach.OPERATIONS
    midnight = now.astimezone(ZoneInfo(organisation.zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    tomorrow = (midnight + timedelta(days=1)).replace(hour=0)
    dates = timetable.between(organisation.id, since=midnight, until=tomorrow)
    later = timetable.between(organisation.id, since=tomorrow, until=tomorrow + NEXT_DAYS, limit=MOST_LATER)
    groups = _groups(organisation.id, [*dates, *later], now)
    return {
        "name": person.name.split()[0],
        "part_of_day": formats.part_of_day(now, zone=person.zone),
        "groups": groups[: len(dates)],
        "later": [group for group in groups[len(dates) :] if group["status"] != "cancelled"],
        "tasks": task_shown.rows(outreach.open_tasks(organisation.id, limit=MOST_TASKS, without=hidden)),
        "urls": {
            "new_meeting": url_for("publishing.new"),
            "new_person": url_for("enrolment.new"),
            "meetings": url_for("finder.find", slug=organisation.slug),
            "outreach": None,
            "lists": url_for("lists.every") if keeps_lists else None,
        },
        "waiting_lists": waiting_lists.count(organisation.id) if keeps_lists else 0,
        "is_empty": not timetable.has_meetings(organisation.id),
    }


def _groups(organisation_id: uuid.UUID, dates: list[Listed], now: datetime) -> list[dict[str, Any]]:
    ids = [date.occurrence.id for date in dates]
    answers, here = rsvps.counts(organisation_id, ids), records.counts(organisation_id, ids)
    near = [date.occurrence for date in dates if now < date.occurrence.starts_at <= now + calls.NEAR]
    to_call = calls.needed(organisation_id, near) if near else {}
    return [
        shown.date(date.occurrence, date.meeting, date.place)
        | {
            "name": date.meeting.name,
            "url": shown.meeting_url(date.meeting.id),
            "roll_url": url_for("attendance.roll", occurrence_id=date.occurrence.id),
            "said_yes": sum(answers.get(date.occurrence.id, {}).get(status, 0) for status in ("going", "offered")),
            "calls": to_call.get(date.occurrence.id, 0),
            "calls_url": url_for("calls.show", occurrence_id=date.occurrence.id),
            "waiting": answers.get(date.occurrence.id, {}).get("waitlisted", 0),
            "here": here.get(date.occurrence.id, 0),
            "capacity": date.occurrence.capacity,
            "roll_state": _roll_state(date.occurrence, now),
        }
        for date in dates
    ]


def _roll_state(occurrence: Occurrence, now: datetime) -> str:
    if occurrence.roll == "final":
        return "done"
    if now >= occurrence.ends_at:
        return "due"
    opens, _ = room_code.window(occurrence.starts_at, occurrence.ends_at)
    return "open" if now >= opens else "later"
