from datetime import timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.meetings import on_the_way, rsvps
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def note(date, person):
    db.session.rollback()
    with transaction():
        on_the_way.note(date.organisation_id, date.id, person.id, via="sms")
    return rsvps.find_answer(date.organisation_id, date.id, person.id)


def test_it_is_a_yes_that_the_host_can_read(clinic, monday):
    date, ana = make_occurrence(make_meeting(clinic)), make_person(clinic)

    found = note(date, ana)

    assert (found.status, found.confirmed_via, found.on_the_way_at) == ("going", "sms", monday)


def test_after_the_start_no_answer_changes(clinic, hold):
    date, ana = make_occurrence(make_meeting(clinic)), make_person(clinic)
    make_rsvp(date, ana)
    hold(date.starts_at + timedelta(minutes=10))

    found = note(date, ana)

    assert (found.status, found.on_the_way_at) == ("going", date.starts_at + timedelta(minutes=10))


def test_who_waits_for_a_seat_is_not_on_the_way(clinic):
    date, ana = make_occurrence(make_meeting(clinic, capacity=1)), make_person(clinic)
    make_rsvp(date, make_person(clinic))

    found = note(date, ana)

    assert (found.status, found.on_the_way_at) == ("waitlisted", None)


def test_to_a_full_date_that_has_begun_nobody_is_on_the_way(clinic, hold):
    date, ana = make_occurrence(make_meeting(clinic, capacity=1)), make_person(clinic)
    make_rsvp(date, make_person(clinic))
    hold(date.starts_at + timedelta(minutes=10))

    with pytest.raises(Conflict, match="full"):
        note(date, ana)
