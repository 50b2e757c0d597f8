"""The API of meetings and their dates."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from flask import url_for

from aftercare.audit import reading
from aftercare.core import clock
from aftercare.http import actor, api, cursors, documents, etags, guards, idempotency
from aftercare.meetings import agenda, changes, closed, dates, drafts, publishing, schedule, schemas, series
from aftercare.meetings.closed import Closed
from aftercare.meetings.closed_shown import AHEAD
from aftercare.meetings.models import Meeting, Occurrence, Place
from aftercare.meetings.recurrence import repeat_of
from aftercare.meetings.repeats import Repeat

#: What a draft calls otherwise than the API does.
NAMES = {"start_local": "first"}
A_DAY = timedelta(days=1)
door = api.Door("meetings", "Meetings, and the dates of those that an organisation runs itself.")


@door.get("/meetings")
@guards.needs("api:meetings:read")
@door.asks(schemas.MeetingQuery)
@door.answers(200, schemas.MeetingPage)
def list_meetings(query: dict[str, Any]) -> Any:
    """List the meetings that have not ended."""
    organisation_id = actor.current().organisation_id
    page = cursors.page(agenda.all_meetings(organisation_id, query["kind"]), query, by=(Meeting.id,))
    return {"items": shown(organisation_id, page.items), "next": page.next}


@door.post("/meetings")
@guards.needs("api:meetings:write")
@idempotency.once
@door.takes(schemas.MeetingDraft)
@door.answers(201, schemas.Meeting, headers=documents.LOCATED)
@door.refuses(404, "One of the facilitators is not in the organisation of the token.")
def publish_meeting(body: dict[str, Any]) -> Any:
    """Publish a meeting, with its dates half a year ahead."""
    asking = actor.current()
    meeting = publishing.publish(asking.organisation_id, _draft(body, asking.zone), by=reading.caller())
    where = url_for(f"{door.name}.show_meeting", meeting_id=meeting.id)
    return shown(asking.organisation_id, [meeting])[0], {"Location": where}


@door.get("/meetings/<uuid:meeting_id>")
@guards.needs("api:meetings:read")
@etags.shown
@door.answers(200, schemas.Meeting)
def show_meeting(meeting_id: uuid.UUID) -> Any:
    """Show a meeting."""
    organisation_id = actor.current().organisation_id
    return shown(organisation_id, [schedule.get_meeting(organisation_id, meeting_id)])[0]


@door.patch("/meetings/<uuid:meeting_id>")
@guards.needs("api:meetings:write")
@etags.needed
@etags.shown
@door.takes(schemas.MeetingChange)
@door.answers(200, schemas.Meeting)
@door.refuses(409, "The meeting has ended, or is a listing, which changes as a whole.")
def change_meeting(body: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Change a meeting on all its dates to come, or from a day on; everybody whose dates change is told once.

    Dates whose day the new rule has keep their ids and answers. From a day on, a new meeting of the same lineage goes
    on with them: it is what is shown then.
    """
    organisation_id = actor.current().organisation_id
    meeting = series.lock(organisation_id, meeting_id)
    etags.match(schemas.Meeting().dump(shown(organisation_id, [meeting])[0]))
    body.pop("scope", None)
    since = body.pop("since", None)
    draft = _changed(drafts.of(meeting), body)
    done = series.change(organisation_id, meeting_id, draft, since=since, by=reading.caller())
    return shown(organisation_id, [done.meeting])[0]


