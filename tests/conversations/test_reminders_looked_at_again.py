from datetime import timedelta

import pytest
from sqlalchemy import update

from aftercare.conversations import reminders
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox
from aftercare.recovery.models import Pause
from tests.conversations.reminding import answer, leave, plan, refused, texts, texts_of_all, thursday, to
from tests.factories import (
    make_member,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def test_a_reminder_falls_silent_once_the_person_has_answered(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=48)
    plan()
    leave()
    to(hold, occurrence, hours=25)
    plan()
    answer(occurrence, ana, via="sms")

    assert refused() == ["answered"]


def test_a_reminder_falls_silent_once_the_person_has_said_no(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_member(schedule.get_meeting(clinic.id, occurrence.meeting_id), ana)
    to(hold, occurrence, hours=49)
    plan()

    answer(occurrence, ana, "no")

    assert refused() == ["answered"]


def test_a_reminder_falls_silent_once_somebody_has_left_the_group(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    member = make_member(schedule.get_meeting(clinic.id, occurrence.meeting_id), ana)
    to(hold, occurrence, hours=49)
    plan()

    with transaction():
        db.session.merge(member).until = occurrence.occurs_on - timedelta(days=1)

    assert refused() == ["not expected"]


def test_a_reminder_of_the_old_time_does_not_go_even_if_nobody_cancelled_it(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()

    with transaction():
        moved = update(Occurrence).values(starts_at=occurrence.starts_at + timedelta(minutes=30))
        db.session.execute(moved.where(Occurrence.id == occurrence.id))

    assert refused() == ["meeting moved"]


def test_a_reminder_is_not_sent_after_the_start_or_of_a_cancelled_date(clinic, hold):
    occurrence, other = thursday(clinic), thursday(clinic)
    for date in (occurrence, other):
        make_rsvp(date, make_person(clinic), created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()
    with transaction():
        db.session.execute(update(Occurrence).where(Occurrence.id == other.id).values(status="cancelled"))
    hold(occurrence.starts_at)

    assert refused() == ["begun", "meeting cancelled"]


def test_reminders_rest_in_a_pause(clinic, hold):
    occurrence, ana, ben = thursday(clinic), make_person(clinic), make_person(clinic)
    for person in (ana, ben):
        make_rsvp(occurrence, person, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=48)
    today = clock.today(ana.zone)
    plan()
    saved(Pause(organisation_id=clinic.id, person_id=ana.id, first_day=today, last_day=today))

    still = texts_of_all(state="pending")
    assert {m.person_id: reminders.still_wanted(still).get(m.id) for m in still} == {ana.id: "paused", ben.id: None}


def test_an_offer_goes_only_while_it_holds(clinic, hold, monday):
    occurrence = thursday(clinic, capacity=1)
    first, second = make_person(clinic), make_person(clinic)
    answer(occurrence, first)
    answer(occurrence, second)
    answer(occurrence, first, "no")

    assert refused() == []
    hold(monday + timedelta(hours=5))
    assert refused() == ["offer over"]


def test_an_offer_that_was_answered_does_not_go(clinic):
    occurrence, ana = thursday(clinic, capacity=1), make_person(clinic)
    make_rsvp(occurrence, ana)
    with transaction():
        outbox.post(
            ana, "offer", once="offer", occurs_on=occurrence.occurs_on, about=occurrence.id, asks=True,
            useful_until=occurrence.starts_at, when=occurrence.start_local, until=occurrence.start_local,
        )  # fmt: skip

    assert refused() == ["answered"]


def test_news_of_a_move_goes_to_everybody_who_has_not_said_no(clinic):
    occurrence = thursday(clinic, capacity=1)
    going, waiting, gone = (make_person(clinic) for _ in range(3))
    for person in (going, waiting, gone):
        answer(occurrence, person)
    with transaction():
        changes.move_occurrence(clinic.id, occurrence.id, to=occurrence.start_local + timedelta(hours=1), by=None)

    answer(occurrence, gone, "no")

    assert len(texts("moved")) == 3
    assert refused() == ["answered"]
