"""What staff sign in with, in the shape that Flask-Security reads. Apart from the other models: the worker needs
none of this, and Flask-Security takes 20 MB.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from aftercare.core import clock
from aftercare.core.db import Model, UTCDateTime, belongs_to

if TYPE_CHECKING:  # Flask-Security's own columns are typed for integer keys and a roles table; ours are not.

    class UserMixin: ...

    class WebAuthnMixin: ...
else:
    from flask_security.core import UserMixin, WebAuthnMixin


class Account(Model, UserMixin):
    """What a member of staff signs in with: e-mail and password now, second factor and passkeys laid down."""

    __tablename__ = "accounts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(unique=True)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_phone_number: Mapped[str | None]
    us_totp_secrets: Mapped[str | None]
    us_phone_number: Mapped[str | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    create_datetime: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    update_datetime: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)
    webauthn: Mapped[list["Passkey"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (belongs_to("people", "person_id"), UniqueConstraint("organisation_id", "person_id"))

    @property
    def roles(self) -> list[Any]:
        """Give no roles: what a person may do is decided by `people/access.py`, not by Flask-Security."""
        return []


class Passkey(Model, WebAuthnMixin):
    """A WebAuthn credential of an account, in the shape that Flask-Security reads."""

    __tablename__ = "passkeys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    extensions: Mapped[str | None]
    name: Mapped[str]
    usage: Mapped[str]
    lastuse_datetime: Mapped[datetime] = mapped_column(UTCDateTime)
    create_datetime: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
