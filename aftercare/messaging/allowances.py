"""What is left of the texts that somebody gets in a day and a week, when some are about to go (law: caps.py).

Of several workers one at a time judges the texts of a person: whose row another holds, waits a moment.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, or_, select, tuple_

from aftercare.core.db import db, is_postgresql
from aftercare.messaging import caps, quiet_hours
from aftercare.messaging.caps import Caps, Span
from aftercare.messaging.models import Message
from aftercare.messaging.posted import LEFT
from aftercare.messaging.quiet_hours import Window
from aftercare.messaging.states import State
from aftercare.people.models import Person

Key = tuple[uuid.UUID, uuid.UUID]
#: A week, a day on either side for the zones, and what a reminder that left before says of a date still to come.
_LOOKS_BACK = timedelta(days=16)
#: Nothing is written down so long before it leaves.
_WRITTEN_WITHIN = timedelta(days=40)
_ANOTHER_LOOK = timedelta(seconds=1)


@dataclass(frozen=True)
class Prospect:
    """A date to come of which somebody will be reminded, though nothing is written down yet."""

    occurrence_id: uuid.UUID
    first_due: datetime
    useful_until: datetime


#: Says which dates people have before them for which no reminder is written yet: rooms above know.
Ahead = Callable[[Collection[Key]], Mapping[Key, Sequence[Prospect]]]


def nothing_ahead(_people: Collection[Key]) -> Mapping[Key, Sequence[Prospect]]:
    """Know of no date to come."""
    return {}


@dataclass(frozen=True)
class Reader:
    """Somebody to whom a capped text is to go now, and the hours in which that may be."""

    person: Person
    window: Window

    @property
    def caps(self) -> Caps:
        """Give what they chose."""
        return Caps(self.person.texts_a_day, self.person.texts_a_week)

    def day(self, moment: datetime) -> date:
        """Give their local day."""
        return moment.astimezone(ZoneInfo(self.person.zone)).date()

    def span(self, since: datetime, until: datetime) -> Span | None:
        """Give their days on which a text may go that is useful from one moment to another; None if there is none."""
        first, last = self.day(since), quiet_hours.last_day(until, self.window, self.person.zone)
        return Span(first, last) if last is not None and first <= last else None


@dataclass(frozen=True)
class Held:
    """A text that may not go now: when to look again, or why it is too late then."""

    until: datetime | None
    reason: str


@dataclass
class _Allowance:
    """What one person has got, which dates they have heard of, and which they have not."""

    used: Counter[date] = field(default_factory=Counter)
    heard: set[uuid.UUID] = field(default_factory=set)
    firsts: dict[uuid.UUID, Span] = field(default_factory=dict)


def hold_back(
    messages: Sequence[Message], readers: Mapping[Key, Reader], ahead: Ahead, *, now: datetime
) -> dict[uuid.UUID, Held]:
    """Say which of these texts, fit to go otherwise, wait or are given up: five queries, however many."""
    capped = [each for each in messages if _is_capped(each, readers)]
    if not capped:
        return {}
    keys = {_key(each) for each in capped}
    ours = _lock(keys)
    allowances = _look(ours, readers, ahead, now)
    _count_news(messages, allowances, readers, now)
    held = {each.id: Held(now + _ANOTHER_LOOK, "") for each in capped if _key(each) not in ours}
    for message in sorted((each for each in capped if _key(each) in ours), key=_by_need(allowances)):
        verdict = _judge(message, readers[_key(message)], allowances[_key(message)], now)
        if verdict is not None:
            held[message.id] = verdict
    return held


def _is_capped(message: Message, readers: Mapping[Key, Reader]) -> bool:
    reader = readers.get(_key(message))
    return reader is not None and bool(reader.caps) and caps.is_capped(message.kind, is_answer=message.is_answer)


def _key(message: Message) -> Key:
    return message.organisation_id, message.person_id or uuid.UUID(int=0)


def _lock(keys: Collection[Key]) -> set[Key]:
    """Take the right to judge these people till the claim is committed, as far as nobody else has it.

    Texts are locked before people, here as everywhere, and nobody is waited for: there is no circle to wait in.
    """
    if not is_postgresql():
        return set(keys)
    named = tuple_(Person.organisation_id, Person.id).in_(sorted(keys))
    free = select(Person.organisation_id, Person.id).where(named)
    return {(row[0], row[1]) for row in db.session.execute(free.with_for_update(skip_locked=True, key_share=True))}


def _look(keys: Collection[Key], readers: Mapping[Key, Reader], ahead: Ahead, now: datetime) -> dict[Key, _Allowance]:
    found: dict[Key, _Allowance] = {key: _Allowance() for key in keys}
    waiting: dict[Key, list[Prospect]] = defaultdict(list)
    for row in _texts(keys, now):
        key = (row.organisation_id, row.person_id)
        if row.state == State.PENDING:
            waiting[key].append(Prospect(row.occurrence_id, row.due_at, row.useful_until))
            continue
        if row.left_at is not None and caps.counts(row.kind, is_answer=row.is_answer):
            found[key].used[readers[key].day(row.left_at)] += 1
        if row.kind in caps.TELLS and row.occurrence_id is not None:
            found[key].heard.add(row.occurrence_id)
    prospects = ahead(keys) if keys else {}
    for key, allowance in found.items():
        _expect(allowance, readers[key], [*waiting[key], *prospects.get(key, ())], now)
    return found


def _texts(keys: Collection[Key], now: datetime) -> Sequence[Row[*tuple[object, ...]]]:
    """Give what left of late, and the reminders that wait, in one query."""
    has_left = and_(Message.state.in_(sorted(LEFT)), Message.left_at > now - _LOOKS_BACK)
    waits = and_(Message.state == State.PENDING, Message.kind == caps.REMINDS, Message.occurrence_id.is_not(None))
    wanted = select(
        Message.organisation_id, Message.person_id, Message.occurrence_id, Message.kind, Message.is_answer,
        Message.state, Message.left_at, Message.due_at, Message.useful_until,
    ).where(
        tuple_(Message.organisation_id, Message.person_id).in_(sorted(keys)),
        Message.channel == "text",
        Message.created_at > now - _WRITTEN_WITHIN,
        or_(has_left, waits),
    )  # fmt: skip
    return db.session.execute(wanted).all() if keys else []


def _expect(allowance: _Allowance, reader: Reader, prospects: Iterable[Prospect], now: datetime) -> None:
    """Note from when on each date that somebody has heard nothing of may be said to them."""
    for each in prospects:
        span = reader.span(max(now, each.first_due), each.useful_until)
        if span is None or each.occurrence_id in allowance.heard:
            continue
        known = allowance.firsts.get(each.occurrence_id, span)
        allowance.firsts[each.occurrence_id] = Span(min(known.first, span.first), max(known.last, span.last))


def _count_news(
    messages: Iterable[Message], allowances: Mapping[Key, _Allowance], readers: Mapping[Key, Reader], now: datetime
) -> None:
    """Count what nothing holds back and goes together with the capped ones."""
    for message in messages:
        allowance, is_capped = allowances.get(_key(message)), _is_capped(message, readers)
        if allowance is not None and not is_capped and caps.counts(message.kind, is_answer=message.is_answer):
            allowance.used[readers[_key(message)].day(now)] += 1


def _by_need(allowances: Mapping[Key, _Allowance]) -> Callable[[Message], tuple[bool, datetime, datetime]]:
    def order(message: Message) -> tuple[bool, datetime, datetime]:
        return not _is_first(message, allowances[_key(message)]), message.useful_until, message.due_at

    return order


def _is_first(message: Message, allowance: _Allowance) -> bool:
    return message.kind == caps.REMINDS and message.occurrence_id not in allowance.heard


def _judge(message: Message, reader: Reader, allowance: _Allowance, now: datetime) -> Held | None:
    """Let a text go today and count it, or say until when it waits."""
    today, is_first = reader.day(now), _is_first(message, allowance)
    others = [span for key, span in allowance.firsts.items() if not (is_first and key == message.occurrence_id)]
    span = reader.span(now, message.useful_until)
    day = caps.day_for(span, allowance.used, reader.caps, firsts=others, is_first=is_first) if span else None
    if day == today:
        allowance.used[today] += 1
        if is_first and message.occurrence_id is not None:
            allowance.heard.add(message.occurrence_id)
            allowance.firsts.pop(message.occurrence_id, None)
        return None
    is_day = reader.caps.a_day and allowance.used[today] >= reader.caps.a_day
    until = quiet_hours.opening(day, reader.window, reader.person.zone) if day is not None else None
    return Held(until, "cap_day" if is_day else "cap_week")
