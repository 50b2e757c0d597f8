"""What somebody was asked last, as far as it can still be answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from aftercare.meetings import schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import posted
from aftercare.messaging.models import Message
from aftercare.people.models import Person

OPT_IN = "opt_in"


@dataclass(frozen=True)
class Question:
    """Whom a text asked, and about which date; about none if it asked for agreement to texts."""

    person: Person
    kind: str
    occurrence: Occurrence | None


def latest(people: Collection[Person], *, now: datetime) -> Question | None:
    """Give what the latest text asked that left for one of these people and whose date is not over or cancelled.

    One phone may be several people's, in several organisations: an answer is that of the one who was asked last.
    """
    by_key = {(person.organisation_id, person.id): person for person in people}
    for message in posted.questions(people):
        assert message.person_id is not None
        question = Question(by_key[message.organisation_id, message.person_id], message.kind, _date(message))
        if _is_open(question, message, now):
            return question
    return None


def _date(message: Message) -> Occurrence | None:
    if message.occurrence_id is None:
        return None
    return schedule.get_occurrence(message.organisation_id, message.occurrence_id)


def _is_open(question: Question, message: Message, now: datetime) -> bool:
    date = question.occurrence
    if date is None:
        return question.kind == OPT_IN and now < message.useful_until
    return date.status != "cancelled" and now < date.ends_at
