"""A clinic, its texts, a carrier that keeps books, and workers that can be killed; and how much time has passed."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import and_, func, or_, select

from aftercare.consent import ledger as consents
from aftercare.conversations import incoming
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message
from aftercare.messaging.states import State
from aftercare.people.models import Person
from tests.carrier_wire import NUMBER, new_sid
from tests.crash.findings import IN_DOUBT, Findings, Row, Wish
from tests.crash.ledger import Ledger
from tests.crash.nursery import Child, Nursery
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_together, text_for
from tests.worker_process import environment

MINUTE = 61.0
#: A text in doubt is looked for twice, a minute apart, and may be tried again after five; then all has settled.
MOST_PASSES = 12
_IN_FLIGHT = Message.state.in_(sorted(IN_DOUBT))


class World:
    """One database, one carrier; `workers` processes send."""

    def __init__(self, app: Flask, nursery: Nursery, carrier: Ledger, folder: Path, *, workers: int = 1) -> None:
        self.app, self.nursery, self.carrier, self.folder, self.workers = app, nursery, carrier, folder, workers
        self.clock_file = folder / f"clock-{uuid.uuid4().hex}"
        self.clock_file.write_text("0")
        clock.follow(self.clock_file)
        self.clinic = make_organisation()
        self.people: list[Person] = []
        self.wishes: dict[uuid.UUID, Wish] = {}
        self.troubles: list[str] = []
        self._number = count(1)

    def populate(self, number: int) -> Sequence[Person]:
        """See that there are so many patients who have agreed to texts."""
        while len(self.people) < number:
            self.people.append(make_person(self.clinic))
        return self.people[:number]

    def post(self, number: int = 100, **given: Any) -> list[Message]:
        """Post texts that are due, one to each of so many people, and wish that they be sent."""
        texts = [text_for(each, body=f"Text {next(self._number)}", **given) for each in self.populate(number)]
        post_together(*texts)
        self.wishes |= {text.id: Wish() for text in texts}
        return texts

    def worker(self, *words: str, name: str = "w0", **plan: Any) -> Child:
        """Start a worker; the plan says where it dies, if it is to."""
        db.session.rollback()
        return self.nursery.start("worker", *words, environment=self.environment(name), name=name, **plan)

    def environment(self, name: str) -> dict[str, str]:
        """Give the settings of a process of this world; the carrier knows it by its name."""
        settings = environment(self.app, self.carrier, AFTERCARE_DEMO_CLOCK=str(self.clock_file))
        return settings | {"AFTERCARE_TWILIO_API_URL": f"{self.carrier.url}/{name}", "AFTERCARE_SMS_PER_SECOND": "0"}

    def stop_texts(self, texts: Iterable[Message]) -> None:
        """Let the readers of texts say STOP, each by a text of their own."""
        for text in texts:
            with transaction():
                incoming.take_in(new_sid("SM"), sender=text.number, to=NUMBER, body="STOP")
            self.wishes[text.id] = Wish(must_go=False, stopped_at=clock.now())

    def agree_again(self) -> None:
        """Let whoever stopped the texts agree to them again."""
        with transaction():
            for person in self.people:
                if not consents.allows_texts(person):
                    consents.grant_texts(person, way="text")

    def pass_time(self, seconds: float = MINUTE) -> None:
        """Let time pass for all: for those who read our clock, for the database's claims, for the carrier's list."""
        clock.push(seconds)
        self.carrier.grow_older(seconds)
        by = timedelta(seconds=seconds)
        with transaction():
            for message in db.session.scalars(select(Message).where(_IN_FLIGHT)):
                for column in ("claimed_at", "lease_until", "looked_at"):
                    moment = getattr(message, column)
                    setattr(message, column, moment and moment - by)

    def settle(self, passes: int = MOST_PASSES) -> None:
        """Start workers again and again, a minute apart, until nothing waits and nothing is in doubt."""
        for _ in range(passes):
            self.pass_time()
            workers = [self.worker("--once", name=f"w{number}") for number in range(self.workers)]
            for each in workers:
                if each.wait():
                    self.troubles.append(f"worker ended with {each.status}: {each.said()}")
            if not self.unfinished():
                return

    def unfinished(self) -> int:
        """Count the texts that are due, or in doubt."""
        is_due = and_(Message.state == State.PENDING, Message.due_at <= clock.now())
        with transaction(reading=True):
            return db.session.scalar(select(func.count()).select_from(Message).where(or_(is_due, _IN_FLIGHT))) or 0

    def look(self) -> Findings:
        """Compare all texts with what was wished and what the carrier has; then wish for nothing more."""
        columns = (Message.id, Message.state, Message.sid, Message.reason, Message.useful_until)
        with transaction(reading=True):
            rows = db.session.execute(select(*columns).where(Message.id.in_(self.wishes))).all()
        found = Findings.of((Row(row[0], State(row[1]), *row[2:]) for row in rows), self.wishes, self.carrier.books)
        found.troubles, self.troubles, self.wishes = self.troubles, [], {}
        return found
