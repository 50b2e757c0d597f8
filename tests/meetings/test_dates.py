from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import dates, publishing, rsvps
from aftercare.meetings.models import Occurrence
from aftercare.meetings.publishing import Draft
from aftercare.meetings.repeats import Repeat
from tests.factories import make_organisation, make_person, make_rsvp

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
