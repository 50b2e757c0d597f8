"""How tests look at a number that changes."""

from sqlalchemy import select

from aftercare.conversations import number_texts
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message
from aftercare.people import accounts
from aftercare.people.models import Person

NEW, STRANGERS = "+13035550177", "+13035550188"


def again(person: Person) -> Person:
    """Give a person as the database has them now."""
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def texts() -> list[Message]:
    """Let the worker look once, and give the codes that were posted."""
    db.session.rollback()
    with transaction():
        number_texts.post_due()
    return list(db.session.scalars(select(Message).where(Message.kind == "number_code").order_by(Message.id)))
