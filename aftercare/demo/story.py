"""The demo's story, told through the real verbs: whatever the pages show of it came about as it would in a clinic."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare.attendance import check_in, roll
from aftercare.consent import ledger
from aftercare.core import clock, phone
from aftercare.core.db import db, transaction
from aftercare.demo import meeting_list, people, questionnaire
from aftercare.demo.people import PATIENTS, SLUG, STAFF, Patient
from aftercare.demo.surroundings import ZONE
from aftercare.meetings import members, publishing, rsvps, schedule
from aftercare.meetings.exchange import importing
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat
from aftercare.people import accounts, organisations, passwords
from aftercare.people.models import Organisation, Person
from aftercare.recovery import awards, instruments, progress

Say = Callable[[str], None]
LOCATION, LIST_NAME = "demo-list.json", "Meetings around Elm Street"


def is_told() -> bool:
    """Tell whether the demo's centre is there already."""
    return organisations.find_by_slug(SLUG) is not None


def tell(say: Say) -> None:
    """Found the centre, import the list around it, and live through its last half year."""
    now = clock.now()
    began = now - timedelta(weeks=people.weeks_told() + 1)
    say("Importing about 300 made-up meetings around the centre")
    with transaction():
        organisation = _found()
        for file in questionnaire.files():
            instruments.load(organisation, file)
    with transaction():
        feed = FeedDefaults(zone=ZONE)
        importing.import_list(organisation, meeting_list.meeting_list(), location=LOCATION, defaults=feed)
        importing.locked_source(organisation.id, LOCATION, feed).name = LIST_NAME
    say(f"Making {len(STAFF) + len(PATIENTS)} people and {len(_drafts(now, began))} groups")
    with clock.held(began):
        staff = _add_staff(organisation)
        meetings = _publish(organisation, now, began, by=staff[0].id)
    say("Living through half a year of meetings")
    patients = _add_patients(organisation, meetings[0], now)
    _live(meetings[0], patients, staff[0].id, until=now)
    with transaction():
        for meeting in meetings:
            schedule.extend(db.session.merge(meeting))
    _look_ahead(meetings[0], patients)


def _found() -> Organisation:
    return organisations.create_organisation(
        SLUG, name="Elm Street Center", discreet_name="Elm St", zone=ZONE, contact_phone=phone.read("303 555 0100")
    )


def _add_staff(organisation: Organisation) -> list[Person]:
    added = []
    for each in STAFF:
        with transaction():
            person = accounts.add_person(organisation, name=each.name, roles=each.roles)
            passwords.open_account(person, each.email)
            added.append(person)
    return added


def _drafts(now: datetime, began: datetime) -> list[Draft]:
    """Six groups; the first meets tonight, whatever day it is."""
    tonight = now.astimezone(ZoneInfo(ZONE)).weekday()
    first_day = people.monday_of(began.astimezone(ZoneInfo(ZONE)).date())
    place = {"place_name": "Elm Street Center", "place_address": "40 Elm Street, Alder Creek, CO 80999, USA"}

    def group(name: str, days: tuple[int, ...], at: time, **more: object) -> Draft:
        given: dict[str, object] = {"zone": ZONE, "repeat": Repeat(weekdays=days), "languages": ("en",)} | place
        first = datetime.combine(first_day + timedelta(days=days[0]), at)
        return Draft(name=name, first=first, **given | more)  # type: ignore[arg-type]

    return [
        group("Tools for the Week", (tonight,), time(18, 30), capacity=12, discreet_title="Evening visit"),
        group("Lunch Circle", (0, 1, 2, 3, 4), time(12), minutes=45, capacity=10),
        group("Café y Charla", (5,), time(9), attendance="online", languages=("es",),
              place_name="", place_address="", join_url="https://meet.example.org/cafe"),
        group("Family Night", (2,), time(19), is_open=True),
        group("Early Birds", (1, 3), time(7, 30), minutes=30, capacity=6),
        group("Weekend Walk", (6,), time(10), minutes=90, description="We meet at the door and walk by the creek."),
    ]  # fmt: skip


def _publish(organisation: Organisation, now: datetime, began: datetime, *, by: uuid.UUID) -> list[Meeting]:
    published = []
    for draft in _drafts(now, began):
        with transaction():
            published.append(publishing.publish(organisation.id, draft, by=by))
    return published


def _add_patients(organisation: Organisation, meeting: Meeting, now: datetime) -> dict[uuid.UUID, Patient]:
    added = {}
    for patient in PATIENTS:
        with clock.held(now - timedelta(weeks=patient.enrolled_weeks_ago(), days=1)), transaction():
            person = _add_patient(organisation, patient)
            members.join(meeting, person, since=clock.today(ZONE))
            added[person.id] = patient
    return added


def _add_patient(organisation: Organisation, patient: Patient) -> Person:
    number = phone.read(patient.phone)
    person = accounts.add_person(
        organisation, name=patient.name, roles=["patient"], phone=number, language=patient.language
    )
    accounts.verify_phone(person)
    person.text_level = patient.text_level
    # In the demo a week passes in minutes, and whoever tries it wants to see every text.
    accounts.choose_texts(person, a_day=0, a_week=0)
    progress.enrol(person, goal=patient.goal)
    ledger.grant_texts(person, way="staff")
    if not patient.agrees_to_texts:
        ledger.withdraw_texts(person, way="web")
    return person


def _live(meeting: Meeting, patients: dict[uuid.UUID, Patient], host: uuid.UUID, *, until: datetime) -> None:
    """Let every past date of the main group happen: answers, check-ins, the roll."""
    dates = list(_past_dates(meeting, until))
    for week, occurrence in zip(range(len(dates), 0, -1), dates, strict=True):
        came = {person_id: patient.came(week) for person_id, patient in patients.items()}
        _hold(occurrence, {person_id: how for person_id, how in came.items() if how in "xl"}, host)


def _past_dates(meeting: Meeting, until: datetime) -> Iterator[Occurrence]:
    wanted = select(Occurrence).where(
        Occurrence.organisation_id == meeting.organisation_id,
        Occurrence.meeting_id == meeting.id,
        Occurrence.ends_at < until,
    )
    yield from db.session.scalars(wanted.order_by(Occurrence.starts_at, Occurrence.id))


def _hold(occurrence: Occurrence, came: dict[uuid.UUID, str], host: uuid.UUID) -> None:
    key = (occurrence.organisation_id, occurrence.id)
    starts_at, ends_at = occurrence.starts_at, occurrence.ends_at
    with clock.held(starts_at - timedelta(hours=5)), transaction():
        for person_id in came:
            rsvps.answer(*key, person_id, "yes", via="web")
    for how, mark, after in (("x", "attended", 0), ("l", "late", 14)):
        with clock.held(starts_at + timedelta(minutes=after)), transaction():
            for person_id in (each for each, shown in came.items() if shown == how):
                check_in.by_staff(*key, person_id, by=host, mark=mark)
    with clock.held(ends_at), transaction():
        roll.finish(*key, by=host)
        for person_id in came:
            awards.note(accounts.get_person(key[0], person_id))


def _look_ahead(meeting: Meeting, patients: dict[uuid.UUID, Patient]) -> None:
    """Some have said yes to tonight, one is not sure; the others will be asked by text."""
    with transaction():
        tonight = schedule.next_dates(db.session.merge(meeting), limit=1)[0]
        for person_id, patient in patients.items():
            wish = {"Priya Shah": "yes", "Dee Walker": "maybe", "Robin Hale": "yes"}.get(patient.name)
            if wish:
                rsvps.answer(tonight.organisation_id, tonight.id, person_id, wish, via="web")
