import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from aftercare.calendars import feeds, web
from aftercare.calendars.models import FeedBody
from aftercare.core.db import db, transaction
from aftercare.people import accounts
from aftercare.people.models import Organisation
from tests.calendars import content_lines
from tests.calendars.devices import Statements, fetch, shown, subscribe
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def ana(app, monday):
    return make_person(zone="America/Denver")


def going(person, **given):
    clinic = db.session.get_one(Organisation, person.organisation_id)
    occurrence = make_occurrence(make_meeting(clinic, **given))
    make_rsvp(occurrence, person)
    return occurrence


WRONG = [
    "A" * 22,
    "A" * 21,
    "A" * 23,
    "A",
    "é" * 22,
    "A" * 5000,
    "../../etc/passwd",
    "A" * 21 + "%00",
    "A" * 20 + "%2F",
]


@pytest.mark.parametrize("secret", WRONG)
def test_an_unknown_address_is_like_any_wrong_address(client, ana, secret):
    subscribe(ana)
    wrong, unknown = client.get(f"/nothing/{secret}.ics"), client.get(f"/c/{secret}.ics")

    assert (unknown.status_code, wrong.status_code) == (404, 404)
    assert without_address(unknown) == without_address(wrong)


def test_a_secret_in_capitals_is_another_secret(client, ana):
    path = subscribe(ana)
    capitals = "/c/" + path.removeprefix("/c/").removesuffix(".ics").swapcase() + ".ics"

    assert fetch(client, capitals).status_code == 404


def test_an_address_of_the_wrong_length_does_not_trouble_the_database(client, ana):
    with Statements() as sent:
        client.get("/c/short.ics")

    assert list(sent) == []


def test_a_calendar_that_is_off_empties_the_phone_for_90_days_and_is_then_gone(client, ana, hold):
    going(ana)
    path = subscribe(ana)
    tag = fetch(client, path).headers["ETag"]
    turn_off(ana)

    off = fetch(client, path, If_None_Match=tag)
    assert off.status_code == 200
    assert content_lines.events(off.data) == []
    assert content_lines.values(off.data, "X-WR-CALNAME") == ["Calendar off"]
    assert fetch(client, path, If_None_Match=off.headers["ETag"]).status_code == 304

    hold(MONDAY + timedelta(days=90, seconds=-1))
    assert fetch(client, path).status_code == 200
    hold(MONDAY + timedelta(days=90))
    gone = fetch(client, path)
    assert (gone.status_code, gone.headers["Referrer-Policy"]) == (410, "no-referrer")


def test_nothing_of_a_calendar_that_is_off_is_kept(client, ana):
    path = subscribe(ana)
    fetch(client, path)
    turn_off(ana)
    fetch(client, path)

    db.session.rollback()
    assert db.session.scalars(select(func.count()).select_from(FeedBody)).one() == 0


def test_a_calendar_that_is_off_says_so_in_spanish(client, app, monday):
    ana = make_person(language="es")
    path = subscribe(ana)
    turn_off(ana)

    assert content_lines.values(fetch(client, path).data, "NAME") == ["Calendario apagado"]


def test_the_calendar_of_somebody_who_left_is_off(client, ana, monday):
    going(ana)
    path = subscribe(ana)
    with transaction():
        accounts.get_person(ana.organisation_id, ana.id).left_at = monday

    assert content_lines.values(fetch(client, path).data, "NAME") == ["Calendar off"]


def test_a_secret_opens_the_calendar_of_its_own_organisation_only(client, app, monday):
    ana, zoe = make_person(make_organisation()), make_person(make_organisation())
    here, there = going(ana, name="Here"), going(zoe, name="There")

    assert [event["UID"] for event in shown(client, subscribe(ana))] == [f"{here.id}@localhost"]
    assert [event["UID"] for event in shown(client, subscribe(zoe))] == [f"{there.id}@localhost"]


@pytest.mark.parametrize("of", ["personal", "meeting", "organisation", "off", "gone"])
def test_no_feed_sets_a_cookie_not_even_for_who_is_signed_in(client, ana, hold, of):
    occurrence = going(ana)
    clinic = db.session.get_one(Organisation, ana.organisation_id)
    path = subscribe(ana)
    if of in {"off", "gone"}:
        turn_off(ana)
        hold(MONDAY + timedelta(days=100 if of == "gone" else 1))
    with client.session_transaction() as cookie:
        cookie.permanent = True
        cookie["language"] = "es"
    paths = {"meeting": f"/m/{occurrence.meeting_id}.ics", "organisation": f"/o/{clinic.slug}/meetings.ics"}

    assert "Set-Cookie" not in fetch(client, paths.get(of, path)).headers


def test_the_address_is_short_enough_for_every_calendar_program(app, ana):
    with transaction():
        feed, secret = feeds.create(ana, name="Phone", level="full")

    links = web.addresses(feed, secret, language="en")

    assert links["url"] == f"http://localhost/c/{secret}.ics"
    assert len(links["url"]) < 116


def turn_off(person):
    with transaction():
        for feed in feeds.of(person):
            feeds.revoke(feed.organisation_id, feed.id, person_id=person.id)


def without_address(answer):
    page = re.sub(r'name="(csrf_token|next)" value="[^"]*"', "", answer.get_data(as_text=True))
    ignored = {"Content-Length", "Set-Cookie"}
    return page, sorted((name, value) for name, value in answer.headers if name not in ignored)
