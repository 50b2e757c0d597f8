"""A meeting that is published, as a draft of itself; and a draft, written into a meeting that is there already."""

import uuid
from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from aftercare.core.db import db
from aftercare.core.errors import NotFound
from aftercare.meetings import finder_rows, local_edits, places, publishing, schedule
from aftercare.meetings.models import Facilitator, Meeting, MeetingType
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Pattern, repeat_of
from aftercare.people import accounts

USUAL_MINUTES = 60
#: What a draft and a meeting call by one name.
WORDS = ("name", "discreet_title", "description", "place_detail", "join_url", "join_phone", "join_notes")
FACTS = (
    "fellowship", "attendance", "is_open", "is_join_withheld", "zone", "minutes", "capacity", "closes_minutes_before",
)  # fmt: skip
#: The columns of a meeting that an edit may change, its places and rule included.
COLUMNS = (*WORDS, *FACTS, "languages", "place_id", "start_local", "rule", "holidays", "days_off")
#: What of a draft is kept in a column of another name.
KEPT_IN = {"first": "start_local", "repeat": "rule", "place_name": "place_id", "place_address": "place_id"}


def of(meeting: Meeting) -> Draft:
    """Give a meeting as the draft that would be published as it is now."""
    place = schedule.place_of(None, meeting)
    pattern = schedule.pattern_of(meeting) if meeting.start_local else None
    said: dict[str, Any] = {name: getattr(meeting, name) for name in (*WORDS, *FACTS)}
    return Draft(
        **said | {"minutes": pattern.minutes if pattern else meeting.minutes or USUAL_MINUTES},
        kind=meeting.kind,
        first=pattern.first if pattern else None,
        repeat=repeat_of(pattern) if pattern and pattern.rule else None,
        languages=tuple(meeting.languages),
        types=tuple(row.code for row in types_of(meeting)),
        place_name=place.name if place else "",
        place_address=place.address if place else "",
        facilitators=tuple(row.person_id for row in facilitators_of(meeting)),
        holidays=meeting.holidays,
        days_off=tuple(map(date.fromisoformat, meeting.days_off)),
    )


def pattern_of(meeting: Meeting, draft: Draft) -> Pattern | None:
    """Give the rule that a meeting has under a draft: untouched, as far as the draft says nothing else."""
    is_same = draft.first is not None and _when(draft) == _when(of(meeting))
    return schedule.pattern_of(meeting) if is_same else publishing.pattern_of(draft)


def write(meeting: Meeting, draft: Draft, pattern: Pattern | None) -> None:
    """Write a draft into the columns of a meeting, and into what hangs on it."""
    was = of(meeting)
    local_edits.note(meeting, _otherwise(was, draft))
    for name in WORDS:
        setattr(meeting, name, getattr(draft, name).strip())
    for name in FACTS:
        if getattr(was, name) != getattr(draft, name):
            setattr(meeting, name, getattr(draft, name))
    meeting.languages = list(draft.languages)
    _write_when(meeting, draft, pattern)
    if (was.place_name, was.place_address) != (draft.place_name.strip(), draft.place_address.strip()):
        meeting.place_id = places.named(meeting.organisation_id, draft.place_name, draft.place_address)
        # What a list adds to its own place says nothing of ours.
        meeting.extra = {key: each for key, each in meeting.extra.items() if key != "place"}
    if (set(was.types), was.fellowship) != (set(draft.types), draft.fellowship):
        write_types(meeting, [(draft.fellowship or "aa", code) for code in dict.fromkeys(draft.types)])
    if set(was.facilitators) != set(draft.facilitators):
        write_facilitators(meeting, draft.facilitators)
    finder_rows.keep(meeting)


def _write_when(meeting: Meeting, draft: Draft, pattern: Pattern | None) -> None:
    if pattern is not None:
        meeting.start_local, meeting.rule, meeting.minutes = pattern.first, pattern.rule, pattern.minutes
        meeting.holidays, meeting.days_off = pattern.holidays, [day.isoformat() for day in pattern.days_off]
        return
    meeting.start_local = meeting.rule = None
    meeting.holidays, meeting.days_off = draft.holidays, [day.isoformat() for day in draft.days_off]


def write_types(meeting: Meeting, types: Collection[tuple[str, str]]) -> None:
    """Let a meeting have these types, as (fellowship, code)."""
    _clear(MeetingType, meeting)
    keys = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    db.session.add_all(MeetingType(**keys, fellowship=fellowship, code=code) for fellowship, code in types)
    db.session.flush()


def write_facilitators(meeting: Meeting, person_ids: Collection[uuid.UUID]) -> None:
    """Let these people lead a meeting; raise NotFound if one is not of its organisation."""
    known = accounts.people_named(meeting.organisation_id, person_ids)
    if len(known) != len(set(person_ids)):
        raise NotFound("One of the facilitators is not in your organisation.")
    _clear(Facilitator, meeting)
    keys = {"organisation_id": meeting.organisation_id, "meeting_id": meeting.id}
    db.session.add_all(Facilitator(**keys, person_id=person_id) for person_id in known)
    db.session.flush()


def types_of(meeting: Meeting) -> list[MeetingType]:
    """Give the types of a meeting."""
    wanted = select(MeetingType).where(
        MeetingType.organisation_id == meeting.organisation_id, MeetingType.meeting_id == meeting.id
    )
    return list(db.session.scalars(wanted.order_by(MeetingType.code)))


def facilitators_of(meeting: Meeting) -> list[Facilitator]:
    """Give who leads a meeting."""
    wanted = select(Facilitator).where(
        Facilitator.organisation_id == meeting.organisation_id, Facilitator.meeting_id == meeting.id
    )
    return list(db.session.scalars(wanted.order_by(Facilitator.person_id)))


def _when(draft: Draft) -> tuple[Any, ...]:
    return draft.first, draft.repeat, draft.zone, draft.minutes, draft.holidays, draft.days_off


def _otherwise(was: Draft, draft: Draft) -> list[str]:
    names = [each.name for each in fields(Draft) if getattr(was, each.name) != getattr(draft, each.name)]
    return [KEPT_IN.get(name, name) for name in names]


def _clear(model: type[MeetingType | Facilitator], meeting: Meeting) -> None:
    gone = delete(model).where(model.organisation_id == meeting.organisation_id, model.meeting_id == meeting.id)
    db.session.execute(gone)
    db.session.flush()
