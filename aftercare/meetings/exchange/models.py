"""Where lists come from, what imports did, so that they can be undone, and what their notes suggest to a reader."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation


class MeetingSource(Tenant, Model):
    """A list that meetings were imported from. With the slug of a row, it is the identity of an imported meeting.

    `formats` is what the keys of formats mean on a BMLT server, packed, where it was given beside the list.
    """

    __tablename__ = "meeting_sources"

    location: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    format: Mapped[str]
    formats: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    fellowship: Mapped[str] = mapped_column(default="aa")
    zone: Mapped[str | None]
    last_read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    every_hours: Mapped[int | None]
    next_read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failure: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)

    __table_args__ = (of_organisation(), UniqueConstraint("organisation_id", "location"))


class ImportRun(Tenant, Model):
    """One reading of a list that changed something, or that waits for a human's word because it takes away much.

    `body` is the list itself, packed, while it waits: what was shown is what comes in.
    """

    __tablename__ = "import_runs"

    source_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(default="done")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    by: Mapped[uuid.UUID | None]
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[bytes | None]
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[uuid.UUID | None]

    __table_args__ = (
        of_organisation(),
        belongs_to("meeting_sources", "source_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "source_id", "at"),
        CheckConstraint("state IN ('done', 'waiting', 'refused', 'undone')", name="state"),
    )


class ImportStep(Model):
    """What one import did to one meeting, and how the meeting was before (nothing, if it was new)."""

    __tablename__ = "import_steps"

    organisation_id: Mapped[uuid.UUID]
    run_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID]
    act: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "run_id", "meeting_id"),
        ForeignKeyConstraint(
            ["organisation_id", "run_id"], ["import_runs.organisation_id", "import_runs.id"], ondelete="CASCADE"
        ),
        belongs_to("meetings", "meeting_id", ondelete="CASCADE"),
        CheckConstraint("act IN ('new', 'changed', 'vanished', 'returned')", name="act"),
    )


class RuleSuggestion(Tenant, Model):
    """A sentence of a note that seems to say when a weekly meeting is not weekly, and the rule it suggests, if any."""

    __tablename__ = "rule_suggestions"

    meeting_id: Mapped[uuid.UUID]
    sentence: Mapped[str]
    rule: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    found_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by: Mapped[uuid.UUID | None]

    __table_args__ = (
        of_organisation(),
        belongs_to("meetings", "meeting_id", ondelete="CASCADE"),
        UniqueConstraint("organisation_id", "meeting_id", "sentence"),
        Index(None, "organisation_id", "state"),
        CheckConstraint("state IN ('open', 'taken', 'dismissed')", name="state"),
    )
