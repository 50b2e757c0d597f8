"""Messages to groups: written, looked at and sent as the page does it."""

from datetime import date

from sqlalchemy import select

from aftercare.conversations import broadcasts
from aftercare.conversations.broadcasts import MEMBERS, Broadcast
from aftercare.core.db import db, transaction
from aftercare.meetings import schedule
from aftercare.messaging.models import Message
from aftercare.recovery.models import Pause
from tests.factories import make_member, saved

WORDS = {"en": "The door is at the back today", "es": "La puerta de hoy es la de atras."}


def members(meeting, *people):
    """Let people be members of a group."""
    for person in people:
        make_member(meeting, person)
    return people


def draft(words=WORDS, audience=MEMBERS, form=None):
    """Write a message, in both languages, to all members."""
    return Broadcast(form or broadcasts.new_form(), audience, words)


def send(meeting, broadcast, by):
    """Send a message, as the page does."""
    with transaction():
        row = schedule.get_meeting(meeting.organisation_id, meeting.id)
        return broadcasts.send(row, broadcast, by=by.id)


def foresee(meeting, broadcast):
    """Look at who would read what."""
    db.session.rollback()
    return broadcasts.foresee(schedule.get_meeting(meeting.organisation_id, meeting.id), broadcast)


def posted():
    """Give every text, as the database has it now."""
    db.session.rollback()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def pause(person, first=date(2026, 11, 1), last=date(2026, 11, 30)):
    """Let somebody take a pause."""
    saved(Pause(organisation_id=person.organisation_id, person_id=person.id, first_day=first, last_day=last))
