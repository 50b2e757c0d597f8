"""News that would come too late: a date changed within a day of when people would come, and not all have heard.

docs/decisions/0009-news-in-the-night.md says why staff are asked to call.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.meetings import schedule
from aftercare.meetings.models import Occurrence
from aftercare.recovery import calls, outreach
from aftercare.recovery.models import OutreachTask

KIND = "late_news"
Key = tuple[uuid.UUID, uuid.UUID]


def due(*, limit: int = 200) -> Sequence[Key]:
    """Find dates that were cancelled or moved and must be heard of within a day: (organisation, date)."""
    now = clock.now()
    wanted = (
        select(Occurrence.organisation_id, Occurrence.id)
        .where(Occurrence.hear_by > now, Occurrence.hear_by <= now + calls.NEAR)
        .order_by(Occurrence.hear_by)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def ask(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> OutreachTask | None:
    """Ask staff to call those whom no text will reach in time; once for each change."""
    date = schedule.get_occurrence(organisation_id, occurrence_id)
    if not _is_unheard(date):
        return None
    return outreach.open_task(
        organisation_id,
        KIND,
        once=f"{KIND}:{date.id}:{date.sequence}",
        is_urgent=True,
        occurrence_id=str(date.id),
        meeting_id=str(date.meeting_id),
    )


def asked() -> Sequence[Key]:
    """Find what staff were asked and have not closed: (organisation, task)."""
    wanted = select(OutreachTask.organisation_id, OutreachTask.id).where(
        OutreachTask.closed_at.is_(None), OutreachTask.kind == KIND
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def close_if_over(organisation_id: uuid.UUID, task_id: uuid.UUID) -> bool:
    """Close a question when everybody has heard, or the moment has passed; say whether it is closed."""
    task = outreach.get_task(organisation_id, task_id)
    date = schedule.get_occurrence(organisation_id, uuid.UUID(task.facts["occurrence_id"]))
    is_past = date.hear_by is None or date.hear_by <= clock.now()
    if not is_past and calls.needed(organisation_id, [date])[date.id]:
        return False
    outreach.close_task(organisation_id, task_id, by=None, outcome="not_needed" if is_past else "done")
    return True


def _is_unheard(date: Occurrence) -> bool:
    """Tell whether a text has failed somebody: one that left within the hour may still be confirmed."""
    return any(call.is_overdue for call in calls.of_dates(date.organisation_id, [date])[date.id])
