"""Somebody whose calendar is served: months behind them, at which they were, and months ahead."""

from datetime import timedelta

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings.models import Place
from aftercare.people.models import Person
from aftercare.recovery import awards
from aftercare.recovery.models import Path
from tests.factories import (
    make_attendance,
    make_meeting,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)

HOURS_APART = 22


def goer(dates: int) -> Person:
    """Make somebody with so many dates of a group, half of them behind."""
    begin = (clock.now() - timedelta(hours=HOURS_APART * dates // 2)).replace(microsecond=0)
    clinic = make_organisation()
    place = saved(Place(organisation_id=clinic.id, name="Elm Street Center", address="12 Elm St, Denver CO 80202"))
    meeting = make_meeting(clinic, place_id=place.id, description="We talk about the week. There is tea.")
    person = make_person(clinic, created_at=begin)
    for number in range(dates):
        starts = begin.replace(tzinfo=None) + timedelta(hours=HOURS_APART * number)
        occurrence = make_occurrence(meeting, starts=starts)
        make_rsvp(occurrence, person)
        if occurrence.ends_at < clock.now():
            make_attendance(occurrence, person)
    with transaction():
        db.session.get_one(Path, (clinic.id, person.id)).enrolled_on = begin.date()
        db.session.flush()
        awards.note(person)
    return person
