"""Calendars as the application serves them, made of meetings that calendar programs get wrong, and what is true."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from flask.testing import FlaskClient

from aftercare.core.db import db, transaction
from aftercare.meetings import changes, schedule
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.people.models import Organisation, Person
from tests.calendars.devices import fetch, subscribe
from tests.factories import make_meeting, make_member, make_organisation, make_person

#: The calendar reaches from the last days of one winter to the first of the next: both changes of the clocks lie in it.
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
FIRST_DAY = datetime(2026, 1, 3)
YEAR = timedelta(days=365)
ZONES = ("America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "UTC")
#: name: (rule, about when it begins, minutes)
PATTERNS = {
    "Evening": ("FREQ=WEEKLY;BYDAY=TU", "2026-01-03T19:00", 60),
    "Begun long ago": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "2022-01-06T18:30", 90),
    "Skipped hour": ("FREQ=WEEKLY;BYDAY=SU", "2026-01-03T02:15", 60),
    "Hour lived twice": ("FREQ=WEEKLY;BYDAY=SU", "2026-01-03T01:30", 60),
    "All night": ("FREQ=WEEKLY;BYDAY=SA", "2026-01-03T22:00", 480),
    "Last Friday": ("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-03T17:00", 60),
    "Until autumn": ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261031T235959", "2026-01-03T20:00", 60),
    "Sixty times": ("FREQ=WEEKLY;BYDAY=WE;COUNT=60", "2026-01-07T07:00", 30),
}

Shown = list[tuple[str, str, str]]


@dataclass
class Life:
    """A clinic in one zone, a member of all its groups, and its listings."""

    clinic: Organisation
    ana: Person
    groups: list[Meeting]
    listings: list[Meeting]


def make_life(zone: str) -> Life:
    """Make a clinic with every nasty pattern, each once as a group and once as a listing."""
    clinic = make_organisation(zone=zone)
    ana = make_person(clinic)
    groups = [_make(clinic, zone, name, kind="programme") for name in PATTERNS]
    listings = [_make(clinic, zone, name, kind="fellowship") for name in PATTERNS]
    for group in groups:
        make_member(group, ana)
        with transaction():
            schedule.extend(group, since=FIRST_DAY.date())
        _disturb(group)
    return Life(clinic, ana, groups, listings)


def personal(client: FlaskClient, life: Life, level: str = "full") -> bytes:
    """Fetch the calendar of the member."""
    return fetch(client, subscribe(life.ana, level)).get_data()


def of_meeting(client: FlaskClient, meeting: Meeting) -> bytes:
    """Fetch the feed of a meeting."""
    return fetch(client, f"/m/{meeting.id}.ics").get_data()


def of_clinic(client: FlaskClient, life: Life) -> bytes:
    """Fetch the feed of the clinic."""
    return fetch(client, f"/o/{life.clinic.slug}/meetings.ics").get_data()


def happening(meeting: Meeting, after: datetime, before: datetime) -> Shown:
    """Say what really happens at a meeting: by its rule, its wall time and its zone, and by what was changed."""
    db.session.rollback()
    assert meeting.start_local is not None
    assert meeting.rule is not None
    # Clocks may run ahead of UTC, so slots are looked for beyond the end.
    end = before.replace(tzinfo=None) + timedelta(days=2)
    slots = rrulestr(meeting.rule, dtstart=meeting.start_local).between(meeting.start_local, end)
    changed = {row.slot_local: row for row in db.session.query(Occurrence).filter_by(meeting_id=meeting.id)}
    every = [_shown(meeting, slot, changed.get(slot)) for slot in [meeting.start_local, *slots]]
    return sorted({one for one in every if after.isoformat() <= one[0] < before.isoformat()})


def _make(clinic: Organisation, zone: str, name: str, *, kind: str) -> Meeting:
    rule, about, minutes = PATTERNS[name]
    first = rrulestr(rule, dtstart=datetime.fromisoformat(about))[0]
    return make_meeting(clinic, kind=kind, name=name, zone=zone, start_local=first, minutes=minutes, rule=rule)


def _disturb(group: Meeting) -> None:
    """Move the third coming date to the next day, 45 minutes later, and call off the fifth."""
    coming = schedule.next_dates(group)
    with transaction():
        moved = coming[2]
        to = moved.start_local + timedelta(days=1, minutes=45)
        changes.move_occurrence(group.organisation_id, moved.id, to=to, by=None)
    if len(coming) > 4:
        with transaction():
            changes.cancel_occurrence(group.organisation_id, coming[4].id, by=None)


def _shown(meeting: Meeting, slot: datetime, row: Occurrence | None) -> tuple[str, str, str]:
    wall = row.start_local if row else slot
    starts_at = wall.replace(tzinfo=ZoneInfo(meeting.zone), fold=0).astimezone(UTC)
    ends_at = starts_at + timedelta(minutes=meeting.minutes or 0)
    is_off = row is not None and row.status == "cancelled"
    return starts_at.isoformat(), ends_at.isoformat(), f"Cancelled: {meeting.name}" if is_off else meeting.name
