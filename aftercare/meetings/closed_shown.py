"""What pages say of meetings that are closed for some days."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.http import formats, pages
from aftercare.meetings import closed
from aftercare.meetings.change_models import Closure
from aftercare.meetings.models import Meeting
from aftercare.meetings.recurrence import zone_named

#: So many days ahead people are told of a closure.
AHEAD = timedelta(days=14)


def words(meeting: Meeting) -> str | None:
    """Say that a meeting is closed, or soon will be, and until when."""
    today = clock.today(meeting.zone)
    found = closed.of_meeting(meeting, today, today + AHEAD)
    return _said(found[0], is_now=found[0].first_day <= today) if found else None


def mark(meeting: Meeting, dates: Sequence[dict[str, Any]]) -> None:
    """Mark those dates of a listing as cancelled on whose day it is closed."""
    zone = zone_named(meeting.zone)
    days = [each["starts_at"].astimezone(zone).date() for each in dates]
    shut = closed.of_meeting(meeting, min(days), max(days)) if days else []
    for each, day in zip(dates, days, strict=True):
        if closed.on_day(shut, day) is not None:
            each["status"] = "cancelled"


def status(shut: closed.Closed, meeting: Meeting, starts_at: datetime) -> dict[str, str]:
    """Give what a row of the finder says otherwise because its meeting is closed on that day."""
    is_closed = shut.of(meeting, starts_at.astimezone(zone_named(meeting.zone)).date()) is not None
    return {"status": "cancelled"} if is_closed and meeting.kind == "fellowship" else {}


def _said(closure: Closure, *, is_now: bool) -> str:
    language = pages.language()
    first, last = (formats.on_paper(day, language=language) for day in (closure.first_day, closure.last_day))
    if closure.first_day == closure.last_day:
        said: str = _("Closed on %(day)s.", day=first)
    elif is_now:
        said = _("Closed until %(day)s, that day too.", day=last)
    else:
        said = _("Closed from %(first)s to %(last)s, both days too.", first=first, last=last)
    return said
