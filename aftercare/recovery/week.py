"""What "my week" shows: the next date, what one has come to, in the order that product.md section 5 gives."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from aftercare.attendance import room_code
from aftercare.core import clock
from aftercare.http import formats, pages
from aftercare.meetings import agenda, shown
from aftercare.meetings.agenda import Date
from aftercare.people.models import Person
from aftercare.recovery import awards, progress
from aftercare.recovery.milestones import next_milestone
from aftercare.recovery.progress import Progress

AHEAD = timedelta(days=60)
LONGEST_DATE = timedelta(hours=25)
MOST_LATER, MOST_WEEKS, MOST_MILESTONES = 5, 8, 6


def of(person: Person) -> dict[str, Any]:
    """Show somebody's week."""
    now = clock.now()
    dates = _dates(person, now)
    following = next((date for date in dates if date.occurrence.status != "cancelled"), None)
    made = progress.whole(person)
    return {
        "name": person.name.split()[0],
        "part_of_day": formats.part_of_day(now, zone=person.zone),
        "next": _next(following, person, now) if following else None,
        "later": [_later(date) for date in dates if date is not following][:MOST_LATER],
        "streak": streak(made),
        "milestones": [
            {"kind": each.kind, "number": each.number, "reached_on": each.reached_on}
            for each in awards.of(person)[:MOST_MILESTONES]
        ],
        "next_milestone": _next_milestone(made.streak.total),
    }


def streak(made: Progress) -> dict[str, Any]:
    """Show a streak: meetings in all, weeks on goal, this week, weeks in a row."""
    found, language = made.streak, pages.language()
    return {
        "total": found.total,
        "weeks_on_goal": found.weeks_on_goal,
        "this_week_done": found.this_week_done,
        "this_week_goal": found.this_week_goal,
        "current": found.current,
        "best": found.best,
        "is_shown": made.shows_streak,
        "weeks": [
            {"label": formats.when_short_date(week.start, language=language), "status": week.status.value}
            for week in found.weeks[-MOST_WEEKS:]
        ],
    }


def _dates(person: Person, now: datetime) -> list[Date]:
    found = agenda.of_person(person.organisation_id, person.id, since=now - LONGEST_DATE, until=now + AHEAD)
    return [date for date in found if date.occurrence.ends_at > now]


def _next(date: Date, person: Person, now: datetime) -> dict[str, Any]:
    occurrence, meeting = date.occurrence, date.meeting
    is_open = room_code.is_open(occurrence.starts_at, occurrence.ends_at, now=now)
    answer_url = url_for(
        "meetings.answer", meeting_id=meeting.id, occurrence_id=occurrence.id, next=url_for("recovery.week")
    )
    return shown.date(occurrence, meeting, date.place, shows_link=not meeting.is_join_withheld) | {
        "name": meeting.name,
        "name_language": _foreign(meeting.languages),
        "url": shown.meeting_url(meeting.id),
        "calendar_url": url_for("calendars.meeting", meeting_id=meeting.id),
        "check_in_url": url_for("check_in.ask") if is_open else None,
        "rsvp": shown.rsvp(occurrence, meeting, person.id, url=answer_url, about=meeting.name),
    }


def _later(date: Date) -> dict[str, Any]:
    return shown.date(date.occurrence, date.meeting, date.place) | {
        "name": date.meeting.name,
        "name_language": _foreign(date.meeting.languages),
        "url": shown.meeting_url(date.meeting.id),
        "rsvp_status": date.answer.status if date.answer else None,
    }


def _next_milestone(total: int) -> dict[str, Any]:
    number = next_milestone("meetings", total)
    return {"kind": "meetings", "number": number, "to_go": number - total}


def _foreign(languages: list[str]) -> str | None:
    return languages[0] if languages and pages.language() not in languages else None
