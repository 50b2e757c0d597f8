"""How the queue of texts stands, for whoever keeps it going.

Counted in indexes that hold nothing but what waits, is under way, or failed of late: however large the table grows.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from aftercare.consent import withdrawals
from aftercare.core import clock
from aftercare.core.db import database_now, db
from aftercare.messaging.models import IN_FLIGHT, NOT_REACHED, WAITING, Message

#: A text that has been due for longer is late.
LATE_AFTER = timedelta(minutes=5)
FAILED_WITHIN = timedelta(hours=24)
STOPPED_WITHIN = timedelta(days=30)
#: Why a text failed: the class of trouble, and the carrier's code, 0 if it gave none.
Why = tuple[str, int]


@dataclass
class Figures:
    """The queue of one organisation."""

    due: int = 0
    late: int = 0
    oldest_due: datetime | None = None
    sending: int = 0
    unknown: int = 0
    failed: dict[Why, int] = field(default_factory=dict)
    stopped: int = 0


def of(organisation_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Figures]:
    """Give how the queues of organisations stand, in five queries however many they are."""
    found: dict[uuid.UUID, Figures] = defaultdict(Figures)
    now = clock.now()
    _count_due(found, organisation_ids, now)
    _count_in_flight(found, organisation_ids)
    _count_failed(found, organisation_ids)
    for organisation_id, count in withdrawals.count(organisation_ids, since=now - STOPPED_WITHIN).items():
        found[organisation_id].stopped = count
    return {organisation_id: found[organisation_id] for organisation_id in organisation_ids}


def _count_due(found: Mapping[uuid.UUID, Figures], organisation_ids: Sequence[uuid.UUID], now: datetime) -> None:
    late = func.count().filter(Message.due_at <= now - LATE_AFTER)
    wanted = (
        select(Message.organisation_id, func.count(), late, func.min(Message.due_at))
        .where(Message.organisation_id.in_(organisation_ids), WAITING, Message.due_at <= now)
        .group_by(Message.organisation_id)
    )
    for organisation_id, due, is_late, oldest in db.session.execute(wanted):
        figures = found[organisation_id]
        figures.due, figures.late, figures.oldest_due = due, is_late, oldest


def _count_in_flight(found: Mapping[uuid.UUID, Figures], organisation_ids: Sequence[uuid.UUID]) -> None:
    wanted = (
        select(Message.organisation_id, Message.state, func.count())
        .where(Message.organisation_id.in_(organisation_ids), IN_FLIGHT)
        .group_by(Message.organisation_id, Message.state)
    )
    for organisation_id, state, count in db.session.execute(wanted):
        setattr(found[organisation_id], state, count)


def _count_failed(found: Mapping[uuid.UUID, Figures], organisation_ids: Sequence[uuid.UUID]) -> None:
    """Count what failed of late, by the database's clock: that is the one by which texts are claimed."""
    is_recent = (NOT_REACHED, Message.claimed_at > database_now() - FAILED_WITHIN)
    wanted = (
        select(Message.organisation_id, Message.reason, Message.error_code, func.count())
        .where(Message.organisation_id.in_(organisation_ids), *is_recent)
        .group_by(Message.organisation_id, Message.reason, Message.error_code)
    )
    for organisation_id, reason, code, count in db.session.execute(wanted):
        found[organisation_id].failed[reason or "unlisted", code or 0] = count
