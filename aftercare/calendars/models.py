"""Calendar feeds: one secret per device, of which only the hash is kept."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation


class Feed(Tenant, Model):
    """A personal calendar on one device. `level`: full, discreet (titles say nothing) or busy (times only)."""

    __tablename__ = "feeds"

    person_id: Mapped[uuid.UUID]
    name: Mapped[str]
    level: Mapped[str] = mapped_column(default="discreet")
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    last_read_on: Mapped[date | None]
    alarm_minutes: Mapped[int | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "person_id"),
        CheckConstraint("level IN ('full', 'discreet', 'busy')", name="level"),
    )


class Kept:
    """A feed as last written (gzip), the version it was written for, and the tag that stands for its bytes alone.

    `failed_at`: since when no newer one could be written; this one is served until it can.
    """

    version: Mapped[str]
    tag: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FeedBody(Kept, Model):
    """A personal feed as last written."""

    __tablename__ = "feed_bodies"

    organisation_id: Mapped[uuid.UUID]
    feed_id: Mapped[uuid.UUID]

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "feed_id"),
        belongs_to("feeds", "feed_id", ondelete="CASCADE"),
    )


class PublicBody(Kept, Model):
    """A public feed as last written: of the organisation (`about` is empty), of a meeting (its id), of a search.

    `asked_again_on`: when a search that was kept already was last asked for anew: somebody subscribes to it.
    """

    __tablename__ = "public_bodies"

    organisation_id: Mapped[uuid.UUID]
    about: Mapped[str]
    asked_again_on: Mapped[date | None]

    __table_args__ = (PrimaryKeyConstraint("organisation_id", "about"), of_organisation())
