"""One closes while another writes dates out, or puts them elsewhere: no date is missed, and none waits in a circle."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import closures, drafts, publishing, schedule, series
from aftercare.meetings import dates as one_date
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Occurrence, Place
from aftercare.meetings.publishing import Draft
from tests.factories import make_organisation, saved
from tests.locks import meeting_halfway
from tests.meetings.serial import FIRST, TUESDAYS, publish

FAR = date(2027, 5, 4)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def meeting(clinic, hold, monday):
    """A group that is written out to May 1, a month later."""
    meeting = publish(clinic, repeat=TUESDAYS, place_name="Room 4")
    hold(monday + timedelta(days=30))
    return meeting.organisation_id, meeting.id


def closing(clinic, place_id=None, first=FAR):
    plan = Plan("place" if place_id else "organisation", first, first + timedelta(days=7), place_id=place_id)
    key = clinic.id
    return lambda: closures.close(key, plan, by=None)


def off():
    db.session.rollback()
    wanted = select(Occurrence.start_local).where(Occurrence.status == "cancelled", Occurrence.closure_id.is_not(None))
    return [start.date() for start in db.session.scalars(wanted.order_by(Occurrence.start_local))]


@pytest.mark.parametrize("closes_first", [True, False])
def test_the_dates_of_a_night_are_closed_whoever_comes_first(app, clinic, meeting, closes_first):
    acts = [closing(clinic), lambda: schedule.extend_by_id(*meeting)]

    failed = meeting_halfway(app, *(acts if closes_first else acts[::-1]))

    assert (failed, off()) == ([], [FAR, FAR + timedelta(days=7)])


def test_a_meeting_that_is_published_meanwhile_is_closed(app, clinic, monday):
    key, draft = clinic.id, Draft(name="New", first=FIRST, zone="America/Denver")

    failed = meeting_halfway(app, lambda: publishing.publish(key, draft, by=None), closing(clinic, first=FIRST.date()))

    assert (failed, off()) == ([], [FIRST.date()])


@pytest.mark.parametrize("is_one_date", [True, False])
def test_what_goes_into_a_place_meanwhile_is_closed_with_it(app, clinic, monday, is_one_date):
    hall = saved(Place(organisation_id=clinic.id, name="Hall"))
    group = publish(clinic, repeat=replace(TUESDAYS, count=1), place_name="Room 4")
    keys = clinic.id, group.id
    first = db.session.scalars(select(Occurrence.id)).one()
    close = closing(clinic, hall.id, first=FIRST.date())

    def go():
        if is_one_date:
            one_date.change_place(keys[0], first, name="Hall", address="", by=None)
        else:
            draft = replace(drafts.of(schedule.get_meeting(*keys)), place_name="Hall")
            series.change(*keys, draft, by=None)

    failed = meeting_halfway(app, go, close)

    assert (failed, off()) == ([], [FIRST.date()])


def test_two_who_write_dates_out_do_not_wait_for_each_other_s_meetings(app, clinic, meeting, database):
    other = publish(clinic, repeat=TUESDAYS)
    keys = other.organisation_id, other.id
    with transaction():
        schedule.get_meeting(*keys).horizon_until = FIRST.date()

    failed = meeting_halfway(app, lambda: schedule.extend_by_id(*meeting), lambda: schedule.extend_by_id(*keys))

    assert failed == []
