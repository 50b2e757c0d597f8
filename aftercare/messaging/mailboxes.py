"""What a mail server's refusal teaches us about an address: a dead one gets no more letters until it is confirmed."""

from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.messaging import outbox
from aftercare.messaging.channels import EMAIL
from aftercare.messaging.models import Message
from aftercare.messaging.references import Reference
from aftercare.messaging.retries import Failure
from aftercare.people import accounts

DEAD = "dead_address"


def learn(reference: Reference, address: str, failure: Failure) -> None:
    """Freeze the address that a letter could not be taken for, if it is still somebody's, and take back what waits.

    The question whether an address is theirs may bounce: that says nothing of the one they have.
    """
    if failure is not Failure.RECIPIENT:
        return
    named = select(Message.person_id).where(
        Message.organisation_id == reference.organisation_id,
        Message.id == reference.id,
        Message.occurs_on == reference.occurs_on,
    )
    person_id = db.session.scalars(named).one_or_none()
    person = accounts.find_person(reference.organisation_id, person_id) if person_id else None
    if person is None or person.email != address:
        return
    outbox.cancel(person.organisation_id, person_id=person.id, reason=DEAD, channel=EMAIL)
    person.email_frozen_at = person.email_frozen_at or clock.now()
