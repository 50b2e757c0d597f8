"""Tokens that let a program use the API of one organisation. Shown once, kept as a hash."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Invalid, NotFound
from aftercare.core.tokens import new_long_secret
from aftercare.people import directory
from aftercare.people.access import SCOPES
from aftercare.people.models import ApiToken, Organisation

PREFIX = "aft_"
_PURPOSE = "api_token"


def make_token(
    organisation: Organisation,
    *,
    name: str,
    scopes: Sequence[str],
    lasts: timedelta | None = None,
    by: uuid.UUID | None = None,
) -> tuple[ApiToken, str]:
    """Make a token with these scopes; give it together with its secret, which cannot be had again."""
    _check(name, scopes)
    secret = PREFIX + new_long_secret()
    token = ApiToken(organisation_id=organisation.id, name=name.strip(), scopes=sorted(set(scopes)))
    token.expires_at = clock.now() + lasts if lasts else None
    token.key_hash = directory.enter_secret(_PURPOSE, secret, organisation_id=organisation.id, subject_id=token.id)
    db.session.add(token)
    db.session.flush()
    _note("token.made", token, by)
    return token, secret


def find_live(secret: str, now: datetime) -> tuple[ApiToken, Organisation] | None:
    """Find the token of a secret, with its organisation, while it is good."""
    found = directory.find_by_secret(_PURPOSE, secret) if secret.startswith(PREFIX) else None
    if found is None:
        return None
    wanted = (
        select(ApiToken, Organisation)
        .join(Organisation, Organisation.id == ApiToken.organisation_id)
        .where(ApiToken.organisation_id == found[0], ApiToken.id == found[1], ApiToken.revoked_at.is_(None))
    )
    row = db.session.execute(wanted).one_or_none()
    if row is None or (row[0].expires_at is not None and row[0].expires_at <= now):
        return None
    return row[0], row[1]


def tokens_of(organisation_id: uuid.UUID) -> Sequence[ApiToken]:
    """Give the tokens of an organisation that were not revoked, oldest first."""
    wanted = select(ApiToken).where(ApiToken.organisation_id == organisation_id, ApiToken.revoked_at.is_(None))
    return db.session.scalars(wanted.order_by(ApiToken.id)).all()


def revoke_token(organisation_id: uuid.UUID, token_id: uuid.UUID, *, by: uuid.UUID | None = None) -> None:
    """End a token at once; raise NotFound if the organisation has none like it."""
    token = db.session.get(ApiToken, (organisation_id, token_id))
    if token is None or token.revoked_at is not None:
        raise NotFound("There is no such token.")
    token.revoked_at = clock.now()
    directory.leave(_PURPOSE, organisation_id=organisation_id, subject_id=token_id)
    _note("token.revoked", token, by)


def _note(act: str, token: ApiToken, by: uuid.UUID | None) -> None:
    trail.record(
        act, organisation_id=token.organisation_id, about="token", about_id=token.id, actor_id=by,
        scopes=",".join(token.scopes),
    )  # fmt: skip


def _check(name: str, scopes: Sequence[str]) -> None:
    if not name.strip():
        raise Invalid("Give the token a name that says who uses it.", fields={"name": "Enter a name."})
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        sentence = f"Choose from these scopes: {', '.join(SCOPES)}."
        raise Invalid(sentence, fields={"scopes": sentence})
