"""Who is expected at a date, what they were told, and whom the list says to call."""

from typing import Any

from aftercare.core.db import db
from aftercare.meetings.models import Occurrence
from aftercare.messaging.models import Message
from aftercare.people.models import Organisation, Person
from aftercare.recovery import calls
from tests.factories import make_person, make_rsvp
from tests.messaging.posting import post_text


def someone(clinic: Organisation, date: Occurrence, name: str = "Ana", **given: Any) -> Person:
    """Make somebody who said yes to a date."""
    person = make_person(clinic, name=name, **given)
    make_rsvp(date, person)
    return person


def text_about(person: Person, date: Occurrence, state: str = "delivered", **given: Any) -> Message:
    """Make a reminder of a date; it arrived, unless told otherwise."""
    about = {"occurrence_id": date.id, "occurs_on": date.occurs_on, "useful_until": date.starts_at}
    once = f"reminder:48:{date.id}:{date.sequence}:{person.id}"
    text: Message = post_text(person, once=once, state=state, **about | given)
    return text


def listed(date: Occurrence) -> dict[str, str]:
    """Say whom to call about a date, and why."""
    db.session.rollback()
    return {call.name: call.reason.value for call in calls.of(date.organisation_id, date.id)}
