"""The outbox, the inbox, and what the carrier told us."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation
from aftercare.core.sealed import Sealed

UNFINISHED = text("state IN ('pending', 'sending', 'unknown')")
WAITING = text("state = 'pending'")
#: Help in danger, and the last word after a STOP: no cap and no pace of ours holds them back.
URGENT = text("state = 'pending' AND kind IN ('crisis', 'stop')")
UNREAD = text("verb IS NULL")
NOT_REACHED = text("state IN ('failed', 'undelivered')")
READABLE = text("body_sealed IS NOT NULL")
UNSETTLED = text("NOT is_settled")
IN_FLIGHT = text("state IN ('sending', 'unknown')")
UNREDACTED = text("body_sealed IS NULL AND sid IS NOT NULL AND redacted_at IS NULL")
UNREDACTED_IN = text("body_sealed IS NULL AND redacted_at IS NULL")
DELIVERED = text("state = 'delivered'")
TAKEN = text("state IN ('accepted', 'sent')")
WANTED_BACK = text("recalled AND state = 'sending'")


class Message(Tenant, Model):
    """One text that is to go out once. `once` says what it is about; `occurs_on` never changes, so that the same
    thing is posted once whichever day it is planned on, and the table can be cut by month. `claimed_at` is told by the
    database's clock, `left_at` by the one that people see: days are counted by it.
    """

    __tablename__ = "messages"

    occurs_on: Mapped[date] = mapped_column(primary_key=True)
    once: Mapped[str]
    kind: Mapped[str]
    person_id: Mapped[uuid.UUID | None]
    occurrence_id: Mapped[uuid.UUID | None]
    language: Mapped[str]
    channel: Mapped[str] = mapped_column(default="text")
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_hash: Mapped[bytes] = mapped_column(LargeBinary)
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asks: Mapped[bool] = mapped_column(default=False)
    is_answer: Mapped[bool] = mapped_column(default=False)
    needs_consent: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="pending")
    reason: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    useful_until: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recalled: Mapped[bool] = mapped_column(default=False)
    looks: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sid: Mapped[str | None]
    carrier_rank: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[int | None]
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    redacted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    number = Sealed("number_sealed", mark="phone")
    body = Sealed("body_sealed")

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id"),
        UniqueConstraint("organisation_id", "occurs_on", "once"),
        Index("ix_messages_unfinished", "due_at", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index(
            "ix_messages_waiting",
            *("organisation_id", "useful_until", "due_at"),
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index("ix_messages_urgent", "due_at", sqlite_where=URGENT, postgresql_where=URGENT),
        Index(
            "ix_messages_in_flight", "organisation_id", "claimed_at", sqlite_where=IN_FLIGHT, postgresql_where=IN_FLIGHT
        ),
        Index(
            "ix_messages_failed",
            "organisation_id",
            "claimed_at",
            sqlite_where=NOT_REACHED,
            postgresql_where=NOT_REACHED,
        ),
        Index(
            "ix_messages_readable", "organisation_id", "created_at", sqlite_where=READABLE, postgresql_where=READABLE
        ),
        Index(
            "ix_messages_unredacted",
            *("organisation_id", "created_at"),
            sqlite_where=UNREDACTED,
            postgresql_where=UNREDACTED,
        ),
        Index("ix_messages_delivered", "claimed_at", sqlite_where=DELIVERED, postgresql_where=DELIVERED),
        Index("ix_messages_taken", "sid", sqlite_where=TAKEN, postgresql_where=TAKEN),
        Index("ix_messages_wanted_back", "lease_owner", sqlite_where=WANTED_BACK, postgresql_where=WANTED_BACK),
        CheckConstraint("channel IN ('text', 'email')", name="channel"),
        Index(None, "organisation_id", "person_id", "created_at"),
        Index(None, "organisation_id", "occurrence_id", "person_id"),
        CheckConstraint(
            "state IN ('pending', 'sending', 'unknown', 'accepted', 'sent', 'delivered', 'undelivered', 'failed', "
            "'cancelled', 'expired')",
            name="state",
        ),
    )


class CarrierEvent(Model):
    """One status the carrier told us of, in whatever order it came; kept a day for messages we do not know (yet)."""

    __tablename__ = "carrier_events"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sid: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[int] = mapped_column(default=0)
    message_ref: Mapped[str | None]
    is_settled: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        UniqueConstraint("sid", "status", "error_code"),
        Index(None, "at"),
        Index("ix_carrier_events_unsettled", "at", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
    )


class InboundText(Model):
    """One text that came in, once by the carrier's id. For which organisation, by whom and about which date it is, is
    found out afterwards. Of pictures no more is kept than how many they were.
    """

    __tablename__ = "inbound_texts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(unique=True)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sent_to: Mapped[str]
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    opt_out_type: Mapped[str | None]
    organisation_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None]
    verb: Mapped[str | None]
    occurrence_id: Mapped[uuid.UUID | None]
    media_count: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    looked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    redacted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    number = Sealed("number_sealed", mark="phone")
    body = Sealed("body_sealed")

    __table_args__ = (
        Index(None, "number_hash", "received_at"),
        Index(None, "organisation_id", "person_id", "received_at"),
        Index("ix_inbound_texts_unread", "received_at", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index(
            "ix_inbound_texts_unredacted",
            "received_at",
            sqlite_where=UNREDACTED_IN,
            postgresql_where=UNREDACTED_IN,
        ),
        Index("ix_inbound_texts_readable", "received_at", sqlite_where=READABLE, postgresql_where=READABLE),
    )

    @property
    def said_at(self) -> datetime:
        """Say when the text was sent, by the carrier's word; else when it came."""
        return self.sent_at or self.received_at


class SimulatedText(Model):
    """A text that the simulated carrier took: what Twilio's list is to Twilio."""

    __tablename__ = "simulated_texts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(unique=True)
    message_ref: Mapped[str]
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_hash: Mapped[bytes] = mapped_column(LargeBinary)
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    order: Mapped[int] = mapped_column(BigInteger, default=0)

    number = Sealed("number_sealed", mark="phone")
    body = Sealed("body_sealed")

    __table_args__ = (
        Index(None, "number_hash", "created_at"),
        Index("ix_simulated_texts_readable", "created_at", sqlite_where=READABLE, postgresql_where=READABLE),
    )


class TextTemplate(Model):
    """An organisation's own words for one text of the catalogue."""

    __tablename__ = "text_templates"

    organisation_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    language: Mapped[str]
    level: Mapped[str]
    body: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_by: Mapped[uuid.UUID | None]

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "kind", "language", "level"),
        of_organisation(),
        CheckConstraint("language IN ('en', 'es')", name="language"),
        CheckConstraint("level IN ('discreet', 'plain')", name="level"),
    )


class SenderState(Model):
    """A sender: until when it is paused, since when and why (the breaker); and how many texts were counted on a day."""

    __tablename__ = "sender_states"

    name: Mapped[str] = mapped_column(primary_key=True)
    paused_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failure: Mapped[str | None]
    code: Mapped[int | None]
    counted_on: Mapped[date | None]
    counted: Mapped[int] = mapped_column(default=0)


class WorkerBeat(Model):
    """The last sign of life of one worker process."""

    __tablename__ = "worker_beats"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
