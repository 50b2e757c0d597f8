"""People whom our texts do not reach: staff are asked to look, once for each reason (twilio-and-rules.md 4)."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import database_now
from aftercare.messaging import blocks, holders
from aftercare.messaging.retries import Failure
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery import outreach

LOOKS_BACK = timedelta(days=2)


def ask_staff(organisation_id: uuid.UUID) -> None:
    """Ask staff to check the details of whoever's number turned out dead of late, or blocked us twice in a row."""
    for person in _without_address(organisation_id):
        once = f"contact:{person.id}:{person.email_frozen_at}"
        outreach.open_task(organisation_id, "contact", once=once, person_id=person.id)
    for failure in (Failure.RECIPIENT, Failure.BLOCKED):
        for person in _unasked(organisation_id, failure):
            for holder in holders.of(person.phone):
                _ask(holder, failure)


def _unasked(organisation_id: uuid.UUID, failure: Failure) -> Iterator[Person]:
    failed = blocks.who_failed(organisation_id, [failure], since=database_now() - LOOKS_BACK)
    asked = outreach.who_was_asked_about(organisation_id, failed, kind="number", since=clock.now() - LOOKS_BACK)
    people = accounts.people_named(organisation_id, failed - asked)
    return (person for person in people.values() if person.phone)


def _without_address(organisation_id: uuid.UUID) -> list[Person]:
    """Find those whose e-mail turned out dead of late."""
    failed = blocks.who_failed(organisation_id, [Failure.RECIPIENT], since=database_now() - LOOKS_BACK)
    people = accounts.people_named(organisation_id, failed).values()
    return [person for person in people if person.email_frozen_at and person.left_at is None]


def _ask(person: Person, failure: Failure) -> None:
    why = _frozen(person) if failure is Failure.RECIPIENT else _unwilling(person)
    if why is not None and person.left_at is None:
        outreach.open_task(
            person.organisation_id,
            "number",
            once=f"number:{person.id}:{why}",
            person_id=person.id,
            failure=str(failure),
        )


def _frozen(person: Person) -> str | None:
    return f"frozen:{person.phone_frozen_at.isoformat()}" if person.phone_frozen_at else None


def _unwilling(person: Person) -> str | None:
    newest = ledger.find_newest(person)
    is_carriers = newest is not None and newest.act == "withdraw" and newest.way == "carrier"
    return f"blocked:{newest.id}" if newest is not None and is_carriers else None
