"""Texts that hold neither number nor words before they go: what is true then is looked up, and kept (messaging.md).

So a plan for a week holds nothing to steal, and a text never says what was true when it was planned.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence

from aftercare.messaging.channels import EMAIL
from aftercare.messaging.models import Message
from aftercare.people import accounts
from aftercare.people.models import Person

#: Spells texts, each with its reader, that have no words yet: rooms above know what is to be said.
Words = Callable[[Sequence[tuple[Message, Person]]], Mapping[uuid.UUID, str]]


#: Puts a letter together from a message whose words stand: its first line is the subject.
Letter = Callable[[Message], str]


def words_alone(message: Message) -> str:
    """Give a letter nothing but its words."""
    return f"{message.body}\n\n{message.body}"


def no_words(_texts: Sequence[tuple[Message, Person]]) -> Mapping[uuid.UUID, str]:
    """Spell nothing."""
    return {}


def is_unwritten(message: Message) -> bool:
    """Tell whether a text waits for its number and words; one that was erased keeps its number."""
    return message.number_sealed is None


def write(messages: Sequence[Message], words: Words) -> None:
    """Give each of these texts that has none the number of its reader and its words; what cannot be read stays bare.

    Two queries and those of `words`, however many texts.
    """
    bare = [message for message in messages if is_unwritten(message)]
    keys = {(each.organisation_id, each.person_id) for each in bare if each.person_id is not None}
    people = accounts.people_anywhere(keys) if keys else {}
    readers = [(each, people[key]) for each in bare if (key := (each.organisation_id, each.person_id)) in people]
    spelled = words(readers) if readers else {}
    for message, person in readers:
        if message.id in spelled:
            _write(message, person, spelled[message.id])


def _write(message: Message, person: Person, body: str) -> None:
    try:
        number = person.email if message.channel == EMAIL else person.phone
    except ValueError:
        return
    message.number, message.body, message.language = number, body, person.language
