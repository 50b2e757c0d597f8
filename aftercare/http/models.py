"""Answers that are kept, so that a repeated request (Idempotency-Key) gets the same one."""

import uuid
from datetime import datetime

from sqlalchemy import Index, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, UTCDateTime, of_organisation


class KeptAnswer(Model):
    """What was answered to a POST with this key; `request_hash` tells a repetition from another request."""

    __tablename__ = "kept_answers"

    organisation_id: Mapped[uuid.UUID]
    key: Mapped[str]
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "key"),
        of_organisation(),
        Index(None, "organisation_id", "created_at"),
    )
