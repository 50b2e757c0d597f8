from datetime import timedelta

import pytest
from sqlalchemy import select, update

from aftercare.consent import ledger
from aftercare.conversations import reminders
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, rsvps, schedule
from aftercare.meetings.models import Occurrence
from aftercare.meetings.recurrence import instant
from aftercare.messaging import outbox
from aftercare.messaging.models import Message
from aftercare.people.models import Person
from aftercare.recovery.models import Pause
from tests.conftest import MONDAY, query_count
from tests.factories import (
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def thursday(clinic, **given):
    """Give a date on Thursday at six in the evening; the clock stands on Monday at ten in the morning."""
    return make_occurrence(make_meeting(clinic, **given), starts=clock.now().replace(tzinfo=None, day=5, hour=18))


def plan():
    db.session.rollback()
    return reminders.plan(clock.now())


def texts(kind="reminder", state=None):
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
    return list(db.session.scalars(select(Message).where(Message.state == state)))


def answer(occurrence, person, wish="yes", via="web"):
    with transaction():
        rsvps.answer(occurrence.organisation_id, occurrence.id, person.id, wish, via=via)


def to(hold, occurrence, **before):
    hold(occurrence.starts_at - timedelta(**before))


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


def test_a_reminder_of_the_old_time_does_not_go_even_if_nobody_cancelled_it(clinic, hold):
    occurrence, ana = thursday(clinic), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=49)
    plan()

    with transaction():
        moved = update(Occurrence).values(starts_at=occurrence.starts_at + timedelta(minutes=30))
        db.session.execute(moved.where(Occurrence.id == occurrence.id))

    assert refused() == ["meeting moved"]


def test_a_change_of_seats_reminds_nobody_again(clinic, hold):
    occurrence, ana = thursday(clinic, capacity=5), make_person(clinic)
    make_rsvp(occurrence, ana, created_at=clock.now() - timedelta(days=7))
    to(hold, occurrence, hours=48)
    plan()
    leave()

    with transaction():
        changes.change_capacity(clinic.id, occurrence.id, capacity=6, by=None)

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

    assert [m.body for m in texts()] == [
        "Recordatorio: jue 5 nov, 6:00 p.m. Responde S si vienes, N si no. AYUDA para ayuda, ALTO para terminar."
    ]


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


def test_pages_of_dates_leave_nobody_out(clinic, hold, monkeypatch):
    monkeypatch.setattr(reminders, "DATES_AT_ONCE", 2)
    monkeypatch.setattr(reminders, "PEOPLE_AT_ONCE", 2)
    dates = [thursday(clinic) for _ in range(5)]
    for date in dates:
        for _ in range(3):
            make_rsvp(date, make_person(clinic), created_at=clock.now() - timedelta(days=7))
    to(hold, dates[0], hours=49)

    assert [plan(), plan()] == [15, 0]


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
