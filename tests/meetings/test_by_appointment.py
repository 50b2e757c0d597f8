"""Listings without a time: made, changed, given a time and taken it away again, by staff and by program."""

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import drafts, form_filled, history, undoing
from aftercare.meetings.models import Meeting
from tests.factories import make_meeting, make_organisation, make_person
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported
from tests.programs import Program
from tests.signing_in import sign_in

NEW = {
    "name": "Call Us", "kind": "fellowship", "repeat": "appointment", "zone": "America/Denver", "attend": "online",
    "join_phone": "303 555 0123",
}  # fmt: skip
WEEKLY = {"repeat": "week", "weekdays": ["1"], "start_date": "2026-11-03", "start_time": "18:00", "minutes": "60"}


@pytest.fixture
def clinic(app, monday):
    return make_organisation(slug="riverbend")


@pytest.fixture
def staff(client, clinic):
    return sign_in(client, make_person(clinic, role="counsellor"))


@pytest.fixture
def listing(clinic):
    return make_meeting(clinic, kind="fellowship", start_local=None, rule=None, minutes=None, name="Call Us")


def typed(meeting, **given):
    return form_filled.filled(drafts.of(fresh(meeting))) | {"scope": "all", "from": ""} | given


def fresh(meeting):
    db.session.rollback()
    return db.session.get_one(Meeting, (meeting.organisation_id, meeting.id))


def post(staff, meeting, **given):
    return staff.post(f"/staff/meetings/{meeting.id}/edit", data=typed(meeting, **given))


def found(client):
    answer = client.get("/o/riverbend/meetings/find.json?day=week").json
    return [each["name"] for each in answer["items"]], [each["name"] for each in answer["by_appointment"]]


def test_staff_list_a_meeting_by_appointment(staff, client, clinic):
    look = staff.post("/staff/meetings/new/preview", data=NEW)
    answer = staff.post("/staff/meetings", data=NEW, follow_redirects=True)

    assert (look.status_code, answer.status_code) == (200, 200)
    assert "By appointment" in answer.text
    assert found(client) == ([], ["Call Us"])
    made = db.session.scalars(select(Meeting)).one()
    assert (made.start_local, made.rule, made.minutes) == (None, None, None)


def test_a_group_of_ours_is_not_by_appointment(staff, clinic):
    answer = staff.post("/staff/meetings", data=NEW | {"kind": "programme"})

    assert answer.status_code == 422
    assert "Only a listing can be by appointment." in answer.text
    assert db.session.scalars(select(Meeting)).all() == []


def test_its_name_changes_and_it_stays_without_a_time(staff, client, listing):
    form = staff.get(f"/staff/meetings/{listing.id}/edit").text
    assert 'value="appointment" checked' in form
    assert f'href="/staff/meetings/{listing.id}/edit"' in staff.get(f"/m/{listing.id}").text

    assert post(staff, listing, name="Write to Us").status_code == 303

    assert (fresh(listing).name, fresh(listing).start_local, fresh(listing).minutes) == ("Write to Us", None, None)
    assert found(client) == ([], ["Write to Us"])


def test_it_is_given_a_time_and_loses_it_again(staff, client, listing):
    assert post(staff, listing, **WEEKLY).status_code == 303
    assert fresh(listing).rule == "FREQ=WEEKLY;BYDAY=TU"
    assert found(client) == (["Call Us"], [])
    history_page = staff.get(f"/staff/meetings/{listing.id}/history").text
    assert "Before: By appointment" in history_page
    assert "After: Every Tuesday at 6:00 PM" in history_page

    assert post(staff, listing, repeat="appointment").status_code == 303

    assert (fresh(listing).start_local, fresh(listing).rule) == (None, None)
    assert found(client) == ([], ["Call Us"])


def test_a_time_that_was_given_is_taken_back_by_undo(staff, client, clinic, listing):
    post(staff, listing, **WEEKLY)
    with transaction():
        [change] = history.undoable(clinic.id, listing.id)
        undoing.undo(clinic.id, change.id, by=None)

    assert found(client) == ([], ["Call Us"])


def test_what_staff_say_of_one_from_a_list_outlives_its_next_reading(staff, client, clinic):
    imported(clinic, row(name="Call Us", day=..., time=...))
    listing = db.session.scalars(select(Meeting)).one()
    post(staff, listing, name="Write to Us", **WEEKLY)
    imported(clinic, row(name="Call Us", day=..., time=..., notes="New words."))

    assert found(client) == (["Write to Us"], [])
    assert fresh(listing).description == "New words."


def test_a_program_changes_one_too(client, clinic, listing):
    program = Program(client, clinic)

    renamed = program.patch(f"/meetings/{listing.id}", {"name": "Write to Us"})
    timed = program.patch(f"/meetings/{listing.id}", {"start_local": "2026-11-03T18:00", "repeat": {"weekdays": [1]}})

    assert (renamed.status_code, renamed.json["name"], renamed.json["start_local"]) == (200, "Write to Us", None)
    assert (timed.status_code, timed.json["start_local"]) == (200, "2026-11-03T18:00:00")
    assert program.patch(f"/meetings/{make_timeless(clinic).id}", {"repeat": {"weekdays": [1]}}).status_code == 422


def make_timeless(clinic):
    return make_meeting(clinic, kind="fellowship", start_local=None, rule=None)
