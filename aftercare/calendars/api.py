"""The API of personal calendars: make one, and get its address once."""

import uuid
from typing import Any

from aftercare import config
from aftercare.audit import reading
from aftercare.calendars import feeds, schemas
from aftercare.http import actor, api, guards, idempotency
from aftercare.people import accounts

door = api.Door("calendars", "Calendars that patients subscribe to, one for each device.")


@door.post("/patients/<uuid:patient_id>/calendars")
@guards.needs("api:calendars:write")
@idempotency.once
@door.takes(schemas.CalendarDraft)
@door.answers(201, schemas.Calendar)
@door.refuses(409, "The patient has as many calendars as there can be.")
def make_calendar(body: dict[str, Any], patient_id: uuid.UUID) -> Any:
    """Make a calendar for a patient; its address is said once."""
    person = accounts.require_patient(actor.current().organisation_id, patient_id)
    feed, secret = feeds.create(person, name=body["name"], level=body["level"], by=reading.caller())
    return {
        "id": feed.id,
        "url": f"{config.current().base_url}/c/{secret}.ics",
        "name": feed.name,
        "level": feed.level,
        "created_at": feed.created_at,
    }
