from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.meetings import changes, publishing, rsvps, schedule
from aftercare.meetings.models import Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp

WEEKLY = Repeat(every=1, unit="week", weekdays=(1,))


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def draft(**given):
    defaults: dict[str, Any] = {
        "name": "Tools",
        "first": datetime(2026, 11, 3, 18, 0),
        "zone": "America/Denver",
        "repeat": WEEKLY,
    }
    return Draft(**defaults | given)


def publish(clinic, **given):
    with transaction():
        return publishing.publish(clinic.id, draft(**given), by=None)


def dates(meeting):
    wanted = select(Occurrence).where(Occurrence.meeting_id == meeting.id).order_by(Occurrence.starts_at)
    return list(db.session.scalars(wanted))


def test_cancelling_a_date_voids_its_answers_and_tells_each_once_with_the_next_date(clinic):
    meeting = publish(clinic, capacity=1)
    first, second = dates(meeting)[:2]
    going, waiting = make_person(clinic), make_person(clinic)
    for person in (going, waiting):
        with transaction():
            rsvps.answer(clinic.id, first.id, person.id, "yes", via="web")

    for _ in range(2):
        with transaction():
            changes.cancel_occurrence(clinic.id, first.id, by=None)

    told = list(db.session.scalars(select(Message)))
    assert {(m.kind, m.person_id, m.occurrence_id) for m in told} == {
        ("cancelled_next", going.id, second.id),
        ("cancelled_next", waiting.id, second.id),
    }
    assert {row.status for row in rsvps.answers(first)} == {"void"}


def test_a_moved_date_keeps_its_identity_and_its_answers_but_asks_anew(clinic):
    meeting = publish(clinic)
    date = dates(meeting)[0]
    ana = make_person(clinic)
    with transaction():
        rsvps.answer(clinic.id, date.id, ana.id, "yes", via="web")

    with transaction():
        changes.move_occurrence(clinic.id, date.id, to=datetime(2026, 11, 4, 19, 30), by=None)

    moved = schedule.get_occurrence(clinic.id, date.id)
    assert (moved.slot_local, moved.status) == (datetime(2026, 11, 3, 18, 0), "moved")
    assert moved.starts_at == datetime(2026, 11, 5, 2, 30, tzinfo=UTC)
    [row] = rsvps.answers(date)
    assert (row.status, row.confirmed_at) == ("going", None)
    [text] = db.session.scalars(select(Message).where(Message.kind == "moved"))
    assert "Wed Nov 4, 7:30 PM" in text.body


def test_a_move_made_at_night_is_told_in_the_morning_even_after_the_old_time(clinic, hold):
    meeting = publish(clinic, first=datetime(2026, 11, 3, 7, 30))
    date = dates(meeting)[0]
    make_rsvp(date, make_person(clinic))
    hold(datetime(2026, 11, 3, 4, 0, tzinfo=UTC))

    with transaction():
        changes.move_occurrence(clinic.id, date.id, to=datetime(2026, 11, 3, 18, 0), by=None)

    [text] = db.session.scalars(select(Message))
    assert text.due_at == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)


def test_members_who_have_not_answered_are_told_and_those_who_said_no_are_not(clinic):
    meeting = publish(clinic)
    date = dates(meeting)[0]
    silent, away = make_person(clinic), make_person(clinic)
    for person in (silent, away):
        make_member(meeting, person)
    make_rsvp(date, away, status="declined")

    with transaction():
        changes.move_occurrence(clinic.id, date.id, to=datetime(2026, 11, 4, 19, 30), by=None)

    assert [m.person_id for m in db.session.scalars(select(Message))] == [silent.id]


def test_of_two_dates_cancelled_one_after_the_other_the_news_of_the_first_names_neither_as_next(clinic):
    meeting = publish(clinic)
    first, second = dates(meeting)[:2]
    make_rsvp(first, make_person(clinic))

    for date in (first, second):
        with transaction():
            changes.cancel_occurrence(clinic.id, date.id, by=None)

    messages = list(db.session.scalars(select(Message).order_by(Message.id)))
    assert [(m.kind, m.state) for m in messages] == [("cancelled_next", "cancelled"), ("cancelled_next", "pending")]
    assert messages[1].occurrence_id == dates(meeting)[2].id


def test_an_offer_does_not_outlive_a_move_to_an_earlier_time(clinic, monday):
    meeting = publish(clinic, capacity=1)
    date = dates(meeting)[1]
    first, second = make_person(clinic), make_person(clinic)
    for person, wish in ((first, "yes"), (second, "yes"), (first, "no")):
        with transaction():
            rsvps.answer(clinic.id, date.id, person.id, wish, via="web")

    with transaction():
        changes.move_occurrence(clinic.id, date.id, to=datetime(2026, 11, 2, 12, 0), by=None)

    row = rsvps.find_answer(clinic.id, date.id, second.id)
    assert row is not None
    assert (row.status, row.offered_until) == ("offered", monday + timedelta(hours=1))


def test_a_change_raises_the_sequence_that_calendars_watch(clinic):
    date = dates(publish(clinic))[0]

    with transaction():
        changes.move_occurrence(clinic.id, date.id, to=datetime(2026, 11, 4, 19, 30), by=None)
    with transaction():
        changes.cancel_occurrence(clinic.id, date.id, by=None)

    assert schedule.get_occurrence(clinic.id, date.id).sequence == 2


def test_what_has_begun_is_neither_moved_nor_cancelled(clinic, hold):
    date = make_occurrence(make_meeting(clinic))
    hold(date.starts_at + timedelta(minutes=1))

    with pytest.raises(Conflict, match="begun"), transaction():
        changes.cancel_occurrence(clinic.id, date.id, by=None)
    with pytest.raises(Conflict, match="begun"), transaction():
        changes.move_occurrence(clinic.id, date.id, to=datetime(2026, 12, 4, 19), by=None)
