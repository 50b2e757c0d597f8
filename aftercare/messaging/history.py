"""What was posted to one person of late: of which kind, and what became of it; never its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.messaging.models import Message
from aftercare.people.models import Person


@dataclass(frozen=True)
class Entry:
    """One text or letter, without what it says."""

    kind: str
    channel: str
    state: str
    reason: str | None
    due_at: datetime
    sent_at: datetime | None


def of(person: Person, *, since: datetime, limit: int) -> Sequence[Entry]:
    """Give what was posted to somebody since a moment, the newest first."""
    columns = (Message.kind, Message.channel, Message.state, Message.reason, Message.due_at, Message.sent_at)
    wanted = select(*columns).where(
        Message.organisation_id == person.organisation_id,
        Message.person_id == person.id,
        Message.created_at >= since,
    )
    newest = wanted.order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)
    return [Entry(*row) for row in db.session.execute(newest)]
