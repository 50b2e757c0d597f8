"""Walk-ins: who came without being on the roll, found by name."""

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from aftercare.core.errors import Invalid
from aftercare.people import accounts
from aftercare.people.models import Person

MOST_READ = 500
MOST_SHOWN = 20
TYPE_A_NAME = "Type part of the name."


@dataclass(frozen=True)
class Found:
    """Who fits, by name. `has_more`: others fit as well; `is_partial`: not everybody was looked at."""

    people: Sequence[Person]
    has_more: bool
    is_partial: bool


def find(organisation_id: uuid.UUID, typed: str) -> Found:
    """Find patients of an organisation by parts of their names, whatever the accents.

    Names are sealed, so they are opened and compared one by one: those of the 500 people who were added last.
    """
    words = _plain(typed).split()
    if not words:
        raise Invalid(TYPE_A_NAME, fields={"name": TYPE_A_NAME})
    newest = accounts.newest_people(organisation_id, "patient", limit=MOST_READ + 1)
    names = {person: _plain(person.name) for person in newest[:MOST_READ]}
    fitting = [person for person, name in names.items() if all(word in name for word in words)]
    fitting.sort(key=lambda person: (names[person], person.id))
    return Found(fitting[:MOST_SHOWN], has_more=len(fitting) > MOST_SHOWN, is_partial=len(newest) > MOST_READ)


def _plain(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).casefold()
