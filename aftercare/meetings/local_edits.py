"""What staff say of an imported meeting instead of its list. Their word holds, and the list's is kept beside it.

`Meeting.local_edits` holds, for each field that staff changed, what the list says of it; what we say stands in the
columns themselves.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, select

from aftercare.audit import trail
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import finder_rows, schedule
from aftercare.meetings.models import Meeting, MeetingType
from aftercare.people import organisations

#: The fields that staff can change, each with its columns. What belongs together is changed together.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "group": ("group_name",),
    "notes": ("description",),
    "when": ("zone", "start_local", "rule", "days_off"),
    "minutes": ("minutes",),
    "place": ("place_id", "place_facts"),
    "attendance": ("attendance",),
    "is_open": ("is_open",),
    "link": ("join_url",),
    "phone": ("join_phone",),
    "call_notes": ("join_notes",),
    "languages": ("languages",),
    "types": ("types",),
}
FIELD_OF = {column: field for field, columns in FIELDS.items() for column in columns}
Said = dict[str, Any]
Edits = Mapping[str, Said]


@dataclass(frozen=True)
class Edit:
    """One field of a meeting of which staff say something else than the list."""

    field: str
    list_says: Said
    we_say: Said


def note(meeting: Meeting, fields: Iterable[str]) -> None:
    """Keep what the list says of fields (or columns) that staff are about to change. Call it before the change."""
    if meeting.source_id is None:
        return
    wanted = {FIELD_OF.get(name, name) for name in fields} & FIELDS.keys()
    if new := wanted - meeting.local_edits.keys():
        said = said_now(meeting)
        meeting.local_edits = {**meeting.local_edits, **{field: _of_field(said, field) for field in sorted(new)}}


def change(meeting: Meeting, values: Mapping[str, Any], *, by: uuid.UUID | None) -> None:
    """Change columns of an imported meeting by hand, so that the change outlives every reading of its list."""
    if values.keys() - FIELD_OF.keys():
        raise Invalid("This cannot be changed about an imported meeting.")
    schedule.lock_meeting(meeting)
    note(meeting, values)
    put(meeting, values)
    _mark_changed(meeting, "meeting.edited", by, values)


def take_lists_word(organisation_id: uuid.UUID, meeting_id: uuid.UUID, field: str, *, by: uuid.UUID | None) -> Meeting:
    """Let the list be right about a field again."""
    meeting = schedule.lock_meeting(schedule.get_meeting(organisation_id, meeting_id))
    said = meeting.local_edits.get(field)
    if said is None:
        raise Conflict("Here the list's word holds already.", code="not_edited")
    meeting.local_edits = {name: kept for name, kept in meeting.local_edits.items() if name != field}
    put(meeting, read(said))
    _mark_changed(meeting, "meeting.edit_dropped", by, said)
    return meeting


def give_back(meeting: Meeting, *, except_for: Collection[str]) -> None:
    """Let the list be right again about what staff changed, but for some fields."""
    for field, said in meeting.local_edits.items():
        if field not in except_for:
            put(meeting, read(said))
    meeting.local_edits = {field: said for field, said in meeting.local_edits.items() if field in except_for}


def of(meeting: Meeting) -> list[Edit]:
    """Give the fields of a meeting of which staff say something else than its list, in a fixed order."""
    if not meeting.local_edits:
        return []
    now = said_now(meeting)
    return [
        Edit(field, meeting.local_edits[field], _of_field(now, field))
        for field in FIELDS
        if field in meeting.local_edits
    ]


def edited(organisation_id: uuid.UUID, source_id: uuid.UUID, *, after: str = "", limit: int = 50) -> Sequence[Meeting]:
    """Give meetings of a list of which staff say something else, by the slug."""
    wanted = select(Meeting).where(
        Meeting.organisation_id == organisation_id,
        Meeting.source_id == source_id,
        Meeting.source_key > after,
        cast(Meeting.local_edits, String) != "{}",
    )
    return db.session.scalars(wanted.order_by(Meeting.source_key).limit(limit)).all()


def lists_words(says: Said, edits: Edits) -> dict[str, Said]:
    """Law: give what a list says of the fields that staff changed, to be kept beside what they say."""
    return {field: _of_field(says, field) for field in edits}


def said_by_list(now: Said, edits: Edits) -> Said:
    """Law: give what the list said last of a meeting: our words, but for the fields that staff changed."""
    return now | {column: value for said in edits.values() for column, value in said.items()}


def plain(values: Mapping[str, Any]) -> Said:
    """Give values of columns as JSON keeps them."""
    return {name: _plain(value) for name, value in values.items()}


def read(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give values of columns back from what JSON kept."""
    values = dict(said)
    if values.get("start_local"):
        values["start_local"] = datetime.fromisoformat(values["start_local"])
    if values.get("place_id"):
        values["place_id"] = uuid.UUID(values["place_id"])
    return values


