"""A clinic, its texts, a carrier that keeps books, and workers that can be killed; and how much time has passed."""

import socket
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import make_url

from aftercare.consent import ledger as consents
from aftercare.conversations import incoming
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message, WorkerBeat
from aftercare.messaging.states import State
from aftercare.people import accounts
from tests.carrier_wire import NUMBER, new_sid
from tests.crash.findings import IN_DOUBT, Findings, Row, Wish
from tests.crash.ledger import Ledger
from tests.crash.nursery import Child, Nursery
from tests.factories import make_organisation, make_person
from tests.meetings.test_rsvp_rush import real_url
from tests.messaging.posting import post_together, text_for
from tests.worker_process import environment, wait_until

MINUTE = 61.0
#: A text in doubt is looked for twice, a minute apart, and may be tried again after five; then all has settled.
MOST_PASSES = 12
_IN_FLIGHT = Message.state.in_(sorted(IN_DOUBT))


@dataclass(frozen=True)
class Reader:
    """Somebody who gets texts, as far as a text needs to know."""

    organisation_id: uuid.UUID
    id: uuid.UUID
    zone: str
    language: str
    phone: str


class Due(NamedTuple):
    """A text that was posted; `reason` says why it is not to go after all."""

    id: uuid.UUID
    person_id: uuid.UUID | None
    reason: str | None = None


