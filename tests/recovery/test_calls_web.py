from datetime import datetime

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.core.db import db
from aftercare.meetings.models import Rsvp
from aftercare.people.models import Organisation
from aftercare.recovery.models import OutreachTask
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.people.sign_in import make_account, sign_in_patient, sign_in_staff


@pytest.fixture
def staff(client, monday):
    account, _ = make_account()
    sign_in_staff(client, account)
    return account


@pytest.fixture
def date(staff):
    """Give a date tomorrow at which Ana is expected, who has heard nothing."""
    clinic = db.session.get_one(Organisation, staff.organisation_id)
    date = make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 7, 30))
    make_rsvp(date, make_person(clinic, name="Ana Rivera", phone="+13035550142"))
    return date


def test_the_list_names_who_and_why_and_masks_the_number(client, date):
    page = client.get(f"/staff/dates/{date.id}/calls").text

    assert "Ana Rivera" in page
    assert "No text was sent" in page
    assert "•••42" in page
    assert 'href="tel:+13035550142"' in page
    assert "calls.seen" in db.session.scalars(select(AuditEvent.act)).all()


def test_one_tap_logs_that_they_talked(client, date):
    person_id = _ana(date)

    answer = client.post(f"/staff/dates/{date.id}/calls/{person_id}", data={"outcome": "reached"})

    task = db.session.scalars(select(OutreachTask)).one()
    assert (answer.status_code, answer.location) == (303, f"/staff/dates/{date.id}/calls")
    assert (task.kind, task.outcome, task.person_id) == ("call", "reached", person_id)
    assert "You talked." in client.get(f"/staff/dates/{date.id}/calls").text


def test_what_is_no_outcome_is_refused_with_the_list(client, date):
    answer = client.post(f"/staff/dates/{date.id}/calls/{_ana(date)}", data={"outcome": "eaten"})

    assert answer.status_code == 422
    assert "Ana Rivera" in answer.text
    assert db.session.scalars(select(OutreachTask)).all() == []


def test_today_and_the_roll_lead_to_the_list(client, date):
    assert "1 person to call" in client.get("/staff").text
    assert f'href="/staff/dates/{date.id}/calls"' in client.get(f"/staff/dates/{date.id}/roll").text


def test_the_list_speaks_spanish(client, date):
    page = client.get(f"/staff/dates/{date.id}/calls?lang=es").text

    assert "A quién llamar" in page
    assert "No se mandó ningún mensaje" in page


def test_another_organisations_list_is_not_there(client, date):
    other = make_occurrence(make_meeting(make_organisation()))

    assert client.get(f"/staff/dates/{other.id}/calls").status_code == 404


def test_patients_do_not_see_the_list(client, monday):
    clinic = make_organisation()
    date = make_occurrence(make_meeting(clinic))
    sign_in_patient(client, make_person(clinic))

    assert client.get(f"/staff/dates/{date.id}/calls").status_code == 403


def _ana(date):
    return db.session.scalars(select(Rsvp.person_id).where(Rsvp.occurrence_id == date.id)).one()
