"""The API of personal calendars: make one, and get its address once; let it say or ring otherwise; turn it off."""

import uuid
from typing import Any

from flask import url_for

from aftercare import config
from aftercare.audit import reading
from aftercare.calendars import feeds, schemas
from aftercare.calendars.models import Feed
from aftercare.http import actor, api, cursors, documents, etags, fields, guards, idempotency
from aftercare.people import accounts

door = api.Door("calendars", "Calendars that patients subscribe to, one for each device.")


@door.get("/patients/<uuid:patient_id>/calendars")
@guards.writes
@guards.needs("api:calendars:write")
@door.asks(fields.PageQuery)
@door.answers(200, schemas.CalendarPage)
def list_calendars(query: dict[str, Any], patient_id: uuid.UUID) -> Any:
    """List the calendars that a patient has turned on; their addresses are never said again."""
    person = accounts.require_patient(actor.current().organisation_id, patient_id)
    reading.note("calendars.listed", about="person", about_id=patient_id, person_id=patient_id)
    return cursors.page(feeds.all_of(person), query, by=(Feed.id,))


@door.post("/patients/<uuid:patient_id>/calendars")
@guards.needs("api:calendars:write")
@idempotency.once
@door.takes(schemas.CalendarDraft)
@door.answers(201, schemas.NewCalendar, headers=documents.LOCATED)
@door.refuses(409, "The patient has as many calendars as there can be.")
def make_calendar(body: dict[str, Any], patient_id: uuid.UUID) -> Any:
    """Make a calendar for a patient; its address is said once."""
    person = accounts.require_patient(actor.current().organisation_id, patient_id)
    feed, secret = feeds.create(person, **body, by=reading.caller())
    said = {name: getattr(feed, name) for name in schemas.Calendar().fields}
    where = url_for(f"{door.name}.show_calendar", patient_id=patient_id, calendar_id=feed.id)
    return said | {"url": f"{config.current().base_url}/c/{secret}.ics"}, {"Location": where}


@door.get("/patients/<uuid:patient_id>/calendars/<uuid:calendar_id>")
@guards.writes
@guards.needs("api:calendars:write")
@etags.shown
@door.answers(200, schemas.Calendar)
def show_calendar(patient_id: uuid.UUID, calendar_id: uuid.UUID) -> Any:
    """Show a calendar of a patient; its address is never said again."""
    patient = accounts.require_patient(actor.current().organisation_id, patient_id)
    found = feeds.get(patient.organisation_id, calendar_id, person_id=patient_id)
    reading.note("calendar.read", about="feed", about_id=calendar_id, person_id=patient_id)
    return found


@door.patch("/patients/<uuid:patient_id>/calendars/<uuid:calendar_id>")
@guards.needs("api:calendars:write")
@etags.needed
@etags.shown
@door.takes(schemas.CalendarChange)
@door.answers(200, schemas.Calendar)
def change_calendar(body: dict[str, Any], patient_id: uuid.UUID, calendar_id: uuid.UUID) -> Any:
    """Let a calendar say more or less, or ring at another time; the phone takes it over by itself, in a while."""
    keys = accounts.require_patient(actor.current().organisation_id, patient_id).organisation_id, calendar_id
    found = feeds.get(*keys, person_id=patient_id)
    etags.match(schemas.Calendar().dump(found))
    if "level" in body:
        feeds.set_level(*keys, body["level"], person_id=patient_id, by=reading.caller())
    if "alarm_minutes" in body:
        feeds.set_alarm(*keys, body["alarm_minutes"], person_id=patient_id)
    return found


@door.post("/patients/<uuid:patient_id>/calendars/<uuid:calendar_id>/revocation")
@guards.needs("api:calendars:write")
@idempotency.once
@door.answers(200, schemas.Calendar)
def revoke_calendar(patient_id: uuid.UUID, calendar_id: uuid.UUID) -> Any:
    """Turn a calendar off for good: its phone finds it empty, and after 90 days it is gone."""
    patient = accounts.require_patient(actor.current().organisation_id, patient_id)
    return feeds.revoke(patient.organisation_id, calendar_id, person_id=patient_id, by=reading.caller())
