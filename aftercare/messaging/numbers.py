"""Numbers change hands: taken, shown to be somebody's, frozen, given up; and what the carrier teaches us of them.

Texts are taken back before people are changed: whoever moves a date locks them in this order too.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aftercare.audit import trail
from aftercare.consent import ledger
from aftercare.core import clock, throttle
from aftercare.core.sealed import keyring
from aftercare.messaging import blocks, holders, outbox
from aftercare.messaging.channels import TEXT
from aftercare.messaging.retries import Failure
from aftercare.people import accounts, devices, limits, number_changes, patient_codes
from aftercare.people.models import Person

OTHER_NUMBER = "other_number"
DEAD = "dead_number"


@dataclass(frozen=True)
class Taken:
    """What came of taking a number: whose claim on it ended, and who shares it from now on."""

    ended: Sequence[Person]
    shared_with: Sequence[Person]


def take(person: Person, number: str, *, way: str, keeps: uuid.UUID | None = None) -> Taken:
    """Make a number a person's, who has shown by a code that they hold it.

    The one they had before gets nothing more, and is forgotten; their agreement to texts lapses with it. Whoever has
    the new one and cannot be reached by it loses it, so that its next holder learns nothing of them. A phone that is
    not theirs any more may still be signed in: all but the browser they do it in (`keeps`) are signed out.
    """
    if person.phone == number:
        return prove(person)
    ended = holders.with_dead_claims(number, but=person, now=clock.now())
    _release([*ended, person], way=way, by=person.id)
    devices.close_devices(person.organisation_id, person.id, but=keeps)
    accounts.set_phone(person, number)
    accounts.verify_phone(person)
    number_changes.end_all(person)
    _note("number.changed", person, way=way, by=person.id)
    return Taken(ended, holders.sharing(number, but=person))


def prove(person: Person) -> Taken:
    """Note that somebody has shown that the number they have is theirs: who is unreachable by it has it no more."""
    ended = holders.unreachable(person.phone, but=person)
    _release(ended, way="web", by=None)
    was_frozen = person.phone_frozen_at is not None
    accounts.verify_phone(person)
    if was_frozen:
        _note("number.verified_anew", person, way="web", by=person.id)
    return Taken(ended, [])


def write_down(person: Person, number: str, *, by: uuid.UUID) -> None:
    """Give somebody the number that staff were told: it is theirs once they show it, and they agree to texts anew."""
    if person.phone == number:
        return
    if person.phone:
        release(person, way="staff", by=by)
    accounts.set_phone(person, number)
    _note("number.written_down", person, way="staff", by=by)


def release(person: Person, *, way: str, by: uuid.UUID, keeps: uuid.UUID | None = None) -> None:
    """Take a number off somebody: nothing that waits for them leaves, and its next holder finds no trace of them."""
    if person.phone:
        _release([person], way=way, by=by)
        devices.close_devices(person.organisation_id, person.id, but=keeps)


def freeze(people: Sequence[Person], *, way: str) -> None:
    """Send nothing more to the number of these people until they verify it anew; they then agree to texts anew."""
    for person in people:
        outbox.cancel(person.organisation_id, person_id=person.id, reason=DEAD, channel=TEXT)
    for person in people:
        if person.phone_frozen_at is None:
            ledger.let_lapse(person, way=way)
            accounts.freeze_phone(person)
            _note("number.frozen", person, way=way, by=None)


def learn(number: str, failure: Failure, *, tried_at: datetime | None = None) -> None:
    """Freeze a dead number; take the carrier's word, or its second block in a row, that its holder wants no more texts.

    What failed before somebody showed the number to be theirs failed for who had it then.
    """
    if failure is Failure.RECIPIENT:
        freeze([person for person in holders.of(number) if not _came_after(person, tried_at)], way="carrier")
    if failure is Failure.OPTED_OUT or (failure is Failure.BLOCKED and blocks.mean_no(number)):
        for person in holders.of(number):
            if ledger.allows_texts(person):
                ledger.withdraw_texts(person, way="carrier")
            outbox.cancel(person.organisation_id, person_id=person.id, reason=outbox.STOPPED)


def _came_after(person: Person, tried_at: datetime | None) -> bool:
    verified = person.phone_verified_at
    return tried_at is not None and verified is not None and verified > tried_at


def _release(people: Sequence[Person], *, way: str, by: uuid.UUID | None) -> None:
    for person in people:
        outbox.cancel(person.organisation_id, person_id=person.id, reason=OTHER_NUMBER, channel=TEXT)
    accounts.lock(people)
    for person in people:
        number = person.phone
        if number:
            ledger.let_lapse(person, way=way, recorded_by=by)
            accounts.set_phone(person, None)
            _note("number.released", person, way=way, by=by)
            _forget(number)


def _forget(number: str) -> None:
    """Let nothing that was counted, asked or posted for a number reach who has it next, unless somebody keeps it."""
    if any(holders.is_living(each, clock.now()) for each in holders.of(number)):
        return
    holders.take_back_unnamed(number, reason=OTHER_NUMBER)
    patient_codes.end(number)
    limits.forget_code_requests(number)
    for mark in keyring().marks(number, purpose="phone"):
        throttle.forget_all_about(mark.hex())


def _note(act: str, person: Person, *, way: str, by: uuid.UUID | None) -> None:
    trail.record(
        act, organisation_id=person.organisation_id, about="person", about_id=person.id, person_id=person.id,
        actor_id=by, way=way,
    )  # fmt: skip
