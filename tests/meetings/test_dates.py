from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import changes, dates, foresight, publishing, rsvps, schedule
from aftercare.meetings.dates import Extra
from aftercare.meetings.models import Occurrence, Place
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat
from aftercare.messaging import outbox
from aftercare.messaging.models import Message
from tests.factories import (
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)

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


def dates_of(meeting):
    wanted = select(Occurrence).where(Occurrence.meeting_id == meeting.id).order_by(Occurrence.starts_at)
    return list(db.session.scalars(wanted))


def test_more_seats_are_offered_to_whoever_waits(clinic):
    date = dates_of(publish(clinic, capacity=1))[1]
    people = [make_person(clinic) for _ in range(3)]
    for person in people:
        with transaction():
            rsvps.answer(clinic.id, date.id, person.id, "yes", via="web")

    with transaction():
        dates.change_capacity(clinic.id, date.id, capacity=2, by=None)

    rows = {row.person_id: row.status for row in rsvps.answers(date)}
    assert [rows[p.id] for p in people] == ["going", "offered", "waitlisted"]


def test_fewer_seats_throw_nobody_out(clinic):
    date = dates_of(publish(clinic, capacity=3))[1]
    people = [make_person(clinic) for _ in range(3)]
    for person in people:
        make_rsvp(date, person)

    with transaction():
        dates.change_capacity(clinic.id, date.id, capacity=1, by=None)

    assert {row.status for row in rsvps.answers(date)} == {"going"}


@pytest.fixture
def tuesday(clinic):
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 18, 0))


def put(date, name, address=""):
    with transaction():
        return dates.change_place(date.organisation_id, date.id, name=name, address=address, by=None).told


def bodies(kind):
    db.session.rollback()
    wanted = select(Message).where(Message.kind == kind, Message.state == "pending").order_by(Message.id)
    return [message.body for message in db.session.scalars(wanted)]


def test_another_place_is_told_once_to_those_affected_and_named_only_to_those_who_chose_names(clinic, tuesday):
    for level in ("discreet", "plain"):
        make_rsvp(tuesday, make_person(clinic, text_level=level))
    make_rsvp(tuesday, make_person(clinic), status="declined")

    assert [put(tuesday, "Library", "5 Oak St"), put(tuesday, "Library", "5 Oak St")] == [2, 0]

    assert sorted(bodies("placed")) == [
        "Change: Tools for the Week, Tue Nov 3, 6:00 PM, is in a different place: Library.",
        "Change: Tue Nov 3, 6:00 PM is in a different place. Reply CALL to ask where.",
    ]


def test_only_the_one_date_is_elsewhere_and_its_answers_stay(clinic, tuesday):
    meeting = schedule.get_meeting(clinic.id, tuesday.meeting_id)
    other = make_occurrence(meeting, starts=datetime(2026, 11, 10, 18, 0))
    make_rsvp(tuesday, make_person(clinic))

    put(tuesday, "Library")

    found = [schedule.place_of(schedule.get_occurrence(clinic.id, each.id), meeting) for each in (tuesday, other)]
    assert [place.name if place else None for place in found] == ["Library", None]
    assert [row.status for row in rsvps.answers(tuesday)] == ["going"]


def test_a_reminder_that_names_the_old_place_is_taken_back(clinic, tuesday):
    ana = make_person(clinic)
    make_rsvp(tuesday, ana)
    with transaction():
        outbox.post(
            ana, "reminder", once=f"reminder:2:{tuesday.id}:0:{ana.id}", occurs_on=tuesday.occurs_on, about=tuesday.id,
            due_at=tuesday.starts_at - timedelta(hours=2), useful_until=tuesday.starts_at,
            when=tuesday.start_local, name="Tools", place="Hall",
        )  # fmt: skip

    put(tuesday, "Library")

    assert bodies("reminder") == []


def test_the_usual_place_is_no_change(clinic):
    hall = saved(Place(organisation_id=clinic.id, name="Hall", address=""))
    date = make_occurrence(make_meeting(clinic, place_id=hall.id))

    put(date, "Hall")

    assert schedule.get_occurrence(clinic.id, date.id).sequence == 0


@pytest.mark.parametrize("given", [{"attendance": "online"}, {"status": "cancelled"}, {"begun": True}])
def test_a_date_that_is_online_cancelled_or_begun_gets_no_other_place(clinic, hold, given):
    date = make_occurrence(make_meeting(clinic, attendance=given.get("attendance", "in_person")))
    if "status" in given:
        with transaction():
            changes.cancel_occurrence(clinic.id, date.id, by=None)
    if "begun" in given:
        hold(date.starts_at)

    with pytest.raises(Conflict):
        put(date, "Library")
    assert schedule.get_occurrence(clinic.id, date.id).place_id is None


