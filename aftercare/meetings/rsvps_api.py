"""The API of answers: who comes to a date, who waits, and what became of a patient's wish."""

import uuid
from typing import Any

from aftercare import config
from aftercare.audit import reading
from aftercare.http import actor, api, cursors, fields, guards, idempotency
from aftercare.meetings import answer_links, rsvps, schedule, schemas
from aftercare.meetings.models import Rsvp
from aftercare.people import accounts
from aftercare.people.models import Person

door = api.Door("rsvps", "Who comes to a date: the answers of patients, seats and the waiting list.")
WISHES = {"going": "yes", "declined": "no", "maybe": "maybe"}


@door.get("/occurrences/<uuid:occurrence_id>/rsvps")
@guards.writes
@guards.needs("api:rsvps:read")
@door.asks(fields.PageQuery)
@door.answers(200, schemas.RsvpPage)
def list_rsvps(query: dict[str, Any], occurrence_id: uuid.UUID) -> Any:
    """List the answers for a date."""
    organisation_id = actor.current().organisation_id
    schedule.get_occurrence(organisation_id, occurrence_id)
    page = cursors.page(rsvps.all_answers(organisation_id, occurrence_id), query, by=(Rsvp.person_id,))
    people = accounts.people_named(organisation_id, [row.person_id for row in page.items])
    line = rsvps.line(organisation_id, occurrence_id)
    reading.note_list("rsvps.listed", about="occurrence", of=occurrence_id, ids=[row.person_id for row in page.items])
    return {"items": [_shown(row, people[row.person_id], line) for row in page.items], "next": page.next}


@door.get("/occurrences/<uuid:occurrence_id>/rsvps/<uuid:patient_id>")
@guards.writes
@guards.needs("api:rsvps:read")
@door.answers(200, schemas.Rsvp)
def show_rsvp(occurrence_id: uuid.UUID, patient_id: uuid.UUID) -> Any:
    """Show what a patient answered for a date; `none` if nothing yet."""
    organisation_id = actor.current().organisation_id
    schedule.get_occurrence(organisation_id, occurrence_id)
    person = accounts.require_patient(organisation_id, patient_id)
    reading.note("rsvp.read", about="occurrence", about_id=occurrence_id, person_id=patient_id)
    return _answer(organisation_id, occurrence_id, person)


@door.put("/occurrences/<uuid:occurrence_id>/rsvps/<uuid:patient_id>")
@guards.needs("api:rsvps:write")
@door.takes(schemas.Wish)
@door.answers(200, schemas.Rsvp)
@door.refuses(409, "The date was cancelled, is full and has begun, or takes no more answers.")
def answer_rsvp(body: dict[str, Any], occurrence_id: uuid.UUID, patient_id: uuid.UUID) -> Any:
    """Answer for a patient. `going` gives a seat, or a place in line when all seats are taken."""
    organisation_id = actor.current().organisation_id
    rsvps.answer(organisation_id, occurrence_id, patient_id, WISHES[body["status"]], via="staff", by=reading.caller())
    return _answer(organisation_id, occurrence_id, accounts.get_person(organisation_id, patient_id))


@door.post("/occurrences/<uuid:occurrence_id>/rsvps/<uuid:patient_id>/links")
@guards.needs("api:rsvps:write")
@idempotency.once
@door.answers(201, schemas.AnswerLink)
@door.refuses(422, "The Idempotency-Key cannot be read, or was used for another request.")
def make_link(occurrence_id: uuid.UUID, patient_id: uuid.UUID) -> Any:
    """Make a one-tap link with which a patient answers for a date without signing in."""
    organisation_id = actor.current().organisation_id
    secret = answer_links.create(organisation_id, occurrence_id, patient_id)
    reading.note("rsvp.link_made", about="occurrence", about_id=occurrence_id, person_id=patient_id)
    return {"url": f"{config.current().base_url}/r/{secret}"}


def _answer(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, person: Person) -> dict[str, Any]:
    row = rsvps.find_answer(organisation_id, occurrence_id, person.id)
    if row is None:
        return {"occurrence_id": occurrence_id, "patient_id": person.id, "status": "none"} | _NOTHING | _named(person)
    return _shown(row, person, rsvps.line(organisation_id, occurrence_id) if row.status == "waitlisted" else [])


_NOTHING = {"position": None, "offered_until": None, "confirmed_at": None, "answered_at": None}


def _shown(row: Rsvp, person: Person, line: list[uuid.UUID]) -> dict[str, Any]:
    return {
        "occurrence_id": row.occurrence_id,
        "patient_id": row.person_id,
        "status": row.status,
        "position": line.index(row.person_id) + 1 if row.status == "waitlisted" else None,
        "offered_until": row.offered_until,
        "confirmed_at": row.confirmed_at,
        "answered_at": row.answered_at,
    } | _named(person)


def _named(person: Person) -> dict[str, str]:
    """Name a patient only to those who may read patients."""
    return {"name": person.name} if actor.current().may("api:patients:read") else {}
