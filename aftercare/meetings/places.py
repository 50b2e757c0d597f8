"""Where people meet: a place is known by its name and its address."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings import schedule
from aftercare.meetings.models import Meeting, Occurrence, Place

LONGEST = 255


def said(occurrence: Occurrence) -> str:
    """Say where a date is, in a word; empty if nobody said."""
    place = schedule.place_of(occurrence, schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id))
    return (place.name or place.address) if place else ""


def usual(occurrence: Occurrence) -> str:
    """Say where the meeting of a date is otherwise."""
    place = schedule.place_of(None, schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id))
    return (place.name or place.address) if place else ""


def in_use(organisation_id: uuid.UUID) -> Sequence[Place]:
    """Give the places where programme meetings are, by name."""
    used = select(Meeting.place_id).where(
        Meeting.organisation_id == organisation_id, Meeting.kind == "programme", Meeting.ended_at.is_(None)
    )
    wanted = select(Place).where(Place.organisation_id == organisation_id, Place.id.in_(used))
    return db.session.scalars(wanted.order_by(Place.name, Place.address, Place.id)).all()


def named(organisation_id: uuid.UUID, name: str, address: str) -> uuid.UUID | None:
    """Give the place of this name and address, made if it is new; None if neither is said."""
    name, address = name.strip(), address.strip()
    if not (name or address):
        return None
    wanted = select(Place).where(Place.organisation_id == organisation_id, Place.name == name, Place.address == address)
    place = db.session.scalars(wanted).first()
    if place is None:
        place = Place(organisation_id=organisation_id, name=name, address=address)
        db.session.add(place)
        db.session.flush()
    return place.id
