"""The rows that meetings are found by."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from aftercare.core.db import Model, belongs_to


class MeetingDay(Model):
    """A weekday (0 is Monday) and minute, on the wall of its zone, at which a meeting can begin: how it is found, with
    all that a page of listings needs, so that it is read from here alone (found_days.py).

    `since` is its first day, `series` its rule unless it is every week, `told` what strangers may know of it. A trigger
    keeps `is_shown`; the index by zone, which on SQLite holds the words too, stands in the migration.
    """

    __tablename__ = "meeting_days"

    organisation_id: Mapped[uuid.UUID]
    weekday: Mapped[int]
    start_minute: Mapped[int]
    meeting_id: Mapped[uuid.UUID]
    zone: Mapped[str]
    is_shown: Mapped[bool]
    attendance: Mapped[str]
    minutes: Mapped[int]
    since: Mapped[date]
    series: Mapped[str]
    words: Mapped[str]
    marks: Mapped[str]
    place_id: Mapped[uuid.UUID | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    cell: Mapped[int | None]
    told: Mapped[str]

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "weekday", "start_minute", "meeting_id"),
        belongs_to("meetings", "meeting_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "meeting_id"),
        Index("ix_meeting_days_by_cell", "organisation_id", "cell", "weekday", "start_minute"),
        CheckConstraint("weekday >= 0 AND weekday <= 6", name="weekday"),
        CheckConstraint("start_minute >= 0 AND start_minute < 1440", name="start_minute"),
    )
