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
from aftercare.core.sealed import keyring
from aftercare.meetings import expected
from aftercare.messaging import threads
from aftercare.messaging.threads import Bubble
from aftercare.people import accounts, organisations
from aftercare.people.models import Organisation, Person

MOST = 12
QUICK = {"en": ["Y", "N", "NEXT", "LATE", "STREAK", "CALL"], "es": ["S", "N", "PROXIMA", "TARDE", "RACHA", "LLAMAR"]}
BEFORE_GROUP = timedelta(minutes=30)
LOOKS_AHEAD = timedelta(days=60)
#: A phone that nobody has yet, to try a new number with.
SPARE, SPARE_ID = "+13035550189", uuid.UUID(int=0)


def people() -> list[Person]:
    """Give the first patients of the demo who have a phone."""
    everybody = (
        person
        for organisation_id in organisations.every_id()
        for person in accounts.people_with_role(organisation_id, "patient")
    )
    return [person for person in everybody if person.phone][:MOST]


def number_of(phone_id: uuid.UUID) -> str:
    """Give the number of a phone on the page, by whose it is; raise NotFound for any other."""
    numbers_here = {person.id: person.phone for person in people()} | {SPARE_ID: SPARE}
    if phone_id not in numbers_here:
        raise NotFound(_("There is no such phone."))
    return numbers_here[phone_id]


def organisation() -> Organisation | None:
    """Give the organisation of the demo, by whose clock on the wall the page goes."""
    first = next(iter(organisations.every_id()), None)
    return organisations.get_organisation(first) if first else None


def shown(holders: Sequence[Person]) -> list[dict[str, Any]]:
    """Show phones side by side, each with its texts; last one that nobody has yet."""
    spare = keyring().mark(SPARE, purpose="phone")
    mailboxes = threads.mailboxes([person.id for person in holders])
    phones = [person.phone_hash for person in holders if person.phone_hash]
    texts = threads.latest([*phones, *(each for theirs in mailboxes.values() for each in theirs), spare])
    agreed = ledger.who_allow_texts_anywhere(holders)
    spares = [] if spare in {person.phone_hash for person in holders} else [_spare(texts.get(spare, []))]
    return [
        {
            "person_id": person.id,
            "name": person.name,
            "about": _about(person, agrees=(person.organisation_id, person.id) in agreed),
            "number": numbers.masked(person.phone),
            "url": url_for("phones.send", person_id=person.id),
            "language": person.language,
            "quick": QUICK[person.language],
            "thread": _both(
                _since(person, texts.get(person.phone_hash or b"", [])),
                [letter for each in mailboxes.get(person.id, ()) for letter in texts.get(each, [])],
            ),
        }
        for person in holders
    ] + spares


def _both(texts: list[Bubble], letters: list[Bubble]) -> list[Bubble]:
    """Give texts and letters together, oldest first."""
    return sorted([*texts, *letters], key=lambda bubble: bubble.at)


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


def _since(person: Person, thread: Sequence[Bubble]) -> list[Bubble]:
    """Leave out what was said on a number before it was theirs."""
    return [each for each in thread if person.phone_since is None or each.at >= person.phone_since]


def _spare(thread: Sequence[Bubble]) -> dict[str, Any]:
    return {
        "person_id": SPARE_ID,
        "name": _("A new phone"),
        "about": _("Nobody has it yet. Give it to somebody who changes their number."),
        "number": numbers.masked(SPARE),
        "url": url_for("phones.send", person_id=SPARE_ID),
        "language": "en",
        "quick": [],
        "thread": thread,
    }


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
