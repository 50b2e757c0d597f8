from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.calendars import searches, sheet
from aftercare.calendars.models import PublicBody
from aftercare.core.db import db, transaction
from aftercare.meetings import changes, closures, schedule
from aftercare.meetings.closures import Plan
from aftercare.people import organisations
from tests.calendars import content_lines
from tests.calendars.devices import Statements, fetch, shown
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_organisation

BEGUN = datetime(2019, 1, 1, 7, 30)
LISTING = {"kind": "fellowship", "name": "Early Risers", "start_local": BEGUN}


@pytest.fixture
def clinic(app, monday):
    return make_organisation(name="Elm Street")


def path_of(clinic, query):
    return f"/o/{clinic.slug}/meetings.ics?{query}"


def titles(client, clinic, query):
    return sorted({event["SUMMARY"] for event in shown(client, path_of(clinic, query))})


@pytest.fixture
def three(clinic):
    """Make meetings of different days, hours and ways."""
    make_meeting(clinic, **LISTING)
    make_meeting(
        clinic, **LISTING | {"name": "Late", "start_local": datetime(2019, 1, 3, 21)}, rule="FREQ=WEEKLY;BYDAY=TH"
    )
    make_meeting(clinic, **LISTING | {"name": "Screen", "attendance": "online"})
    return clinic


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("day=tue", ["Early Risers", "Screen"]),
        ("day=thu", ["Late"]),
        ("time=morning", ["Early Risers", "Screen"]),
        ("attend=online", ["Screen"]),
        ("day=tue&attend=in_person", ["Early Risers"]),
        ("q=late", ["Late"]),
        ("q=nothing+fits", []),
    ],
)
def test_a_search_is_a_calendar_of_what_the_page_shows(client, three, query, found):
    assert titles(client, three, query) == found


def test_a_search_goes_twelve_weeks_ahead_on_its_day_alone(client, three):
    events = shown(client, path_of(three, "day=thu"))

    assert len(events) == searches.WEEKS
    # Nine in the evening of Thursday is Friday morning in UTC.
    assert {date.fromisoformat(event["DTSTART"][:8]).weekday() for event in events} == {4}


@pytest.mark.parametrize("day", ["today", "tomorrow", "week", "now", ""])
def test_days_that_move_with_today_mean_every_day(client, three, day):
    assert titles(client, three, f"day={day}&time=night") == ["Late"]


@pytest.mark.parametrize("query", ["", "utm=x", "day=", "day=today", "sort=distance"])
def test_an_address_that_chooses_nothing_is_the_whole_list(client, three, query):
    assert fetch(client, path_of(three, query)).data == fetch(client, f"/o/{three.slug}/meetings.ics").data


def test_its_name_says_what_was_chosen_in_the_language_of_the_organisation(client, app, monday):
    clinic = make_organisation(name="Calle Olmo", language="es")
    feed = fetch(client, path_of(clinic, "attend=online&q=caf%C3%A9"), Accept_Language="en").data

    assert content_lines.values(feed, "NAME") == ["Calle Olmo: “café”\\, En línea"]


def test_a_cancelled_date_stays_and_says_so(client, clinic):
    meeting = make_meeting(clinic, name="Tools")
    with transaction():
        schedule.extend(meeting)
        changes.cancel_occurrence(clinic.id, schedule.next_dates(meeting)[0].id, by=None)

    assert titles(client, clinic, "day=tue") == ["Cancelled: Tools", "Tools"]


def test_a_search_is_kept_until_something_changes(client, three):
    path = path_of(three, "day=tue")
    tag = fetch(client, path).headers["ETag"]
    with Statements() as kept:
        answer = fetch(client, path, If_None_Match=tag)
    publish(three)

    assert (answer.status_code, len(kept)) == (304, 1)
    assert fetch(client, path, If_None_Match=tag).status_code == 200


