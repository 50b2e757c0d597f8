"""The outbox: what is to be texted is a row, posted once, in the transaction of what caused it (messaging.md)."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, is_postgresql
from aftercare.messaging import quiet_hours, texts
from aftercare.messaging.models import Message
from aftercare.people.models import Organisation, Person


def post(
    person: Person,
    kind: str,
    *,
    once: str,
    occurs_on: date,
    useful_until: datetime,
    about: uuid.UUID | None = None,
    due_at: datetime | None = None,
    asks: bool = False,
    is_answer: bool = False,
    **values: Any,
) -> Message | None:
    """Post a text to somebody who agreed to texts; None if they did not, it was posted before, or it would be useless.

    `once` names what it is about, for ever; `useful_until` is when it is better not sent. A text that would fall in the
    person's night moves earlier, unless it is an answer in a conversation that they are having.
    """
    if not person.phone or person.phone_frozen_at or not ledger.allows_texts(person):
        return None
    now = clock.now()
    due = _fitting(person, due_at or now, useful_until, now, is_answer=is_answer)
    if due is None:
        return None
    body = texts.render(kind, person.language, person.text_level, **values)
    return _insert(
        Message(
            organisation_id=person.organisation_id,
            occurs_on=occurs_on,
            once=once,
            kind=kind,
            person_id=person.id,
            occurrence_id=about,
            language=person.language,
            number=person.phone,
            body=body,
            asks=asks,
            is_answer=is_answer,
            needs_consent=True,
            due_at=due,
            useful_until=useful_until,
        )
    )


def post_answer(
    organisation: Organisation,
    number: str,
    kind: str,
    *,
    once: str,
    useful_until: datetime,
    language: str,
    person_id: uuid.UUID | None = None,
    level: str = "discreet",
    **values: Any,
) -> Message | None:
    """Post a text that the holder of a number has just asked for (a code, help, the last word after STOP)."""
    now = clock.now()
    return _insert(
        Message(
            organisation_id=organisation.id,
            occurs_on=clock.today(organisation.zone),
            once=once,
            kind=kind,
            person_id=person_id,
            language=language,
            number=number,
            body=texts.render(kind, language, level, **values),
            is_answer=True,
            needs_consent=False,
            due_at=now,
            useful_until=useful_until,
        )
    )


def cancel(
    organisation_id: uuid.UUID,
    *,
    reason: str,
    about: uuid.UUID | None = None,
    person_id: uuid.UUID | None = None,
    kinds: tuple[str, ...] | None = None,
) -> int:
    """Cancel what has not left yet, about a date, to a person, or both; say how many texts."""
    if about is None and person_id is None:
        raise ValueError("Say what is to be cancelled.")
    matching = update(Message).where(Message.organisation_id == organisation_id, Message.state == "pending")
    if about is not None:
        matching = matching.where(Message.occurrence_id == about)
    if person_id is not None:
        matching = matching.where(Message.person_id == person_id)
    if kinds is not None:
        matching = matching.where(Message.kind.in_(kinds))
    cancelled = db.session.execute(matching.values(state="cancelled", reason=reason))
    return int(getattr(cancelled, "rowcount", 0))


def window_of(organisation: Organisation) -> quiet_hours.Window:
    """Give the part of the day in which an organisation sends texts."""
    return quiet_hours.Window(opens=organisation.quiet_until, closes=organisation.quiet_from)


def is_quiet(organisation: Organisation, zone: str, now: datetime) -> bool:
    """Tell whether it is night for the texts of an organisation, in somebody's zone."""
    return not quiet_hours.allowed(now, window_of(organisation), zone)


def _fitting(
    person: Person, due: datetime, useful_until: datetime, now: datetime, *, is_answer: bool
) -> datetime | None:
    if is_answer:
        return due if due < useful_until else None
    organisation = db.session.get(Organisation, person.organisation_id)
    assert organisation is not None
    return quiet_hours.fit(due, window_of(organisation), person.zone, useful_until=useful_until, now=now)


def _insert(message: Message) -> Message | None:
    """Write the row unless its like was written before (unique by organisation, date and `once`)."""
    values = {name: getattr(message, name) for name in _COLUMNS}
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = insert(Message).values(**values).on_conflict_do_nothing()
    if not getattr(db.session.execute(statement), "rowcount", 0):
        return None
    wanted = select(Message).where(Message.organisation_id == message.organisation_id, Message.id == message.id)
    return db.session.scalars(wanted).one()


_COLUMNS = (
    "organisation_id", "id", "occurs_on", "once", "kind", "person_id", "occurrence_id", "language", "number_sealed",
    "number_hash", "body_sealed", "asks", "is_answer", "needs_consent", "due_at", "useful_until",
)  # fmt: skip
