"""What was posted before: to whom, about which date, what it asked, and when it left."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import defer

from aftercare.core.db import db
from aftercare.messaging.models import Message
from aftercare.messaging.states import State
from aftercare.people.models import Person

# The carrier has it, or may have it: the person may be answering it.
LEFT = frozenset({State.SENDING, State.UNKNOWN, State.ACCEPTED, State.SENT, State.DELIVERED})
_STATES_LEFT = tuple(state.value for state in LEFT)
_LATEST_LOOKED_AT = 20
#: One text tells of dates that lie no further apart.
SPANNED = timedelta(days=366)
#: Why news of a date is taken back that somebody has not heard: other news took its place.
CHANGED_ONCE_MORE = ("meeting cancelled", "meeting moved")


@dataclass(frozen=True)
class Posted:
    """One text that was posted about a date."""

    id: uuid.UUID
    kind: str
    once: str
    state: str
    reason: str | None
    due_at: datetime
    left_at: datetime | None
    useful_until: datetime


Key = tuple[uuid.UUID, uuid.UUID, uuid.UUID]


def count_named(organisation_id: uuid.UUID, day: date, name: str) -> int:
    """Count the texts of a day whose `once` begins with a name."""
    wanted = select(func.count()).where(
        Message.organisation_id == organisation_id,
        Message.occurs_on == day,
        Message.once.startswith(name, autoescape=True),
    )
    return db.session.scalars(wanted).one()


def all_of(organisation_id: uuid.UUID) -> Select[Message]:
    """Spell the messages of an organisation, to be read page by page; numbers and words are not even fetched."""
    sealed = (defer(Message.number_sealed), defer(Message.body_sealed), defer(Message.number_hash))
    return select(Message).where(Message.organisation_id == organisation_id).options(*sealed)


def about(keys: Collection[Key], *, kinds: Collection[str]) -> Mapping[Key, Sequence[Posted]]:
    """Give what was posted to people about dates, by (organisation, date, person), in one query, opening no text."""
    organisation_ids, occurrence_ids, person_ids = map(set, zip(*keys, strict=True))
    wanted = select(
        Message.organisation_id, Message.occurrence_id, Message.person_id, Message.id, Message.kind, Message.once,
        Message.state, Message.reason, Message.due_at, _left_at(), Message.useful_until,
    ).where(
        Message.organisation_id.in_(organisation_ids), Message.occurrence_id.in_(occurrence_ids),
        Message.person_id.in_(person_ids), Message.kind.in_(kinds),
    )  # fmt: skip
    found: dict[Key, list[Posted]] = defaultdict(list)
    for row in db.session.execute(wanted):
        left_at = row[9] if row[6] in LEFT else None
        organisation_id, occurrence_id, person_id = row[:3]
        assert occurrence_id is not None
        assert person_id is not None
        found[organisation_id, occurrence_id, person_id].append(Posted(*row[3:9], left_at, row[10]))
    return found


def waiting(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, kind: str) -> dict[uuid.UUID, str]:
    """Give the names of the texts of a kind about a date that have not left, by person."""
    wanted = select(Message.person_id, Message.once).where(
        Message.organisation_id == organisation_id,
        Message.occurrence_id == occurrence_id,
        Message.kind == kind,
        Message.state == State.PENDING,
    )
    return {row[0]: row[1] for row in db.session.execute(wanted) if row[0] is not None}


def awaited(organisation_id: uuid.UUID, occurrence_ids: Collection[uuid.UUID], *, kind: str) -> set[uuid.UUID]:
    """Tell about which of some dates texts of a kind have not left yet."""
    wanted = select(Message.occurrence_id).where(
        Message.organisation_id == organisation_id,
        Message.occurrence_id.in_(occurrence_ids),
        Message.kind == kind,
        Message.state == State.PENDING,
    )
    return {occurrence_id for occurrence_id in db.session.scalars(wanted.distinct()) if occurrence_id is not None}


def waiting_named(organisation_id: uuid.UUID, day: date, name: str) -> set[uuid.UUID]:
    """Tell who waits for a text of a day whose `once` begins with a name."""
    wanted = select(Message.person_id).where(
        Message.organisation_id == organisation_id,
        Message.occurs_on == day,
        Message.once.startswith(name, autoescape=True),
        Message.state == State.PENDING,
    )
    return {person_id for person_id in db.session.scalars(wanted) if person_id is not None}


def taken_back(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, kinds: Collection[str]) -> set[uuid.UUID]:
    """Tell from whom texts of some kinds about a date were taken back because the date changed once more."""
    wanted = select(Message.person_id).where(
        Message.organisation_id == organisation_id,
        Message.occurrence_id == occurrence_id,
        Message.kind.in_(kinds),
        Message.state == State.CANCELLED,
        Message.reason.in_(CHANGED_ONCE_MORE),
    )
    return {person_id for person_id in db.session.scalars(wanted) if person_id is not None}


def who_got(organisation_id: uuid.UUID, kinds: Collection[str], *, since: datetime) -> set[uuid.UUID]:
    """Tell to whom texts of some kinds were posted since a moment, and were not taken back."""
    wanted = select(Message.person_id).where(
        Message.organisation_id == organisation_id,
        Message.kind.in_(kinds),
        Message.created_at >= since,
        Message.state.not_in((State.CANCELLED, State.EXPIRED)),
    )
    return {person_id for person_id in db.session.scalars(wanted) if person_id is not None}


@dataclass(frozen=True)
class Named:
    """One text that its name ties to a date."""

    person_id: uuid.UUID
    kind: str
    once: str
    state: str
    reason: str | None
    due_at: datetime
    useful_until: datetime
    left_at: datetime | None
    channel: str


def naming(organisation_id: uuid.UUID, days: Collection[date], *, kinds: Collection[str]) -> list[Named]:
    """Give the texts of some kinds that were posted for dates of some days, in one query; none is opened."""
    wanted = select(
        Message.person_id, Message.kind, Message.once, Message.state, Message.reason, Message.due_at,
        Message.useful_until, _left_at(), Message.channel,
    ).where(
        Message.organisation_id == organisation_id, Message.occurs_on.in_(days), Message.kind.in_(kinds),
        Message.person_id.is_not(None),
    )  # fmt: skip
    return [Named(row[0], *row[1:]) for row in db.session.execute(wanted) if row[0] is not None]


def spanning(organisation_id: uuid.UUID, day: date | None, *, kinds: Collection[str]) -> list[Named]:
    """Give the texts of some kinds about dates before a day that are useful beyond it, in one query; none is opened."""
    if day is None:
        return []
    wanted = select(
        Message.person_id, Message.kind, Message.once, Message.state, Message.reason, Message.due_at,
        Message.useful_until, _left_at(), Message.channel,
    ).where(
        Message.organisation_id == organisation_id, Message.occurs_on < day, Message.kind.in_(kinds),
        Message.occurs_on >= day - SPANNED, Message.useful_until >= datetime.combine(day, time(), UTC),
        Message.person_id.is_not(None),
    )  # fmt: skip
    return [Named(row[0], *row[1:]) for row in db.session.execute(wanted) if row[0] is not None]


def questions(people: Collection[Person]) -> Iterator[Message]:
    """Offer the latest texts that left and asked these people something, the latest first."""
    if not people:
        return
    theirs = or_(
        *(and_(Message.organisation_id == each.organisation_id, Message.person_id == each.id) for each in people)
    )
    wanted = (
        select(Message)
        .where(theirs, Message.asks.is_(True), Message.state.in_(_STATES_LEFT))
        .order_by(_left_at().desc(), Message.id.desc())
        .limit(_LATEST_LOOKED_AT)
    )
    yield from db.session.scalars(wanted)


def said_last(people: Collection[Person], kinds: Collection[str]) -> Message | None:
    """Give the latest text of some kinds that left for one of these people and was about a date."""
    theirs = or_(
        *(and_(Message.organisation_id == each.organisation_id, Message.person_id == each.id) for each in people)
    )
    wanted = (
        select(Message)
        .where(theirs, Message.kind.in_(kinds), Message.occurrence_id.is_not(None), Message.state.in_(_STATES_LEFT))
        .order_by(_left_at().desc(), Message.id.desc())
        .limit(1)
    )
    return db.session.scalars(wanted).one_or_none()


def find_left(
    organisation_ids: Collection[uuid.UUID], onces: Collection[str], *, days: Collection[date]
) -> Message | None:
    """Find the latest of some texts, by name, that left for no one person: for a number that several have."""
    wanted = (
        select(Message)
        .where(
            Message.organisation_id.in_(organisation_ids),
            Message.occurs_on.in_(days),
            Message.once.in_(onces),
            Message.state.in_(_STATES_LEFT),
        )
        .order_by(_left_at().desc(), Message.id.desc())
        .limit(1)
    )
    return db.session.scalars(wanted).one_or_none()


def left_at(message: Message) -> datetime:
    """Say when a text left, as nearly as is known."""
    return message.left_at or message.sent_at or message.claimed_at or message.due_at


def _left_at() -> ColumnElement[datetime]:
    return func.coalesce(Message.left_at, Message.sent_at, Message.claimed_at, Message.due_at)
