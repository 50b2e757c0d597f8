from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.conversations import agreement
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import numbers
from aftercare.messaging.models import Message
from tests.conversations.new_number import NEW, again
from tests.conversations.reminding import plan, thursday
from tests.factories import make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.mark.parametrize("was_frozen", [False, True])
def test_who_agrees_anew_is_reminded_anew_on_the_number_they_have(clinic, hold, was_frozen):
    date, ana = thursday(clinic), make_person(clinic)
    make_rsvp(date, ana, created_at=clock.now() - timedelta(days=7))
    hold(date.starts_at - timedelta(hours=60))
    plan()
    if was_frozen:
        freeze(ana)
    with transaction():
        numbers.take(again(ana), ana.phone if was_frozen else NEW, way="web")
    assert plan() == 0
    hold(clock.now() + timedelta(minutes=1))

    with transaction():
        agreement.agree(again(ana), names_meetings=False)

    assert [plan(), plan()] == [1, 0]
    assert [message.state for message in reminders_of(ana)] == ["cancelled", "pending"]
    assert reminders_of(ana)[-1].number_hash == again(ana).phone_hash


def freeze(person):
    with transaction():
        numbers.freeze([again(person)], way="carrier")


def reminders_of(person):
    db.session.rollback()
    wanted = select(Message).where(Message.kind == "reminder", Message.person_id == person.id)
    return list(db.session.scalars(wanted.order_by(Message.id)))
