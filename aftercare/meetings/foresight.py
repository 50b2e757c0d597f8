"""What a change of a date would tell whom, before it is made: spelled by what makes it (product.md 2)."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aftercare.core import clock
from aftercare.core.db import part
from aftercare.core.errors import Conflict
from aftercare.meetings import aftermath, changes, dates, members, notices, schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox, outlook, witness
from aftercare.messaging.outlook import Outlook


def of_cancelling(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Outlook:
    """Say whom cancelling a date would tell what; raise as cancelling would."""
    now, occurrence = clock.now(), schedule.get_occurrence(organisation_id, occurrence_id)
    if occurrence.status == "cancelled":
        raise Conflict("This date was cancelled already.", code="cancelled")
    aftermath.refuse_if_begun(occurrence, now)
    knows = notices.unaware(occurrence, "restored")
    people = notices.readers(occurrence, (each for each in members.affected(occurrence) if each not in knows))
    return _with_who_said_no(occurrence, notices.of_cancelling(occurrence, people, now=now))


def of_reinstating(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Outlook:
    """Say whom reinstating a date would tell what; raise as reinstating would."""
    occurrence = schedule.get_occurrence(organisation_id, occurrence_id)
    if occurrence.status != "cancelled":
        raise Conflict("This date is not cancelled.", code="not_cancelled")
    unaware = notices.unaware(occurrence, "cancelled")
    found = looked_at(
        organisation_id, lambda: changes.reinstate_occurrence(organisation_id, occurrence_id, by=None)
    ).outlook  # fmt: skip
    if unaware:
        found.without["unaware"] = len(unaware)
    return found


def of_placing(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, name: str, address: str) -> Outlook:
    """Say whom another place would tell what; raise as changing it would."""
    found = looked_at(
        organisation_id,
        lambda: dates.change_place(organisation_id, occurrence_id, name=name, address=address, by=None),
    ).outlook
    return _counted(schedule.get_occurrence(organisation_id, occurrence_id), found)


def of_adding(organisation_id: uuid.UUID, meeting_id: uuid.UUID, extra: dates.Extra) -> Outlook:
    """Say whom one more date would tell what; raise as adding it would."""
    now, meeting = clock.now(), schedule.get_meeting(organisation_id, meeting_id)
    occurrence = dates.drafted(meeting, extra, now)
    people = notices.readers(occurrence, members.affected(occurrence))
    return notices.foresee(occurrence, notices.of_adding(occurrence, people, now=now))


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


@dataclass(frozen=True)
class LookedAt:
    """What came of something that was done and taken back: who would read what, and how many texts it took back."""

    outlook: Outlook = field(default_factory=Outlook)
    taken_back: int = 0


class _Seen(Exception):
    pass


def looked_at(organisation_id: uuid.UUID, act: Callable[[], object]) -> LookedAt:
    """Do something, look at it, and take it back; raise as it would."""
    found = LookedAt()
    try:
        with part(), witness.looking() as seen:
            act()
            found = LookedAt(outlook.of(organisation_id, seen), seen.taken_back)
            raise _Seen
    except _Seen:
        return found


def _with_who_said_no(occurrence: Occurrence, news: Sequence[outbox.Draft]) -> Outlook:
    return _counted(occurrence, notices.foresee(occurrence, news))


def _counted(occurrence: Occurrence, found: Outlook) -> Outlook:
    said_no = set(members.concerned(occurrence)) - set(members.affected(occurrence))
    if said_no:
        found.without["said_no"] = len(said_no)
    return found