class World:
    """One database, one carrier; `workers` processes send."""

    def __init__(self, app: Flask, nursery: Nursery, carrier: Ledger, folder: Path, *, workers: int = 1) -> None:
        self.app, self.nursery, self.carrier, self.folder, self.workers = app, nursery, carrier, folder, workers
        self.clock_file = folder / f"clock-{uuid.uuid4().hex}"
        self.clock_file.write_text("0")
        clock.follow(self.clock_file)
        self.clinic = make_organisation(reminder_hours=[2])
        self.clinic_id = self.clinic.id
        self.people: list[Reader] = []
        self.stopped: set[uuid.UUID] = set()
        self.wishes: dict[uuid.UUID, Wish] = {}
        self.readers: dict[uuid.UUID, uuid.UUID | None] = {}
        self.troubles: list[str] = []
        self.settings: dict[str, str] = {}
        self.base_url = f"http://127.0.0.1:{_free_port()}"
        self._number = count(1)

    @property
    def database_url(self) -> str:
        """Say where the database is, with its password."""
        return str(real_url(self.app))

    @property
    def sqlite_path(self) -> str:
        """Name the file of the database; nothing on PostgreSQL."""
        url = make_url(self.database_url)
        return str(url.database) if url.get_backend_name() == "sqlite" else ""

    def populate(self, number: int) -> Sequence["Reader"]:
        """See that there are so many patients who have agreed to texts."""
        while len(self.people) < number:
            # Who wants no limit: in a crash more comes in a day than in life.
            person = make_person(self.clinic, texts_a_day=0, texts_a_week=0)
            self.people.append(Reader(*(getattr(person, each.name) for each in fields(Reader))))
        return self.people[:number]

    def post(self, number: int = 100, **given: Any) -> list["Due"]:
        """Post texts that are due, one to each of so many people, and wish that they be sent."""
        texts = [text_for(each, body=f"Text {next(self._number)}", **given) for each in self.populate(number)]
        due = [Due(text.id, text.person_id) for text in texts]
        post_together(*texts)
        self.wish_for(due)
        return due

    def wish_for(self, texts: Iterable["Due"], wish: Wish = Wish()) -> None:  # noqa: B008 - it never changes
        """Wish that texts be sent, or what else is to become of them."""
        for text in texts:
            self.wishes[text.id], self.readers[text.id] = wish, text.person_id

    def worker(self, *words: str, name: str = "w0", **plan: Any) -> Child:
        """Start a worker; the plan says where it dies, if it is to."""
        db.session.rollback()
        return self.nursery.start("worker", *words, environment=self.environment(name), name=name, **plan)

    def web(self, **plan: Any) -> Child:
        """Start the web application, and come back when it listens."""
        port = int(self.base_url.rsplit(":", 1)[1])
        web = self.nursery.start("web", str(port), environment=self.environment("web"), name="web", **plan)
        wait_until(lambda: not web.is_alive or _listens(port))
        return web

    def environment(self, name: str) -> dict[str, str]:
        """Give the settings of a process of this world; the carrier knows it by its name."""
        return environment(self.app, self.carrier) | {
            "AFTERCARE_DEMO_CLOCK": str(self.clock_file),
            "AFTERCARE_BASE_URL": self.base_url,
            "PGAPPNAME": name,
            "AFTERCARE_TWILIO_API_URL": f"{self.carrier.url}/{name}",
            # The carrier takes what comes; pace is tested elsewhere.
            "AFTERCARE_SMS_PER_SECOND": "0",
            # Who is stopped in the midst of a transaction gives its locks back soon: here after seconds.
            "PGOPTIONS": "-c idle_in_transaction_session_timeout=3000",
            **self.settings,
        }

    def stop_texts(self, texts: Iterable["Due"]) -> None:
        """Let the readers of texts say STOP, each by a text of their own: nothing more is to go to them."""
        for person in [self.reader_of(text) for text in texts]:
            db.session.rollback()
            with transaction():
                incoming.take_in(new_sid("SM"), sender=person.phone, to=NUMBER, body="STOP")
            self.note_stop(person)

    def note_stop(self, person: "Reader") -> None:
        """Wish that nothing more goes to somebody."""
        self.stopped.add(person.id)
        stopped = Wish(must_go=False, stopped_at=clock.now())
        self.wishes |= {key: stopped for key in self.wishes if self.readers[key] == person.id}

    def reader_of(self, text: "Due") -> "Reader":
        """Say whose text it is."""
        return next(each for each in self.people if each.id == text.person_id)

    def agree_again(self) -> None:
        """Let whoever stopped the texts agree to them again."""
        db.session.rollback()
        with transaction():
            for person_id in self.stopped:
                consents.grant_texts(accounts.get_person(self.clinic_id, person_id), way="text")
        self.stopped = set()

    def pass_time(self, seconds: float = MINUTE) -> None:
        """Let time pass for all: for those who read our clock, for the database's claims, for the carrier's list."""
        clock.push(seconds)
        self.carrier.grow_older(seconds)
        by = timedelta(seconds=seconds)
        db.session.rollback()
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

    def at_work(self, workers: Sequence[Child]) -> bool:
        """Tell whether all of some workers have begun."""
        names = [f"{socket.gethostname()}:{each.pid}" for each in workers]
        with transaction(reading=True):
            begun = select(func.count()).select_from(WorkerBeat).where(WorkerBeat.name.in_(names))
            return db.session.scalar(begun) == len(names)

    def unfinished(self) -> int:
        """Count the texts that are due, or in doubt."""
        is_due = and_(Message.state == State.PENDING, Message.due_at <= clock.now())
        with transaction(reading=True):
            return db.session.scalar(select(func.count()).select_from(Message).where(or_(is_due, _IN_FLIGHT))) or 0

    def calm(self) -> None:
        """Let everything be as it was, but for the time that has passed."""
        self.nursery.clear()
        self.carrier.be_kind()
        self.settings = {}
        self.agree_again()

    def look(self) -> Findings:
        """Compare all texts with what was wished and what the carrier has; then wish for nothing more."""
        columns = (Message.id, Message.state, Message.sid, Message.reason, Message.useful_until)
        with transaction(reading=True):
            rows = db.session.execute(select(*columns).where(Message.id.in_(self.wishes))).all()
        found = Findings.of((Row(row[0], State(row[1]), *row[2:]) for row in rows), self.wishes, self.carrier.books)
        found.troubles, self.troubles, self.wishes, self.readers = self.troubles, [], {}, {}
        return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
