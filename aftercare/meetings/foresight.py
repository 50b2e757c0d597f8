"""What a change of a date would tell whom, before it is made: spelled by what makes it (product.md 2)."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aftercare.core import clock
from aftercare.core.errors import Conflict
from aftercare.meetings import aftermath, changes, dates, members, notices, places, schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox
from aftercare.messaging.outlook import Outlook

SAID_NO = ("declined", "cancelled")


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
    now, occurrence = clock.now(), schedule.get_occurrence(organisation_id, occurrence_id)
    if occurrence.status != "cancelled":
        raise Conflict("This date is not cancelled.", code="not_cancelled")
    aftermath.refuse_if_begun(occurrence, now)
    unaware, affected = notices.unaware(occurrence, "cancelled"), members.affected(occurrence, leaving_out=SAID_NO)
    people = notices.readers(occurrence, (each for each in affected if each not in unaware))
    outlook = notices.foresee(occurrence, notices.of_restoring(occurrence, people, now=now))
    if unaware:
        outlook.without["unaware"] = len(unaware)
    return outlook


def of_placing(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, *, name: str, address: str) -> Outlook:
    """Say whom another place would tell what; raise as changing it would."""
    now, occurrence = clock.now(), schedule.get_occurrence(organisation_id, occurrence_id)
    dates.check_place(occurrence, name, address, now)
    place = name.strip() or address.strip() or places.usual(occurrence)
    people = notices.readers(occurrence, members.affected(occurrence))
    news = notices.of_placing(occurrence, people, now=now)
    return _with_who_said_no(occurrence, [replace(each, values={**each.values, "place": place}) for each in news])


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


def _with_who_said_no(occurrence: Occurrence, news: Sequence[outbox.Draft]) -> Outlook:
    outlook = notices.foresee(occurrence, news)
    said_no = set(members.concerned(occurrence)) - set(members.affected(occurrence))
    if said_no:
        outlook.without["said_no"] = len(said_no)
    return outlook
