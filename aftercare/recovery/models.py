"""What a person set out to do, what they reached, and what staff were asked to do. Streaks are never stored."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation
from aftercare.core.sealed import Sealed

UNATTENDED = text("closed_at IS NULL AND kind IN ('worker_silent', 'sender_paused', 'texts_filtered')")


class Path(Model):
    """A patient's own settings of the streak, the day they began, and up to when milestones have been looked for."""

    __tablename__ = "paths"

    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    enrolled_on: Mapped[date]
    week_start: Mapped[int] = mapped_column(default=0)
    shows_streak: Mapped[bool] = mapped_column(default=True)
    noted_until: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "person_id"),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        CheckConstraint("week_start >= 0 AND week_start <= 6", name="week_start"),
    )


class Goal(Model):
    """How many meetings a week a patient set out to come to, from the day they said so."""

    __tablename__ = "goals"

    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    set_on: Mapped[date]
    meetings: Mapped[int]

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "person_id", "set_on"),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        CheckConstraint("meetings >= 1 AND meetings <= 21", name="meetings"),
    )


class Pause(Tenant, Model):
    """Days that ask nothing of a patient (first and last day included)."""

    __tablename__ = "pauses"

    person_id: Mapped[uuid.UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "person_id"),
        CheckConstraint("last_day >= first_day", name="days"),
    )


class Milestone(Model):
    """A number of meetings, or of weeks on goal, that was reached: unique, never taken back."""

    __tablename__ = "milestones"

    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    number: Mapped[int]
    reached_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "person_id", "kind", "number"),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        CheckConstraint("kind IN ('meetings', 'weeks')", name="kind"),
    )


class OutreachTask(Tenant, Model):
    """Something a person of staff is asked to do, with the facts that gave rise to it; `once` names it for ever."""

    __tablename__ = "outreach_tasks"

    person_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[uuid.UUID | None]
    outcome: Mapped[str | None]
    once: Mapped[str | None]

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id"),
        UniqueConstraint("organisation_id", "once"),
        Index(None, "organisation_id", "closed_at", "due_at"),
        Index("ix_outreach_tasks_unattended", "kind", sqlite_where=UNATTENDED, postgresql_where=UNATTENDED),
        Index(None, "organisation_id", "person_id"),
        CheckConstraint(
            "kind IN ('crisis', 'call', 'contact', 'roll', 'not_understood', 'stop_unsure', 'number', 'proof', "
            "'worker_silent', 'sender_paused', 'texts_filtered', 'late_news')",
            name="kind",
        ),
    )


class Instrument(Tenant, Model):
    """A questionnaire that a clinic loaded: its items, each answered by a number from `low` to `high`."""

    __tablename__ = "instruments"

    name: Mapped[str]
    language: Mapped[str]
    low: Mapped[int] = mapped_column(default=1)
    high: Mapped[int] = mapped_column(default=6)
    items: Mapped[list[str]] = mapped_column(JSON)
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        of_organisation(),
        UniqueConstraint("organisation_id", "name", "language"),
        CheckConstraint("language IN ('en', 'es')", name="language"),
        CheckConstraint("low >= 0 AND low < high AND high <= 9", name="scale"),
    )


class Checkup(Tenant, Model):
    """One questionnaire that a patient was asked, and what they answered so far: sealed, one number an item."""

    __tablename__ = "checkups"

    person_id: Mapped[uuid.UUID]
    instrument_id: Mapped[uuid.UUID]
    answers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    answers = Sealed("answers_sealed")

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id"),
        belongs_to("instruments", "instrument_id"),
        Index(None, "organisation_id", "person_id", "asked_at"),
    )
