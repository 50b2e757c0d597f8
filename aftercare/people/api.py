"""The API of patients. Reading them leaves a trace."""

import uuid
from typing import Any

from flask import url_for

from aftercare.audit import reading
from aftercare.core import phone
from aftercare.http import actor, api, cursors, documents, etags, fields, guards, idempotency
from aftercare.people import accounts, organisations, schemas
from aftercare.people.models import Person

door = api.Door("patients", "Patients: who they are, and how they are doing.")


@door.get("/patients")
@guards.writes
@guards.needs("api:patients:read")
@door.asks(fields.PageQuery)
@door.answers(200, schemas.PatientPage)
def list_patients(query: dict[str, Any]) -> Any:
    """List the patients who have not left."""
    page = cursors.page(accounts.with_role(actor.current().organisation_id, "patient"), query, by=(Person.id,))
    reading.note_list("patients.listed", about="person", ids=[person.id for person in page.items])
    return {"items": [_shown(person) for person in page.items], "next": page.next}


@door.post("/patients")
@guards.needs("api:patients:write")
@idempotency.once
@door.takes(schemas.PatientDraft)
@door.answers(201, schemas.Patient, headers=documents.LOCATED)
def add_patient(body: dict[str, Any]) -> Any:
    """Add a patient."""
    organisation = organisations.get_organisation(actor.current().organisation_id)
    typed = body.pop("phone")
    number = phone.read_mobile(typed, ours=organisations.own_numbers(organisation)) if typed else None
    person = accounts.add_person(organisation, roles=["patient"], phone=number, by=reading.caller(), **body)
    return _shown(person), {"Location": url_for(f"{door.name}.show_patient", patient_id=person.id)}


@door.get("/patients/<uuid:patient_id>")
@guards.writes
@guards.needs("api:patients:read")
@etags.shown
@door.answers(200, schemas.Patient)
def show_patient(patient_id: uuid.UUID) -> Any:
    """Show a patient."""
    person = accounts.require_patient(actor.current().organisation_id, patient_id)
    reading.note("patient.read", about="person", about_id=person.id, person_id=person.id)
    return _shown(person)


def _shown(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "phone": phone.masked(person.phone) if person.phone else None,
        "language": person.language,
        "zone": person.zone,
        "created_at": person.created_at,
        "left_at": person.left_at,
    }
