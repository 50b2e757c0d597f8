from datetime import timedelta

import pytest
from sqlalchemy import update

from aftercare.consent import ledger
from aftercare.conversations import reminders
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, dates, schedule
from aftercare.meetings.recurrence import instant
from aftercare.messaging import outbox
from aftercare.people.models import Person
from tests.conftest import MONDAY, query_count
from tests.conversations.reminding import (
    answer,
    in_pages,
    leave,
    plan,
    refused,
    spoken,
    texts,
    texts_of_all,
    thursday,
    to,
)
from tests.factories import (
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def test_who_is_going_is_reminded_two_days_and_two_hours_before(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))

    to(hold, occurrence, hours=49)
    plan()
    to(hold, occurrence, hours=20)
    plan()

    assert [occurrence.starts_at - m.due_at for m in texts()] == [timedelta(hours=48), timedelta(hours=2)]
    assert {(m.person_id, m.occurrence_id, m.asks, m.useful_until) for m in texts()} == {
        (ana.id, occurrence.id, True, occurrence.starts_at)
    }


def test_planning_twice_changes_nothing(clinic, hold):
    occurrence = thursday(clinic)
    make_rsvp(occurrence, make_person(clinic), created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)

    assert [plan(), plan(), plan()] == [1, 0, 0]


def test_the_hours_are_those_of_the_organisation(clinic, hold):
    with transaction():
        db.session.merge(clinic).reminder_hours = [24]
    occurrence = thursday(clinic)
    make_rsvp(occurrence, make_person(clinic), created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=30)

    plan()

    assert [m.due_at for m in texts()] == [occurrence.starts_at - timedelta(hours=24)]


def test_maybes_and_silent_members_are_asked_too_and_others_are_not(clinic, hold):
    occurrence = thursday(clinic)
    people = {status: make_person(clinic) for status in ("going", "maybe", "declined", "cancelled", "void")}
    for status, person in people.items():
        make_rsvp(occurrence, person, status=status, created_at=clock.now() - timedelta(days=7))
    waiting, silent, declined, former, stranger = (make_person(clinic) for _ in range(5))
    make_rsvp(occurrence, waiting, status="waitlisted", position=1)
    meeting = schedule.get_meeting(clinic.id, occurrence.meeting_id)
    make_member(meeting, silent)
    make_member(meeting, declined)
    make_rsvp(occurrence, declined, status="declined")
    with transaction():
        db.session.merge(make_member(meeting, former)).until = occurrence.occurs_on - timedelta(days=1)
    to(hold, occurrence, hours=49)

    plan()

    assert {m.person_id for m in texts()} == {people["going"].id, people["maybe"].id, silent.id}
    assert stranger.id not in {m.person_id for m in texts()}


