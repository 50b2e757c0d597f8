from datetime import timedelta

import pytest
from sqlalchemy import update

from aftercare import doctor
from aftercare.calendars import bodies
from aftercare.core.db import db, transaction
from aftercare.meetings.models import Meeting
from aftercare.people import accounts, organisations
from tests.calendars import content_lines
from tests.calendars.devices import fetch, subscribe
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def group(clinic):
    return make_meeting(clinic)


@pytest.fixture
def ana(clinic, group):
    ana = make_person(clinic)
    make_rsvp(make_occurrence(group), ana, status="offered", offered_until=MONDAY + timedelta(days=1))
    return ana


def spoil(group, ana):
    """Let no calendar be written in which the group is."""
    _change(group, ana, zone="Nowhere/Land", rule="FREQ=NEVER")


def mend(group, ana):
    _change(group, ana, zone="America/Denver", rule="FREQ=WEEKLY;BYDAY=TU")


def _change(group, ana, **values):
    with transaction():
        db.session.execute(update(Meeting).where(Meeting.id == group.id).values(values))
        accounts.touch_calendars(ana.organisation_id, [ana.id])
        organisations.touch_public_calendar(ana.organisation_id)


@pytest.mark.parametrize("which", ["personal", "list"])
def test_a_calendar_that_cannot_be_written_stays_as_it_was(client, clinic, group, ana, which):
    path = subscribe(ana) if which == "personal" else f"/o/{clinic.slug}/meetings.ics"
    before = fetch(client, path)
    spoil(group, ana)

    after = fetch(client, path)

    assert (after.status_code, after.data, after.headers["ETag"]) == (200, before.data, before.headers["ETag"])
    assert fetch(client, path, If_None_Match=before.headers["ETag"]).status_code == 304


def test_a_meeting_that_cannot_be_written_stays_as_it_was(client, group, ana):
    path = f"/m/{group.id}.ics"
    before = fetch(client, path)
    _change(group, ana, rule="FREQ=NEVER", sequence=7)

    after = fetch(client, path)

    assert (after.status_code, after.data) == (200, before.data)


def test_a_calendar_that_could_never_be_written_is_empty_until_it_can(client, group, ana):
    path = subscribe(ana)
    spoil(group, ana)
    empty = fetch(client, path)
    mend(group, ana)
    mended = fetch(client, path, If_None_Match=empty.headers["ETag"])

    assert (empty.status_code, content_lines.events(empty.data)) == (200, [])
    assert len(content_lines.events(mended.data)) == 1


def test_the_trouble_is_counted_since_it_began_until_it_is_over(client, group, ana, hold):
    path = subscribe(ana)
    fetch(client, path)
    spoil(group, ana)
    fetch(client, path)
    hold(MONDAY + timedelta(hours=3))
    fetch(client, path)
    counted = bodies.failing_since()
    mend(group, ana)
    fetch(client, path)

    db.session.rollback()
    assert counted == (1, MONDAY)
    assert bodies.failing_since() == (0, None)


def test_the_doctor_says_which_line_of_the_log_to_look_for(app, client, group, ana):
    settings = app.extensions["aftercare.settings"]
    path = subscribe(ana)
    well = {finding.check: finding for finding in doctor.examine(lambda: settings)}["calendars"]
    spoil(group, ana)
    fetch(client, path)
    db.session.rollback()

    ill = {finding.check: finding for finding in doctor.examine(lambda: settings)}["calendars"]

    assert well.is_well
    assert ill.said == "1 calendar cannot be written, since 2026-11-02 17:00 UTC; what was sent last is sent again."
    assert "feed_not_written" in ill.to_do
