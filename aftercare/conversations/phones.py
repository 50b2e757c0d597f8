"""The simulated phones of the demo: whose they are, what they show, and the clock that can be moved on."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core import phone as numbers
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import expected
from aftercare.messaging import threads
from aftercare.people import accounts, organisations
from aftercare.people.models import Organisation, Person

MOST = 12
QUICK = {"en": ["Y", "N", "NEXT"], "es": ["S", "N", "PROXIMA"]}
BEFORE_GROUP = timedelta(minutes=30)
LOOKS_AHEAD = timedelta(days=60)


def people() -> list[Person]:
    """Give the first patients of the demo who have a phone."""
    everybody = (
        person
        for organisation_id in organisations.every_id()
        for person in accounts.people_with_role(organisation_id, "patient")
    )
    return [person for person in everybody if person.phone][:MOST]


def find(person_id: uuid.UUID) -> Person:
    """Give somebody whose phone is on the page; raise NotFound for anybody else."""
    person = next((person for person in people() if person.id == person_id), None)
    if person is None:
        raise NotFound(_("There is no such phone."))
    return person


def organisation() -> Organisation | None:
    """Give the organisation of the demo, by whose clock on the wall the page goes."""
    first = next(iter(organisations.every_id()), None)
    return organisations.get_organisation(first) if first else None


def shown(holders: Sequence[Person]) -> list[dict[str, Any]]:
    """Show phones side by side, each with its texts."""
    texts = threads.latest([person.phone_hash for person in holders if person.phone_hash])
    agreed = ledger.who_allow_texts_anywhere(holders)
    return [
        {
            "person_id": person.id,
            "name": person.name,
            "about": _about(person, agrees=(person.organisation_id, person.id) in agreed),
            "number": numbers.masked(person.phone),
            "url": url_for("phones.send", person_id=person.id),
            "language": person.language,
            "quick": QUICK[person.language],
            "thread": texts.get(person.phone_hash or b"", []),
        }
        for person in holders
    ]


def moves(now: datetime) -> dict[str, tuple[str, float]]:
    """Say by how many seconds the demo's clock can be moved on, under which name."""
    offered = {"hour": (_("1 hour on"), 3600.0), "day": (_("1 day on"), 86400.0)}
    starts_at = _next_start(now)
    if starts_at is not None:
        until = (starts_at - BEFORE_GROUP - now).total_seconds()
        offered["group"] = (_("To 30 minutes before the next group"), until)
    return offered


def move_clock(name: str) -> None:
    """Move the demo's clock on; raise Invalid for a move that is not offered."""
    offered = moves(clock.now())
    if name not in offered:
        raise Invalid(_("Choose how far to move the clock."))
    clock.push(offered[name][1])


def _about(person: Person, *, agrees: bool) -> str:
    if agrees:
        return str(_("Texts in Spanish") if person.language == "es" else _("Texts in English"))
    return str(_("Gets no texts"))


def _next_start(now: datetime) -> datetime | None:
    """Find when the next group begins that is more than half an hour away."""
    ours = organisation()
    if ours is None:
        return None
    soon = now + BEFORE_GROUP
    dates = expected.dates(ours.id, after=soon, until=now + LOOKS_AHEAD, limit=1)
    return dates[0].starts_at if dates else None
