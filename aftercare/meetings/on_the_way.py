"""On the way: somebody says that they come, and will be late; the host reads it on the roll (messaging.md)."""

import uuid

from aftercare.core import clock
from aftercare.core.db import db
from aftercare.meetings import rsvps, schedule
from aftercare.meetings.models import Rsvp
from aftercare.meetings.waitlist import Outcome, Status

COMING = (Status.GOING, Status.NONE, Status.MAYBE)


def note(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, person_id: uuid.UUID, *, via: str) -> Outcome:
    """Take a person's word that they are on the way: it is a yes, and their host is told; raise Conflict as a yes does.

    After the start no seat changes hands; of a member who had not answered, a maybe is kept with it.
    """
    outcome = rsvps.answer(organisation_id, occurrence_id, person_id, "yes", via=via)
    if outcome.on_my_way or outcome.status in COMING:
        _keep(organisation_id, occurrence_id, person_id)
    return outcome


def _keep(organisation_id: uuid.UUID, occurrence_id: uuid.UUID, person_id: uuid.UUID) -> None:
    now = clock.now()
    rsvp = rsvps.find_answer(organisation_id, occurrence_id, person_id)
    if rsvp is None:
        occurrence = schedule.get_occurrence(organisation_id, occurrence_id)
        rsvp = Rsvp(
            organisation_id=organisation_id,
            occurrence_id=occurrence_id,
            occurs_on=occurrence.occurs_on,
            person_id=person_id,
            status=Status.MAYBE.value,
            answered_at=now,
        )
        db.session.add(rsvp)
    rsvp.on_the_way_at = now
    db.session.flush()
