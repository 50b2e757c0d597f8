"""Reminders planned, sent and looked at again, for tests."""

from datetime import timedelta

from sqlalchemy import select, update

from aftercare.conversations import reminder_words, reminders
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging.models import Message
from aftercare.people import accounts
from tests.factories import (
    make_meeting,
    make_occurrence,
)


def thursday(clinic, **given):
    """Give a date on Thursday at six in the evening; the clock stands on Monday at ten in the morning."""
    return make_occurrence(make_meeting(clinic, **given), starts=clock.now().replace(tzinfo=None, day=5, hour=18))


def plan():
    """Plan reminders as the worker does; say how many."""
    db.session.rollback()
    return reminders.plan(clock.now())


def in_pages(clinic, **page):
    """Plan reminders in pages of so many dates or people; say how many."""
    db.session.rollback()
    return reminders.plan_organisation(clinic.id, clock.now(), **page)


def texts(kind="reminder", state=None):
    """Give the texts of a kind, by when they are due."""
    db.session.rollback()
    wanted = select(Message).where(Message.kind == kind).order_by(Message.due_at, Message.id)
    return [message for message in db.session.scalars(wanted) if state in (None, message.state)]


def leave(kind="reminder"):
    """Let the texts that are due leave, as the worker would."""
    with transaction():
        due = update(Message).where(Message.kind == kind, Message.state == "pending", Message.due_at <= clock.now())
        db.session.execute(due.values(state="delivered", claimed_at=clock.now(), sent_at=clock.now()))


def refused():
    """Give the reasons why pending texts should not go."""
    db.session.rollback()
    return sorted(reminders.still_wanted(texts_of_all(state="pending")).values())


def texts_of_all(state):
    """Give the texts of every kind in a state."""
    return list(db.session.scalars(select(Message).where(Message.state == state)))


def spoken(state="pending"):
    """Give what the reminders in a state would say if they left now, by when they are due."""
    found = texts(state=state)
    people = accounts.people_anywhere((message.organisation_id, message.person_id) for message in found)
    said = reminder_words.words([(each, people[each.organisation_id, each.person_id]) for each in found])
    return [said[message.id] for message in found]


def answer(occurrence, person, wish="yes", via="web"):
    """Let somebody answer for a date."""
    with transaction():
        rsvps.answer(occurrence.organisation_id, occurrence.id, person.id, wish, via=via)


def to(hold, occurrence, **before):
    """Hold the clock some time before a date."""
    hold(occurrence.starts_at - timedelta(**before))
