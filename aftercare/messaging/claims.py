"""Who may send which text now: rows are claimed with a lease, committed, and only then sent (messaging.md)."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Subquery, select, tuple_, union_all

from aftercare.core import clock
from aftercare.core.db import database_now, db
from aftercare.messaging import rows, senders, unwritten
from aftercare.messaging.allowances import Ahead, nothing_ahead
from aftercare.messaging.fitness import UNREADABLE, Unwanted, Verdict, judge
from aftercare.messaging.gateway import OutgoingText
from aftercare.messaging.models import IN_FLIGHT, UNFINISHED, URGENT, WAITING, WANTED_BACK, Message
from aftercare.messaging.references import Reference, callback_address
from aftercare.messaging.retries import LOOK_AFTER
from aftercare.messaging.senders import Sender
from aftercare.messaging.states import State
from aftercare.messaging.unwritten import Letter, Words, is_unwritten, no_words, words_alone

#: The longest that a carrier may take to answer: to connect 3 s, to read 30 s, and a little.
SLOWEST_ANSWER = timedelta(seconds=34)
LEASE = 3 * SLOWEST_ANSWER
# Whoever looks for a text that may have gone (`reconciliation`) comes when no call for it can still be under way.
START_WITHIN = LOOK_AFTER - SLOWEST_ANSWER
# Each of so many organisations gets its share of one claim; the others have their turn in the next.
MOST_AT_ONCE = 16
_GIVEN_UP_AT_ONCE = 500


@dataclass(frozen=True)
class Worker:
    """Who claims: a name that no other process has, for which sender, and where the carrier is to call back.

    `unwanted`, `words`, `letter` and `ahead` ask the rooms above: what has become pointless, what a bare text is to
    say, what stands around the words of a letter, and of which dates people will be reminded later.
    """

    name: str
    sender: Sender
    callback_base: str
    unwanted: Unwanted
    words: Words = no_words
    letter: Letter = words_alone
    ahead: Ahead = nothing_ahead


@dataclass(frozen=True)
class Claimed:
    """One text that is ours to send, once; no call for it begins after `start_by` (monotonic seconds)."""

    reference: Reference
    attempts: int
    owner: str
    useful_until: datetime
    start_by: float
    text: OutgoingText


@dataclass(frozen=True)
class Claim:
    """What one look at the outbox gave: texts to send, how many were settled unsent, and whose turn it is again.

    Whose turn did not come, because no more texts may go now, keeps its place in the line.
    """

    texts: list[Claimed]
    settled: int
    organisations: frozenset[uuid.UUID]
    unserved: Sequence[uuid.UUID] = ()

    @property
    def is_held(self) -> bool:
        """Tell whether all that keeps texts back is that no more may go now."""
        return bool(self.unserved) and not self.texts and not self.settled


NOTHING = Claim([], 0, frozenset())


def organisations_with_due(now: datetime, channel: str = "text") -> list[uuid.UUID]:
    """List the organisations with texts (or letters) that are due."""
    is_due = (UNFINISHED, Message.state == State.PENDING, Message.due_at <= now, Message.channel == channel)
    return list(db.session.scalars(select(Message.organisation_id).where(*is_due).distinct()))


def claim(organisations: Sequence[uuid.UUID], limit: int, *, by: Worker) -> Claim:
    """Claim texts that are due, in equal shares, the most urgent first; settle those that may not go any more."""
    start_by = clock.monotonic() + START_WITHIN.total_seconds()
    now = clock.now()
    at = database_now()
    urgent = _urgent(limit, by.sender, now)
    if urgent:
        # Alone: whose turn it is for other texts keeps its place.
        return _claim_urgent(urgent, organisations, now, at, start_by, by)
    limit = senders.has_room(by.sender, senders.may_try(by.sender, limit, now=now), at=at)
    # Under a pace there may be room for fewer texts than organisations: each has its turn all the same.
    served, unserved = organisations[: min(limit, MOST_AT_ONCE)], organisations[min(limit, MOST_AT_ONCE) :]
    messages = _due(served, by.sender.channel, limit, now) if served else []
    if not messages:
        return replace(NOTHING, unserved=unserved)
    verdicts = judge(messages, by.unwanted, by.ahead, now=now)
    _settle((message, verdicts[message.id]) for message in messages if message.id in verdicts)
    fit = [message for message in messages if message.id not in verdicts]
    granted = fit[: senders.grant(by.sender, len(fit), at=at, now=now)] if fit else []
    unwritten.write(granted, by.words)
    claimed = list(_opened(granted, now, start_by, by))
    _lease(claimed, at, now)
    have_more = served if len(messages) >= limit else (message.organisation_id for message in messages)
    return Claim(claimed, len(verdicts), frozenset(have_more), unserved)


def _urgent(limit: int, sender: Sender, now: datetime) -> Sequence[Message]:
    """Lock what no cap and no pace of ours holds back, whoever's turn it is: help in danger, then STOP's last word."""
    wanted = (
        select(*(rows.TABLE.c[key] for key in rows.KEYS))
        .where(URGENT, rows.TABLE.c.due_at <= now, rows.TABLE.c.channel == sender.channel)
        .order_by(rows.TABLE.c.kind, rows.TABLE.c.due_at, rows.TABLE.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [(row[0], row[1], row[2]) for row in db.session.execute(wanted)]
    may_go = senders.may_try_urgent(sender, len(keys), now=now) if keys else 0
    return _read(keys[:may_go]) if may_go else []


def _claim_urgent(
    messages: Sequence[Message],
    organisations: Sequence[uuid.UUID],
    now: datetime,
    at: datetime,
    start_by: float,
    by: Worker,
) -> Claim:
    verdicts = judge(messages, by.unwanted, by.ahead, now=now)
    _settle((message, verdicts[message.id]) for message in messages if message.id in verdicts)
    fit = [message for message in messages if message.id not in verdicts]
    if fit:
        senders.count_urgent(by.sender, len(fit), at=at, now=now)
    claimed = list(_opened(fit, now, start_by, by))
    _lease(claimed, at, now)
    return Claim(claimed, len(verdicts), frozenset(), organisations)


def wanted_back(owner: str) -> frozenset[uuid.UUID]:
    """Name the texts in a worker's hands that somebody wants back (a STOP, a date that was cancelled)."""
    return frozenset(db.session.scalars(select(Message.id).where(WANTED_BACK, Message.lease_owner == owner)))


