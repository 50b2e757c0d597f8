"""Keep what meetings are found by: the weekdays and minutes at which they can begin, and their words."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select, update

from aftercare.core.db import db
from aftercare.meetings import schedule, search_words
from aftercare.meetings.models import Meeting, MeetingDay, MeetingType, Place
from aftercare.meetings.recurrence import weekdays_of


def keep(meeting: Meeting) -> None:
    """Write anew what a meeting is found by, from its rows as they are."""
    keys = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    db.session.flush()
    gone = delete(MeetingDay).where(
        MeetingDay.organisation_id == meeting.organisation_id, MeetingDay.meeting_id == meeting.id
    )
    db.session.execute(gone, execution_options={"synchronize_session": False})
    if days := days_of(meeting):
        db.session.execute(insert(MeetingDay), [keys | day for day in days])
    reword(meeting.organisation_id, [meeting.id])


def days_of(meeting: Meeting) -> list[dict[str, Any]]:
    """Give the weekdays and minutes at which a meeting can begin."""
    start = meeting.start_local
    if start is None:
        return []
    at = {"start_minute": start.hour * 60 + start.minute, "zone": meeting.zone}
    return [at | {"weekday": day} for day in sorted(set(weekdays_of(schedule.pattern_of(meeting))))]


def reword(organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID]) -> None:
    """Write anew the words of several meetings of an organisation."""
    mine = (Meeting.organisation_id == organisation_id, Meeting.id.in_(meeting_ids))
    is_there = (Place.organisation_id == Meeting.organisation_id) & (Place.id == Meeting.place_id)
    meeting, place = Meeting.__table__, Place.__table__
    pairs: dict[uuid.UUID, list[tuple[str, str]]] = {}
    of_type = select(MeetingType.meeting_id, MeetingType.fellowship, MeetingType.code).where(
        MeetingType.organisation_id == organisation_id, MeetingType.meeting_id.in_(meeting_ids)
    )
    for meeting_id, fellowship, code in db.session.execute(of_type):
        pairs.setdefault(meeting_id, []).append((fellowship, code))
    said = (meeting.c.name, meeting.c.group_name, meeting.c.fellowship, meeting.c.languages, meeting.c.attendance)
    there = (place.c.name.label("place"), place.c.address, place.c.region)
    rows = select(meeting.c.id, *said, meeting.c.is_open, *there).select_from(Meeting).outerjoin(Place, is_there)
    for row in db.session.execute(rows.where(*mine)).mappings().all():
        where = {"name": row["place"], "address": row["address"], "region": row["region"]}
        words = search_words.written(dict(row), where, pairs.get(row["id"], ()))
        kept = update(Meeting).where(Meeting.organisation_id == organisation_id, Meeting.id == row["id"])
        db.session.execute(kept.values(search_text=words))
