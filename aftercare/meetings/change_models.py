"""What was changed about meetings: by whom, what it was before, who stands in, and what is closed."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation
from aftercare.meetings.models import Meeting

IS_HEIR = text("lineage_id <> id")
#: Who asks which meeting goes on with another looks at heirs alone: they are few.
HEIRS = Index(
    "ix_meetings_heirs", Meeting.organisation_id, Meeting.lineage_id, sqlite_where=IS_HEIR, postgresql_where=IS_HEIR
)


class MeetingChange(Tenant, Model):
    """One act on a meeting: who did it, what was there before and after, and by which act it was undone."""

    __tablename__ = "meeting_changes"

    meeting_id: Mapped[uuid.UUID]
    occurrence_id: Mapped[uuid.UUID | None]
    act: Mapped[str]
    by: Mapped[uuid.UUID | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[uuid.UUID | None]

    __table_args__ = (
        of_organisation(),
        belongs_to("meetings", "meeting_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "meeting_id", "at"),
    )


class Closure(Tenant, Model):
    """A place, a meeting or a whole organisation that is closed from a first to a last day, and reopens by itself."""

    __tablename__ = "closures"

    scope: Mapped[str]
    place_id: Mapped[uuid.UUID | None]
    meeting_id: Mapped[uuid.UUID | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_by: Mapped[uuid.UUID | None]

    __table_args__ = (
        of_organisation(),
        belongs_to("places", "place_id"),
        belongs_to("meetings", "meeting_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "last_day"),
        CheckConstraint(
            "(scope = 'organisation' AND place_id IS NULL AND meeting_id IS NULL)"
            " OR (scope = 'place' AND place_id IS NOT NULL AND meeting_id IS NULL)"
            " OR (scope = 'meeting' AND place_id IS NULL AND meeting_id IS NOT NULL)",
            name="scope",
        ),
        CheckConstraint("last_day >= first_day", name="days"),
    )

    @property
    def reopens_on(self) -> date:
        """Give the day after the last."""
        return self.last_day + timedelta(days=1)


class Substitute(Model):
    """Somebody who leads one date in another's stead (product.md 2)."""

    __tablename__ = "substitutes"

    organisation_id: Mapped[uuid.UUID]
    occurrence_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    occurs_on: Mapped[date]
    stands_in_for: Mapped[uuid.UUID | None]
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "occurrence_id", "person_id"),
        ForeignKeyConstraint(
            ["organisation_id", "occurrence_id", "occurs_on"],
            ["occurrences.organisation_id", "occurrences.id", "occurrences.occurs_on"],
        ),
        belongs_to("people", "person_id"),
        Index(None, "organisation_id", "person_id", "occurs_on"),
    )
