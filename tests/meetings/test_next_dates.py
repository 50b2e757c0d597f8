from dataclasses import replace
from datetime import timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.meetings import changes, schedule
from tests.factories import make_organisation
from tests.meetings.serial import FIRST, TUESDAYS, dates, edit, publish

WEEK = timedelta(days=7)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def starts(rows):
    return [row.start_local for row in rows]


def fresh(row):
    db.session.rollback()
    return db.session.get_one(type(row), (row.organisation_id, row.id))


def test_days_that_a_rule_dropped_are_not_listed_among_the_next(clinic):
    meeting = publish(clinic)
    with transaction():
        changes.cancel_occurrence(clinic.id, dates(meeting)[1].id, by=None)
    edit(meeting, repeat=replace(TUESDAYS, every=2, count=5))

    listed = schedule.next_dates(fresh(meeting), limit=4)

    assert starts(listed) == [FIRST + n * WEEK for n in (0, 2, 4, 6)]
    with transaction():
        changes.cancel_occurrence(clinic.id, listed[1].id, by=None)
    assert [row.status for row in schedule.next_dates(fresh(meeting), limit=2)] == ["scheduled", "cancelled"]
