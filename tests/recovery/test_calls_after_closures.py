from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.meetings import changes, closures, schedule
from aftercare.meetings.closures import Plan
from aftercare.messaging.models import Message
from aftercare.recovery import calls
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person

TUESDAY = datetime(2026, 11, 3, 18, 0)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def dates(clinic):
    """Two dates of one group, and one of another, with one member of both."""
    one, other = make_meeting(clinic), make_meeting(clinic)
    ana = make_person(clinic)
    for meeting in (one, other):
        make_member(meeting, ana)
    return [
        make_occurrence(one, starts=TUESDAY), make_occurrence(one, starts=TUESDAY + timedelta(days=7)),
        make_occurrence(other, starts=TUESDAY + timedelta(days=8)),
    ]  # fmt: skip


def close(clinic):
    with transaction():
        return closures.close(
            clinic.id, Plan("organisation", date(2026, 11, 3), date(2026, 11, 12)), by=None
        ).closure.id


def let_texts(state):
    with transaction():
        db.session.execute(update(Message).where(Message.state == "pending").values(state=state, reason=None))


def reasons(clinic, dates):
    db.session.rollback()
    fresh = [schedule.get_occurrence(clinic.id, each.id) for each in dates]
    found = calls.of_dates(clinic.id, fresh)
    return [[call.reason.value for call in found[each.id]] for each in dates]


def test_one_text_that_arrived_tells_of_every_date_that_is_closed(clinic, dates):
    close(clinic)
    let_texts("delivered")

    assert reasons(clinic, dates) == [[], [], []]
    assert [reasons(clinic, [each]) for each in dates] == [[[]], [[]], [[]]]


def test_one_text_that_failed_tells_of_none(clinic, dates):
    close(clinic)
    let_texts("failed")

    assert reasons(clinic, dates) == [["failed"], ["failed"], ["failed"]]


def test_a_date_that_is_cancelled_later_by_itself_is_told_by_its_own_text_alone(clinic, dates):
    key = close(clinic)
    let_texts("delivered")
    with transaction():
        closures.lift(clinic.id, key, by=None)
    let_texts("delivered")
    assert reasons(clinic, dates) == [[], [], []]

    with transaction():
        changes.cancel_occurrence(clinic.id, dates[2].id, by=None)
    let_texts("failed")

    assert reasons(clinic, dates) == [[], [], ["failed"]]


def test_a_date_that_is_on_again_is_told_by_the_news_of_that(clinic, dates):
    with transaction():
        changes.cancel_occurrence(clinic.id, dates[0].id, by=None)
    let_texts("delivered")
    with transaction():
        changes.reinstate_occurrence(clinic.id, dates[0].id, by=None)
    let_texts("failed")
    assert reasons(clinic, dates[:1]) == [["failed"]]
