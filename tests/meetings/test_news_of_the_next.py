from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import changes
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEEK = timedelta(days=7)


@pytest.fixture
def clinic(app, monday, hold):
    """It is eleven at night: news waits for the morning."""
    hold(monday + timedelta(hours=13))
    return make_organisation()


def cancel(date, by):
    with transaction():
        changes.cancel_occurrence(date.organisation_id, date.id, by=by.id)


def news():
    db.session.rollback()
    wanted = select(Message).where(Message.kind.in_(("cancelled", "cancelled_next")), Message.state == "pending")
    return [message.body for message in db.session.scalars(wanted.order_by(Message.id))]


@pytest.fixture
def told(clinic):
    """Somebody who is to hear in the morning that Tuesday is off, and is asked for the week after."""
    sam, ana, meeting = make_person(clinic, role="counsellor"), make_person(clinic), make_meeting(clinic)
    first, second, third = (make_occurrence(meeting, starts=TUESDAY + week * WEEK) for week in range(3))
    make_rsvp(first, ana)
    cancel(first, sam)
    assert news() == ["Tue Nov 3, 6:00 PM is off. Next: Tue Nov 10, 6:00 PM. Reply Y if you can come, N if not."]
    return second, third, sam


def test_news_that_waits_offers_the_date_after_if_the_next_is_cancelled_too(told):
    second, _, sam = told

    cancel(second, sam)

    assert news() == ["Tue Nov 3, 6:00 PM is off. Next: Tue Nov 17, 6:00 PM. Reply Y if you can come, N if not."]


def test_news_that_waits_tells_the_new_time_if_the_next_has_moved(told):
    second, _, sam = told

    with transaction():
        changes.move_occurrence(second.organisation_id, second.id, to=TUESDAY + WEEK + timedelta(hours=1), by=sam.id)

    assert news() == ["Tue Nov 3, 6:00 PM is off. Next: Tue Nov 10, 7:00 PM. Reply Y if you can come, N if not."]


def test_with_no_date_left_the_news_itself_is_not_lost(told):
    second, third, sam = told

    cancel(third, sam)
    cancel(second, sam)

    assert news() == ["Tue Nov 3, 6:00 PM is off. Sorry for the change."]
    assert clock.now().hour == 6