@door.get("/meetings/<uuid:meeting_id>/occurrences")
@guards.needs("api:meetings:read")
@door.asks(schemas.OccurrenceQuery)
@door.answers(200, schemas.OccurrencePage)
def list_occurrences(query: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """List the dates of a meeting, earliest first. A fellowship meeting has none: its rule says when it is."""
    meeting = schedule.get_meeting(actor.current().organisation_id, meeting_id)
    wanted = agenda.all_dates(meeting, since=query["since"], until=query["until"])
    return cursors.page(wanted, query, by=(Occurrence.starts_at, Occurrence.id))


@door.get("/occurrences/<uuid:occurrence_id>")
@guards.needs("api:meetings:read")
@etags.shown
@door.answers(200, schemas.Occurrence)
def show_occurrence(occurrence_id: uuid.UUID) -> Any:
    """Show one date."""
    return schedule.get_occurrence(actor.current().organisation_id, occurrence_id)


@door.patch("/occurrences/<uuid:occurrence_id>")
@guards.needs("api:meetings:write")
@etags.needed
@etags.shown
@door.takes(schemas.OccurrenceChange)
@door.answers(200, schemas.Occurrence)
@door.refuses(409, "The date has begun, was cancelled, or is online and has no place.")
def change_occurrence(body: dict[str, Any], occurrence_id: uuid.UUID) -> Any:
    """Move a date, cancel or reinstate it, change its seats, place or note; everybody affected is told once."""
    organisation_id = actor.current().organisation_id
    closed.hold(organisation_id)
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    etags.match(schemas.Occurrence().dump(occurrence))
    return _change(body, organisation_id, occurrence_id)


def _change(body: dict[str, Any], organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    keys, by = (organisation_id, occurrence_id), reading.caller()
    if "start_local" in body:
        return changes.move_occurrence(*keys, to=body["start_local"], by=by).occurrence
    if "status" in body:
        put = changes.cancel_occurrence if body["status"] == "cancelled" else changes.reinstate_occurrence
        return put(*keys, by=by).occurrence
    if "place" in body:
        return dates.change_place(*keys, **body["place"], by=by).occurrence
    if "note" in body:
        return dates.change_note(*keys, note=body["note"], by=by)
    return dates.change_capacity(*keys, capacity=body["capacity"], by=by)


def _draft(body: dict[str, Any], zone: str) -> publishing.Draft:
    return publishing.Draft(**{"zone": zone} | _facts(body))


def _changed(draft: publishing.Draft, body: dict[str, Any]) -> publishing.Draft:
    return replace(draft, **_facts(body))


def _facts(body: dict[str, Any]) -> dict[str, Any]:
    """Say what a body says, as a draft calls it."""
    facts: dict[str, Any] = {NAMES.get(name, name): _listed(value) for name, value in body.items()}
    if facts.get("repeat"):
        facts["repeat"] = Repeat(**{name: _listed(value) for name, value in facts["repeat"].items()})
    if "place" in facts:
        place = {"name": "", "address": "", "detail": ""} | facts.pop("place")
        facts |= {f"place_{name}": said for name, said in place.items()}
    return facts


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def shown(organisation_id: uuid.UUID, meetings: Sequence[Meeting]) -> list[dict[str, Any]]:
    """Show meetings with their places, types and closures, in three queries however many they are."""
    known = schedule.places(organisation_id, [each.place_id for each in meetings])
    types = agenda.types_of(organisation_id, [each.id for each in meetings])
    today = clock.today("UTC")
    shut = closed.between(organisation_id, today - A_DAY, today + A_DAY + AHEAD)
    return [
        _meeting(
            each, known.get(each.place_id) if each.place_id else None, [row.code for row in types.get(each.id, [])]
        )
        | {"closure": _closure(each, shut)}
        for each in meetings
    ]


def _closure(meeting: Meeting, shut: Closed) -> dict[str, Any] | None:
    today = clock.today(meeting.zone)
    found = shut.next_of(meeting, today, today + AHEAD)
    if found is None:
        return None
    days = {"first_day": found.first_day, "last_day": found.last_day, "reopens_on": found.reopens_on}
    return {"id": found.id} | days


def _meeting(meeting: Meeting, place: Place | None, codes: list[str]) -> dict[str, Any]:
    said = {column.key: getattr(meeting, column.key) for column in Meeting.__table__.columns}
    if meeting.is_join_withheld:
        said |= {"join_url": "", "join_phone": "", "join_notes": ""}
    repeats = meeting.rule is not None and meeting.start_local is not None
    return said | {
        "types": codes,
        "place": _place(place, meeting.place_detail) if place else None,
        "repeat": asdict(repeat_of(schedule.pattern_of(meeting))) if repeats else None,
    }


def _place(place: Place, detail: str) -> dict[str, Any]:
    return {
        "name": place.name,
        "address": place.address,
        "detail": detail,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
