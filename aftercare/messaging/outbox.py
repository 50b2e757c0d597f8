"""The outbox: what is to be texted is a row, posted once, in the transaction of what caused it (messaging.md)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from aftercare.core import area_codes, clock
from aftercare.core.db import db, insert_once, is_postgresql
from aftercare.messaging import channels, letters, quiet_hours, state_hours, texts, witness
from aftercare.messaging.channels import Way
from aftercare.messaging.models import IN_FLIGHT, Message
from aftercare.messaging.own_words import own_words
from aftercare.messaging.states import State
from aftercare.people.models import Organisation, Person

#: Why a text was cancelled whose reader wants no more texts: if they change their mind, it may be posted anew.
STOPPED = "stopped"


@dataclass(frozen=True)
class Draft:
    """One of many texts that are posted together; the fields mean what they mean to `post`."""

    person: Person
    kind: str
    once: str
    occurs_on: date
    useful_until: datetime
    due_at: datetime
    about: uuid.UUID | None = None
    asks: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


def post(
    person: Person,
    kind: str,
    *,
    once: str,
    occurs_on: date,
    useful_until: datetime,
    about: uuid.UUID | None = None,
    due_at: datetime | None = None,
    asks: bool = False,
    is_answer: bool = False,
    **values: Any,
) -> Message | None:
    """Post a text to somebody who agreed to texts; None if they did not, it was posted before, or it would be useless.

    `once` names what it is about, for ever; `useful_until` is when it is better not sent. A text that would fall in the
    person's night moves earlier, unless it is an answer in a conversation that they are having.
    """
    now, way = clock.now(), channels.way_to(person, kind)
    draft = Draft(person, kind, once, occurs_on, useful_until, due_at or now, about, asks, values)
    due = _fitting(person, draft.due_at, useful_until, now, is_answer=is_answer) if way else None
    message = _written(draft, way, due, is_answer=is_answer) if way and due else None
    witness.note([(person, message)])
    return _insert(message) if message else None


def post_all(organisation: Organisation, drafts: Sequence[Draft]) -> int:
    """Post texts to many people of an organisation as `post` does, in as few statements; say how many were new."""
    written = written_all(organisation, drafts)
    witness.note([(draft.person, message) for draft, message in zip(drafts, written, strict=True)])
    rows = [_columns(message) for message in written if message is not None]
    if not rows:
        return 0
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    statement = insert(Message).on_conflict_do_nothing().returning(Message.id)
    return len(db.session.execute(statement, rows).all())


def written_all(organisation: Organisation, drafts: Sequence[Draft]) -> list[Message | None]:
    """Write the texts of drafts without posting them, in their order; None for each that must not or need not go."""
    now = clock.now()
    ways = channels.ways_to(organisation.id, [draft.person for draft in drafts])
    return [_written_if_useful(draft, ways.get(draft.person.id), now) for draft in drafts]


def post_answer(
    organisation: Organisation,
    number: str,
    kind: str,
    *,
    once: str,
    useful_until: datetime,
    language: str,
    person_id: uuid.UUID | None = None,
    level: str = "discreet",
    about: uuid.UUID | None = None,
    asks: bool = False,
    **values: Any,
) -> Message | None:
    """Post a text that the holder of a number has just asked for (a code, help, the last word after STOP).

    Whether they agreed to texts is for the caller to know.
    """
    now = clock.now()
    return _insert(
        Message(
            organisation_id=organisation.id,
            occurs_on=clock.today(organisation.zone),
            once=once,
            kind=kind,
            person_id=person_id,
            occurrence_id=about,
            asks=asks,
            language=language,
            channel=channels.TEXT,
            number=number,
            body=texts.render(kind, language, level, own_words=own_words(organisation.id), **values),
            is_answer=True,
            needs_consent=False,
            due_at=now,
            useful_until=useful_until,
        )
    )


def post_letter(
    person: Person, address: str, kind: str, *, once: str, useful_until: datetime, link: str
) -> Message | None:
    """Post a letter that somebody has just asked for, to an address that is not known to be theirs yet."""
    words = texts.render(kind, person.language, among=letters.LETTERS)
    return _insert(
        Message(
            organisation_id=person.organisation_id,
            occurs_on=clock.today(person.zone),
            once=once,
            kind=kind,
            person_id=person.id,
            language=person.language,
            channel=channels.EMAIL,
            number=address,
            body=f"{words}\n{link}",
            asks=False,
            is_answer=True,
            needs_consent=False,
            due_at=clock.now(),
            useful_until=useful_until,
        )
    )


def cancel(
    organisation_id: uuid.UUID,
    *,
    reason: str,
    about: uuid.UUID | Collection[uuid.UUID] | None = None,
    person_id: uuid.UUID | None = None,
    kinds: tuple[str, ...] | None = None,
    channel: str | None = None,
) -> int:
    """Cancel what has not left yet, about a date (or any of several), to a person, or both; say how many texts.

    What a worker has in hand is recalled: it goes no more if its call has not begun. Help for somebody in danger is
    never taken back: a STOP may follow a cry for help within seconds.
    """
    if about is None and person_id is None:
        raise ValueError("Say what is to be cancelled.")
    matching = [Message.organisation_id == organisation_id, Message.kind != "crisis"]
    if about is not None:
        matching.append(Message.occurrence_id.in_([about] if isinstance(about, uuid.UUID) else about))
    if person_id is not None:
        matching.append(Message.person_id == person_id)
    if kinds is not None:
        matching.append(Message.kind.in_(kinds))
    if channel is not None:
        matching.append(Message.channel == channel)
    waiting = update(Message).where(*matching, Message.state == State.PENDING)
    cancelled = db.session.execute(waiting.values(state=State.CANCELLED, reason=reason))
    leaving = update(Message).where(*matching, IN_FLIGHT, Message.state == State.SENDING)
    db.session.execute(leaving.values(recalled=True, reason=reason))
    count = int(getattr(cancelled, "rowcount", 0))
    witness.note(taken_back=count)
    return count


def take_back(organisation_id: uuid.UUID, day: date, name: str, *, reason: str) -> set[uuid.UUID]:
    """Cancel the texts of a day whose `once` begins with a name; give who had not been sent theirs, and now is not."""
    named = (
        Message.organisation_id == organisation_id,
        Message.occurs_on == day,
        Message.once.startswith(name, autoescape=True),
    )
    waiting = update(Message).where(*named, Message.state == State.PENDING).returning(Message.person_id)
    taken = db.session.scalars(waiting.values(state=State.CANCELLED, reason=reason)).all()
    leaving = update(Message).where(*named, IN_FLIGHT, Message.state == State.SENDING)
    db.session.execute(leaving.values(recalled=True, reason=reason))
    witness.note(taken_back=len(taken))
    return {person_id for person_id in taken if person_id is not None}


def window_of(organisation: Organisation, *states: str | None) -> quiet_hours.Window:
    """Give the hours in which an organisation sends texts to somebody of these states."""
    return state_hours.window_of(organisation.quiet_until, organisation.quiet_from, *states)


def window_for(organisation: Organisation, person: Person) -> quiet_hours.Window:
    """Give the hours in which an organisation texts a person: where they live, and where their number is from."""
    return window_of(organisation, person.state, person.phone_state or area_codes.state_of(person.phone))


def is_quiet(organisation: Organisation, person: Person, now: datetime) -> bool:
    """Tell whether it is night for the texts of an organisation to a person."""
    return not quiet_hours.allowed(now, window_for(organisation, person), person.zone)


def _fitting(
    person: Person, due: datetime, useful_until: datetime, now: datetime, *, is_answer: bool
) -> datetime | None:
    if is_answer:
        return due if due < useful_until else None
    organisation = db.session.get(Organisation, person.organisation_id)
    assert organisation is not None
    return quiet_hours.fit(due, window_for(organisation, person), person.zone, useful_until=useful_until, now=now)


def _written_if_useful(draft: Draft, way: Way | None, now: datetime) -> Message | None:
    due = _fitting(draft.person, draft.due_at, draft.useful_until, now, is_answer=False) if way else None
    return _written(draft, way, due, is_answer=False) if way and due else None


def _written(draft: Draft, way: Way, due: datetime, *, is_answer: bool) -> Message:
    person = draft.person
    return Message(
        organisation_id=person.organisation_id,
        occurs_on=draft.occurs_on,
        once=draft.once,
        kind=draft.kind,
        person_id=person.id,
        occurrence_id=draft.about,
        language=person.language,
        channel=way.channel,
        number=way.address,
        body=_spelled(draft, way),
        asks=draft.asks,
        is_answer=is_answer,
        needs_consent=True,
        due_at=due,
        useful_until=draft.useful_until,
    )


def _spelled(draft: Draft, way: Way) -> str:
    """Spell the words: a letter's own where a text asks for an answer by keypad."""
    person, reader = draft.person, (draft.kind, draft.person.language, draft.person.text_level)
    if way.channel == channels.EMAIL and draft.kind in letters.LETTERS:
        return texts.render(*reader, among=letters.LETTERS, **draft.values)
    return texts.render(*reader, own_words=own_words(person.organisation_id), **draft.values)


def _insert(message: Message) -> Message | None:
    """Write the row unless its like was written before (unique by organisation, date and `once`)."""
    if not insert_once(Message, **_columns(message)):
        return None
    wanted = select(Message).where(Message.organisation_id == message.organisation_id, Message.id == message.id)
    return db.session.scalars(wanted).one()


def _columns(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in _COLUMNS}


_COLUMNS = (
    "organisation_id", "id", "occurs_on", "once", "kind", "person_id", "occurrence_id", "language", "channel",
    "number_sealed", "number_hash", "body_sealed", "asks", "is_answer", "needs_consent", "due_at", "useful_until",
)  # fmt: skip
