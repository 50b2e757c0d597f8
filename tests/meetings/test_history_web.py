import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.meetings import closures, drafts, schedule, series
from aftercare.meetings.closures import Plan
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.meetings.serial import FIRST, TUESDAYS, edit, publish
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
    """Give where the first link that undoes leads."""
    return page.split('/undoing"')[0].rsplit('href="', 1)[1] + "/undoing"


def undo(client, where):
    """Look at what undoing comes to, and do it."""
    return client.post(where, data={"do": "do", "seen": seen_on(client.get(where))}, follow_redirects=True)


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
    done = undo(client, button(page.text))

    assert "It is as it was before. Nobody gets a text." in done.text
    assert status(date) == "scheduled"
    assert "Undone by Sam Lee" in history_of(client, date)
    assert "/undoing" not in history_of(client, date)


def test_what_undoing_brings_back_and_who_reads_what_is_seen_first(client, clinic, date, sam):
    ana = make_person(clinic)
    make_rsvp(date, ana)
    where = button(cancel(client, date, follow_redirects=True).text)

    unheard = client.get(where).text
    with transaction():
        db.session.execute(update(Message).values(state="delivered"))
    heard = client.get(where).text

    assert "Tuesday, November 3, 6:00 PM Mountain Time. It takes place." in unheard
    assert "1 text that has not left is called back." in unheard
    assert "No text goes out." in unheard
    assert "Tue Nov 3, 6:00 PM is on after all. Reply Y if you can come, N if not." in heard
    assert "called back" not in heard
    assert status(date) == "cancelled"


def test_what_is_otherwise_by_then_is_shown_once_more_and_not_undone(client, clinic, date, sam):
    make_rsvp(date, make_person(clinic))
    where = button(cancel(client, date, follow_redirects=True).text)
    seen = seen_on(client.get(where))
    with transaction():
        db.session.execute(update(Message).values(state="delivered"))

    again = client.post(where, data={"do": "do", "seen": seen})

    assert (again.status_code, status(date)) == (200, "cancelled")
    assert "is on after all" in again.text
    undo(client, where)
    assert status(date) == "scheduled"


def test_undoing_a_closure_shows_the_dates_of_all_its_meetings(client, clinic, date, sam):
    other = make_occurrence(make_meeting(clinic, name="Skills"), starts=TUESDAY)
    with transaction():
        closures.close(clinic.id, Plan("organisation", TUESDAY.date(), TUESDAY.date()), by=sam.id)

    page = client.get(button(history_of(client, other))).text

    assert "2 dates:" in page
    assert "Skills: Tomorrow, Tuesday" in page


def test_undoing_the_change_of_a_series_shows_its_dates_as_they_will_be(client, clinic, sam):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=2))
    edit(meeting, first=FIRST.replace(hour=19), repeat=replace(TUESDAYS, count=3))

    page = client.get(button(client.get(f"/staff/meetings/{meeting.id}/history").text)).text

    assert "3 dates:" in page
    assert "Tools: Tomorrow, Tuesday, November 3, 6:00 PM Mountain Time. 60 minutes" in page
    assert "Tools: Tuesday, November 17, 7:00 PM Mountain Time. It does not take place." in page


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


def test_the_history_of_a_series_says_every_fact_that_was_changed(client, clinic, sam):
    meeting = publish(clinic, is_open=False)
    edit(meeting, attendance="hybrid", is_open=True, languages=("es",), join_notes="4821", fellowship="na")

    page = client.get(f"/staff/meetings/{meeting.id}/history").text

    for was, becomes in (
        ("How people come: In person", "How people come: Both"),
        ("Who may come?: Only people who belong to it", "Who may come?: Everybody"),
        ("Language: none", "Language: Spanish"),
        ("Passcode: none", "Passcode: 4821"),
        ("Fellowship, if it is one: none", "Fellowship, if it is one: Narcotics Anonymous"),
    ):
        assert was in page
        assert becomes in page
    assert "Idioma: español" in client.get(f"/staff/meetings/{meeting.id}/history?lang=es").text


def test_both_halves_of_a_series_say_who_changed_what_and_lead_to_each_other(client, clinic, sam):
    meeting = publish(clinic, repeat=replace(TUESDAYS, count=4))
    draft = replace(drafts.of(schedule.get_meeting(clinic.id, meeting.id)), name="Skills", capacity=9)
    with transaction():
        heir = series.change(clinic.id, meeting.id, draft, since=date_of(2), by=sam.id).meeting.id

    pages = [client.get(f"/staff/meetings/{each}/history").text for each in (meeting.id, heir)]

    for page, other in zip(pages, (heir, meeting.id), strict=True):
        for said in ("Sam Lee", "Name that people see: Tools", "Name that people see: Skills", "How many places?: 9"):
            assert said in page
        assert re.search("From this day on: [^<]*November 17", page)
        assert f'href="/staff/meetings/{other}/history"' in page


def date_of(number):
    return FIRST.date() + timedelta(days=7 * number)
