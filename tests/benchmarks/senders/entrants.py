"""Those who race: our worker, as it is run; twilio-python alone; a task of Celery."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import text

from aftercare.core import clock
from aftercare.core.db import db, transaction
from tests.benchmarks.senders import peers
from tests.benchmarks.senders.racing import Course, Process
from tests.benchmarks.senders.waiting import Outbox
from tests.benchmarks.table import ROOT
from tests.worker_process import PROGRAM, environment

_HERE = Path(__file__).parent
_QUIETLY = ("--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat")


@dataclass
class Ours:
    """Our workers on a database, with all their other jobs."""

    outbox: Outbox
    workers: int = 1
    records: bool = True

    @property
    def name(self) -> str:
        """Say on which database, and how many."""
        return f"ours, {self.outbox.kind}" + (f", {self.workers} workers" if self.workers > 1 else "")

    def fill(self, course: Course) -> None:  # noqa: ARG002 - as the others have it
        """Empty the outbox; it is filled once the workers are there, so that nobody's start is timed."""
        self.outbox.fill(0)

    def start(self, course: Course, api_url: str) -> Sequence[Process]:
        """Start `python worker.py`, and give it the texts."""
        carrier: Any = SimpleNamespace(url=api_url)
        settings = environment(
            self.outbox.app, carrier,
            AFTERCARE_WORKER_CONCURRENCY=str(course.at_once),
            AFTERCARE_BASE_URL="https://meet.example.org",
            # By default our own pace is that of one 10DLC number, a text a second.
            AFTERCARE_SMS_PER_SECOND="0",
        )  # fmt: skip
        before = clock.now()
        running = [
            subprocess.Popen(PROGRAM, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(self.workers)
        ]
        self._wait_for_all(before)
        self.outbox.fill(course.count)
        return running

    def _wait_for_all(self, before: datetime) -> None:
        give_up = time.monotonic() + 60
        while self.outbox.workers_since(before) < self.workers:
            if time.monotonic() > give_up:
                raise TimeoutError("A worker does not begin; its words are above.")
            time.sleep(0.05)

    def is_done(self) -> bool:
        """Tell whether every text is recorded."""
        return not self.outbox.unfinished()

    def servers(self) -> Sequence[int]:
        """Name the PostgreSQL server."""
        if self.outbox.kind == "sqlite":
            return []
        with self.outbox.app.app_context(), transaction(reading=True):
            backend = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        return [_parent(backend)]


@dataclass
class Alone:
    """twilio-python in threads, with no state at all."""

    name: str = "twilio-python alone, threads"
    records: bool = False

    def fill(self, course: Course) -> None:
        """Prepare nothing."""

    def start(self, course: Course, api_url: str) -> Sequence[Process]:
        """Start the program."""
        given = (api_url, str(course.count), str(course.at_once))
        return [subprocess.Popen([sys.executable, _HERE / "twilio_alone.py", *given])]

    def is_done(self) -> bool:
        """Have nothing to write down."""
        return True

    def servers(self) -> Sequence[int]:
        """Stand on none."""
        return []


@dataclass
class ByCelery:
    """A task of Celery in threads (its pool that is fastest here), on a Redis that writes nothing to the disk."""

    broker: str
    redis: int
    name: str = "Celery + Redis, threads"
    records: bool = False

    def fill(self, course: Course) -> None:
        """Post the tasks."""
        given = [str(peers.PYTHON), "by_celery.py", str(course.count)]
        subprocess.run(given, cwd=_HERE, env=self._settings("", course), check=True)

    def start(self, course: Course, api_url: str) -> Sequence[Process]:
        """Start its worker."""
        pool = ("--pool", "threads", "--concurrency", str(course.at_once))
        command = [str(peers.PYTHON), "-m", "celery", "--app", "by_celery", "--quiet", "worker", *pool, *_QUIETLY]
        return [subprocess.Popen(command, cwd=_HERE, env=self._settings(api_url, course), stderr=subprocess.DEVNULL)]

    def is_done(self) -> bool:
        """Have nothing to write down."""
        return True

    def servers(self) -> Sequence[int]:
        """Name Redis."""
        return [self.redis]

    def _settings(self, api_url: str, course: Course) -> dict[str, str]:
        return {**os.environ, "BROKER": self.broker, "API_URL": api_url, "AT_ONCE": str(course.at_once)}


def _parent(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return int(fields[1])
