"""Who texts: the people a number leads to, in every organisation. A number proves a phone, not a person."""

from collections.abc import Sequence

from aftercare.people import accounts, directory, organisations
from aftercare.people.models import Organisation, Person


def known_by(number: str) -> list[Person]:
    """Give everybody whose number this is now, also who has left: a wish to stop holds for all of them."""
    keys = directory.find_by_phone(number)
    people = accounts.people_anywhere(keys)
    return [people[key] for key in keys if key in people and people[key].phone == number]


def patients(people: Sequence[Person]) -> list[Person]:
    """Narrow to the patients who have not left."""
    return [person for person in people if person.left_at is None and _is_patient(person)]


def reachable(people: Sequence[Person]) -> list[Person]:
    """Narrow to those of whose number the carrier has not said that it is dead: since then it may be a stranger's."""
    return [person for person in people if not person.phone_frozen_at]


def organisation_of(people: Sequence[Person]) -> Organisation | None:
    """Give the one organisation that all these people are of, or None: a text may not name one of two."""
    found = {person.organisation_id for person in people}
    return organisations.get_organisation(found.pop()) if len(found) == 1 else None


def _is_patient(person: Person) -> bool:
    return "patient" in accounts.roles_of(person.organisation_id, person.id)
