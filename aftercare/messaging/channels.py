"""By which way somebody is written to: a text to their number, or a letter if they chose e-mail."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from aftercare.consent import ledger, mail_ledger
from aftercare.people.models import Person

TEXT, EMAIL = "text", "email"
#: Why a reminder is taken back that is written down anew for the way its reader chose.
OTHER_CHANNEL = "other_channel"
#: Asks whether texts may go.
QUESTION = "opt_in"
ABOUT_TEXTS = frozenset({QUESTION, "welcome", "checkup"})


@dataclass(frozen=True)
class Way:
    """A channel, and the number or address at its end."""

    channel: str
    address: str = field(repr=False)


def way_to(person: Person, kind: str) -> Way | None:
    """Give the way to somebody; None if they agreed to none that is open. Some kinds are about texts, and go as one."""
    may_go = ledger.may_be_asked if kind == QUESTION else ledger.allows_texts
    if kind in ABOUT_TEXTS and person.phone and may_go(person):
        return Way(TEXT, person.phone)
    return ways_to(person.organisation_id, [person]).get(person.id)


def ways_to(organisation_id: uuid.UUID, people: Sequence[Person]) -> dict[uuid.UUID, Way]:
    """Give the ways to people of an organisation, in two queries at most; who may not be written to is left out."""
    by_mail = [person for person in people if person.channel == EMAIL]
    by_text = [person for person in people if person.channel == TEXT and person.phone_sealed]
    may_text = ledger.who_allow_texts(organisation_id, by_text) if by_text else set()
    may_mail = {person_id for _, person_id in mail_ledger.who_allow(by_mail)} if by_mail else set()
    texts = {person.id: Way(TEXT, person.phone) for person in by_text if person.id in may_text}
    return texts | {person.id: Way(EMAIL, person.email) for person in by_mail if person.id in may_mail}
