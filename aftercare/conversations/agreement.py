"""Agree to texts, and take it back, by page: the ledger says so, and the first text says it again."""

import uuid
from datetime import timedelta

from aftercare.consent import ledger, mail_ledger
from aftercare.core import clock
from aftercare.core.errors import Conflict
from aftercare.messaging import outbox
from aftercare.messaging.channels import EMAIL
from aftercare.people import organisations
from aftercare.people.models import Person

WELCOME_LASTS = timedelta(hours=2)
WELCOME_AFTER_THE_NIGHT = timedelta(hours=24)
#: A confirmation counts as asked for so long (47 CFR 64.1200(a)(12)).
CONFIRMED_WITHIN = timedelta(minutes=5)
#: A STOP by text also holds at the carrier, and only START by text lifts it there.
BY_TEXT = frozenset({"text", "carrier"})


def agree(person: Person, *, names_meetings: bool) -> None:
    """Record that a person agrees to texts, and text them so; raise Conflict if only START can."""
    if needs_start(person):
        raise Conflict("You texted STOP before. Text START to the same number to get texts again.")
    require_working_phone(person)
    person.text_level = "plain" if names_meetings else "discreet"
    welcome(person, way="web")


def welcome(person: Person, *, way: str, recorded_by: uuid.UUID | None = None) -> None:
    """Record that a person agrees to texts, and say so in the first one: at once if they are waiting for it."""
    ledger.grant_texts(person, way=way, recorded_by=recorded_by)
    granted = ledger.find_newest(person)
    assert granted is not None
    is_waiting = way == "web"
    outbox.post(
        person,
        "welcome",
        once=f"welcome:{granted.id.hex}",
        occurs_on=clock.today(person.zone),
        useful_until=clock.now() + (WELCOME_LASTS if is_waiting else WELCOME_AFTER_THE_NIGHT),
        is_answer=is_waiting,
        sender=organisations.get_organisation(person.organisation_id).discreet_name,
    )


def stop(person: Person) -> None:
    """Record that a person wants no more texts, and take back those that have not left."""
    ledger.withdraw_texts(person, way="web")
    outbox.cancel(person.organisation_id, person_id=person.id, reason=outbox.STOPPED)


def stop_for(person: Person, *, by: uuid.UUID) -> bool:
    """Record that somebody told staff that they want no more texts, by whatever means (47 CFR 64.1200(a)(10)).

    What has not left is taken back, and one text confirms it. False if that was so before: then nothing more is said.
    """
    mail_ledger.end(person, way="staff", recorded_by=by)
    newest = ledger.find_newest(person)
    if newest is not None and newest.act == "withdraw":
        outbox.cancel(person.organisation_id, person_id=person.id, reason=outbox.STOPPED, channel=EMAIL)
        return False
    ledger.withdraw_texts(person, way="staff", recorded_by=by)
    outbox.cancel(person.organisation_id, person_id=person.id, reason=outbox.STOPPED)
    if person.phone and person.phone_frozen_at is None:
        _confirm_stop(person)
    return True


def require_working_phone(person: Person) -> None:
    """Raise Conflict if somebody has no number, or texts to it did not arrive: it may be a stranger's now."""
    if not person.phone:
        raise Conflict("There is no number here yet.")
    if person.phone_frozen_at is not None:
        raise Conflict("Texts to this number did not arrive. First a code must show whose it is.")


def needs_start(person: Person) -> bool:
    """Tell whether a person stopped texts by text, so that only START brings them back (product.md 7.6)."""
    newest = ledger.find_newest(person)
    return newest is not None and newest.act == "withdraw" and newest.way in BY_TEXT


def _confirm_stop(person: Person) -> None:
    """Say once that texts are off: at once by day, not in the night of who only told staff; then it is left unsaid."""
    stopped, organisation = ledger.find_newest(person), organisations.get_organisation(person.organisation_id)
    assert stopped is not None
    now = clock.now()
    if outbox.is_quiet(organisation, person, now):
        return
    outbox.post_answer(
        organisation,
        person.phone,
        "stop",
        once=f"stop:{stopped.id.hex}",
        useful_until=now + CONFIRMED_WITHIN,
        language=person.language,
        person_id=person.id,
    )
