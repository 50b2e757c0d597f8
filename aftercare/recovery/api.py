"""The API of how far somebody has come: streak and milestones. Reading them leaves a trace."""

import uuid
from dataclasses import asdict
from typing import Any

from aftercare.audit import reading
from aftercare.http import actor, api, etags, guards
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery import awards, progress, schemas

door = api.Door("recovery", "How far a patient has come: weeks in a row, and the numbers worth a word.")


@door.get("/patients/<uuid:patient_id>/streak")
@guards.writes
@guards.needs("api:patients:read")
@etags.shown
@door.answers(200, schemas.Streak)
def show_streak(patient_id: uuid.UUID) -> Any:
    """Show a patient's weekly goal streak."""
    made = progress.whole(_patient(patient_id, "streak.read"))
    return asdict(made.streak) | {"patient_id": patient_id, "shows_streak": made.shows_streak}


@door.get("/patients/<uuid:patient_id>/milestones")
@guards.writes
@guards.needs("api:patients:read")
@etags.shown
@door.answers(200, schemas.Milestones)
def show_milestones(patient_id: uuid.UUID) -> Any:
    """Show what a patient has reached."""
    return {"patient_id": patient_id, "items": awards.of(_patient(patient_id, "milestones.read"))}


def _patient(patient_id: uuid.UUID, act: str) -> Person:
    person = accounts.require_patient(actor.current().organisation_id, patient_id)
    reading.note(act, about="person", about_id=patient_id, person_id=patient_id)
    return person
