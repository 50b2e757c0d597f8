"""Which lists are to be read now. Kept apart from the reading, which loads much that a worker seldom needs."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.meetings.exchange.models import MeetingSource


def find(*, limit: int = 20) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Find the lists that are to be read now: (organisation, list)."""
    wanted = (
        select(MeetingSource.organisation_id, MeetingSource.id)
        .where(MeetingSource.next_read_at <= clock.now())
        .order_by(MeetingSource.next_read_at)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]
