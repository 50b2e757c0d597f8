import re

import pytest

from aftercare.calendars import feeds
from aftercare.core.db import db
from aftercare.http import qr
from aftercare.people import accounts, organisations
from tests.calendars.devices import fetch, sign_in, subscribe
from tests.factories import make_organisation, make_person

NOBODYS = "01936d3e-0000-7000-8000-000000000000"
ADDRESS = re.compile(r"http://localhost/c/[A-Za-z0-9_-]{22}\.ics")


@pytest.fixture
def ana(app, client, monday):
    ana = make_person()
    sign_in(client, ana)
    return ana


def turned_on(person):
    db.session.rollback()
    return feeds.of(accounts.get_person(person.organisation_id, person.id))


def test_a_calendar_is_made_and_its_address_shown_this_once(client, ana):
    made = client.post("/calendars", data={"name": "My phone", "level": "full"})
    page = made.get_data(as_text=True)
    address = ADDRESS.findall(page)[0]

    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    assert "webcal://localhost/c/" in page
    assert "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Flocalhost" in page
    assert "https://outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2Flocalhost" in page
    assert fetch(client, address.removeprefix("http://localhost")).status_code == 200
    assert ADDRESS.findall(client.get("/calendars").get_data(as_text=True)) == []


def test_the_page_lists_calendars_with_what_they_show(client, ana):
    subscribe(ana, "busy", name="Old phone")
    fetch(client, subscribe(ana, "discreet", name="New phone"))

    page = client.get("/calendars").get_data(as_text=True)

    assert page.index("Old phone") < page.index("Only busy") < page.index("New phone") < page.index("Last read on")


def test_a_calendar_is_discreet_unless_more_is_asked_for(client, ana):
    page = client.get("/calendars").get_data(as_text=True)

    assert re.search(r'value="discreet"[^>]* checked', page)


@pytest.mark.parametrize("given", [{"name": "", "level": "full"}, {"name": "Phone", "level": "all"}, {}])
def test_a_form_that_cannot_be_comes_back_with_what_to_mend(client, ana, given):
    answer = client.post("/calendars", data=given)

    assert answer.status_code == 422
    assert "Check your answers" in answer.get_data(as_text=True)
    assert turned_on(ana) == []


def test_a_calendar_is_turned_off_by_its_button(client, ana):
    path = subscribe(ana)
    [feed] = turned_on(ana)

    answer = client.post(f"/calendars/{feed.id}/revocation")

    assert (answer.status_code, answer.location) == (303, "/calendars")
    assert turned_on(ana) == []
    assert "Calendar off" in fetch(client, path).get_data(as_text=True)
    assert "That calendar is off" in client.get("/calendars").get_data(as_text=True)


@pytest.mark.parametrize("where", ["same clinic", "another clinic"])
def test_nobody_turns_off_or_sees_the_calendar_of_another(client, ana, where):
    same = organisations.get_organisation(ana.organisation_id)
    ben = make_person(make_organisation() if where == "another clinic" else same)
    subscribe(ben, name="Phone of Ben")
    [feed] = turned_on(ben)

    assert client.post(f"/calendars/{feed.id}/revocation").status_code == 404
    assert "Phone of Ben" not in client.get("/calendars").get_data(as_text=True)
    assert len(turned_on(ben)) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/calendars"), ("POST", "/calendars"), ("POST", f"/calendars/{NOBODYS}/revocation")],
)
def test_nobody_reaches_calendars_without_signing_in(app, client, method, path):
    assert client.open(path, method=method).status_code in {302, 303, 401}


def test_the_name_of_a_device_is_text_and_nothing_else(client, ana):
    client.post("/calendars", data={"name": "<script>x</script>", "level": "busy"})

    assert "<script>x" not in client.get("/calendars").get_data(as_text=True)


def test_the_page_speaks_spanish(client, ana):
    page = client.get("/calendars?lang=es").get_data(as_text=True)

    assert '<html lang="es">' in page


def test_a_device_rings_if_that_is_chosen_and_no_longer_if_that_is(client, ana):
    client.post("/calendars", data={"name": "My phone", "level": "full", "alarm": "30"})
    [feed] = turned_on(ana)
    chosen = feed.alarm_minutes
    answer = client.post(f"/calendars/{feed.id}/alarm", data={"alarm": ""})

    [feed] = turned_on(ana)
    assert (chosen, feed.alarm_minutes, answer.status_code) == (30, None, 303)


@pytest.mark.parametrize("alarm", ["31", "x", "-30"])
def test_a_device_rings_only_when_that_can_be_chosen(client, ana, alarm):
    made = client.post("/calendars", data={"name": "My phone", "level": "full", "alarm": alarm})
    subscribe(ana)
    [feed] = turned_on(ana)

    assert (made.status_code, "Choose when" in made.get_data(as_text=True)) == (422, True)
    assert client.post(f"/calendars/{feed.id}/alarm", data={"alarm": alarm}).status_code == 422


def test_nobody_lets_the_device_of_another_ring(client, ana):
    ben = make_person(organisations.get_organisation(ana.organisation_id))
    subscribe(ben)
    [feed] = turned_on(ben)

    assert client.post(f"/calendars/{feed.id}/alarm", data={"alarm": "30"}).status_code == 404
    assert turned_on(ben)[0].alarm_minutes is None


def test_the_address_can_be_scanned_by_another_phone_right_after_it_is_made(client, ana):
    page = client.post("/calendars", data={"name": "My phone", "level": "full"}).get_data(as_text=True)
    address = ADDRESS.findall(page)[0]

    assert qr.draw(address.replace("http://", "webcal://")).path in page
    assert 'class="scan"' not in client.get("/calendars").get_data(as_text=True)
