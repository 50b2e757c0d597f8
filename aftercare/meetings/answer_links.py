"""One-tap answers: a link for one person and one date. Opening it changes nothing; its button answers."""

import uuid
from dataclasses import dataclass

from aftercare.core import clock, ids
from aftercare.core.crypto import digest
from aftercare.core.db import db
from aftercare.core.errors import Gone, NotFound
from aftercare.core.tokens import new_secret
from aftercare.meetings import schedule
from aftercare.meetings.link_models import AnswerLink
from aftercare.meetings.models import Occurrence
from aftercare.people import accounts, directory
from aftercare.people.models import Person

PURPOSE = "answer"


@dataclass(frozen=True)
class Asked:
    """Whom a link asks about which date."""

    person: Person
    occurrence: Occurrence


def create(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """Make a link's secret for a patient and a date; it works until the date is over."""
    occurrence = schedule.get_occurrence(organisation_id, occurrence_id)
    person = accounts.require_patient(organisation_id, person_id)
    secret, link_id = new_secret(), ids.new()
    link = AnswerLink(
        organisation_id=organisation_id, id=link_id, person_id=person.id, occurrence_id=occurrence.id,
        key_hash=digest(secret), expires_at=occurrence.ends_at,
    )  # fmt: skip
    db.session.add(link)
    directory.enter_secret(PURPOSE, secret, organisation_id=organisation_id, subject_id=link_id)
    db.session.flush()
    return secret


def open_link(secret: str) -> Asked:
    """Say whom and what a link asks; raise NotFound for a wrong one, Gone once its date is over."""
    found = directory.find_by_secret(PURPOSE, secret)
    link = db.session.get(AnswerLink, found) if found else None
    if link is None:
        raise NotFound("This link does not work. Check that you copied all of it.")
    occurrence = schedule.get_occurrence(link.organisation_id, link.occurrence_id)
    if occurrence.ends_at <= clock.now():
        raise Gone("This date is over.")
    return Asked(accounts.get_person(link.organisation_id, link.person_id), occurrence)
