"""The ledger of consent: what was agreed or taken back, when, how, in which words. Rows are only added."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation

TAKEN_BACK = text("purpose = 'text' AND act = 'withdraw'")


class ConsentEvent(Tenant, Model):
    """One grant or withdrawal; for texts bound to the number it was given for. It lapses with the number."""

    __tablename__ = "consent_events"

    person_id: Mapped[uuid.UUID]
    purpose: Mapped[str]
    act: Mapped[str]
    way: Mapped[str]
    wording: Mapped[str]
    language: Mapped[str]
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by: Mapped[uuid.UUID | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id"),
        Index(None, "organisation_id", "person_id", "purpose", "at"),
        Index(
            "ix_consent_events_taken_back",
            *("organisation_id", "at"),
            sqlite_where=TAKEN_BACK,
            postgresql_where=TAKEN_BACK,
        ),
        CheckConstraint("purpose IN ('text', 'email', 'disclosure')", name="purpose"),
        CheckConstraint("act IN ('grant', 'withdraw', 'lapse')", name="act"),
        CheckConstraint("way IN ('text', 'web', 'staff', 'paper', 'carrier', 'email')", name="way"),
    )
