"""The words of a message to a group: what they must not say, and how they go out."""

import uuid
from collections.abc import Iterator, Mapping, Sequence

from aftercare.conversations import templates
from aftercare.core.errors import Invalid
from aftercare.messaging import fault_words, segments, texts
from aftercare.messaging.free_words import Fault, faults_in, names_said
from aftercare.people import access, accounts, organisations
from aftercare.people.models import Person

MOST_PARTS = 2
LONGEST = 400


def checked(organisation_id: uuid.UUID, typed: Mapping[str, str], names: tuple[list[str], list[str]]) -> dict[str, str]:
    """Give the words of each language that has some, tidied; raise Invalid, by field, if they cannot go."""
    words = {language: tidy(said) for language, said in typed.items() if said.strip()}
    wrong = {f"words_{language}": sentence for language, sentence in _wrong(organisation_id, words, names)}
    if not words:
        wrong = {"words_en": "Write the message, in the language of those who read it."}
    if wrong:
        raise Invalid("This message cannot be sent as it is.", fields=wrong)
    return words


def tidy(words: str) -> str:
    """Take out lines and double spaces, and end with a full stop, because words follow."""
    one_line = " ".join(words.split())
    return one_line if one_line.endswith((".", "!", "?")) else f"{one_line}."


def sender(organisation_id: uuid.UUID) -> str:
    """Give the neutral name that a message begins with."""
    return organisations.get_organisation(organisation_id).discreet_name


def telling_names(organisation_id: uuid.UUID, people: Sequence[Person]) -> tuple[list[str], list[str]]:
    """List the names that a message must not say: those of the organisation and its meetings, and those of people."""
    staff = [person for role in sorted(access.STAFF) for person in accounts.people_with_role(organisation_id, role)]
    return templates.telling_names(organisation_id), [person.name for person in (*people, *staff)]


def _wrong(
    organisation_id: uuid.UUID, words: Mapping[str, str], names: tuple[list[str], list[str]]
) -> Iterator[tuple[str, str]]:
    called, people = names
    for language, said in words.items():
        faults = [*faults_in(said, names=called), *(Fault("name", name) for name in names_said(said, people))]
        body = texts.render("broadcast", language, words=said, sender=sender(organisation_id))
        if segments.count(body) > MOST_PARTS or len(said) > LONGEST:
            faults.append(Fault("too_long", str(MOST_PARTS)))
        if faults:
            yield language, fault_words.sentence(faults)
