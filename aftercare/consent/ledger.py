"""The ledger of consent to texts: grant, withdraw, allows. The newest entry counts (product.md 7.6)."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, tuple_, update

from aftercare.audit import trail
from aftercare.consent.models import ConsentEvent
from aftercare.core.db import db
from aftercare.people.models import Person

WORDING = "texts-1"
#: What staff wrote down lets nothing go to a number but the question for a yes, until it is shown whose it is: a digit
#: may be wrong, and then a stranger has it.
WRITTEN_DOWN = ("staff", "paper")
Key = tuple[uuid.UUID, uuid.UUID]


def grant_texts(person: Person, *, way: str, recorded_by: uuid.UUID | None = None) -> None:
    """Record that a person agrees to texts on the number they have now."""
    _record(person, "grant", way, recorded_by)


def withdraw_texts(person: Person, *, way: str, recorded_by: uuid.UUID | None = None) -> None:
    """Record that a person wants no more texts. Holds at once, and over everything else."""
    _record(person, "withdraw", way, recorded_by)


def let_lapse(person: Person, *, way: str, recorded_by: uuid.UUID | None = None) -> None:
    """Note that an agreement ends with the number it was given for. A STOP stays what was said last."""
    newest = find_newest(person)
    if newest is not None and newest.act == "grant":
        _record(person, "lapse", way, recorded_by)


def history(person: Person) -> Sequence[ConsentEvent]:
    """Give everything that was said about texts to a person, the newest first."""
    wanted = select(ConsentEvent).where(
        ConsentEvent.organisation_id == person.organisation_id,
        ConsentEvent.purpose == "text",
        ConsentEvent.person_id == person.id,
    )
    return db.session.scalars(wanted.order_by(ConsentEvent.at.desc(), ConsentEvent.id.desc())).all()


def follow_number(person: Person, *, was: bytes) -> None:
    """Let what was said on a number be found by its new keyed hash, after a change of keys."""
    given = update(ConsentEvent).where(
        ConsentEvent.organisation_id == person.organisation_id,
        ConsentEvent.person_id == person.id,
        ConsentEvent.phone_hash == was,
    )
    db.session.execute(given.values(phone_hash=person.phone_hash))


def allows_texts(person: Person) -> bool:
    """Tell whether texts may go to a person: agreed for this very number, and not taken back."""
    return person.id in who_allow_texts(person.organisation_id, [person])


def who_allow_texts(organisation_id: uuid.UUID, people: Iterable[Person]) -> set[uuid.UUID]:
    """Tell to which of these people texts may go, in one query."""
    asked = {person.id: person for person in people}
    return {
        person_id for person_id, event in _newest(organisation_id, asked).items() if lets_text(asked[person_id], event)
    }


def who_allow_texts_anywhere(people: Iterable[Person]) -> set[Key]:
    """Tell to which of these people of any organisations texts may go, as (organisation, person), in one query."""
    asked = {(person.organisation_id, person.id): person for person in people}
    return {key for key, event in newest_anywhere(asked).items() if lets_text(asked[key], event)}


def newest_anywhere(keys: Iterable[Key]) -> dict[Key, ConsentEvent]:
    """Give what people of any organisations, named as (organisation, person), said last about texts, in one query."""
    wanted = (
        select(ConsentEvent)
        .where(
            tuple_(ConsentEvent.organisation_id, ConsentEvent.person_id).in_(list(keys)),
            ConsentEvent.purpose == "text",
        )
        .order_by(ConsentEvent.at, ConsentEvent.id)
    )
    return {(event.organisation_id, event.person_id): event for event in db.session.scalars(wanted)}


def lets_text(person: Person, newest: ConsentEvent | None) -> bool:
    """Tell whether what somebody said last lets texts go: agreed for this very number, which is known to be theirs."""
    is_shown = person.phone_verified_at is not None
    return newest is not None and lets_ask(person, newest) and (is_shown or newest.way not in WRITTEN_DOWN)


def lets_ask(person: Person, newest: ConsentEvent | None) -> bool:
    """Tell whether somebody may be asked by text for their yes: what staff wrote down is enough for that."""
    is_grant = newest is not None and newest.act == "grant" and newest.phone_hash == person.phone_hash
    return is_grant and person.phone_hash is not None and person.phone_frozen_at is None


def may_be_asked(person: Person) -> bool:
    """Tell whether somebody may be asked by text whether they agree to texts."""
    return lets_ask(person, find_newest(person))


def is_allowing_texts() -> ColumnElement[bool]:
    """Spell, for a query over people, what `who_allow_texts` tells."""
    is_theirs = ConsentEvent.way.not_in(WRITTEN_DOWN) | Person.phone_verified_at.is_not(None)
    newest = (
        select((ConsentEvent.act == "grant") & (ConsentEvent.phone_hash == Person.phone_hash) & is_theirs)
        .where(
            ConsentEvent.organisation_id == Person.organisation_id,
            ConsentEvent.person_id == Person.id,
            ConsentEvent.purpose == "text",
        )
        .order_by(ConsentEvent.at.desc(), ConsentEvent.id.desc())
        .limit(1)
        .correlate(Person)
    )
    return and_(Person.phone_hash.is_not(None), Person.phone_frozen_at.is_(None), newest.scalar_subquery())


def who_stopped_texts(organisation_id: uuid.UUID, people: Iterable[Person]) -> set[uuid.UUID]:
    """Tell which of these people took their agreement back, in one query; whatever number they have now."""
    newest = _newest(organisation_id, [person.id for person in people])
    return {person_id for person_id, event in newest.items() if event.act == "withdraw"}


def find_newest(person: Person) -> ConsentEvent | None:
    """Find what a person said last about texts."""
    return _newest(person.organisation_id, [person.id]).get(person.id)


def has_agreed_since(person: Person, moment: datetime) -> bool:
    """Tell whether the last that a person said about texts is that they agree, after a moment."""
    newest = find_newest(person)
    return newest is not None and newest.act == "grant" and newest.at > moment


def has_agreed_before(person: Person) -> bool:
    """Tell whether a person ever agreed to texts, on whatever number, also if they took it back."""
    wanted = select(ConsentEvent.id).where(
        ConsentEvent.organisation_id == person.organisation_id,
        ConsentEvent.purpose == "text",
        ConsentEvent.person_id == person.id,
        ConsentEvent.act == "grant",
    )
    return db.session.scalars(wanted.limit(1)).first() is not None


def _newest(organisation_id: uuid.UUID, person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ConsentEvent]:
    wanted = (
        select(ConsentEvent)
        .where(
            ConsentEvent.organisation_id == organisation_id,
            ConsentEvent.purpose == "text",
            ConsentEvent.person_id.in_(list(person_ids)),
        )
        .order_by(ConsentEvent.at, ConsentEvent.id)
    )
    return {event.person_id: event for event in db.session.scalars(wanted)}


def _record(person: Person, act: str, way: str, recorded_by: uuid.UUID | None) -> None:
    event = ConsentEvent(
        organisation_id=person.organisation_id,
        person_id=person.id,
        purpose="text",
        act=act,
        way=way,
        wording=WORDING,
        language=person.language,
        phone_hash=person.phone_hash,
        recorded_by=recorded_by,
    )
    db.session.add(event)
    db.session.flush()
    trail.record(
        f"texts.{act}", organisation_id=person.organisation_id, about="consent", about_id=event.id,
        person_id=person.id, actor_id=recorded_by or person.id, way=way,
    )  # fmt: skip
