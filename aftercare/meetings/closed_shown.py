"""What pages say of meetings that are closed for some days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from aftercare.core import clock
from aftercare.http import formats, pages
from aftercare.meetings import closed
from aftercare.meetings.change_models import Closure
from aftercare.meetings.finder import Found, Timeless
from aftercare.meetings.models import Meeting
from aftercare.meetings.recurrence import zone_named

#: So many days ahead people are told of a closure.
AHEAD = timedelta(days=14)


def words(meeting: Meeting) -> str | None:
    """Say that a meeting is closed, or soon will be, and until when."""
    today = clock.today(meeting.zone)
    found = closed.of_meeting(meeting, today, today + AHEAD)
    return _said(found[0], pages.language(), is_now=found[0].first_day <= today) if found else None


def mark(meeting: Meeting, dates: Sequence[dict[str, Any]]) -> None:
    """Mark those dates of a listing as cancelled on whose day it is closed."""
    zone = zone_named(meeting.zone)
    days = [each["starts_at"].astimezone(zone).date() for each in dates]
    shut = closed.of_meeting(meeting, min(days), max(days)) if days else []
    for each, day in zip(dates, days, strict=True):
        if closed.on_day(shut, day) is not None:
            each["status"] = "cancelled"


def status(shut: closed.Closed, row: Found) -> dict[str, str]:
    """Give what a row of the finder says otherwise because its meeting is closed on that day."""
    day = row.starts_at.astimezone(zone_named(row.meeting.zone)).date()
    closure = shut.of(row.meeting, day, place_id=row.place.id if row.place else None)
    # A date of ours is off only if it was cancelled: somebody may have let it take place all the same.
    if closure is None or (row.meeting.kind == "programme" and row.status != "cancelled"):
        return {}
    return {"status": "cancelled", "closure": during(closure.first_day, closure.last_day, pages.language())}


def today(shut: closed.Closed, row: Timeless) -> dict[str, str]:
    """Give what a row by appointment says otherwise because its meeting is closed today."""
    closure = shut.of(row.meeting, clock.today(row.meeting.zone))
    return {"closure": during(closure.first_day, closure.last_day, pages.language())} if closure else {}


def during(first_day: date, last_day: date, language: str) -> str:
    """Say on one of its days until when something is closed."""
    if first_day == last_day:
        said: str = _("Closed on %(day)s.", day=formats.on_paper(first_day, language=language))
    else:
        said = _("Closed until %(day)s, that day too.", day=formats.on_paper(last_day, language=language))
    return said


def _said(closure: Closure, language: str, *, is_now: bool) -> str:
    if is_now or closure.first_day == closure.last_day:
        return during(closure.first_day, closure.last_day, language)
    first, last = (formats.on_paper(day, language=language) for day in (closure.first_day, closure.last_day))
    said: str = _("Closed from %(first)s to %(last)s, both days too.", first=first, last=last)
    return said
