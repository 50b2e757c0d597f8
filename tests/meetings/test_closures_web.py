from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import closures, schedule
from aftercare.meetings import dates as one_date
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Place
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, saved
from tests.meetings.serial import texts
from tests.meetings.test_history_web import button, undo
from tests.signing_in import sign_in

TUESDAY = datetime(2026, 11, 3, 18, 0)
DAY = TUESDAY.date()


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def sam(clinic, client):
    return sign_in(client, make_person(clinic, role="counsellor", name="Sam Lee"))


def group(clinic, name):
    meeting = make_meeting(clinic, name=name)
    make_member(meeting, make_person(clinic))
    return make_occurrence(meeting, starts=TUESDAY)


def close(clinic, scope="organisation", **given):
    with transaction():
        return closures.close(clinic.id, Plan(scope, DAY, DAY + timedelta(days=6), **given), by=None).closure.id


def undone_in_history():
    db.session.rollback()
    return [change.undone_at is not None for change in db.session.scalars(select(MeetingChange))]


def statuses(dates):
    db.session.rollback()
    return [schedule.get_occurrence(each.organisation_id, each.id).status for each in dates]


def test_what_was_closed_by_mistake_is_undone_as_one_with_one_look(client, clinic, sam):
    dates = [group(clinic, name) for name in ("Tools", "Skills")]
    close(clinic)
    look = client.get(button(client.get("/staff/closures").text)).text

    assert all(
        f"{name}: Tomorrow, Tuesday, November 3, 6:00 PM Mountain Time. It takes place." in look
        for name in ("Tools", "Skills")
    )
    assert "Closed for a time (Everything)" in look
    assert "2 texts that have not left are called back." in look
    assert statuses(dates) == ["cancelled", "cancelled"]

    done = undo(client, button(client.get("/staff/closures").text)).text

    assert "It is as it was before." in done
    assert "Nothing is closed" in done
    assert (statuses(dates), texts(), undone_in_history()) == (["scheduled", "scheduled"], [], [True, True])


def test_a_closed_place_that_only_holds_listings_is_opened_as_if_it_had_never_been_closed(client, clinic, sam):
    hall = saved(Place(organisation_id=clinic.id, name="Hall", address="5 Oak St, Denver, CO 80202, USA"))
    listing = make_meeting(clinic, kind="fellowship", fellowship="aa", place_id=hall.id)
    before = client.get(f"/m/{listing.id}").text
    close(clinic, "place", place_id=hall.id)
    assert client.get(f"/m/{listing.id}").text != before

    done = undo(client, button(client.get("/staff/closures").text)).text

    assert "It is as it was before. Nobody gets a text." in done
    assert client.get(f"/m/{listing.id}").text == before


def test_what_has_changed_of_one_meeting_keeps_nobody_from_undoing_all_of_it(client, clinic, sam, hold, monday):
    dates = [group(clinic, name) for name in ("Tools", "Skills", "Plans")]
    close(clinic)
    hold(monday + timedelta(minutes=1))
    with transaction():
        for each in dates[:2]:
            one_date.change_note(clinic.id, each.id, note="Back door.", by=None)

    undo(client, button(client.get("/staff/closures").text))

    assert statuses(dates) == ["scheduled"] * 3


def test_after_ten_minutes_it_can_be_opened_early_but_not_undone(client, clinic, sam, hold, monday):
    dates, key = [group(clinic, "Tools")], close(clinic)
    hold(monday + timedelta(minutes=9, seconds=59))
    assert "/undoing" in client.get("/staff/closures").text
    hold(monday + timedelta(minutes=10))

    page = client.get("/staff/closures").text

    assert ("/undoing" in page, "/lifting" in page) == (False, True)
    assert [client.get(f"/staff/closures/{key}/undoing").status_code, statuses(dates)] == [409, ["cancelled"]]


def test_it_is_undone_once_and_the_closures_of_others_are_not_there(client, clinic, sam):
    close(clinic)
    where = button(client.get("/staff/closures").text)
    undo(client, where)
    others = close(make_organisation())

    assert client.get(where).status_code == 409
    assert client.get(f"/staff/closures/{others}/undoing").status_code == 404
