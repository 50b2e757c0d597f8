"""Rows for tests, with defaults that surprise nobody. Each is committed, so that any process sees it."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from aftercare.attendance.models import Attendance
from aftercare.calendars.models import Feed
from aftercare.consent.models import ConsentEvent
from aftercare.core import clock, ids
from aftercare.core.db import Model, db, transaction
from aftercare.meetings import finder_rows
from aftercare.meetings.models import Facilitator, Meeting, Member, Occurrence, Rsvp
from aftercare.meetings.recurrence import instant
from aftercare.people import directory
from aftercare.people.models import Organisation, Person, PersonRole
from aftercare.recovery.models import Goal, Path

ZONE = "America/Denver"
Row = TypeVar("Row", bound=Model)
_count = iter(range(1, 10**9))


def saved(*rows: Row) -> Row:
    """Commit rows, and give the first."""
    with transaction():
        for row in rows:
            db.session.add(row)
            db.session.flush()
    return rows[0]


def make_organisation(**given: Any) -> Organisation:
    """Make a clinic in Denver."""
    number = next(_count)
    defaults: dict[str, Any] = {
        "slug": f"elm-{number}",
        "name": "Elm Street Center",
        "discreet_name": "Elm St",
        "zone": ZONE,
        "contact_phone": "+13035550100",
    }
    return saved(Organisation(**defaults | given))


def make_person(organisation: Organisation | None = None, *, role: str = "patient", **given: Any) -> Person:
    """Make somebody with a verified phone, who has agreed to texts if they are a patient."""
    organisation = organisation or make_organisation()
    number = next(_count)
    agrees = given.pop("agrees_to_texts", role == "patient")
    defaults: dict[str, Any] = {
        "organisation_id": organisation.id,
        "zone": organisation.zone,
        "name": f"Ana Rivera {number}",
        "phone": f"+1303{2000000 + number}",
        "phone_verified_at": clock.now(),
    }
    person = Person(**defaults | given)
    with transaction():
        db.session.add(person)
        db.session.flush()
        db.session.add_all(_part(person, role))
        if person.phone:
            directory.enter_phone(person.phone, organisation_id=organisation.id, person_id=person.id)
        if agrees:
            db.session.add(consent_to_texts(person))
    return person


def make_crowd(organisation: Organisation, count: int) -> list[Person]:
    """Make many patients without a phone, in one transaction."""
    crowd = [Person(organisation_id=organisation.id, zone=organisation.zone, name="Ana Rivera") for _ in range(count)]
    with transaction():
        db.session.add_all(crowd)
        db.session.flush()
        db.session.add_all(row for person in crowd for row in _part(person, "patient"))
    return crowd


def _part(person: Person, role: str) -> list[Model]:
    """Write down what somebody is here, and since when they come if they are a patient."""
    whose = {"organisation_id": person.organisation_id, "person_id": person.id}
    rows: list[Model] = [PersonRole(**whose, role=role)]
    if role == "patient":
        enrolled = clock.today(person.zone) - timedelta(days=180)
        rows += [Path(**whose, enrolled_on=enrolled), Goal(**whose, set_on=enrolled, meetings=1)]
    return rows


def consent_to_texts(person: Person) -> ConsentEvent:
    """Make a person's agreement to texts."""
    return ConsentEvent(
        organisation_id=person.organisation_id,
        person_id=person.id,
        purpose="text",
        act="grant",
        way="web",
        wording="texts-1",
        language=person.language,
        phone_hash=person.phone_hash,
    )


def make_meeting(organisation: Organisation | None = None, **given: Any) -> Meeting:
    """Make a weekly programme meeting, Tuesdays at six in the evening."""
    organisation = organisation or make_organisation()
    key = given.pop("id", None) or ids.new()
    defaults: dict[str, Any] = {
        "organisation_id": organisation.id,
        "id": key,
        "lineage_id": key,
        "kind": "programme",
        "name": "Tools for the Week",
        "zone": organisation.zone,
        "start_local": datetime(2026, 9, 1, 18, 0),
        "minutes": 60,
        "rule": "FREQ=WEEKLY;BYDAY=TU",
    }
    meeting = Meeting(**defaults | given)
    with transaction():
        db.session.add(meeting)
        db.session.flush()
        directory.enter_id("meeting", meeting.id, organisation_id=organisation.id)
        finder_rows.keep(meeting)
    return meeting


def make_occurrence(meeting: Meeting | None = None, *, starts: datetime | None = None, **given: Any) -> Occurrence:
    """Make one date of a programme meeting; `starts` is wall time (default: tomorrow at six in the evening)."""
    meeting = meeting or make_meeting()
    local = starts or datetime.combine(clock.today(meeting.zone) + timedelta(days=1), datetime.min.time()).replace(
        hour=18
    )
    begins = instant(local, meeting.zone)
    defaults: dict[str, Any] = {
        "organisation_id": meeting.organisation_id,
        "meeting_id": meeting.id,
        "slot_local": local,
        "start_local": local,
        "occurs_on": local.date(),
        "starts_at": begins,
        "ends_at": begins + timedelta(minutes=meeting.minutes or 60),
        "capacity": meeting.capacity,
        "closes_minutes_before": meeting.closes_minutes_before,
    }
    return saved(Occurrence(**defaults | given))


def make_rsvp(occurrence: Occurrence, person: Person, **given: Any) -> Rsvp:
    """Make an answer: going, unless told otherwise."""
    defaults: dict[str, Any] = {
        "organisation_id": occurrence.organisation_id,
        "occurrence_id": occurrence.id,
        "occurs_on": occurrence.occurs_on,
        "person_id": person.id,
        "status": "going",
    }
    return saved(Rsvp(**defaults | given))


def make_member(meeting: Meeting, person: Person, *, since: date = date(2026, 1, 1)) -> Member:
    """Make somebody a member of a programme meeting."""
    keys: dict[str, uuid.UUID] = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    return saved(Member(**keys, person_id=person.id, since=since))


def make_facilitator(meeting: Meeting, person: Person) -> Facilitator:
    """Let somebody lead a programme meeting."""
    keys: dict[str, uuid.UUID] = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    return saved(Facilitator(**keys, person_id=person.id))


def make_attendance(occurrence: Occurrence, person: Person, **given: Any) -> Attendance:
    """Make a record of somebody who came on time, taken by staff."""
    defaults: dict[str, Any] = {
        "organisation_id": occurrence.organisation_id,
        "occurrence_id": occurrence.id,
        "occurs_on": occurrence.occurs_on,
        "person_id": person.id,
        "state": "attended",
        "credit_date": occurrence.start_local.date(),
        "arrived_at": occurrence.starts_at,
        "way": "roll",
        "assurance": 3,
    }
    return saved(Attendance(**defaults | given))


def make_feed(person: Person, **given: Any) -> Feed:
    """Make a calendar of one device, whose address nobody knows."""
    defaults: dict[str, Any] = {"name": "Phone", "key_hash": b""}
    return saved(Feed(organisation_id=person.organisation_id, person_id=person.id, **defaults | given))
