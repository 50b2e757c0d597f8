"""The API of who was there: a program records what staff saw."""

import uuid
from typing import Any

from aftercare.attendance import check_in, schemas
from aftercare.audit import reading
from aftercare.http import actor, api, guards

door = api.Door("attendance", "Who was there. One record for a patient at a date: recording it again corrects it.")


@door.put("/occurrences/<uuid:occurrence_id>/attendance/<uuid:patient_id>")
@guards.needs("api:attendance:write")
@door.takes(schemas.Mark)
@door.answers(200, schemas.Attendance)
@door.refuses(409, "The date was cancelled, or its door is not open yet (it opens 30 minutes before the start).")
def record_attendance(body: dict[str, Any], occurrence_id: uuid.UUID, patient_id: uuid.UUID) -> Any:
    """Record what staff saw of a patient at a date."""
    found = check_in.by_staff(
        actor.current().organisation_id,
        occurrence_id,
        patient_id,
        by=reading.caller(),
        mark=body["status"],
        reason=body["reason"],
    )
    record = found.record
    return {
        "occurrence_id": record.occurrence_id,
        "patient_id": record.person_id,
        "status": record.state,
        "credit_date": record.credit_date,
        "arrived_at": record.arrived_at,
        "way": record.way,
        "assurance": record.assurance,
        "updated_at": record.updated_at,
    }
