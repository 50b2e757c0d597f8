"""Words of danger: help is said at once, day or night, and a person is asked to call (product.md 7.11)."""

from collections.abc import Sequence

from aftercare.conversations.talk import Reply, Talk, say
from aftercare.core import throttle
from aftercare.messaging.models import InboundText
from aftercare.people.models import Person
from aftercare.recovery import outreach

# Two machines that answer each other must come to an end; the tasks are opened all the same.
SAID_AN_HOUR = 6
CRISIS = Reply("crisis")


def answer(talk: Talk) -> None:
    """Say where help is, and ask staff of every organisation that knows the number to call, urgently."""
    ask_staff(talk.inbound, talk.patients)
    if may_say(talk.inbound.number_hash):
        say(talk, CRISIS)


def ask_staff(inbound: InboundText, people: Sequence[Person]) -> None:
    """Open an urgent task for each person whose text this may be."""
    for person in people:
        outreach.open_task(
            person.organisation_id,
            "crisis",
            once=f"crisis:{inbound.id}:{person.id}",
            person_id=person.id,
            is_urgent=True,
            inbound_id=str(inbound.id),
        )


def may_say(number_hash: bytes) -> bool:
    """Tell whether help may be said to a number once more in this hour."""
    return not throttle.seconds_to_wait(f"crisis-said:{number_hash.hex()}", times=SAID_AN_HOUR, per_seconds=3600)
