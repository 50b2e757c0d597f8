"""Texts on, texts off: by text, at once, for everybody who has the number (product.md 7.6; twilio-and-rules.md 5)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from aftercare.consent import ledger, mail_ledger
from aftercare.conversations import agreement, correspondents, new_numbers
from aftercare.conversations.talk import Reply, Talk
from aftercare.core import clock
from aftercare.core import phone as phones
from aftercare.core.errors import Conflict
from aftercare.messaging import holders, keywords, numbers, outbox
from aftercare.messaging.models import Message
from aftercare.people import organisations
from aftercare.people.models import Person

INVITATION_LASTS = timedelta(days=7)
CARRIERS_YES = "yes"


def stop(people: Sequence[Person], *, way: str = "text") -> Reply | None:
    """Stop every text and letter to these people and take back what has not left; None if all of that was so before.

    Said once: a STOP that is repeated is not answered again. `way` is `carrier` if the carrier blocks the number too.
    """
    newly = [person for person in people if not _has_stopped(person)]
    for person in newly:
        ledger.withdraw_texts(person, way=way)
    for person in people:
        mail_ledger.end(person, way=way)
        outbox.cancel(person.organisation_id, person_id=person.id, reason=outbox.STOPPED)
    # What was said to nobody in particular, on a phone that several people have, went to who says STOP now.
    for number in {person.phone for person in people if person.phone}:
        holders.take_back_unnamed(number, reason=outbox.STOPPED)
    return Reply("stop") if newly else None


def start(talk: Talk) -> Reply:
    """Let texts go again to whoever of these agreed to them before, on a number that was verified.

    What was said before a STOP, and is read after it, brings nothing back.
    """
    returning = [person for person in talk.patients if _may_return(person, said_at=talk.inbound.said_at)]
    for person in returning:
        if not ledger.allows_texts(person):
            ledger.grant_texts(person, way="text")
    return Reply("start", _sender(returning)) if returning else help_text(talk)


def means_start(talk: Talk) -> bool:
    """Tell whether a yes is one to texts: none of those who share the number gets any, and one stopped them by text.

    The carrier lets texts through again on the bare word YES and says so. An OK or a Y is no such wish: product.md 7.6.
    """
    if keywords.fold(talk.inbound.body) != CARRIERS_YES:
        return False
    gets_texts = any(ledger.allows_texts(person) for person in talk.patients)
    return not gets_texts and any(agreement.needs_start(person) for person in talk.patients)


def confirm(person: Person) -> Reply:
    """Take the yes to an invitation: the number is theirs, and they agree."""
    new_numbers.prove(person)
    ledger.grant_texts(person, way="text")
    return Reply("welcome", _sender([person]), person=person)


def invite(person: Person, *, way: str, recorded_by: uuid.UUID) -> Message | None:
    """Record what somebody agreed to on paper or by word, and ask them by text to confirm it."""
    if agreement.needs_start(person):
        raise Conflict("They texted STOP before. Only START, texted by them, brings texts back.", code="needs_start")
    ledger.grant_texts(person, way=way, recorded_by=recorded_by)
    granted = ledger.find_newest(person)
    assert granted is not None
    return outbox.post(
        person,
        "opt_in",
        once=f"opt_in:{granted.id.hex}",
        occurs_on=clock.today(person.zone),
        useful_until=clock.now() + INVITATION_LASTS,
        asks=True,
        **_sender([person]),
    )


def help_text(talk: Talk) -> Reply:
    """Say who texts, what can be answered, how to stop, and where help is; it is said to everybody who asks."""
    organisation = correspondents.organisation_of(talk.patients)
    shown = phones.shown(organisation.contact_phone) if organisation and organisation.contact_phone else ""
    return Reply("help", _sender(talk.patients) | {"phone": shown})


def is_blocked(people: Sequence[Person]) -> bool:
    """Tell whether the carrier lets nothing through to a number: the last that it heard from there was a STOP."""
    newest = [ledger.find_newest(person) for person in people]
    return any(each is not None and (each.act, each.way) == ("withdraw", "carrier") for each in newest)


def give_up_number(people: Sequence[Person]) -> Reply | None:
    """Send nothing more to a number that is said not to be theirs; None if that was so before."""
    known = [person for person in people if not person.phone_frozen_at]
    numbers.freeze(known, way="text")
    return Reply("stop") if known else None


def _may_return(person: Person, *, said_at: datetime) -> bool:
    if not person.phone_verified_at or not ledger.has_agreed_before(person):
        return False
    newest = ledger.find_newest(person)
    return newest is None or newest.act != "withdraw" or newest.at < said_at


def _has_stopped(person: Person) -> bool:
    newest = ledger.find_newest(person)
    return newest is not None and newest.act == "withdraw"


def _sender(people: Sequence[Person]) -> dict[str, Any]:
    """Name the sender, discreetly; a number that two organisations know is not told of both."""
    found = {person.organisation_id for person in people}
    return {"sender": organisations.get_organisation(found.pop()).discreet_name} if len(found) == 1 else {}
