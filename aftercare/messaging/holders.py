"""Who has a number: one person, a family, or nobody any more (docs/decisions/0008-who-has-a-number.md)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.sealed import keyring
from aftercare.messaging.models import IN_FLIGHT, UNFINISHED, InboundText, Message
from aftercare.people import accounts, directory
from aftercare.people.models import Person

#: A number that was given up lies idle for so long before anybody else gets it (47 CFR 52.15(f)(1)(ii)).
IDLE = timedelta(days=45)
LONGEST_WAIT = timedelta(days=1)
#: What the carrier did not take is due again within this.
_TRIED_AGAIN_WITHIN = timedelta(minutes=30)


def of(number: str) -> list[Person]:
    """Give everybody whose number this is now, in every organisation, also who has left."""
    keys = directory.find_by_phone(number)
    people = accounts.people_anywhere(keys)
    return [people[key] for key in keys if key in people and people[key].phone == number]


def is_living(person: Person, now: datetime) -> bool:
    """Tell whether somebody's number cannot have passed to another: it is verified, works, and was used of late."""
    if person.phone_verified_at is None or person.phone_frozen_at is not None or person.left_at is not None:
        return False
    return person.phone_verified_at > now - IDLE or _was_used_since(person, now - IDLE)


def with_dead_claims(number: str, *, but: Person, now: datetime) -> Sequence[Person]:
    """Give those who have a number and can no longer be reached by it, or have never shown it to be theirs."""
    return [each for each in of(number) if not _is_same(each, but) and not is_living(each, now)]


def unreachable(number: str, *, but: Person) -> Sequence[Person]:
    """Give those who have a number that is dead for them, or who have left."""
    return [each for each in of(number) if not _is_same(each, but) and (each.phone_frozen_at or each.left_at)]


def is_taken(number: str, *, organisation_id: uuid.UUID, but: uuid.UUID | None = None) -> bool:
    """Tell whether somebody else of an organisation has a number and may be reached by it."""
    return any(
        each.organisation_id == organisation_id and each.id != but and not each.phone_frozen_at and not each.left_at
        for each in of(number)
    )


def sharing(number: str, *, but: Person) -> Sequence[Person]:
    """Give the others who have a number."""
    return [each for each in of(number) if not _is_same(each, but)]


def take_back_unnamed(number: str, *, reason: str) -> None:
    """Cancel answers and codes that wait for whoever has a number: they name no person, and are due at once.

    What a worker has in hand, or may have sent, is recalled: it goes no more, or not again.
    """
    now = clock.now()
    unnamed = update(Message).where(
        Message.number_hash.in_(keyring().marks(number, purpose="phone")),
        Message.person_id.is_(None),
        Message.kind != "crisis",
        UNFINISHED,
        Message.due_at.between(now - LONGEST_WAIT, now + _TRIED_AGAIN_WITHIN),
    )
    db.session.execute(unnamed.where(Message.state == "pending").values(state="cancelled", reason=reason))
    db.session.execute(unnamed.where(IN_FLIGHT).values(recalled=True, reason=reason))


def _is_same(one: Person, other: Person) -> bool:
    return (one.organisation_id, one.id) == (other.organisation_id, other.id)


def _was_used_since(person: Person, moment: datetime) -> bool:
    heard = exists().where(*_of(InboundText, person), InboundText.received_at > moment)
    told = exists().where(*_of(Message, person), Message.created_at > moment, Message.state == "delivered")
    return bool(db.session.scalar(select(or_(heard, told))))


def _of(table: type[InboundText] | type[Message], person: Person) -> tuple[ColumnElement[bool], ...]:
    """Narrow to what went to or came from somebody on the number that they have now."""
    return (
        table.organisation_id == person.organisation_id,
        table.person_id == person.id,
        table.number_hash == person.phone_hash,
    )
