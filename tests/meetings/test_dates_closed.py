"""One date that goes into a closed place, or out of one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.meetings import changes, closures, dates, foresight, history, rsvps, schedule, undoing
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Place
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp, saved
from tests.meetings.serial import texts
from tests.signing_in import sign_in

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEEK = timedelta(days=7)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def hall(clinic):
    return saved(Place(organisation_id=clinic.id, name="Hall"))


def group(clinic, place, *people):
    """Make a group of two dates; everybody says yes to both."""
    meeting = make_meeting(clinic, place_id=place.id)
    rows = [make_occurrence(meeting, starts=TUESDAY + number * WEEK) for number in range(2)]
    for person in people:
        for row in rows:
            make_rsvp(row, person)
    return rows


def close(clinic, hall, days=0):
    with transaction():
        first = TUESDAY.date()
        plan = Plan("place", first, first + timedelta(days=days), place_id=hall.id)
        return closures.close(clinic.id, plan, by=None).closure.id


def put(date, name):
    with transaction():
        return dates.change_place(date.organisation_id, date.id, name=name, address="", by=None).told


def undo(date):
    with transaction():
        last = history.undoable(date.organisation_id, date.meeting_id)[0]
        return undoing.undo(date.organisation_id, last.id, by=None)


def let_texts_leave():
    with transaction():
        db.session.execute(update(Message).where(Message.state == "pending").values(state="delivered"))


def stands(date):
    db.session.rollback()
    row = schedule.get_occurrence(date.organisation_id, date.id)
    return row.status, row.closure_id, [each.status for each in rsvps.answers(row)]


def test_a_date_that_goes_into_a_closed_place_is_off_until_that_opens(clinic, hall):
    room = saved(Place(organisation_id=clinic.id, name="Room"))
    first, _ = group(clinic, room, make_person(clinic))
    key = close(clinic, hall)

    outlook = foresight.of_placing(clinic.id, first.id, name="Hall", address="")
    assert (put(first, "Hall"), stands(first)) == (1, ("cancelled", key, ["void"]))
    assert [body for _, _, body in outlook.texts] == [text.body for text in texts()]
    assert [text.kind for text in texts()] == ["cancelled_next"]
    with transaction():
        closures.lift(clinic.id, key, by=None)

    assert stands(first)[::2] == ("scheduled", ["going"])


def test_undoing_that_brings_the_date_back_in_silence(clinic, hall):
    room = saved(Place(organisation_id=clinic.id, name="Room"))
    first, _ = group(clinic, room, make_person(clinic))
    close(clinic, hall)
    put(first, "Hall")

    assert (undo(first), stands(first), texts()) == (0, ("scheduled", None, ["going"]), [])


def test_a_closed_date_takes_place_elsewhere_and_everybody_is_told_where(clinic, hall):
    heard, not_yet = make_person(clinic), make_person(clinic)
    first, second = group(clinic, hall, heard)
    key = close(clinic, hall, days=7)
    let_texts_leave()
    make_member(schedule.get_meeting(clinic.id, first.meeting_id), not_yet)

    outlook = foresight.of_placing(clinic.id, first.id, name="Garden", address="")
    assert put(first, "Garden") == outlook.people == 2

    assert stands(first) == ("scheduled", None, ["going"])
    assert stands(second)[:2] == ("cancelled", key)
    assert {text.kind for text in texts()} == {"placed"}
    assert (undo(first), stands(first)[:2]) == (2, ("cancelled", key))


def test_whoever_was_to_hear_of_several_closed_dates_still_hears_of_the_others(clinic, hall):
    first, _ = group(clinic, hall, make_person(clinic))
    close(clinic, hall, days=7)

    with transaction():
        changes.reinstate_occurrence(clinic.id, first.id, by=None)

    assert [text.body for text in texts()] == ["Tue Nov 10, 6:00 PM is off. Sorry for the change."]


def test_the_page_of_dates_leads_to_another_place_for_what_its_place_keeps_off(clinic, hall, client):
    _, second = group(clinic, hall)
    close(clinic, hall)
    with transaction():
        changes.cancel_occurrence(clinic.id, second.id, by=None)

    page = sign_in(client, make_person(clinic, role="counsellor")).get(f"/staff/meetings/{second.meeting_id}/dates")

    assert page.text.count("Let it happen after all") == 2
    assert page.text.count("Another place") == 1


def test_what_somebody_cancelled_or_everything_being_closed_keeps_off_goes_nowhere(clinic, hall):
    first, second = group(clinic, hall)
    with transaction():
        closures.close(clinic.id, Plan("organisation", TUESDAY.date(), TUESDAY.date()), by=None)
    with transaction():
        changes.cancel_occurrence(clinic.id, second.id, by=None)

    for date in (first, second):
        with pytest.raises(Conflict, match="was cancelled"):
            put(date, "Garden")
        assert stands(date)[0] == "cancelled"
