"""Turns of the worker's jobs: one row a job and slot of time, so that of many workers one does the work."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core.db import Model, UTCDateTime, db, insert_once


class JobTurn(Model):
    """A job's turn in one slot of time, taken by whoever wrote the row first."""

    __tablename__ = "job_turns"

    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)


def take(job: str, slot: datetime) -> bool:
    """Take a job's turn for a slot of time; False if another worker has it."""
    return insert_once(JobTurn, job=job, slot=slot)


def sweep(before: datetime) -> None:
    """Drop old turns."""
    db.session.execute(delete(JobTurn).where(JobTurn.slot < before))
