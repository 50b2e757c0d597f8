import datetime as calendar
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.meetings import changes, publishing, rsvps, schedule
from aftercare.meetings.models import Meeting, Occurrence
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


def test_a_weekly_meeting_has_dates_half_a_year_ahead_at_one_wall_time(clinic):
    meeting = publish(clinic)

    found = dates(meeting)
    assert len(found) == 26
    assert {o.start_local.strftime("%a %H:%M") for o in found} == {"Tue 18:00"}
    assert {o.starts_at.hour for o in found} == {0, 1}  # Denver changes its clocks in March
    assert found[-1].occurs_on > (datetime(2026, 11, 2) + timedelta(days=173)).date()


def test_writing_out_the_dates_again_changes_nothing(clinic):
    meeting = publish(clinic)
    before = [o.id for o in dates(meeting)]

    with transaction():
        row = schedule.get_meeting(clinic.id, meeting.id)
        row.horizon_until = None
        schedule.extend(row)

    assert [o.id for o in dates(meeting)] == before


def test_the_horizon_moves_on_with_the_days(clinic, hold, monday):
    meeting = publish(clinic)
    assert schedule.due_for_extension() == []
    hold(monday + timedelta(days=15))

    assert schedule.due_for_extension() == [(clinic.id, meeting.id)]
    with transaction():
        schedule.extend(schedule.get_meeting(clinic.id, meeting.id))
    assert schedule.due_for_extension() == []
    assert len(dates(meeting)) == 28


def test_the_first_date_moves_onto_the_rule(clinic):
    meeting = publish(
        clinic, repeat=Repeat(every=1, unit="month", weekdays=(4,), nth=-1), first=datetime(2026, 11, 3, 18)
    )

    assert dates(meeting)[0].start_local == datetime(2026, 11, 27, 18)


def test_a_fellowship_meeting_is_a_listing_without_dates(clinic):
    meeting = publish(clinic, kind="fellowship", fellowship="aa", types=("O", "D"))

    assert dates(meeting) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"capacity": 0}, "capacity"),
        ({"minutes": 0}, "minutes"),
        ({"kind": "fellowship", "capacity": 4}, "kind"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
    ],
)
def test_a_draft_that_cannot_be_says_which_field(clinic, given, field):
    with pytest.raises(Invalid) as refusal:
        publish(clinic, **given)

    assert field in refusal.value.fields
    assert db.session.scalars(select(Meeting)).all() == []


@pytest.mark.parametrize(
    "repeat",
    [
        None,
        Repeat(every=1, unit="week", weekdays=(1,), count=2),
        Repeat(every=1, unit="week", weekdays=(1,), until=calendar.date(2026, 10, 20)),
    ],
)
def test_a_meeting_whose_dates_have_all_passed_is_refused(clinic, repeat):
    with pytest.raises(Invalid) as refusal:
        publish(clinic, first=datetime(2026, 10, 6, 18, 0), repeat=repeat)

    assert refusal.value.fields == {"first": "Choose a time that is still to come."}


def test_a_series_that_began_before_today_is_published(clinic):
    meeting = publish(clinic, first=datetime(2026, 10, 6, 18, 0), repeat=Repeat(every=1, unit="week", count=6))

    assert [o.occurs_on for o in dates(meeting)] == [calendar.date(2026, 11, 3), calendar.date(2026, 11, 10)]


def test_a_facilitator_of_another_organisation_is_refused(clinic):
    stranger = make_person(make_organisation(), role="counsellor")

    with pytest.raises(NotFound):
        publish(clinic, facilitators=(stranger.id,))
    assert db.session.scalars(select(Meeting)).all() == []


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


def test_more_seats_are_offered_to_whoever_waits(clinic):
    date = dates(publish(clinic, capacity=1))[1]
    people = [make_person(clinic) for _ in range(3)]
    for person in people:
        with transaction():
            rsvps.answer(clinic.id, date.id, person.id, "yes", via="web")

    with transaction():
        changes.change_capacity(clinic.id, date.id, capacity=2, by=None)

    rows = {row.person_id: row.status for row in rsvps.answers(date)}
    assert [rows[p.id] for p in people] == ["going", "offered", "waitlisted"]


def test_fewer_seats_throw_nobody_out(clinic):
    date = dates(publish(clinic, capacity=3))[1]
    people = [make_person(clinic) for _ in range(3)]
    for person in people:
        make_rsvp(date, person)

    with transaction():
        changes.change_capacity(clinic.id, date.id, capacity=1, by=None)

    assert {row.status for row in rsvps.answers(date)} == {"going"}
