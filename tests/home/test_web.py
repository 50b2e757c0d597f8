import json
from datetime import UTC, datetime, timedelta

import pytest

from aftercare.core.db import transaction
from aftercare.home.web import DEMO_PEOPLE
from aftercare.meetings.exchange.importing import look_ahead
from aftercare.recovery import outreach
from tests.conftest import query_count
from tests.factories import (
    make_attendance,
    make_meeting,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
)
from tests.meetings.exchange.feeds import row
from tests.signing_in import sign_in

SIX = datetime(2026, 11, 3, 18, 0)
START = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def clinic(client, hold):
    hold(START - timedelta(hours=8))
    return make_organisation()


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor", name="Sam Ortiz")


@pytest.fixture
def desk(client, sam):
    return sign_in(client, sam)


def test_the_front_door_leads_a_stranger_to_the_meetings(client, clinic):
    page = client.get("/")

    assert page.status_code == 200
    assert f"/o/{clinic.slug}/meetings" in page.text
    assert "/sign-in" in page.text


def test_the_front_door_shows_what_is_still_to_come_today(client, clinic):
    make_occurrence(make_meeting(clinic, name="Tools tonight"), starts=SIX)
    make_occurrence(make_meeting(clinic, name="Long past"), starts=SIX.replace(hour=7))

    page = client.get("/")

    assert "Tools tonight" in page.text
    assert "Long past" not in page.text


def test_a_front_door_shared_by_several_shows_none_of_them(client, clinic):
    make_organisation()
    make_occurrence(make_meeting(clinic, name="Tools tonight"), starts=SIX)

    page = client.get("/")

    assert page.status_code == 200
    assert "/o/" not in page.text
    assert "Tools tonight" not in page.text


def test_the_front_door_of_an_empty_installation_opens(client):
    assert client.get("/").status_code == 200


def test_the_front_door_of_the_demo_shows_as_whom_to_look_around(app, client, clinic):
    app.extensions[DEMO_PEOPLE] = lambda: [{"name": "Ana", "about": "5 in a row", "url": "/demo/sign-in/x"}]
    try:
        assert "5 in a row" in client.get("/").text
    finally:
        del app.extensions[DEMO_PEOPLE]


@pytest.mark.parametrize(("role", "leads_to"), [("patient", "/week"), ("counsellor", "/staff"), ("admin", "/staff")])
def test_the_front_door_leads_each_to_their_own_page(client, clinic, role, leads_to):
    person = make_person(clinic, role=role)

    answer = sign_in(client, person).get("/")

    assert (answer.status_code, answer.location) == (302, leads_to)
    assert client.get(leads_to).status_code == 200


def test_staff_see_todays_groups_with_their_counts(desk, clinic):
    tuesday = make_occurrence(make_meeting(clinic, capacity=5), starts=SIX)
    make_rsvp(tuesday, make_person(clinic))
    make_rsvp(tuesday, make_person(clinic), status="waitlisted", position=1)
    make_occurrence(make_meeting(clinic, name="On Friday"), starts=SIX + timedelta(days=3))

    page = desk.get("/staff")

    assert "1 group today" in page.text
    assert "1 of 5 places taken" in page.text
    assert "1 waiting" in page.text
    assert page.text.index("Next days") < page.text.index("On Friday")
    assert f"/staff/dates/{tuesday.id}/roll" in page.text


@pytest.mark.parametrize(
    ("minutes", "roll", "said"),
    [(-20, "open", "Check-in is open: 1 here"), (90, "open", "Roll to finish"), (90, "final", "Roll finished: 1 here")],
)
def test_each_group_says_what_its_roll_needs(client, clinic, sam, hold, minutes, roll, said):
    tuesday = make_occurrence(make_meeting(clinic), starts=SIX, roll=roll)
    make_attendance(tuesday, make_person(clinic))
    hold(START + timedelta(minutes=minutes))

    assert said in sign_in(client, sam).get("/staff").text


def test_staff_see_what_is_to_do(desk, clinic, sam):
    ana = make_person(clinic, name="Ana Rivera")
    untold = make_occurrence(make_meeting(clinic, name="Evening Tools"), starts=SIX - timedelta(days=2))
    with transaction():
        outreach.open_task(clinic.id, "call", once="1", person_id=ana.id, is_urgent=True)
        outreach.ask_for_roll(clinic.id, untold.id)

    page = desk.get("/staff")

    assert page.text.index("Ana Rivera") < page.text.index("Evening Tools")
    assert "Asked for a call" in page.text
    assert f"/staff/dates/{untold.id}/roll" in page.text


def test_a_roll_to_finish_is_not_listed_as_somebody_to_call(desk, clinic):
    untold = make_occurrence(make_meeting(clinic, name="Evening Tools"), starts=SIX - timedelta(days=2))
    with transaction():
        outreach.ask_for_roll(clinic.id, untold.id)

    calls = desk.get("/staff").text.split("People who may like a call")[1].split("</section>")[0]

    assert "Nobody is waiting for a call." in calls
    assert "Evening Tools" not in calls


def test_staff_see_nothing_of_another_organisation(desk, clinic):
    elsewhere = make_organisation()
    make_occurrence(make_meeting(elsewhere, name="Their group"), starts=SIX)
    make_meeting(clinic)
    with transaction():
        outreach.open_task(elsewhere.id, "call", once="1", person_id=make_person(elsewhere, name="Zoe Other").id)

    page = desk.get("/staff")

    assert "No group today" in page.text
    assert "Their group" not in page.text
    assert "Zoe" not in page.text


def test_an_empty_organisation_is_told_how_to_begin(desk):
    page = desk.get("/staff")

    assert "No groups yet" in page.text
    assert "/staff/meetings/new" in page.text


def test_only_staff_have_a_staff_page(client, clinic):
    assert client.get("/staff").status_code == 401
    assert sign_in(client, make_person(clinic)).get("/staff").status_code == 403


def test_everybody_finds_their_way_from_every_page(client, clinic):
    assert "<nav" not in client.get("/").text

    page = sign_in(client, make_person(clinic)).get("/week")

    assert [link in page.text for link in ('href="/week"', 'href="/in"', f'href="/o/{clinic.slug}/meetings"')] == [
        True
    ] * 3
    assert 'aria-current="page">My week' in page.text
    assert 'action="/sign-out"' in page.text
    assert clinic.name in page.text


def statements(app, desk):
    counted = query_count(app)
    desk.get("/staff")
    return counted()


def test_the_staff_page_takes_as_many_statements_for_one_group_as_for_ten(app, client, clinic, sam):
    desk = sign_in(client, sam)
    counted = []
    for number in (1, 9):
        for _ in range(number):
            make_occurrence(make_meeting(clinic), starts=SIX)
        counted.append(statements(app, desk))

    assert counted[0] == counted[1]


@pytest.mark.parametrize(("role", "is_told"), [("manager", True), ("counsellor", False)])
def test_who_keeps_lists_is_told_that_one_waits_for_a_word(client, clinic, role, is_told):
    with transaction():
        look_ahead(clinic, json.dumps([row()]).encode(), location="list")
    make_meeting(clinic)

    page = sign_in(client, make_person(clinic, role=role)).get("/staff").text

    assert ("1 list waits for your word." in page) is is_told
