"""What a carrier's refusal teaches us about a number, for everybody who has it (twilio-and-rules.md 4)."""

from collections.abc import Iterator

from aftercare.consent import ledger
from aftercare.messaging import outbox
from aftercare.messaging.retries import Failure
from aftercare.people import accounts, directory
from aftercare.people.models import Person


def learn(number: str, failure: Failure) -> None:
    """Freeze a dead number; take the carrier's word that its holder wants no more texts.

    Texts are taken back before people are changed: whoever moves a date locks them in this order too.
    """
    if failure is Failure.RECIPIENT:
        holders = list(_holders(number))
        for person in holders:
            _cancel(person, "dead_number")
        for person in holders:
            accounts.freeze_phone(person)
    if failure is Failure.OPTED_OUT:
        for person in _holders(number):
            if ledger.allows_texts(person):
                ledger.withdraw_texts(person, way="carrier")
            _cancel(person, outbox.STOPPED)


def _holders(number: str) -> Iterator[Person]:
    for organisation_id, person_id in directory.find_by_phone(number):
        person = accounts.find_person(organisation_id, person_id)
        if person is not None and person.phone == number:
            yield person


def _cancel(person: Person, reason: str) -> None:
    outbox.cancel(person.organisation_id, person_id=person.id, reason=reason)
