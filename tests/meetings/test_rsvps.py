from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings import rsvps, schedule
from aftercare.meetings.models import Rsvp
from aftercare.messaging.models import Message
from aftercare.people import accounts
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def answer(occurrence, person, wish="yes", via="web"):
    with transaction():
        return rsvps.answer(occurrence.organisation_id, occurrence.id, person.id, wish, via=via)


def row_of(occurrence, person) -> Rsvp:
    db.session.rollback()
    row = rsvps.find_answer(occurrence.organisation_id, occurrence.id, person.id)
    assert row is not None
    return row


def status(occurrence, person):
    return row_of(occurrence, person).status


def texts(kind):
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


def date_of(clinic, **given):
    return make_occurrence(make_meeting(clinic, **given))


def test_a_yes_takes_a_seat_and_confirms(clinic):
    occurrence, ana = date_of(clinic, capacity=2), make_person(clinic)

    answer(occurrence, ana, via="sms")

    row = row_of(occurrence, ana)
    assert (row.status, row.confirmed_via) == ("going", "sms")


def test_a_yes_said_twice_is_one_yes(clinic):
    occurrence, ana = date_of(clinic, capacity=1), make_person(clinic)

    answer(occurrence, ana)
    answer(occurrence, ana)

    assert [row.status for row in rsvps.answers(occurrence)] == ["going"]


def test_who_comes_to_a_full_date_waits_in_order_of_arrival(clinic):
    occurrence = date_of(clinic, capacity=1)
    people = [make_person(clinic) for _ in range(3)]

    for person in people:
        answer(occurrence, person)

    rows = {row.person_id: row for row in rsvps.answers(occurrence)}
    assert [rows[p.id].status for p in people] == ["going", "waitlisted", "waitlisted"]
    assert [rows[p.id].position for p in people] == [None, 1, 2]


def test_decline_gives_the_seat_to_the_first_waiting_and_tells_them(clinic):
    occurrence = date_of(clinic, capacity=1)
    first, second, third = (make_person(clinic) for _ in range(3))
    for person in (first, second, third):
        answer(occurrence, person)

    answer(occurrence, first, "no")

    assert [status(occurrence, p) for p in (first, second, third)] == ["cancelled", "offered", "waitlisted"]
    assert [(m.person_id, m.asks) for m in texts("offer")] == [(second.id, True)]


def test_an_offer_that_runs_out_goes_to_the_next_in_line(clinic, hold, monday):
    occurrence = date_of(clinic, capacity=1)
    first, second, third = (make_person(clinic) for _ in range(3))
    for person in (first, second, third):
        answer(occurrence, person)
    answer(occurrence, first, "no")
    hold(monday + timedelta(hours=4, minutes=1))

    assert rsvps.dates_with_a_line() == [(clinic.id, occurrence.id)]
    with transaction():
        rsvps.offer_free_seats(clinic.id, occurrence.id)

    assert [status(occurrence, p) for p in (second, third)] == ["waitlisted", "offered"]


def test_no_seat_is_offered_in_the_night_while_the_date_is_far(clinic, hold, monday):
    occurrence = make_occurrence(make_meeting(clinic, capacity=1), starts=monday.replace(tzinfo=None, day=5, hour=18))
    first, second = make_person(clinic), make_person(clinic)
    answer(occurrence, first)
    answer(occurrence, second)
    hold(monday.replace(hour=6))  # eleven at night in Denver was 5:00 UTC; this is 23:00 the day before

    answer(occurrence, first, "no")
    assert status(occurrence, second) == "waitlisted"

    hold(monday.replace(hour=17))
    with transaction():
        rsvps.offer_free_seats(clinic.id, occurrence.id)
    assert status(occurrence, second) == "offered"


def test_maybe_holds_no_seat(clinic):
    occurrence, ana, ben = date_of(clinic, capacity=1), make_person(clinic), make_person(clinic)

    answer(occurrence, ana, "maybe")
    answer(occurrence, ben)

    assert [status(occurrence, p) for p in (ana, ben)] == ["maybe", "going"]


def test_a_seat_given_up_shortly_before_is_a_late_cancel(clinic, hold, monday):
    occurrence, ana = date_of(clinic), make_person(clinic)
    answer(occurrence, ana)
    hold(occurrence.starts_at - timedelta(hours=1))

    answer(occurrence, ana, "no")

    assert row_of(occurrence, ana).is_late_cancel


def test_a_cancelled_date_takes_no_answer(clinic):
    occurrence, ana = date_of(clinic), make_person(clinic)
    with transaction():
        schedule.get_occurrence(clinic.id, occurrence.id).status = "cancelled"

    with pytest.raises(Conflict, match="cancelled"):
        answer(occurrence, ana)


def test_somebody_of_another_organisation_has_no_seat_here(clinic):
    occurrence, outsider = date_of(clinic), make_person(make_organisation())

    with pytest.raises(NotFound):
        answer(occurrence, outsider)
    assert rsvps.answers(occurrence) == []


def test_an_answer_raises_the_version_of_the_persons_calendar(clinic):
    occurrence, ana = date_of(clinic), make_person(clinic)
    before = ana.calendar_version

    answer(occurrence, ana)

    db.session.rollback()
    assert accounts.get_person(clinic.id, ana.id).calendar_version == before + 1


def test_a_maybe_to_an_offer_keeps_the_text_that_says_until_when(clinic):
    tuesday = make_occurrence(make_meeting(clinic), capacity=1)
    ana, ben = make_person(clinic), make_person(clinic)
    for person in (ana, ben):
        answer(tuesday, person)
    answer(tuesday, ana, "no")

    answer(tuesday, ben, "maybe")

    assert row_of(tuesday, ben).status == "offered"
    [offer] = db.session.scalars(select(Message).where(Message.kind == "offer"))
    assert offer.state == "pending"
