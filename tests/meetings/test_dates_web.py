import re
from datetime import datetime

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import schedule
from aftercare.messaging import own_words
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 18, 0))


def move_url(date):
    return f"/staff/meetings/{date.meeting_id}/dates/{date.id}/move"


def test_before_a_date_moves_the_exact_texts_are_shown(client, clinic, date):
    make_rsvp(date, make_person(clinic))
    make_rsvp(date, make_person(clinic, language="es"), status="waitlisted", position=1)
    make_rsvp(date, make_person(clinic, agrees_to_texts=False), status="maybe")
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.post(move_url(date), data={"date": "2026-11-05", "time": "19:00", "minutes": "60", "do": "look"})

    assert "2 people get this text" in page.text
    assert "Change: Tue Nov 3, 6:00 PM is now Thu Nov 5, 7:00 PM." in page.text
    assert "Cambio:" in page.text
    assert schedule.get_occurrence(clinic.id, date.id).status == "scheduled"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_no_day_beyond_the_calendar_is_taken(client, clinic, date, day):
    sign_in(client, make_person(clinic, role="counsellor"))
    days = {"what": "organisation", "first_day": day, "last_day": day, "reason": ""}

    for answer in (
        client.post(move_url(date), data={"date": day, "time": "23:00", "minutes": "60", "do": "look"}),
        client.post("/staff/closures/new", data=days),
    ):
        assert (answer.status_code, "Enter a date, like 2026-11-24." in answer.text) == (422, True)


def test_what_was_not_seen_is_not_sent(client, clinic, date):
    make_rsvp(date, make_person(clinic))
    sign_in(client, make_person(clinic, role="counsellor"))
    given = {"date": "2026-11-05", "time": "19:00", "minutes": "60"}
    look = client.post(move_url(date), data=given | {"do": "look"})
    [seen] = re.findall(r'name="seen" value="([^"]+)"', look.text)

    other = client.post(move_url(date), data=given | {"time": "20:00", "seen": seen, "do": "move"})

    assert "Thu Nov 5, 8:00 PM" in other.text
    assert bodies() == []
    assert client.post(move_url(date), data=given | {"seen": seen, "do": "move"}).status_code == 303
    assert [body[:48] for body in bodies()] == ["Change: Tue Nov 3, 6:00 PM is now Thu Nov 5, 7:0"]


def seen_on(page):
    """Give what a page that asks would send back with its button."""
    [seen] = re.findall(r'name="seen" value="([^"]+)"', page.text)
    return seen


def cancel(client, date, **more):
    """Look at what cancelling comes to, and do it."""
    given = {"do": "do", "seen": seen_on(client.get(cancel_url(date)))}
    return client.post(cancel_url(date), data=given, **more)


def cancel_url(date):
    return f"/staff/meetings/{date.meeting_id}/dates/{date.id}/cancellation"


def bodies():
    db.session.rollback()
    return [message.body for message in db.session.scalars(select(Message))]


def test_before_a_date_is_cancelled_the_exact_texts_are_shown_in_own_words(client, clinic, date):
    with transaction():
        own_words.keep(clinic.id, ("cancelled", "en", "discreet"), "Off: {when:short}. Sorry.", by=None)
    for person in (make_person(clinic), make_person(clinic), make_person(clinic, language="es")):
        make_rsvp(date, person)
    make_rsvp(date, make_person(clinic, agrees_to_texts=False), status="maybe")
    make_rsvp(date, make_person(clinic), status="declined")
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.get(cancel_url(date)).text

    assert "3 people get this text" in page
    assert re.findall(r'<li class="bubble" lang="(..)"><p>([^<]+)</p><span[^>]+>(\d)', page) == [
        ("en", "Off: Tue 6:00 PM. Sorry.", "2"),
        ("es", "Se cancela: mar 3 nov, 6:00 p.m. Perdona el cambio.", "1"),
    ]
    assert "1 person: no agreement to texts" in page
    assert "1 person: said no" in page
    assert bodies() == []


def test_the_notice_counts_who_is_told_in_the_end(client, clinic, date):
    make_rsvp(date, make_person(clinic))
    sign_in(client, make_person(clinic, role="counsellor"))
    assert "1 person gets this text" in client.get(cancel_url(date)).text
    make_rsvp(date, make_person(clinic))

    page = cancel(client, date, follow_redirects=True)

    assert "This date is cancelled. 2 people are told." in page.text
    assert len(bodies()) == 2


