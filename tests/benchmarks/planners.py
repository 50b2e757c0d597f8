"""Who plans the reminders of a crowd: ours, and two peers that write what a competent developer would, in chunks."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select, text, tuple_

from aftercare.app import create_app
from aftercare.conversations import reminders
from aftercare.core import clock, sql
from aftercare.core.db import db, is_postgresql, transaction
from aftercare.meetings.models import Occurrence, Rsvp
from aftercare.messaging import post_set
from aftercare.people import organisations
from aftercare.people.models import Person
from tests.benchmarks.crowd import NOW
from tests.conftest import settings_for

CHUNKS = 100
LEAD = timedelta(hours=48)
Mark = tuple[datetime, UUID]
BARE = """
    CREATE TABLE bare_outbox (
        occurrence_id {id} NOT NULL, person_id {id} NOT NULL, kind TEXT NOT NULL, due_at {moment} NOT NULL,
        state INTEGER NOT NULL, UNIQUE (occurrence_id, person_id, kind)
    )
"""


@dataclass(frozen=True)
class Run:
    """What one planner did: rows, seconds, and how much memory it took over that of an idle process (MB)."""

    rows: int
    seconds: float
    memory: float


def plan(database_url: str, planner: str) -> Run:
    """Let a planner work in a process of its own, as the worker is."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_plan, database_url, planner).result()


def empty() -> None:
    """Take back everything that was planned."""
    with transaction():
        for table in ("messages", "bare_outbox"):
            db.session.execute(text(f"TRUNCATE {table}" if is_postgresql() else f"DELETE FROM {table}"))  # noqa: S608


def prepare() -> None:
    """Make the table of the peer that keeps nothing but what is due."""
    kinds = {"id": "UUID", "moment": "TIMESTAMPTZ"} if is_postgresql() else {"id": "TEXT", "moment": "TEXT"}
    with transaction():
        db.session.execute(text(BARE.format(**kinds)))
        db.session.execute(text("CREATE INDEX bare_outbox_due ON bare_outbox (due_at) WHERE state = 0"))


def _plan(database_url: str, planner: str) -> Run:
    app = create_app(settings_for(database_url))
    with app.app_context(), clock.held(NOW):
        with transaction(reading=True):
            keys = list(organisations.every_id())
        work = _PLANNERS[planner]
        # Nothing is near a year ago: what is loaded and prepared by then, an idle worker has loaded and prepared.
        with clock.held(NOW - timedelta(days=365)):
            reminders.plan(clock.now())
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        idle, begun = _memory("VmRSS"), time.perf_counter()
        rows = sum(work(key) for key in keys)
        return Run(rows, time.perf_counter() - begun, _memory("VmHWM") - idle)


def _ours(organisation_id: UUID) -> int:
    return reminders.plan_organisation(organisation_id, NOW)


def _in_chunks(organisation_id: UUID) -> int:
    """Write the same rows into the same table, of the first reminder alone, whoever may be texted when."""
    once = literal("reminder:48:") + sql.dashed(Rsvp.occurrence_id) + ":0:" + sql.dashed(Rsvp.person_id)
    values: dict[str, Any] = {
        "organisation_id": Rsvp.organisation_id, "occurs_on": Rsvp.occurs_on, "once": once,
        "kind": literal("reminder"), "person_id": Rsvp.person_id, "occurrence_id": Rsvp.occurrence_id,
        "language": Person.language, "number_hash": Person.phone_hash, "asks": literal(True), "due_at": _due(),
        "useful_until": Occurrence.starts_at,
    }  # fmt: skip
    written = 0
    for chunk in _chunks(organisation_id):
        with transaction():
            written += post_set.post(values, _going().where(chunk))
    return written


def _in_chunks_bare(organisation_id: UUID) -> int:
    written = 0
    for chunk in _chunks(organisation_id):
        wanted = _going().where(chunk)
        columns = (Rsvp.occurrence_id, Rsvp.person_id, literal("reminder"), _due(), literal(0))
        insert = text("bare_outbox")
        with transaction():
            spelled = wanted.with_only_columns(*columns).compile(db.engine, compile_kwargs={"literal_binds": True})
            put = f"INSERT INTO {insert} {spelled} ON CONFLICT DO NOTHING"
            done = db.session.connection().exec_driver_sql(put.replace("%", "%%") if is_postgresql() else put)
            written += done.rowcount
    return written


def _going() -> Any:
    of_date = and_(Occurrence.organisation_id == Rsvp.organisation_id, Occurrence.id == Rsvp.occurrence_id)
    of_person = and_(Person.organisation_id == Rsvp.organisation_id, Person.id == Rsvp.person_id)
    return (
        select(literal(1))
        .select_from(Occurrence)
        .join(Rsvp, of_date)
        .join(Person, of_person)
        .where(Rsvp.status == "going", Person.phone_frozen_at.is_(None), Person.left_at.is_(None))
    )


def _due() -> ColumnElement[Any]:
    if is_postgresql():
        return Occurrence.starts_at - literal(LEAD)
    return func.strftime("%Y-%m-%d %H:%M:%f000", Occurrence.starts_at, "-48 hours")


def _chunks(organisation_id: UUID) -> Iterator[ColumnElement[bool]]:
    """Cut the dates of an organisation, so that all have a hundred chunks together."""
    key = (Occurrence.starts_at, Occurrence.id)
    theirs = Occurrence.organisation_id == organisation_id
    with transaction(reading=True):
        marks = db.session.execute(select(*key).where(theirs).order_by(*key)).all()
        count = db.session.scalar(select(func.count()).select_from(Occurrence)) or 1
    size = max(1, count // CHUNKS)
    for first in range(0, len(marks), size):
        begins, ends = marks[first], marks[min(first + size, len(marks)) - 1]
        span = Occurrence.starts_at.between(begins[0], ends[0])
        yield and_(theirs, span, tuple_(*key) >= tuple(begins), tuple_(*key) <= tuple(ends))


def _memory(kind: str) -> float:
    status = Path(f"/proc/{os.getpid()}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(f"{kind}:"))


_PLANNERS: dict[str, Callable[[UUID], int]] = {
    "ours": _ours,
    "again": _ours,
    "chunks": _in_chunks,
    "bare": _in_chunks_bare,
}
