"""Texts from numbers that no patient has: one answer an hour, with the lines of help, the same whoever is known.

The last word after a STOP is counted apart, once a day, so that it too is said alike to numbers we know and others.
"""

from collections.abc import Sequence
from datetime import datetime

from aftercare.conversations import by_carrier, correspondents, crises, subscriptions
from aftercare.conversations.talk import ANSWER_LASTS
from aftercare.core import throttle
from aftercare.messaging import outbox
from aftercare.messaging.keywords import Verb, Word
from aftercare.messaging.models import InboundText
from aftercare.people import organisations
from aftercare.people.models import Person

HOUR, DAY = 3600, 86400


def answer(inbound: InboundText, word: Word, known: Sequence[Person], *, now: datetime) -> None:
    """Answer a number that leads to no patient, or to one whom it no longer reaches: a stranger may have it now.

    Staff, or somebody who has left, may still stop their texts; and if it may be a patient in danger, staff are told.
    """
    is_answered = by_carrier.has_answered(inbound, known)
    is_end = word.verb in (Verb.STOP, Verb.WRONG_NUMBER)
    if is_end:
        subscriptions.stop(known, way="carrier" if is_answered else "text")
    if word.in_crisis:
        crises.ask_staff(inbound, correspondents.patients(known))
        if crises.may_say(inbound.number_hash):
            _say(inbound, word, "crisis", now)
    elif not is_answered and _may_say(inbound, is_end=is_end):
        _say(inbound, word, "stop" if is_end else "unknown_sender", now)


def _may_say(inbound: InboundText, *, is_end: bool) -> bool:
    name, span = ("stranger-stop", DAY) if is_end else ("stranger", HOUR)
    return not throttle.seconds_to_wait(f"{name}:{inbound.number_hash.hex()}", times=1, per_seconds=span)


def _say(inbound: InboundText, word: Word, kind: str, now: datetime) -> None:
    """Post it in the name of the first organisation of the house: the text names none, and the row no person."""
    house = next(iter(organisations.every_id()), None)
    if house is None:
        return
    organisation = organisations.get_organisation(house)
    outbox.post_answer(
        organisation,
        inbound.number,
        kind,
        once=f"answer:{inbound.sid}",
        useful_until=now + ANSWER_LASTS,
        language=word.language or organisation.language,
    )
