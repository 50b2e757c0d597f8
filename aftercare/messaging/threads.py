"""What a simulated phone shows: the texts that the simulated carrier took for a number, and those that came from it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from aftercare.core.db import db
from aftercare.messaging.channels import EMAIL
from aftercare.messaging.models import InboundText, Message, SimulatedText


@dataclass(frozen=True)
class Bubble:
    """One text on a phone."""

    body: str
    from_person: bool
    at: datetime
    state: str | None = None


def latest(numbers: Collection[bytes], *, limit: int = 40) -> dict[bytes, list[Bubble]]:
    """Give the latest texts of numbers (by their keyed hash), oldest first, in two queries."""
    found: dict[bytes, list[Bubble]] = defaultdict(list)
    for text in _taken(numbers, limit):
        found[text.number_hash].append(Bubble(text.body, False, text.created_at))
    for inbound in _came_in(numbers, limit):
        found[inbound.number_hash].append(Bubble(inbound.body, True, inbound.received_at))
    return {number: sorted(bubbles, key=lambda each: each.at)[-limit:] for number, bubbles in found.items()}


def mailboxes(people: Collection[uuid.UUID]) -> dict[uuid.UUID, set[bytes]]:
    """Name the addresses (by their keyed hash) to which letters for these people were posted."""
    wanted = (
        select(Message.person_id, Message.number_hash)
        .where(Message.person_id.in_(people), Message.channel == EMAIL)
        .distinct()
    )
    found: dict[uuid.UUID, set[bytes]] = defaultdict(set)
    for person_id, number_hash in db.session.execute(wanted):
        if person_id is not None:
            found[person_id].add(bytes(number_hash))
    return found


def _taken(numbers: Collection[bytes], limit: int) -> Iterable[SimulatedText]:
    newest = func.row_number().over(
        partition_by=SimulatedText.number_hash, order_by=(SimulatedText.order.desc(), SimulatedText.id.desc())
    )
    ranked = select(SimulatedText, newest.label("rank")).where(SimulatedText.number_hash.in_(numbers)).subquery()
    row = aliased(SimulatedText, ranked)
    return db.session.scalars(select(row).where(ranked.c.rank <= limit).order_by(row.order, row.id))


def _came_in(numbers: Collection[bytes], limit: int) -> Iterable[InboundText]:
    newest = func.row_number().over(
        partition_by=InboundText.number_hash, order_by=(InboundText.received_at.desc(), InboundText.id.desc())
    )
    ranked = select(InboundText, newest.label("rank")).where(InboundText.number_hash.in_(numbers)).subquery()
    row = aliased(InboundText, ranked)
    return db.session.scalars(select(row).where(ranked.c.rank <= limit).order_by(row.received_at, row.id))