def test_what_is_foreseen_of_another_place_is_what_goes_out(clinic, tuesday):
    for level in ("discreet", "plain"):
        make_rsvp(tuesday, make_person(clinic, text_level=level))
    make_rsvp(tuesday, make_person(clinic), status="declined")

    outlook = foresight.of_placing(clinic.id, tuesday.id, name="Library", address="")
    put(tuesday, "Library")

    assert sorted(body for _, _, body in outlook.texts) == sorted(bodies("placed"))
    assert outlook.without == {"said_no": 1}


def test_a_note_is_kept_without_raising_the_sequence_that_moves_calendars(clinic, tuesday, hold, monday):
    hold(monday + timedelta(minutes=5))
    with transaction():
        dates.change_note(clinic.id, tuesday.id, note="  Back door.  ", by=None)

    found = schedule.get_occurrence(clinic.id, tuesday.id)
    assert (found.note, found.sequence, found.updated_at) == ("Back door.", 0, monday + timedelta(minutes=5))


def add(meeting, start, **given):
    with transaction():
        return dates.add_date(meeting.organisation_id, meeting.id, Extra(start, **given), by=None)


def test_one_more_date_has_no_slot_and_is_told_to_the_members_once(clinic):
    meeting = make_meeting(clinic, capacity=3, closes_minutes_before=30)
    make_member(meeting, make_person(clinic))
    make_person(clinic)

    done = add(meeting, datetime(2026, 11, 6, 9, 0), minutes=45, note="Bring a friend.")

    date = done.occurrence
    assert (date.slot_local, date.status, date.capacity, date.closes_minutes_before) == (None, "scheduled", 3, 30)
    assert (date.ends_at - date.starts_at, date.note, done.told) == (timedelta(minutes=45), "Bring a friend.", 1)
    assert bodies("extra") == ["One more date: Fri Nov 6, 9:00 AM. Reply Y if you can come, N if not."]


def test_writing_out_the_dates_again_keeps_the_extra_one(clinic):
    meeting = publish(clinic)
    extra = add(meeting, datetime(2026, 11, 6, 9, 0)).occurrence.id

    with transaction():
        row = schedule.get_meeting(clinic.id, meeting.id)
        row.horizon_until = None
        schedule.extend(row)

    assert len(dates_of(meeting)) == 27
    assert schedule.get_occurrence(clinic.id, extra).status == "scheduled"


def test_one_more_date_can_be_moved_and_is_then_not_where_it_was(clinic):
    date = add(make_meeting(clinic), datetime(2026, 11, 6, 9, 0)).occurrence

    with transaction():
        changes.move_occurrence(clinic.id, date.id, to=datetime(2026, 11, 7, 9, 0), by=None)

    assert schedule.get_occurrence(clinic.id, date.id).start_local == datetime(2026, 11, 7, 9, 0)


def test_there_are_no_two_dates_at_once(clinic, tuesday):
    meeting = schedule.get_meeting(clinic.id, tuesday.meeting_id)

    with pytest.raises(Conflict, match="at that time already"):
        add(meeting, tuesday.start_local)
    with transaction():
        changes.cancel_occurrence(clinic.id, tuesday.id, by=None)
    assert add(meeting, tuesday.start_local).occurrence.starts_at == tuesday.starts_at


@pytest.mark.parametrize("given", [{"kind": "fellowship"}, {"ended_at": datetime(2026, 11, 1, tzinfo=UTC)}])
def test_what_we_do_not_run_or_has_ended_gets_no_date(clinic, given):
    with pytest.raises(Conflict):
        add(make_meeting(clinic, **given), datetime(2026, 11, 6, 9, 0))


def test_a_date_is_not_added_to_the_past_and_a_note_is_not_a_book(clinic):
    meeting = make_meeting(clinic)

    with pytest.raises(Invalid, match="still to come"):
        add(meeting, datetime(2026, 10, 6, 9, 0))
    with pytest.raises(Invalid, match="500 characters"):
        add(meeting, datetime(2026, 11, 6, 9, 0), note="x" * 501)
    assert dates_of(meeting) == []


def test_what_is_foreseen_of_one_more_date_is_what_goes_out(clinic):
    meeting = make_meeting(clinic)
    for language in ("en", "es"):
        make_member(meeting, make_person(clinic, language=language))

    outlook = foresight.of_adding(clinic.id, meeting.id, Extra(datetime(2026, 11, 6, 9, 0)))
    assert dates_of(meeting) == []
    add(meeting, datetime(2026, 11, 6, 9, 0))

    assert sorted(body for _, _, body in outlook.texts) == sorted(bodies("extra"))
