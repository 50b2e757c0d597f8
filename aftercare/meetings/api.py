"""The API of meetings and their dates."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import url_for

from aftercare.audit import reading
from aftercare.http import actor, api, cursors, documents, etags, guards, idempotency
from aftercare.meetings import agenda, changes, dates, publishing, schedule, schemas
from aftercare.meetings.models import Meeting, Occurrence, Place
from aftercare.meetings.recurrence import repeat_of
from aftercare.meetings.repeats import Repeat

door = api.Door("meetings", "Meetings, and the dates of those that an organisation runs itself.")


@door.get("/meetings")
@guards.needs("api:meetings:read")
@door.asks(schemas.MeetingQuery)
@door.answers(200, schemas.MeetingPage)
def list_meetings(query: dict[str, Any]) -> Any:
    """List the meetings that have not ended."""
    organisation_id = actor.current().organisation_id
    page = cursors.page(agenda.all_meetings(organisation_id, query["kind"]), query, by=(Meeting.id,))
    return {"items": _shown(organisation_id, page.items), "next": page.next}


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
    return _shown(asking.organisation_id, [meeting])[0], {"Location": where}


@door.get("/meetings/<uuid:meeting_id>")
@guards.needs("api:meetings:read")
@etags.shown
@door.answers(200, schemas.Meeting)
def show_meeting(meeting_id: uuid.UUID) -> Any:
    """Show a meeting."""
    organisation_id = actor.current().organisation_id
    return _shown(organisation_id, [schedule.get_meeting(organisation_id, meeting_id)])[0]


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
@door.refuses(409, "The date has begun, or was cancelled.")
def change_occurrence(body: dict[str, Any], occurrence_id: uuid.UUID) -> Any:
    """Move a date, cancel it, or change its seats; everybody affected is told once."""
    organisation_id = actor.current().organisation_id
    occurrence = schedule.lock_occurrence(organisation_id, occurrence_id)
    etags.match(schemas.Occurrence().dump(occurrence))
    return _change(body, organisation_id, occurrence_id)


def _change(body: dict[str, Any], organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> Occurrence:
    by = reading.caller()
    if "start_local" in body:
        return changes.move_occurrence(organisation_id, occurrence_id, to=body["start_local"], by=by).occurrence
    if "status" in body:
        return changes.cancel_occurrence(organisation_id, occurrence_id, by=by).occurrence
    return dates.change_capacity(organisation_id, occurrence_id, capacity=body["capacity"], by=by)


def _draft(body: dict[str, Any], zone: str) -> publishing.Draft:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    place, repeat = given.pop("place"), given.pop("repeat")
    return publishing.Draft(
        first=given.pop("start_local"),
        zone=given.pop("zone", zone),
        repeat=Repeat(**repeat | {"weekdays": tuple(repeat["weekdays"])}) if repeat else None,
        place_name=place.get("name", ""),
        place_address=place.get("address", ""),
        place_detail=place.get("detail", ""),
        **given,
    )


def _shown(organisation_id: uuid.UUID, meetings: Sequence[Meeting]) -> list[dict[str, Any]]:
    """Show meetings with their places and types, in two queries however many they are."""
    known = schedule.places(organisation_id, [each.place_id for each in meetings])
    types = agenda.types_of(organisation_id, [each.id for each in meetings])
    return [
        _meeting(
            each, known.get(each.place_id) if each.place_id else None, [row.code for row in types.get(each.id, [])]
        )
        for each in meetings
    ]


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
