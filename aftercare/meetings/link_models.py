"""The links by which people answer without signing in."""

import uuid
from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation


class AnswerLink(Tenant, Model):
    """A one-tap answer (`/r/<token>`): for one person and one date; the link shows a button, the button answers."""

    __tablename__ = "answer_links"

    person_id: Mapped[uuid.UUID]
    occurrence_id: Mapped[uuid.UUID]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        belongs_to("occurrences", "occurrence_id", ondelete="CASCADE"),
    )
