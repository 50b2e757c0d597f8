"""What a reminder says: spelled just before it goes, from what is true then (messaging.md, "look again")."""

import uuid
from collections.abc import Hashable, Mapping, Sequence

from aftercare.meetings import notices, schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import texts
from aftercare.messaging.channels import EMAIL
from aftercare.messaging.letters import LETTERS
from aftercare.messaging.models import Message
from aftercare.messaging.own_words import words_of
from aftercare.messaging.texts import OwnWords
from aftercare.people.models import Person

KIND = "reminder"


def words(reminders: Sequence[tuple[Message, Person]]) -> Mapping[uuid.UUID, str]:
    """Spell these reminders for their readers, in two queries; readers of the same date often read the same."""
    about = [(message, person) for message, person in reminders if message.kind == KIND and message.occurrence_id]
    found = schedule.dates_anywhere({_date_of(message) for message, _ in about}) if about else []
    dates = {(date.organisation_id, date.id): date for date, _, _ in found}
    own = words_of({message.organisation_id for message, _ in about}) if about else {}
    same: dict[Hashable, str | None] = {}
    for message, person in about:
        key = _like(message, person)
        if key not in same:
            date = dates.get(_date_of(message))
            same[key] = None if date is None else _spelled(date, message.channel, person, own[message.organisation_id])
    said = {message.id: same[_like(message, person)] for message, person in about}
    return {key: body for key, body in said.items() if body is not None}


def _like(message: Message, person: Person) -> Hashable:
    return *_date_of(message), message.channel, person.zone, person.language, person.text_level


def _spelled(date: Occurrence, channel: str, person: Person, own: OwnWords) -> str | None:
    # What cannot be spelled (a zone that no longer exists) must not stop those beside it.
    try:
        said = notices.said_of(date, person)
        if channel == EMAIL:
            return texts.render(KIND, person.language, person.text_level, among=LETTERS, **said)
        return texts.render(KIND, person.language, person.text_level, own_words=own, **said)
    except (ValueError, KeyError):
        return None


def _date_of(message: Message) -> tuple[uuid.UUID, uuid.UUID]:
    assert message.occurrence_id is not None
    return message.organisation_id, message.occurrence_id
