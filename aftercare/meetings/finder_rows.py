"""Keep what meetings are found by: their words, and the rows of the weekdays and minutes at which they can begin."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from aftercare.core.db import db
from aftercare.meetings import found_days, search_words
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.meetings.types import TypePair

MEETINGS, DAYS = cast(Table, Meeting.__table__), cast(Table, MeetingDay.__table__)
ABOUT = (
    "id", "kind", "name", "group_name", "fellowship", "languages", "attendance", "is_open", "place_id", "place_detail",
    "join_url", "join_phone", "join_notes", "is_join_withheld", "zone", "start_local", "minutes", "rule", "holidays",
    "days_off", "listed", "ended_at", "vanished_at",
)  # fmt: skip
Row = Mapping[str, Any]


def keep(meeting: Meeting) -> None:
    """Write anew what a meeting is found by, from its rows as they are."""
    db.session.flush()
    keep_all(meeting.organisation_id, [meeting.id])
    db.session.expire(meeting, ["search_text"])


def keep_all(organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID]) -> None:
    """Write anew what some meetings of an organisation are found by."""
    meetings = _meetings(organisation_id, meeting_ids)
    places = _places(organisation_id, {row["place_id"] for row in meetings if row["place_id"]})
    types = _types(organisation_id, meeting_ids)
    days: list[dict[str, Any]] = []
    for row in meetings:
        place, pairs = places.get(row["place_id"]), types.get(row["id"], [])
        row["search_text"] = search_words.written(row, place or {}, pairs)
        days += of_meeting(organisation_id, row, place, pairs)
    gone = delete(MeetingDay).where(
        MeetingDay.organisation_id == organisation_id, MeetingDay.meeting_id.in_(meeting_ids)
    )
    db.session.execute(gone, execution_options={"synchronize_session": False})
    write(days)
    if meetings:
        _reword(organisation_id, meetings)


def of_meeting(
    organisation_id: uuid.UUID, meeting: Row, place: Row | None, pairs: Collection[TypePair]
) -> list[dict[str, Any]]:
    """Give the rows of the days of a meeting."""
    keys = {"organisation_id": organisation_id, "meeting_id": meeting["id"]}
    return [keys | day for day in found_days.rows(meeting, place, [code for _, code in pairs])]


def write(days: Collection[dict[str, Any]]) -> None:
    """Write the rows of days."""
    if days:
        db.session.execute(insert(DAYS), list(days))


def _reword(organisation_id: uuid.UUID, meetings: Collection[Row]) -> None:
    reworded = update(MEETINGS).where(
        MEETINGS.c.organisation_id == organisation_id, MEETINGS.c.id == bindparam("meeting_id")
    )
    rows = [{"meeting_id": row["id"], "words": row["search_text"]} for row in meetings]
    db.session.execute(reworded.values(search_text=bindparam("words")), rows)


def _meetings(organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID]) -> list[dict[str, Any]]:
    wanted = select(*(MEETINGS.c[name] for name in ABOUT)).where(
        MEETINGS.c.organisation_id == organisation_id, MEETINGS.c.id.in_(meeting_ids)
    )
    return [dict(row) for row in db.session.execute(wanted).mappings()]


def _places(organisation_id: uuid.UUID, place_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Row]:
    if not place_ids:
        return {}
    place = cast(Table, Place.__table__)
    wanted = select(place).where(place.c.organisation_id == organisation_id, place.c.id.in_(place_ids))
    return {row["id"]: dict(row) for row in db.session.execute(wanted).mappings()}


def _types(organisation_id: uuid.UUID, meeting_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[TypePair]]:
    pairs: dict[uuid.UUID, list[TypePair]] = {}
    wanted = select(MeetingType.meeting_id, MeetingType.fellowship, MeetingType.code).where(
        MeetingType.organisation_id == organisation_id, MeetingType.meeting_id.in_(meeting_ids)
    )
    for meeting_id, fellowship, code in db.session.execute(wanted):
        pairs.setdefault(meeting_id, []).append((fellowship, code))
    return pairs
