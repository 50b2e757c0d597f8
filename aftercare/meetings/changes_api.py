"""The API of what is done to meetings and dates beside changing them: who stands in, one more date, an end, undo."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import url_for

from aftercare.audit import reading
from aftercare.core.errors import Invalid
from aftercare.http import actor, api, cursors, documents, fields, guards, idempotency
from aftercare.meetings import api as meetings_api
from aftercare.meetings import change_schemas, dates, history, schedule, schemas, series, substitutes, undoing
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.dates import Extra

#: What the history tells programs: nothing of who was told, and how a series is kept is no contract.
TOLD = frozenset(
    {
        "start_local", "minutes", "status", "place", "place_id", "capacity", "note", "substitutes", "scope",
        "closure_id", "first_day", "last_day", "reason", "dates", "since", "heir", "of",
    }
)  # fmt: skip
door = api.Door("changes", "Who stands in at a date, one more date, the end of a meeting, and what was changed.")


@door.get("/occurrences/<uuid:occurrence_id>/leaders")
@guards.needs("api:meetings:read")
@door.answers(200, change_schemas.Leaders)
def show_leaders(occurrence_id: uuid.UUID) -> Any:
    """Show who leads a date: those who lead its meeting, or whoever stands in."""
    return _leaders(actor.current().organisation_id, occurrence_id)


@door.put("/occurrences/<uuid:occurrence_id>/substitute")
@guards.needs("api:meetings:write")
@door.takes(change_schemas.SubstituteWanted)
@door.answers(200, change_schemas.Leaders)
@door.refuses(409, "The date has begun.")
def put_substitute(body: dict[str, Any], occurrence_id: uuid.UUID) -> Any:
    """Let somebody else lead a date, or let it be led as always; nobody is texted."""
    organisation_id, instead_of = actor.current().organisation_id, body["instead_of"] if body["person_id"] else None
    try:
        substitutes.stand_in(
            organisation_id, occurrence_id, body["person_id"], instead_of=instead_of, by=reading.caller()
        )
    except Invalid as refusal:
        named = {"person": "person_id"}
        wrong = {named.get(name, name): said for name, said in refusal.fields.items()}
        raise Invalid(refusal.sentence, fields=wrong) from refusal
    return _leaders(organisation_id, occurrence_id)


@door.post("/meetings/<uuid:meeting_id>/occurrences")
@guards.needs("api:meetings:write")
@idempotency.once
@door.takes(change_schemas.ExtraDate)
@door.answers(201, schemas.Occurrence, headers=documents.LOCATED)
@door.refuses(409, "The meeting has ended, is a listing, or has a date at that time already.")
def add_occurrence(body: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Add one date that no rule gives; the members are told once."""
    extra = Extra(body["start_local"], body["minutes"], body["note"])
    added = dates.add_date(actor.current().organisation_id, meeting_id, extra, by=reading.caller()).occurrence
    return added, {"Location": url_for(f"{meetings_api.door.name}.show_occurrence", occurrence_id=added.id)}


@door.post("/meetings/<uuid:meeting_id>/ending")
@guards.needs("api:meetings:write")
@idempotency.once
@door.takes(change_schemas.Ending)
@door.answers(200, schemas.Meeting)
@door.refuses(409, "The meeting has ended already, or is a listing without a time.")
def end_meeting(body: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Let a meeting have no date from a day on; whoever would have come is told once. To pause it, close it."""
    organisation_id = actor.current().organisation_id
    done = series.end(organisation_id, meeting_id, since=body["since"], by=reading.caller())
    return meetings_api.shown(organisation_id, [done.meeting])[0]


@door.get("/meetings/<uuid:meeting_id>/changes")
@guards.needs("api:meetings:read")
@door.asks(fields.PageQuery)
@door.answers(200, change_schemas.ChangePage)
def list_changes(query: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """List what was changed about a meeting and its dates, the newest first."""
    organisation_id = actor.current().organisation_id
    schedule.get_meeting(organisation_id, meeting_id)
    by = (MeetingChange.at, MeetingChange.id)
    page = cursors.page(history.all_of(organisation_id, meeting_id), query, by=by, newest_first=True)
    undoable = {each.id for each in history.undoable(organisation_id, meeting_id) if undoing.can_undo(each)}
    return {"items": [_change(each, can_undo=each.id in undoable) for each in page.items], "next": page.next}


@door.post("/meetings/<uuid:meeting_id>/changes/<uuid:change_id>/undoing")
@guards.needs("api:meetings:write")
@idempotency.once
@door.answers(200, change_schemas.Change)
@door.refuses(409, "It was undone, is more than ten minutes old, or something else was changed since.")
def undo_change(meeting_id: uuid.UUID, change_id: uuid.UUID) -> Any:
    """Undo a change, within ten minutes; whoever has heard of it is told once."""
    organisation_id = actor.current().organisation_id
    change = history.of_this_meeting(organisation_id, meeting_id, change_id)
    undoing.undo(organisation_id, change_id, by=reading.caller())
    return _change(change, can_undo=False)


def _leaders(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> dict[str, Any]:
    occurrence = schedule.get_occurrence(organisation_id, occurrence_id)
    return {"leaders": substitutes.leaders(organisation_id, [occurrence])[occurrence_id]}


def _change(change: MeetingChange, *, can_undo: bool) -> dict[str, Any]:
    said = {column.key: getattr(change, column.key) for column in MeetingChange.__table__.columns}
    changed = [*change.after.get("meeting", ()), *change.after.get("also", ())]
    after = _told(change.after) | ({"changed": sorted(changed)} if changed else {})
    return said | {"before": _told(change.before), "after": after, "can_undo": can_undo}


def _told(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name in TOLD and not isinstance(value, dict)}
