from datetime import timedelta

import pytest

from aftercare.attendance import roster
from aftercare.attendance.roll_guard import refuse_strangers
from aftercare.core.db import transaction
from aftercare.core.errors import NotAllowed
from aftercare.http.actor import Actor
from aftercare.meetings import substitutes
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic))


@pytest.fixture
def kim(clinic, date):
    kim = make_person(clinic, role="counsellor")
    with transaction():
        substitutes.stand_in(clinic.id, date.id, kim.id, by=None)
    return kim


def sees(person, date, now, *permissions):
    asking = Actor(person.organisation_id, person.id, permissions=frozenset(permissions))
    try:
        refuse_strangers(asking, roster.of(date.organisation_id, date.id), now)
    except NotAllowed:
        return False
    return True


def test_a_substitute_who_may_see_no_other_roll_sees_this_one_on_its_day(clinic, date, kim):
    other = make_occurrence(make_meeting(clinic))

    assert sees(kim, date, date.starts_at)
    assert not sees(kim, other, date.starts_at)
    assert not sees(kim, date, date.starts_at - timedelta(hours=2))
    assert not sees(kim, date, date.starts_at + timedelta(days=1))


def test_nobody_else_who_may_see_no_roll_sees_it(clinic, date, kim):
    assert not sees(make_person(clinic, role="manager"), date, date.starts_at)


def test_who_may_see_every_roll_sees_it_at_any_time(clinic, date):
    assert sees(make_person(clinic, role="counsellor"), date, date.starts_at - timedelta(days=9), "roll:see")
