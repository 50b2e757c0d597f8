"""Organisations: found one, find one, say that its public calendar has changed."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select, update

from aftercare import config
from aftercare.audit import trail
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.people.models import Organisation

DISCREET_LENGTH = 16


def create_organisation(
    slug: str, *, name: str, discreet_name: str, zone: str, language: str = "en", contact_phone: str = ""
) -> Organisation:
    """Found an organisation; raise Conflict if its short name is taken, Invalid if something cannot be right."""
    _check(slug, name, discreet_name, zone, language)
    if find_by_slug(slug):
        raise Conflict(f"There is already an organisation called {slug}. Choose another short name.")
    organisation = Organisation(
        slug=slug, name=name, discreet_name=discreet_name, zone=zone, language=language, contact_phone=contact_phone
    )
    db.session.add(organisation)
    db.session.flush()
    trail.record(
        "organisation.created", organisation_id=organisation.id, about="organisation", about_id=organisation.id
    )
    return organisation


def find_by_slug(slug: str) -> Organisation | None:
    """Find an organisation by its short name."""
    return db.session.scalars(select(Organisation).where(Organisation.slug == slug.lower())).one_or_none()


def find_only() -> Organisation | None:
    """Give the organisation of an installation that has just one, else None."""
    found = db.session.scalars(select(Organisation).limit(2)).all()
    return found[0] if len(found) == 1 else None


def get_by_slug(slug: str) -> Organisation:
    """Give an organisation by its short name; raise NotFound."""
    organisation = find_by_slug(slug)
    if organisation is None:
        raise NotFound("There is no such page. Check the address.")
    return organisation


def get_called(slug: str) -> Organisation:
    """Give the organisation that somebody names on the command line; raise NotFound."""
    organisation = find_by_slug(slug)
    if organisation is None:
        raise NotFound(f"There is no organisation called {slug}.")
    return organisation


def get_organisation(organisation_id: uuid.UUID) -> Organisation:
    """Give an organisation; raise NotFound."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("There is no such organisation.")
    return organisation


def organisations_named(organisation_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Organisation]:
    """Give several organisations by their ids, in one query: for the worker alone."""
    wanted = select(Organisation).where(Organisation.id.in_(sorted(set(organisation_ids))))
    return {organisation.id: organisation for organisation in db.session.scalars(wanted)}


def slugs() -> Mapping[uuid.UUID, str]:
    """Give the short name of every organisation."""
    return dict(db.session.execute(select(Organisation.id, Organisation.slug)).all())


def every_id() -> Sequence[uuid.UUID]:
    """Give every organisation's id, the oldest first: the rounds that jobs make."""
    return db.session.scalars(select(Organisation.id).order_by(Organisation.id)).all()


def own_numbers(organisation: Organisation) -> frozenset[str]:
    """Give the numbers that nobody can have who gets texts: those that texts come from, and that people call."""
    return frozenset(filter(None, (organisation.contact_phone, config.current().twilio_from)))


def touch_public_calendar(organisation_id: uuid.UUID) -> None:
    """Say that what the organisation's public calendar and list show has changed."""
    changed = update(Organisation).where(Organisation.id == organisation_id)
    db.session.execute(changed.values(calendar_version=Organisation.calendar_version + 1))


def _check(slug: str, name: str, discreet_name: str, zone: str, language: str) -> None:
    wrong: dict[str, str] = {}
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", slug):
        wrong["slug"] = "Use small letters, digits and dashes, like elm-street."
    if not name.strip():
        wrong["name"] = "Enter the name of the organisation."
    if not 0 < len(discreet_name.strip()) <= DISCREET_LENGTH:
        wrong["discreet_name"] = f"Use 1 to {DISCREET_LENGTH} characters that say nothing about treatment."
    if language not in {"en", "es"}:
        wrong["language"] = "Choose en or es."
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        wrong["zone"] = "Use a zone name like America/Denver."
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
