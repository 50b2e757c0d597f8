"""People who are to be reminded of tomorrow's meeting, each once: planned by the planner, as often as wanted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select, text, update

from aftercare.conversations import reminders
from aftercare.core import clock
from aftercare.core.db import db, is_postgresql, transaction
from aftercare.meetings.models import Occurrence, Rsvp
from aftercare.messaging.models import Message, WorkerBeat
from aftercare.people.models import Organisation, Person
from tests.factories import consent_to_texts, make_meeting, make_occurrence, make_organisation

CLINICS, GROUP = 10, 20
_LEAD = 24


@dataclass(frozen=True)
class Outbox:
    """An installation whose outbox can be filled with the same texts again and again."""

    app: Flask
    kind: str

    def prepare(self, count: int) -> None:
        """Make the people, their dates and their answers, post the texts, and keep a copy of them."""
        with self.app.app_context():
            for number in range(CLINICS):
                _make_clinic(f"bench-{number}", count // CLINICS, first=number * count // CLINICS)
            with transaction():
                db.session.execute(text("CREATE TABLE kept_messages AS SELECT * FROM messages"))

    def fill(self, count: int) -> None:
        """Let so many texts wait, as if none had ever been sent."""
        with self.app.app_context():
            with transaction():
                db.session.execute(text("TRUNCATE messages" if is_postgresql() else "DELETE FROM messages"))
                copied = "INSERT INTO messages SELECT * FROM kept_messages ORDER BY id LIMIT :count"
                db.session.execute(text(copied), {"count": count})
            with transaction():
                db.session.execute(text("ANALYZE"))
            db.session.remove()

    def workers_since(self, moment: datetime) -> int:
        """Count the workers that have begun since a moment."""
        with self.app.app_context(), transaction(reading=True):
            begun = select(func.count()).select_from(WorkerBeat).where(WorkerBeat.started_at >= moment)
            return db.session.execute(begun).scalar_one()

    def unfinished(self) -> int:
        """Count the texts that are not with the carrier yet."""
        with self.app.app_context(), transaction(reading=True):
            states = select(func.count()).select_from(Message).where(Message.state != "accepted")
            return db.session.execute(states).scalar_one()


def _make_clinic(slug: str, size: int, *, first: int) -> None:
    clinic = make_organisation(slug=slug, zone=_where_it_is_noon(), reminder_hours=[_LEAD])
    written_until = clock.today(clinic.zone) + timedelta(days=900)
    numbers = range(first, first + size)
    for group in [numbers[start : start + GROUP] for start in range(0, size, GROUP)]:
        date = make_occurrence(make_meeting(clinic, rule=None, horizon_until=written_until))
        with transaction():
            people = [_person(clinic, number) for number in group]
            db.session.add_all(people)
            db.session.flush()
            db.session.add_all(consent_to_texts(person) for person in people)
            db.session.add_all(_going(date, person) for person in people)
    assert reminders.plan_organisation(clinic.id, clock.now()) == size
    with transaction():
        # What is planned is due; and the planner, which each worker runs too, has nothing to do while others race.
        db.session.execute(update(Message).values(due_at=clock.now()))
        db.session.execute(update(Organisation).values(reminder_hours=[]))


def _where_it_is_noon() -> str:
    """Name a zone where texts may go now, whenever the benchmark runs."""
    ahead = 12 - clock.now().hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def _person(clinic: Organisation, number: int) -> Person:
    return Person(
        organisation_id=clinic.id,
        zone=clinic.zone,
        name=f"Ana Rivera {number}",
        phone=f"+1303{2000000 + number}",
        phone_verified_at=clock.now(),
    )


def _going(date: Occurrence, person: Person) -> Rsvp:
    return Rsvp(
        organisation_id=date.organisation_id,
        occurrence_id=date.id,
        occurs_on=date.occurs_on,
        person_id=person.id,
        status="going",
        answered_at=clock.now() - timedelta(days=30),
    )
