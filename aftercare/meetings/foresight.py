"""What a change of a date would tell whom, before it is made: spelled by what makes it (product.md 2)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from aftercare.core import clock
from aftercare.core.errors import Conflict
from aftercare.meetings import changes, members, notices, schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox
from aftercare.messaging.outlook import Outlook


def of_cancelling(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Outlook:
    """Say whom cancelling a date would tell what; raise as cancelling would."""
    now, occurrence = clock.now(), schedule.get_occurrence(organisation_id, occurrence_id)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled already.", code="cancelled")
    changes.refuse_if_begun(occurrence, now)
    people = notices.readers(occurrence, members.affected(occurrence))
    return _with_who_said_no(occurrence, notices.of_cancelling(occurrence, people, now=now))


def of_moving(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, to: datetime, minutes: int | None) -> Outlook:
    """Say whom moving a date would tell what; raise as moving would."""
    now, occurrence = clock.now(), schedule.get_occurrence(organisation_id, occurrence_id)
    before = occurrence.starts_at
    starts_at, length = changes.checked_move(occurrence, to, minutes, now)
    if (starts_at, length) == (before, occurrence.ends_at - before):
        return Outlook()
    people = notices.readers(occurrence, members.affected(occurrence))
    news = notices.of_moving(occurrence, people, before=before, starts_at=starts_at, now=now)
    return _with_who_said_no(occurrence, news)


def _with_who_said_no(occurrence: Occurrence, news: Sequence[outbox.Draft]) -> Outlook:
    outlook = notices.foresee(occurrence, news)
    said_no = set(members.concerned(occurrence)) - set(members.affected(occurrence))
    if said_no:
        outlook.without["said_no"] = len(said_no)
    return outlook