def said_now(meeting: Meeting) -> Said:
    """Give what a meeting says now, as JSON keeps it."""
    return said_of(meeting.organisation_id, [meeting])[meeting.id]


def said_of(organisation_id: uuid.UUID, meetings: Sequence[Meeting]) -> dict[uuid.UUID, Said]:
    """Give what several meetings say now, in one query."""
    pairs: dict[uuid.UUID, list[list[str]]] = {meeting.id: [] for meeting in meetings}
    types = select(MeetingType.meeting_id, MeetingType.fellowship, MeetingType.code).where(
        MeetingType.organisation_id == organisation_id, MeetingType.meeting_id.in_(list(pairs))
    )
    for meeting_id, fellowship, code in db.session.execute(types):
        pairs[meeting_id].append([fellowship, code])
    return {meeting.id: _said(meeting, pairs[meeting.id]) for meeting in meetings}


def said_in(columns: Mapping[str, Any], types: Iterable[Sequence[str]]) -> Said:
    """Give what columns that are to be written say, as JSON keeps it."""
    known = {name: columns[name] for name in FIELD_OF if name in columns}
    pairs = sorted(list(pair) for pair in dict.fromkeys(map(tuple, types)))
    return plain(known) | {"types": pairs, "place_facts": columns["extra"].get("place")}


def put(meeting: Meeting, values: Mapping[str, Any]) -> None:
    """Write values of columns, types among them, and what the meeting is found by."""
    for name, value in values.items():
        if name == "types":
            _put_types(meeting, value)
        elif name == "place_facts":
            facts = {"place": value} if value else {}
            meeting.extra = {key: each for key, each in meeting.extra.items() if key != "place"} | facts
        else:
            setattr(meeting, name, value)
    if "place_id" in values and "place_facts" not in values:
        # What the list adds to its own place says nothing of ours.
        meeting.extra = {key: each for key, each in meeting.extra.items() if key != "place"}
    finder_rows.keep(meeting)


def _said(meeting: Meeting, pairs: list[list[str]]) -> Said:
    columns = {name: getattr(meeting, name) for name in FIELD_OF if name not in ("types", "place_facts")}
    return plain(columns) | {"types": sorted(pairs), "place_facts": meeting.extra.get("place")}


def _of_field(said: Said, field: str) -> Said:
    return {column: said[column] for column in FIELDS[field] if column in said}


def _put_types(meeting: Meeting, pairs: Collection[Sequence[str]]) -> None:
    keys = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    db.session.execute(
        delete(MeetingType).where(
            MeetingType.organisation_id == meeting.organisation_id, MeetingType.meeting_id == meeting.id
        )
    )
    db.session.add_all(MeetingType(**keys, fellowship=of, code=code) for of, code in sorted(map(tuple, pairs)))


def _mark_changed(meeting: Meeting, act: str, by: uuid.UUID | None, values: Iterable[str]) -> None:
    # Calendar apps ignore a change that does not raise SEQUENCE.
    meeting.sequence += 1
    meeting.updated_at = clock.now()
    db.session.flush()
    organisations.touch_public_calendar(meeting.organisation_id)
    fields = " ".join(sorted({FIELD_OF[name] for name in values}))
    trail.record(
        act, organisation_id=meeting.organisation_id, about="meeting", about_id=meeting.id, actor_id=by, fields=fields
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex if isinstance(value, uuid.UUID) else value
