"""The ledger of consent to letters by e-mail: bound to the address it was given for; the newest entry counts."""

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select, tuple_

from aftercare.audit import trail
from aftercare.consent.models import ConsentEvent
from aftercare.core.db import db
from aftercare.core.sealed import keyring
from aftercare.people.models import CHOSE_LETTERS, Person

WORDING = "mail-1"
PURPOSE = "email"
Key = tuple[uuid.UUID, uuid.UUID]


def grant(person: Person, *, way: str) -> None:
    """Record that a person agrees to letters at the address they have now."""
    _record(person, "grant", way)


def end(person: Person, *, way: str, recorded_by: uuid.UUID | None = None) -> None:
    """Record that a person wants no more letters, if they agreed to any."""
    if allows(person):
        _record(person, "withdraw", way, recorded_by=recorded_by)


def refuse(person: Person, address: str) -> None:
    """Record that the holder of an address, whoever they are, wants no letters meant for this person."""
    _record(person, "withdraw", "email", address=address)


def was_refused(person: Person, address: str) -> bool:
    """Tell whether the holder of an address that was never confirmed asked us not to write."""
    said = select(ConsentEvent.act).where(
        ConsentEvent.organisation_id == person.organisation_id,
        ConsentEvent.person_id == person.id,
        ConsentEvent.purpose == PURPOSE,
        ConsentEvent.phone_hash.in_(keyring().marks(address, purpose=PURPOSE)),
    )
    acts = set(db.session.scalars(said))
    return "withdraw" in acts and "grant" not in acts


def allows(person: Person) -> bool:
    """Tell whether letters may go to a person: agreed for this very address, and not taken back."""
    return bool(who_allow([person]))


def who_allow(people: Iterable[Person]) -> set[Key]:
    """Tell to which of these people of any organisations letters may go, as (organisation, person), in one query."""
    reachable = {
        (person.organisation_id, person.id): person.email
        for person in people
        if person.email_sealed and not person.email_frozen_at
    }
    newest = _newest(reachable) if reachable else {}
    return {key for key, event in newest.items() if event.act == "grant"}


def who_chose_letters(organisation_id: uuid.UUID) -> list[uuid.UUID]:
    """Tell who of an organisation chose letters instead of texts, and agreed to them."""
    chose = select(Person).where(Person.organisation_id == organisation_id, CHOSE_LETTERS, Person.left_at.is_(None))
    return [person_id for _, person_id in who_allow(db.session.scalars(chose).all())]


def follow_address(person: Person) -> None:
    """Let what was said on an address be found by its new keyed hash, after a change of keys."""
    said = select(ConsentEvent).where(
        ConsentEvent.organisation_id == person.organisation_id,
        ConsentEvent.person_id == person.id,
        ConsentEvent.purpose == PURPOSE,
    )
    for event in db.session.scalars(said):
        if person.email and _is_of(event, person.email):
            event.phone_hash = keyring().mark(person.email, purpose=PURPOSE)


def _newest(addresses: Mapping[Key, str]) -> dict[Key, ConsentEvent]:
    """Give what was said last of these people's very addresses; what a stranger says of another one is not theirs."""
    wanted = select(ConsentEvent).where(
        tuple_(ConsentEvent.organisation_id, ConsentEvent.person_id).in_(list(addresses)),
        ConsentEvent.purpose == PURPOSE,
    )
    found = db.session.scalars(wanted.order_by(ConsentEvent.at, ConsentEvent.id))
    said = (((event.organisation_id, event.person_id), event) for event in found)
    return {key: event for key, event in said if _is_of(event, addresses[key])}


def _is_of(event: ConsentEvent, address: str) -> bool:
    # Sealed with any key in force: a grant outlives a change of keys.
    return event.phone_hash is not None and bytes(event.phone_hash) in keyring().marks(address, purpose=PURPOSE)


def _record(person: Person, act: str, way: str, *, address: str = "", recorded_by: uuid.UUID | None = None) -> None:
    about = address or person.email
    event = ConsentEvent(
        organisation_id=person.organisation_id,
        person_id=person.id,
        purpose=PURPOSE,
        act=act,
        way=way,
        wording=WORDING,
        language=person.language,
        phone_hash=keyring().mark(about, purpose=PURPOSE) if about else None,
        recorded_by=recorded_by,
    )
    db.session.add(event)
    db.session.flush()
    trail.record(
        f"mail.{act}", organisation_id=person.organisation_id, about="consent", about_id=event.id,
        person_id=person.id, actor_id=recorded_by or person.id, way=way,
    )  # fmt: skip
