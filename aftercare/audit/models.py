"""Who did what to which record: rows that are added and never changed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core.db import Model, UTCDateTime, of_organisation


class AuditEvent(Model):
    """One link of an organisation's chain. `mac` covers the event and the link before it."""

    __tablename__ = "audit_events"

    organisation_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[uuid.UUID | None]
    act: Mapped[str]
    about: Mapped[str]
    about_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None]
    facts: Mapped[dict[str, Any]]
    mac: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (PrimaryKeyConstraint("organisation_id", "number"), of_organisation())


class AuditHead(Model):
    """The newest link of an organisation's chain; locked while one more is added."""

    __tablename__ = "audit_heads"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (of_organisation(),)