@pytest.mark.parametrize("given", [{}, {"do": "do"}, {"do": "do", "seen": "something else"}])
def test_a_cancellation_whose_texts_nobody_saw_is_shown_first(client, clinic, date, given):
    make_rsvp(date, make_person(clinic))
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.post(cancel_url(date), data=given)

    assert (page.status_code, bodies()) == (200, [])
    assert "1 person gets this text" in page.text
    db.session.rollback()
    assert schedule.get_occurrence(clinic.id, date.id).status == "scheduled"


def test_texts_that_are_others_than_those_seen_are_shown_again(client, clinic, date):
    sign_in(client, make_person(clinic, role="counsellor"))
    to = {"date": "2026-11-05", "time": "19:00", "minutes": "60", "do": "move"}
    seen = seen_on(client.get(cancel_url(date))), seen_on(client.post(move_url(date), data=to))
    make_rsvp(date, make_person(clinic))

    assert client.post(cancel_url(date), data={"do": "do", "seen": seen[0]}).status_code == 200
    assert client.post(move_url(date), data=to | {"seen": seen[1]}).status_code == 200
    assert bodies() == []


def test_a_date_that_nobody_answered_is_cancelled_silently(client, clinic, date):
    sign_in(client, make_person(clinic, role="counsellor"))

    assert "No text goes out." in client.get(cancel_url(date)).text
    assert "Nobody gets a text." in cancel(client, date, follow_redirects=True).text


def test_a_date_that_is_cancelled_is_not_asked_about_again(client, clinic, date):
    sign_in(client, make_person(clinic, role="counsellor"))
    cancel(client, date)

    assert client.get(cancel_url(date)).status_code == 409


@pytest.mark.parametrize("role", ["patient", "outsider"])
def test_only_staff_of_the_organisation_see_what_would_go_out(client, clinic, date, role):
    person = make_person(clinic) if role == "patient" else make_person(make_organisation(), role="counsellor")
    sign_in(client, person)

    assert client.get(cancel_url(date)).status_code == (403 if role == "patient" else 404)


def test_each_date_leads_to_its_question(client, clinic, date):
    sign_in(client, make_person(clinic, role="counsellor"))

    assert f'href="{cancel_url(date)}"' in client.get(f"/staff/meetings/{date.meeting_id}/dates").text


def test_a_date_moves_and_is_cancelled_by_staff_of_its_own_organisation_only(client, clinic, date):
    outsider = make_person(make_organisation(), role="counsellor")
    counsellor = make_person(clinic, role="counsellor")
    given = {"date": "2026-11-05", "time": "19:00", "minutes": "60", "do": "move"}
    given["seen"] = seen_on(sign_in(client, counsellor).post(move_url(date), data=given))

    assert sign_in(client, outsider).post(move_url(date), data=given).status_code == 404
    assert sign_in(client, outsider).post(cancel_url(date), data=given).status_code == 404
    assert sign_in(client, counsellor).post(move_url(date), data=given).status_code == 303
    db.session.rollback()
    assert schedule.get_occurrence(clinic.id, date.id).status == "moved"

    assert cancel(client, date).status_code == 303
    db.session.rollback()
    assert schedule.get_occurrence(clinic.id, date.id).status == "cancelled"
    assert client.get(f"/staff/meetings/{date.meeting_id}/dates").status_code == 200


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "2026-11-05 18:00 60"}])
def test_a_move_whose_texts_nobody_saw_is_shown_first(client, clinic, date, seen):
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.post(
        move_url(date), data={"date": "2026-11-05", "time": "19:00", "minutes": "60", "do": "move"} | seen
    )

    assert page.status_code == 200
    db.session.rollback()
    assert schedule.get_occurrence(clinic.id, date.id).status == "scheduled"


def test_a_date_cannot_be_moved_into_the_past(client, clinic, date):
    sign_in(client, make_person(clinic, role="counsellor"))

    page = client.post(move_url(date), data={"date": "2026-10-05", "time": "19:00", "minutes": "", "do": "look"})

    assert page.status_code == 422
    assert "still to come" in page.text


def test_the_page_of_dates_asks_the_same_however_many_dates(client, clinic, statements):
    sign_in(client, make_person(clinic, role="counsellor"))
    few, many = make_meeting(clinic), make_meeting(clinic)
    make_occurrence(few)
    with transaction():
        schedule.extend(schedule.get_meeting(clinic.id, many.id))

    counted = [statements(lambda each=each: client.get(f"/staff/meetings/{each.id}/dates")) for each in (few, many)]

    assert counted[0] == counted[1]
