"""Who was there. Absence is never stored: it is read from what was expected and what the roll says."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation
from aftercare.core.sealed import Sealed

WAYS = ("roll", "qr", "code", "text", "online", "poster", "self")


class Attendance(Tenant, Model):
    """One person at one date: first arrival and highest assurance win. `credit_date` is written once, at check-in.

    The key is made from the date and the person, so that one person has one record; `occurs_on` is part of it
    so that the table can be cut by month.
    """

    __tablename__ = "attendances"

    occurs_on: Mapped[date] = mapped_column(primary_key=True)
    occurrence_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    state: Mapped[str]
    credit_date: Mapped[date]
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime)
    way: Mapped[str]
    assurance: Mapped[int]
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by: Mapped[uuid.UUID | None]
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    reason = Sealed("reason_sealed")

    __table_args__ = (
        of_organisation(),
        ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
        ),
        belongs_to("people", "person_id"),
        Index("uq_attendances_one_record", "organisation_id", "occurs_on", "occurrence_id", "person_id", unique=True),
        Index(None, "organisation_id", "person_id", "credit_date"),
        CheckConstraint("state IN ('attended', 'late', 'excused')", name="state"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint("assurance >= 0 AND assurance <= 3", name="assurance"),
    )


class AttendanceEvent(Tenant, Model):
    """Everything that was ever said about a person's attendance at a date, in order; nothing is taken away."""

    __tablename__ = "attendance_events"

    occurs_on: Mapped[date] = mapped_column(primary_key=True)
    occurrence_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    act: Mapped[str]
    way: Mapped[str]
    assurance: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[uuid.UUID | None]
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    reason = Sealed("reason_sealed")

    __table_args__ = (
        of_organisation(),
        ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
        ),
        belongs_to("people", "person_id"),
        Index(None, "organisation_id", "occurs_on", "occurrence_id", "person_id"),
        Index(None, "organisation_id", "at"),
        CheckConstraint("act IN ('attended', 'late', 'excused', 'undone')", name="act"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
    )


class CodeTry(Model):
    """How many wrong room codes a person gave for a date; five are allowed (product.md 4)."""

    __tablename__ = "code_tries"

    organisation_id: Mapped[uuid.UUID]
    occurrence_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    tries: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "occurrence_id", "person_id"),
        belongs_to("occurrences", "occurrence_id", ondelete="CASCADE"),
        belongs_to("people", "person_id", ondelete="CASCADE"),
    )
