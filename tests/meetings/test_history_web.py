from datetime import datetime, timedelta

import pytest

from aftercare.core.db import db
from aftercare.meetings import schedule
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.meetings.test_dates_web import cancel, seen_on
from tests.signing_in import sign_in

TUESDAY = datetime(2026, 11, 3, 18, 0)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic), starts=TUESDAY)


@pytest.fixture
def sam(clinic, client):
    sam = make_person(clinic, role="counsellor", name="Sam Lee")
    sign_in(client, sam)
    return sam


def status(date):
    db.session.rollback()
    return schedule.get_occurrence(date.organisation_id, date.id).status


def history_of(client, date):
    return client.get(f"/staff/meetings/{date.meeting_id}/history").text


def act(client, where, name, **given):
    return client.post(f"/staff/meetings/{where.meeting_id}/dates/{where.id}/{name}", data=given, follow_redirects=True)


def button(page):
    """Give where the first button that undoes leads."""
    return page.split('/undoing"')[0].rsplit('action="', 1)[1] + "/undoing"


def test_the_history_says_who_changed_what_from_what_to_what(client, date, sam):
    act(client, date, "seats", capacity="7")
    act(client, date, "note", note="Back door.")
    moved = {"date": "2026-11-05", "time": "19:00", "minutes": "60", "do": "move"}
    act(client, date, "move", **moved, seen=seen_on(act(client, date, "move", **moved)))

    page = history_of(client, date)

    assert [page.index(each) for each in ("Date moved", "Note of a date changed", "Seats of a date changed")] == sorted(
        page.index(each) for each in ("Date moved", "Note of a date changed", "Seats of a date changed")
    )
    assert "Before: no limit<br>After: 7" in page
    assert "Before: none<br>After: Back door." in page
    assert "After: Thursday" in page
    assert page.count("Sam Lee") >= 3


def test_a_date_that_was_cancelled_by_mistake_is_on_again_with_one_button(client, clinic, date, sam):
    make_rsvp(date, make_person(clinic))
    page = cancel(client, date, follow_redirects=True)

    assert "Last change: Date cancelled" in page.text
    done = client.post(button(page.text), follow_redirects=True)

    assert "It is as it was before. Nobody gets a text." in done.text
    assert status(date) == "scheduled"
    assert "Undone by Sam Lee" in history_of(client, date)
    assert "/undoing" not in history_of(client, date)


def test_after_ten_minutes_there_is_no_button_and_the_old_one_does_nothing(client, date, sam, hold, monday):
    where = button(cancel(client, date, follow_redirects=True).text)
    hold(monday + timedelta(minutes=10))

    assert "/undoing" not in history_of(client, date)
    assert client.post(where).status_code == 409
    assert status(date) == "cancelled"


def test_what_something_later_has_changed_is_not_undone(client, date, sam):
    act(client, date, "seats", capacity="7")
    where = button(history_of(client, date))
    act(client, date, "seats", capacity="8")

    assert client.post(where).status_code == 409
    assert history_of(client, date).count("/undoing") == 1


@pytest.mark.parametrize("role", ["patient", "outsider"])
def test_only_staff_of_the_organisation_see_and_undo(client, clinic, date, sam, role):
    where = button(cancel(client, date, follow_redirects=True).text)
    person = make_person(clinic) if role == "patient" else make_person(make_organisation(), role="counsellor")
    other = sign_in(client.application.test_client(), person)

    expected = 403 if role == "patient" else 404
    assert other.get(f"/staff/meetings/{date.meeting_id}/history").status_code == expected
    assert other.post(where).status_code == expected
    assert status(date) == "cancelled"


def test_a_change_is_undone_on_the_page_of_its_own_meeting_only(client, clinic, date, sam):
    where = button(cancel(client, date, follow_redirects=True).text)
    other = make_meeting(clinic)

    assert client.post(where.replace(str(date.meeting_id), str(other.id))).status_code == 404
    assert status(date) == "cancelled"


def test_a_meeting_that_nobody_changed_has_an_empty_history(client, date, sam):
    assert "Nothing was changed yet" in history_of(client, date)


def test_the_history_asks_the_same_however_long_it_is(client, clinic, sam, statements):
    few, many = (make_occurrence(make_meeting(clinic), starts=TUESDAY) for _ in range(2))
    act(client, few, "seats", capacity="1")
    for seats in ("1", "2", "3"):
        act(client, many, "seats", capacity=seats)

    counted = [statements(lambda each=each: history_of(client, each)) for each in (few, many)]

    assert counted[0] == counted[1]