def test_a_yes_to_a_reminder_silences_the_later_ones(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()
    to(hold, occurrence, hours=48)
    leave()
    to(hold, occurrence, hours=47)
    answer(occurrence, ana, via="sms")
    to(hold, occurrence, hours=20)

    assert plan() == 0


def test_a_yes_by_oneself_long_ago_is_asked_after_all_the_same(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    answer(occurrence, ana)
    to(hold, occurrence, hours=30)
    plan()
    to(hold, occurrence, hours=20)
    plan()

    assert [m.due_at for m in texts()] == [
        occurrence.starts_at - timedelta(hours=30),
        occurrence.starts_at - timedelta(hours=2),
    ]
    assert refused() == []


def test_a_maybe_is_asked_again(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, status="maybe", created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=48)
    plan()
    leave()
    to(hold, occurrence, hours=47)
    answer(occurrence, ana, "maybe", via="sms")
    to(hold, occurrence, hours=20)

    assert plan() == 1


def test_no_reminder_goes_to_somebody_who_has_left(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()
    with transaction():
        db.session.execute(update(Person).where(Person.id == ana.id).values(left_at=clock.now()))

    assert refused() == ["left"]
    to(hold, occurrence, hours=20)
    assert plan() == 0


def test_when_the_date_moves_the_reminder_moves_with_it(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()

    later = occurrence.start_local + timedelta(hours=1)
    with transaction():
        changes.move_occurrence(clinic.id, occurrence.id, to=later, by=None)
    plan()

    starts_at = instant(later, "America/Denver")
    found = [(m.state, m.due_at, m.useful_until) for m in texts()]
    assert found[1:] == [("pending", starts_at - timedelta(hours=48), starts_at)]
    assert found[0][0] == "cancelled"


def test_a_change_of_seats_reminds_nobody_again(clinic, hold):
    occurrence, ana = thursday(clinic, capacity=5), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=48)
    plan()
    leave()

    with transaction():
        dates.change_capacity(clinic.id, occurrence.id, capacity=6, by=None)

    assert plan() == 0


def test_a_cancelled_date_reminds_nobody(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()

    with transaction():
        changes.cancel_occurrence(clinic.id, occurrence.id, by=None)

    assert [m.state for m in texts()] == ["cancelled"]
    assert plan() == 0


def test_nothing_is_planned_without_agreement_or_for_a_dead_number(clinic, hold):
    occurrence = thursday(clinic)
    agrees, refuses, frozen = make_person(clinic), make_person(clinic, agrees_to_texts=False), make_person(clinic)
    for person in (agrees, refuses, frozen, make_person(clinic, phone=None, agrees_to_texts=False)):
        make_rsvp(occurrence, person, created_at=clock.now() - timedelta(days=7))
    with transaction():
        db.session.merge(frozen).phone_frozen_at = clock.now()
    to(hold, occurrence, hours=49)

    plan()

    assert [m.person_id for m in texts()] == [agrees.id]


def test_who_stops_and_starts_again_is_reminded_after_all(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=60)
    plan()
    with transaction():
        ledger.withdraw_texts(db.session.merge(ana), way="text")
        outbox.cancel(clinic.id, person_id=ana.id, reason=outbox.STOPPED)

    assert plan() == 0
    hold(clock.now() + timedelta(minutes=1))
    with transaction():
        ledger.grant_texts(db.session.merge(ana), way="text")

    assert [plan(), plan()] == [1, 0]
    assert [m.state for m in texts()] == ["cancelled", "pending"]


def test_late_sign_ups_are_not_reminded_of_what_they_have_just_said(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    to(hold, occurrence, hours=1)
    answer(occurrence, ana)

    for minutes in (59, 30, 1):
        to(hold, occurrence, minutes=minutes)
        assert plan() == 0


def test_a_reminder_speaks_the_persons_language_and_names_nothing(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic, language="es")
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)

    plan()

    assert [(m.number, m.body) for m in texts()] == [("", "")]
    assert spoken() == [
        "Recordatorio: jue 5 nov, 6:00 p.m. Responde S si vienes, N si no. AYUDA para ayuda, ALTO para terminar."
    ]


def test_one_organisation_never_reminds_the_people_of_another(clinic, hold):
    other = make_organisation()
    here, there = thursday(clinic), thursday(other)
    ana, ben = make_person(clinic), make_person(other)
    make_rsvp(here, ana, created_at=clock.now() - timedelta(days=7))
    make_rsvp(there, ben, created_at=clock.now() - timedelta(days=7))
    to(hold, here, hours=49)

    assert plan() == 2
    assert {(m.organisation_id, m.person_id, m.occurrence_id) for m in texts()} == {
        (clinic.id, ana.id, here.id),
        (other.id, ben.id, there.id),
    }


@pytest.mark.parametrize("page", [{"dates": 5}, {"dates": 1}, {"people": 1}, {"people": 4, "dates": 3}])
def test_pages_of_dates_leave_nobody_out(page, clinic, hold):
    meeting, ana = make_meeting(clinic), make_person(clinic)
    first = clock.now().replace(tzinfo=None, day=5, hour=8)
    starts = [first + timedelta(minutes=10 * (number // 2)) for number in range(23)]
    dates = [
        make_occurrence(meeting, starts=moment, slot_local=first + timedelta(days=7, minutes=number))
        for number, moment in enumerate(starts)
    ]
    for date in dates:
        make_rsvp(date, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, dates[0], hours=49)

    assert [in_pages(clinic, **page), in_pages(clinic, **page)] == [len(dates), 0]


def test_planning_and_looking_again_cost_the_same_for_one_as_for_twenty(app, clinic, hold):
    def costs(number):
        meeting = make_meeting(clinic)
        date = make_occurrence(meeting, starts=clock.now().replace(tzinfo=None, day=5, hour=18))
        for _ in range(number):
            make_rsvp(date, make_person(clinic), created_at=clock.now() - timedelta(days=7))
        to(hold, date, hours=49)
        count = query_count(app)
        assert plan() == number
        planned = count()
        pending = texts_of_all(state="pending")
        before = count()
        assert reminders.still_wanted(pending) == {}
        hold(MONDAY)
        return planned, count() - before

    assert costs(1) == costs(20)