def give_up_leases() -> int:
    """Call unknown what was being sent when a lease ran out: it may have gone, so nobody sends it again blindly."""
    # A worker that was held up may still hold a row locked: nobody waits for it, its turn comes once it lets go.
    over = (
        select(*(rows.TABLE.c[key] for key in ("organisation_id", "id", "occurs_on")))
        .where(IN_FLIGHT, rows.TABLE.c.state == State.SENDING, rows.TABLE.c.lease_until <= database_now())
        .limit(_GIVEN_UP_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    given_up = [Reference(*key) for key in db.session.execute(over)]
    rows.change_all(given_up, {"state": State.UNKNOWN, "lease_owner": None, "lease_until": None})
    return len(given_up)


def _due(organisations: Sequence[uuid.UUID], channel: str, limit: int, now: datetime) -> Sequence[Message]:
    share = -(-limit // len(organisations))
    shares = [select(_share(organisation_id, channel, share, now)) for organisation_id in organisations]
    # Keys alone: a union of whole rows takes a megabyte of memory for every number of organisations.
    keys = [(row[0], row[1], row[2]) for row in db.session.execute(union_all(*shares).limit(limit))]
    return _read(keys) if keys else []


def _read(keys: Sequence[tuple[uuid.UUID, uuid.UUID, date]]) -> Sequence[Message]:
    named = tuple_(Message.organisation_id, Message.id, Message.occurs_on).in_(keys)
    locked = db.session.scalars(select(Message).where(named).execution_options(populate_existing=True))
    found = {(each.organisation_id, each.id, each.occurs_on): each for each in locked}
    return [found[key] for key in keys]


def _share(organisation_id: uuid.UUID, channel: str, share: int, now: datetime) -> Subquery:
    """Lock the most urgent texts of one organisation; what another worker holds is passed over."""
    return (
        select(*(rows.TABLE.c[key] for key in rows.KEYS))
        .where(rows.TABLE.c.organisation_id == organisation_id, WAITING, rows.TABLE.c.due_at <= now)
        .where(rows.TABLE.c.channel == channel)
        .order_by(rows.TABLE.c.useful_until, rows.TABLE.c.due_at)
        .limit(share)
        .with_for_update(skip_locked=True)
        .subquery()
    )


def _settle(judged: Iterable[tuple[Message, Verdict]]) -> None:
    changes = [
        (
            rows.reference_of(message),
            message.attempts,
            {"state": verdict.state, "reason": _reason(message, verdict), "due_at": verdict.due_at or message.due_at},
        )
        for message, verdict in judged
    ]
    rows.change_each(changes)


def _reason(message: Message, verdict: Verdict) -> str | None:
    """Say why a text is settled; one that waits keeps what was noted of it."""
    return message.reason if verdict.state is State.PENDING else verdict.reason


def _opened(messages: Iterable[Message], now: datetime, start_by: float, by: Worker) -> Iterator[Claimed]:
    for message in messages:
        try:
            yield _claimed(message, now, start_by, by)
        except ValueError:
            # No key for it: that must not stop those beside it.
            _settle([(message, UNREADABLE)])


def _claimed(message: Message, now: datetime, start_by: float, by: Worker) -> Claimed:
    if is_unwritten(message):
        raise ValueError("Nobody knows what this text is to say, or to whom.")
    reference, attempt = rows.reference_of(message), message.attempts + 1
    text = OutgoingText(
        to=message.number,
        body=by.letter(message) if message.channel == "email" else message.body,
        status_callback=callback_address(by.callback_base, reference, attempt) if by.callback_base else "",
        valid_seconds=int((message.useful_until - now).total_seconds()),
        message_id=message.id,
    )
    return Claimed(reference, attempt, by.name, message.useful_until, start_by, text)


def _lease(claimed: Sequence[Claimed], at: datetime, now: datetime) -> None:
    for owner in {each.owner for each in claimed}:
        values = {
            "state": State.SENDING,
            "attempts": rows.TABLE.c.attempts + 1,
            "lease_owner": owner,
            "lease_until": at + LEASE,
            "claimed_at": at,
            "left_at": now,
            **FRESH,
        }
        rows.change_all((each.reference for each in claimed), values)


#: What a new try knows of the carrier: nothing.
FRESH = {"sid": None, "carrier_rank": 0, "error_code": None, "looks": 0, "looked_at": None}
