"""What the history keeps of a change of a series, to be shown and undone: plain values, as JSON has them."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aftercare.meetings import drafts
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.meetings.settling import Footing, Settled, footing

#: Columns that are not said as they are.
_WALL, _ID = ("start_local",), ("place_id",)


def before(meeting: Meeting, rows: Sequence[Occurrence]) -> dict[str, Any]:
    """Keep a meeting and its dates as they stand."""
    return {
        "meeting": columns(meeting),
        **hung_on(meeting),
        "edited": sorted(meeting.local_edits),
        "dates": {str(row.id): _kept(footing(row)) for row in rows},
        "placed": {str(row.id): row.placed_in for row in rows},
    }


def columns(meeting: Meeting) -> dict[str, Any]:
    """Say what a meeting is, as far as an edit may change it."""
    said = {name: getattr(meeting, name) for name in drafts.COLUMNS}
    said |= {name: said[name].isoformat() if said[name] else None for name in _WALL}
    said |= {name: str(said[name]) if said[name] else None for name in _ID}
    return said | {"ended_at": meeting.ended_at.isoformat() if meeting.ended_at else None}


def put_columns(meeting: Meeting, kept: Mapping[str, Any]) -> None:
    """Let a meeting be again what was kept of it."""
    for name in drafts.COLUMNS:
        value = kept[name]
        if value is not None and name in _WALL:
            value = datetime.fromisoformat(value)
        if value is not None and name in _ID:
            value = uuid.UUID(value)
        setattr(meeting, name, value)
    meeting.ended_at = datetime.fromisoformat(kept["ended_at"]) if kept["ended_at"] else None


def after(kept: Mapping[str, Any], meeting: Meeting) -> dict[str, Any]:
    """Say what of a meeting is otherwise now."""
    is_now = hung_on(meeting)
    return {
        "meeting": {name: value for name, value in columns(meeting).items() if kept["meeting"].get(name) != value},
        "also": [name for name in is_now if is_now[name] != kept[name]],
    }


def hung_on(meeting: Meeting) -> dict[str, Any]:
    """Keep what hangs on a meeting."""
    return {
        "types": [[row.fellowship, row.code] for row in drafts.types_of(meeting)],
        "facilitators": [str(row.person_id) for row in drafts.facilitators_of(meeting)],
    }


def told(settled: Settled) -> dict[str, Any]:
    """Keep which texts went out first for which date, how many to each person, and how many may go."""
    names = [draft.once.split(":") for draft in settled.news]
    return {
        "news": sorted({(name[0], name[1]) for name in names}),
        "people": Counter(str(draft.person.id) for draft in settled.news),
        "count": settled.told,
    }


def footings(kept: Mapping[str, Any]) -> dict[uuid.UUID, Footing]:
    """Give how dates stood, by their ids."""
    return {uuid.UUID(key): _read(value) for key, value in kept.items()}


def _kept(stood: Footing) -> list[Any]:
    return [
        str(stood.meeting_id), stood.slot.isoformat() if stood.slot else None, stood.start.isoformat(),
        stood.starts_at.isoformat(), stood.ends_at.isoformat(), stood.status, stood.capacity, stood.closes,
        str(stood.closure_id) if stood.closure_id else None,
    ]  # fmt: skip


def _read(kept: Sequence[Any]) -> Footing:
    meeting_id, slot, start, starts_at, ends_at, status, capacity, closes, closure_id = kept
    return Footing(
        uuid.UUID(meeting_id), datetime.fromisoformat(slot) if slot else None, datetime.fromisoformat(start),
        datetime.fromisoformat(starts_at).astimezone(UTC), datetime.fromisoformat(ends_at).astimezone(UTC),
        status, capacity, closes, uuid.UUID(closure_id) if closure_id else None,
    )  # fmt: skip