def test_a_long_search_stops_and_says_until_when(client, three, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_EVENTS", 3)

    feed = fetch(client, path_of(three, "day=thu")).data

    assert len(content_lines.events(feed)) == 3
    [told] = content_lines.values(feed, "X-WR-CALDESC")
    assert told.startswith("It shows the dates until Thu\\, Nov 19")


def test_only_so_many_searches_are_kept(client, three, monkeypatch):
    monkeypatch.setattr(searches, "MOST_KEPT", 3)
    fetch(client, f"/o/{three.slug}/meetings.ics")
    for number in range(6):
        assert fetch(client, path_of(three, f"q=word{number}")).status_code == 200

    assert len(kept(three)) == 3


def test_whoever_searches_oddly_takes_nobodys_calendar_away(client, three, monkeypatch, hold):
    monkeypatch.setattr(searches, "MOST_KEPT", 2)
    ours = path_of(three, "day=tue")
    fetch(client, ours)
    hold(MONDAY + timedelta(days=1))
    tag = fetch(client, ours).headers["ETag"]
    for number in range(4):
        fetch(client, path_of(three, f"q=word{number}"))

    with Statements() as kept:
        answer = fetch(client, ours, If_None_Match=tag)
    assert (answer.status_code, len(kept)) == (304, 1)


def test_a_calendar_that_nobody_asks_for_any_more_makes_room(client, three, monkeypatch, hold):
    monkeypatch.setattr(searches, "MOST_KEPT", 1)
    monkeypatch.setattr(searches, "MOST_SUBSCRIBED", 1)
    paths = [path_of(three, f"day={day}") for day in ("tue", "thu")]
    fetch(client, paths[0])
    hold(MONDAY + timedelta(days=1))
    fetch(client, paths[0])
    fetch(client, paths[1])
    before = kept(three)
    hold(MONDAY + searches.SUBSCRIBED_FOR + timedelta(days=2))
    fetch(client, paths[1])

    after = kept(three)
    assert (len(before), len(after), before & after) == (1, 1, set())


def test_searches_that_nobody_asked_for_before_are_counted_and_known_ones_are_not(client, three, monkeypatch, hold):
    monkeypatch.setattr(searches, "NEW_BY_ADDRESS", (2, 3600))
    monkeypatch.setattr(searches, "NEW_BY_ALL", (3, 3600))
    place = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}

    def ask(query, **given):
        return client.get(path_of(three, query), **{**place, **given}).status_code

    ours = [ask(f"q=word{number}") for number in range(3)]
    others = [ask(f"q=else{number}", environ_base={"REMOTE_ADDR": "203.0.113.10"}) for number in range(2)]
    refused = client.get(path_of(three, "q=word2"), **place)
    publish(three)

    assert (ours, others) == ([200, 200, 429], [200, 429])
    assert "Many new searches are being made" in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    assert [ask("q=word0"), ask("q=word1"), ask("q=else0")] == [200, 200, 200]
    assert client.get(f"/o/{three.slug}/meetings.ics", **place).status_code == 200
    hold(MONDAY + timedelta(hours=1))
    assert ask("q=word2") == 200


def publish(organisation):
    make_meeting(organisation, **LISTING | {"name": "New"})
    with transaction():
        organisations.touch_public_calendar(organisation.id)


def kept(organisation):
    db.session.rollback()
    rows = select(PublicBody.about).where(PublicBody.about.startswith("search "))
    return set(db.session.scalars(rows.where(PublicBody.organisation_id == organisation.id)))


def test_a_search_of_nobody_is_not_found(client, clinic):
    assert fetch(client, "/o/nobody/meetings.ics?day=tue").status_code == 404


def test_what_cannot_be_chosen_is_passed_over(client, three):
    assert titles(client, three, "day=noday&attend=online") == ["Screen"]
    assert titles(client, three, "type=XYZ&attend=online") == ["Screen"]


def test_a_day_on_which_everything_is_closed_says_so(client, three):
    plan = Plan("organisation", date(2026, 11, 3), date(2026, 11, 3))
    with transaction():
        closures.close(three.id, plan, by=None)

    events = shown(client, path_of(three, "day=tue&attend=in_person"))

    assert [event["SUMMARY"] for event in events[:2]] == ["Cancelled: Early Risers", "Early Risers"]
    assert "Cancelled" in client.get(f"/o/{three.slug}/meetings/embed?day=tue").get_data(as_text=True)


def test_where_somebody_looks_is_kept_by_no_cache_on_the_way(client, three):
    scopes = [fetch(client, path_of(three, query)).headers["Cache-Control"] for query in ("near=39.75,-105", "day=tue")]

    assert scopes == ["private, max-age=900", "public, max-age=900"]
