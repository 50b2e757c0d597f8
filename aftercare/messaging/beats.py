"""Signs of life: each worker writes its own, by the database's clock, so that others see who fell silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from aftercare.core.db import database_now, db, insert_once
from aftercare.messaging.models import WorkerBeat

EVERY = timedelta(seconds=30)
SILENT_AFTER = timedelta(minutes=5)
_REMEMBERED = timedelta(days=7)
_MOST = 50


@dataclass(frozen=True)
class Sign:
    """The last sign of life of one worker process; `stopped_at` if it said that it stops."""

    name: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None

    def is_living(self, now: datetime) -> bool:
        """Tell whether the worker was heard of just now, and has not said that it stops."""
        return self.stopped_at is None and self.beat_at > now - SILENT_AFTER


def begin(name: str) -> None:
    """Say that a worker starts; one of the same name before it is over."""
    now = database_now()
    if not insert_once(WorkerBeat, name=name, started_at=now, beat_at=now):
        _change(name, started_at=now, beat_at=now, stopped_at=None)


def beat(name: str) -> None:
    """Say that a worker lives."""
    _change(name, beat_at=database_now())


def stop(name: str) -> None:
    """Say that a worker stops because it was asked to."""
    now = database_now()
    _change(name, beat_at=now, stopped_at=now)


def latest() -> Sequence[Sign]:
    """Give the last sign of each worker, the newest first."""
    columns = (WorkerBeat.name, WorkerBeat.started_at, WorkerBeat.beat_at, WorkerBeat.stopped_at)
    newest = select(*columns).order_by(WorkerBeat.beat_at.desc(), WorkerBeat.name).limit(_MOST)
    return [Sign(*row) for row in db.session.execute(newest)]


def are_all_silent(signs: Sequence[Sign], *, now: datetime) -> bool:
    """Tell whether no worker was heard of for five minutes, whatever they said last."""
    return all(sign.beat_at <= now - SILENT_AFTER for sign in signs)


def vanished(signs: Sequence[Sign], *, now: datetime) -> Sequence[Sign]:
    """Name the workers that fell silent without saying that they stop, and that no later one has replaced."""
    newest_start = max((sign.started_at for sign in signs), default=now)
    return [
        sign
        for sign in signs
        if sign.stopped_at is None and sign.beat_at <= now - SILENT_AFTER and newest_start <= sign.beat_at
    ]


def sweep() -> None:
    """Forget workers that fell silent long ago, but the last one that was heard of."""
    newest = db.session.scalar(select(func.max(WorkerBeat.beat_at)))
    old = (WorkerBeat.beat_at < database_now() - _REMEMBERED, WorkerBeat.beat_at < newest)
    if newest is not None:
        db.session.execute(delete(WorkerBeat).where(*old))


def _change(name: str, **values: datetime | None) -> None:
    db.session.execute(update(WorkerBeat).where(WorkerBeat.name == name).values(**values))
