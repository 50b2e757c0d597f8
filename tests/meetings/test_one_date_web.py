import re
from datetime import datetime

import pytest
from sqlalchemy import select, update

from aftercare.core.db import db, transaction
from aftercare.meetings import changes, schedule, substitutes
from aftercare.meetings.models import Occurrence
from aftercare.messaging.models import Message
from tests.factories import (
    make_facilitator,
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
)
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


def at(date, act):
    return f"/staff/meetings/{date.meeting_id}/dates/{date.id}/{act}"


def seen(page):
    [token] = re.findall(r'name="seen" value="([^"]+)"', page.text)
    return {"do": "do", "seen": token}


def bodies():
    db.session.rollback()
    return [message.body for message in db.session.scalars(select(Message).order_by(Message.id))]


def now(date):
    db.session.rollback()
    return schedule.get_occurrence(date.organisation_id, date.id)


@pytest.fixture
def off(clinic, date):
    make_rsvp(date, make_person(clinic))
    with transaction():
        changes.cancel_occurrence(clinic.id, date.id, by=None)
        db.session.execute(update(Message).values(state="delivered"))
    return date


def test_a_cancelled_date_takes_place_after_all_once_its_texts_were_seen(client, sam, off):
    look = client.get(at(off, "reinstatement"))
    assert "Tue Nov 3, 6:00 PM is on after all." in look.text

    assert client.post(at(off, "reinstatement"), data={"do": "do"}).status_code == 200
    assert now(off).status == "cancelled"
    page = client.post(at(off, "reinstatement"), data=seen(look), follow_redirects=True)

    assert "This date takes place after all. 1 person is told." in page.text
    assert bodies()[1:] == ["Tue Nov 3, 6:00 PM is on after all. Reply Y if you can come, N if not."]


def test_what_has_changed_since_it_was_seen_is_shown_again(client, clinic, sam, off):
    token = seen(client.get(at(off, "reinstatement")))
    make_member(schedule.get_meeting(clinic.id, off.meeting_id), make_person(clinic))

    page = client.post(at(off, "reinstatement"), data=token)

    assert "2 people get this text" in page.text
    assert now(off).status == "cancelled"


def test_a_date_is_elsewhere_once_its_texts_were_seen(client, clinic, sam, date):
    make_rsvp(date, make_person(clinic, text_level="plain"))
    given = {"place_name": "Library", "address": "5 Oak St"}

    look = client.post(at(date, "place"), data=given | {"do": "look"})
    assert "is in a different place: Library." in look.text
    other = client.post(at(date, "place"), data=given | {"place_name": "Town Hall"} | seen(look))
    assert (other.status_code, bodies()) == (200, [])
    client.post(at(date, "place"), data=given | seen(look))

    assert bodies() == ["Change: Tools for the Week, Tue Nov 3, 6:00 PM, is in a different place: Library."]
    assert "Library" in client.get(f"/m/{date.meeting_id}").text


def test_a_place_with_too_long_a_name_is_refused_beside_its_field(client, sam, date):
    page = client.post(at(date, "place"), data={"place_name": "x" * 256, "address": "", "do": "look"})

    assert page.status_code == 422
    assert 'id="place_name-error"' in page.text


def test_a_date_gets_other_seats(client, sam, date):
    assert client.post(at(date, "seats"), data={"capacity": "7", "do": "do"}).status_code == 303
    assert now(date).capacity == 7
    client.post(at(date, "seats"), data={"capacity": "", "do": "do"})
    assert now(date).capacity is None


@pytest.mark.parametrize("typed", ["0", "many", "-3", "1.5"])
def test_seats_that_cannot_be_are_refused(client, sam, date, typed):
    page = client.post(at(date, "seats"), data={"capacity": typed, "do": "do"})

    assert page.status_code == 422
    assert 'id="capacity-error"' in page.text


def test_a_note_is_read_by_everybody(client, sam, date):
    client.post(at(date, "note"), data={"note": "Use the <back> door.", "do": "do"})

    assert "Use the &lt;back&gt; door." in client.get(f"/m/{date.meeting_id}").text
    assert bodies() == []


