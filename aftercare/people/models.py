"""Organisations and the people in them; the directory that finds them; what a patient signs in with."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from aftercare.core import area_codes, clock
from aftercare.core.db import Model, Tenant, UTCDateTime, belongs_to, of_organisation
from aftercare.core.sealed import Sealed

UNTEXTED = text("texted_at IS NULL")
TO_TEXT = text("texted_at IS NULL AND number_hash IS NOT NULL")
CHOSE_LETTERS = text("channel = 'email'")
ROLES = ("patient", "counsellor", "manager", "admin", "support", "referrer")


class Organisation(Model):
    """A clinic or recovery community; owns all its data. `discreet_name` is shown where others may look."""

    __tablename__ = "organisations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    discreet_name: Mapped[str]
    zone: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    contact_phone: Mapped[str] = mapped_column(default="")
    quiet_until: Mapped[int] = mapped_column(default=9 * 60)
    quiet_from: Mapped[int] = mapped_column(default=20 * 60)
    reminder_hours: Mapped[list[int]] = mapped_column(JSON, default=lambda: [48, 2])
    calendar_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        CheckConstraint("quiet_until >= 0 AND quiet_until < quiet_from AND quiet_from <= 1440", name="quiet_window"),
        CheckConstraint("language IN ('en', 'es')", name="language"),
    )


class _Phone(Sealed):
    """A number that also says which state its area code belongs to."""

    def __set__(self, row: object, text: str | None) -> None:
        super().__set__(row, text)
        row.phone_state = area_codes.state_of(text) if text else None  # type: ignore[attr-defined]


class Person(Tenant, Model):
    """Somebody of one organisation. Name, phone and e-mail are sealed; the phone is found by its keyed hash.

    `calendar_version` rises whenever anything changes that the person's calendar shows. The phone leads to them since
    `phone_since` (None: since they are here): what was said on that number before is not theirs. `state` is where they
    live, in two letters; `phone_state` that of the phone's area code, kept beside the sealed number for whoever plans
    texts; of `texts_a_day` and `texts_a_week` they chose 0 for as many as there are.
    """

    __tablename__ = "people"

    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    phone_verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    phone_frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    email_asked_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    channel: Mapped[str] = mapped_column(default="text")
    language: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str]
    state: Mapped[str | None]
    phone_state: Mapped[str | None]
    texts_a_day: Mapped[int] = mapped_column(default=1)
    texts_a_week: Mapped[int] = mapped_column(default=3)
    text_level: Mapped[str] = mapped_column(default="discreet")
    calendar_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    name = Sealed("name_sealed")
    phone = _Phone("phone_sealed", mark="phone")
    email = Sealed("email_sealed")

    __table_args__ = (
        of_organisation(),
        Index(None, "organisation_id", "phone_hash"),
        Index("ix_people_letters", "organisation_id", sqlite_where=CHOSE_LETTERS, postgresql_where=CHOSE_LETTERS),
        Index("ix_people_whereabouts", "organisation_id", "zone", "state", "phone_state"),
        CheckConstraint("language IN ('en', 'es')", name="language"),
        CheckConstraint("text_level IN ('discreet', 'plain')", name="text_level"),
        CheckConstraint("channel IN ('text', 'email')", name="channel"),
        CheckConstraint("texts_a_day >= 0 AND texts_a_week >= 0", name="caps"),
    )


class PersonRole(Model):
    """One of the roles a person has in the organisation."""

    __tablename__ = "person_roles"

    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    role: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "person_id", "role"),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "role"),
        CheckConstraint(f"role IN {ROLES}", name="role"),
    )


class DirectoryEntry(Model):
    """How a request that brings only a secret, a phone or a bare id finds its organisation.

    Outside the organisations' walls, so it holds keyed hashes and ids, nothing else.
    """

    __tablename__ = "directory"

    purpose: Mapped[str]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    subject_id: Mapped[uuid.UUID]

    __table_args__ = (
        PrimaryKeyConstraint("purpose", "key", "organisation_id", "subject_id"),
        Index(None, "organisation_id", "subject_id"),
    )


class SignInCode(Model):
    """A six-digit code and a one-tap link, texted together to a number; either works once, for ten minutes.

    It proves a number, not a person: a phone may be shared. There is a row for every number that was asked for, known
    or not, so that nobody can tell which are. Code and link are not stored; they follow from the id and the keys.
    """

    __tablename__ = "sign_in_codes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_hash: Mapped[bytes] = mapped_column(LargeBinary)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    language: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    texted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    phone = Sealed("phone_sealed", mark="phone")

    __table_args__ = (
        Index("ix_sign_in_codes_untexted", "asked_at", sqlite_where=UNTEXTED, postgresql_where=UNTEXTED),
        CheckConstraint("language IN ('en', 'es')", name="language"),
    )


class Device(Tenant, Model):
    """A browser in which somebody is signed in; ended by itself, or with all others of the person."""

    __tablename__ = "devices"

    person_id: Mapped[uuid.UUID]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    is_own_phone: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    last_seen_on: Mapped[date]
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "person_id"),
    )


class ApiToken(Tenant, Model):
    """A bearer token of the API, with the scopes it was given; only its hash is kept."""

    __tablename__ = "api_tokens"

    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    person_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        of_organisation(),
        ForeignKeyConstraint(["organisation_id", "person_id"], ["people.organisation_id", "people.id"]),
    )


class NumberChange(Tenant, Model):
    """A phone number that is about to become somebody's, until a code shows that they hold it.

    `own`: they wrote the number on a page, and a code is texted to it. `staff`: staff gave them a code; it comes in
    from the new phone, or is typed with its number, to which a code is texted then. Codes that are texted are not kept.
    """

    __tablename__ = "number_changes"

    person_id: Mapped[uuid.UUID]
    way: Mapped[str]
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    texted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    number = Sealed("number_sealed", mark="phone")

    __table_args__ = (
        of_organisation(),
        belongs_to("people", "person_id", ondelete="CASCADE"),
        Index(None, "organisation_id", "person_id"),
        Index(None, "organisation_id", "expires_at"),
        Index("ix_number_changes_untexted", "made_at", sqlite_where=TO_TEXT, postgresql_where=TO_TEXT),
        CheckConstraint("way IN ('own', 'staff')", name="way"),
    )
