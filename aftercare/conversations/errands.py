"""What people ask of staff by text: a call, a proof; and what staff are asked about a text (messaging.md)."""

from collections.abc import Sequence

from aftercare.conversations.talk import Reply, Talk
from aftercare.messaging.models import InboundText
from aftercare.people.models import Person
from aftercare.recovery import outreach


def call(talk: Talk) -> Reply:
    """Ask staff to call. On a phone that several people have, nobody is asked who it is first: a call finds out."""
    for person in talk.meant:
        if not outreach.has_open(person.organisation_id, "call", person_id=person.id):
            _ask(talk.inbound, "call", person)
    return Reply("call")


def proof(talk: Talk) -> Reply:
    """Ask staff for a proof of attendance."""
    person = talk.patients[0]
    if not outreach.has_open(person.organisation_id, "proof", person_id=person.id):
        _ask(talk.inbound, "proof", person)
    return Reply("proof", person=person)


def ask_whether_to_stop(inbound: InboundText, people: Sequence[Person]) -> None:
    """Ask staff to make sure that somebody whose texts were stopped meant it."""
    for person in people:
        _ask(inbound, "stop_unsure", person)


def ask_for_number(inbound: InboundText, people: Sequence[Person]) -> None:
    """Ask staff for the number of people who are said not to have this one."""
    for person in people:
        _ask(inbound, "number", person)


def ask_to_read(talk: Talk) -> None:
    """Ask staff to read what was not understood, if it is known whose staff."""
    if talk.inbound.organisation_id is not None:
        outreach.open_task(
            talk.inbound.organisation_id,
            "not_understood",
            once=f"not_understood:{talk.inbound.id}",
            person_id=talk.inbound.person_id,
            inbound_id=str(talk.inbound.id),
        )


def _ask(inbound: InboundText, kind: str, person: Person) -> None:
    outreach.open_task(
        person.organisation_id,
        kind,
        once=f"{kind}:{inbound.id}:{person.id}",
        person_id=person.id,
        inbound_id=str(inbound.id),
    )