def test_a_note_that_is_too_long_is_refused(client, sam, date):
    assert client.post(at(date, "note"), data={"note": "x" * 501}).status_code == 422


def test_somebody_else_leads_a_date_and_the_people_of_the_organisation_see_who(client, clinic, sam, date):
    make_facilitator(schedule.get_meeting(clinic.id, date.meeting_id), sam)
    kim = make_person(clinic, role="counsellor", name="Kim Noor")
    assert "Led by Sam L." in client.get(f"/m/{date.meeting_id}").text

    client.post(at(date, "substitute"), data={"person": str(kim.id), "instead_of": str(sam.id), "do": "do"})

    page = client.get(f"/m/{date.meeting_id}").text
    assert "Led by Kim N.<" in page
    assert "Nobody takes your name" not in page
    client.post(at(date, "substitute"), data={"person": "", "instead_of": "", "do": "do"})
    assert "Led by Sam L." in client.get(f"/m/{date.meeting_id}").text
    assert "Led by" not in client.application.test_client().get(f"/m/{date.meeting_id}").text


@pytest.mark.parametrize("who", ["patient", "outsider", "nonsense"])
def test_only_staff_of_the_organisation_stand_in(client, clinic, sam, date, who):
    person = make_person(clinic) if who == "patient" else make_person(make_organisation(), role="counsellor")
    given = "nonsense" if who == "nonsense" else str(person.id)

    assert client.post(at(date, "substitute"), data={"person": given, "instead_of": ""}).status_code == 422
    assert substitutes.leaders(clinic.id, [now(date)])[date.id] == []


def test_one_more_date_is_added_once_its_texts_were_seen(client, clinic, sam, date):
    make_member(schedule.get_meeting(clinic.id, date.meeting_id), make_person(clinic))
    url = f"/staff/meetings/{date.meeting_id}/dates/new"
    given = {"date": "2026-11-06", "time": "09:00", "minutes": "45", "note": "Bring a friend."}

    look = client.post(url, data=given | {"do": "look"})
    assert "One more date: Fri Nov 6, 9:00 AM." in look.text
    client.post(url, data=given | seen(look))

    assert bodies() == ["One more date: Fri Nov 6, 9:00 AM. Reply Y if you can come, N if not."]
    [extra] = db.session.scalars(select(Occurrence).where(Occurrence.slot_local.is_(None)))
    assert (extra.start_local, extra.note) == (datetime(2026, 11, 6, 9), "Bring a friend.")
    assert "Bring a friend." in client.get(f"/staff/meetings/{date.meeting_id}/dates").text


def test_one_more_date_in_the_past_is_refused_beside_its_field(client, sam, date):
    url = f"/staff/meetings/{date.meeting_id}/dates/new"

    page = client.post(url, data={"date": "2026-10-06", "time": "09:00", "minutes": "45", "note": ""})

    assert page.status_code == 422
    assert 'id="date-error"' in page.text


@pytest.mark.parametrize("act", ["reinstatement", "place", "seats", "note", "substitute"])
@pytest.mark.parametrize("role", ["patient", "outsider"])
def test_only_staff_of_the_organisation_change_a_date(client, clinic, off, act, role):
    person = make_person(clinic) if role == "patient" else make_person(make_organisation(), role="counsellor")
    sign_in(client, person)

    expected = 403 if role == "patient" else 404
    assert client.get(at(off, act)).status_code == expected
    assert client.post(at(off, act), data={"do": "do"}).status_code == expected
    sign_in(client, make_person(clinic, role="counsellor"))
    assert client.get(at(off, act)).status_code == 200


def test_each_date_leads_to_its_changes(client, sam, date):
    page = client.get(f"/staff/meetings/{date.meeting_id}/dates").text

    for act in ("place", "seats", "note", "substitute"):
        assert f'href="{at(date, act)}"' in page
        assert client.get(at(date, act)).status_code == 200
