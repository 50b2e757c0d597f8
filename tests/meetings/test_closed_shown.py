import json
from datetime import UTC, date, datetime, timedelta

import pytest

from aftercare.core.db import transaction
from aftercare.meetings import closures
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Place
from tests.calendars.engines import recurring_events
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, saved
from tests.signing_in import sign_in

WEEK = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)
TODAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def hall(clinic):
    return saved(Place(organisation_id=clinic.id, name="Hall", address="5 Oak St, Denver, CO 80202, USA"))


@pytest.fixture
def listing(clinic, hall):
    return make_listing(clinic, hall)


def make_listing(clinic, hall, **given):
    defaults = {
        "kind": "fellowship", "fellowship": "aa", "place_id": hall.id, "start_local": datetime(2026, 9, 7, 18),
        "rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE", "name": "Sunrise Group",
    }  # fmt: skip
    return make_meeting(clinic, **defaults | given)


def close(clinic, first=TODAY, last=TUESDAY, scope="organisation", **given):
    with transaction():
        return closures.close(clinic.id, Plan(scope, first, last, **given), by=None).closure.id


def lift(clinic, key):
    with transaction():
        closures.lift(clinic.id, key, by=None)


def exported(client, clinic, **headers):
    answer = client.get(f"/o/{clinic.slug}/meetings.json", headers=headers)
    return answer, json.loads(answer.data) if answer.data else None


def test_the_page_of_a_meeting_says_until_when_it_is_closed_and_which_dates_are_off(
    client, clinic, listing, hold, monday
):
    assert "Closed" not in client.get(f"/m/{listing.id}").text
    close(clinic)

    page = client.get(f"/m/{listing.id}").text

    assert "Closed until Tuesday, November 3, 2026, that day too." in page
    assert page.count(">Cancelled<") + page.count("Cancelled</span>") >= 2
    hold(monday + timedelta(days=2))
    assert "Closed" not in client.get(f"/m/{listing.id}").text


def test_a_closure_that_comes_is_announced_two_weeks_ahead(client, clinic, listing):
    key = close(clinic, TODAY + timedelta(days=14), TODAY + timedelta(days=20))
    assert "Closed from Monday, November 16, 2026 to Sunday, November 22, 2026" in client.get(f"/m/{listing.id}").text
    lift(clinic, key)
    close(clinic, TODAY + timedelta(days=15), TODAY + timedelta(days=15))

    assert "Closed" not in client.get(f"/m/{listing.id}").text


def test_a_single_day_is_said_as_one(client, clinic, listing):
    close(clinic, TUESDAY, TUESDAY)

    assert "Closed on Tuesday, November 3, 2026." in client.get(f"/m/{listing.id}").text
    assert "Cerrado el martes, 3 de noviembre de 2026." in client.get(f"/m/{listing.id}?lang=es").text


def test_the_finder_shows_the_dates_of_a_closed_listing_as_cancelled(client, clinic, listing):
    url = f"/o/{clinic.slug}/meetings?day=tuesday"
    assert "Cancelled" not in client.get(url).text
    close(clinic)

    assert "Cancelled" in client.get(url).text


def test_clients_of_the_field_hear_that_a_listing_is_closed_on_the_days_it_is(client, clinic, listing, hold, monday):
    close(clinic, TUESDAY, TUESDAY)
    before, rows = exported(client, clinic)
    assert all("TC" not in row.get("types", ()) for row in rows)

    hold(monday + timedelta(days=1))
    during, rows = exported(client, clinic, **{"If-None-Match": before.headers["ETag"]})
    assert all("TC" in row["types"] for row in rows)
    assert len(rows) == 3
    dated, _ = exported(client, clinic, **{"If-Modified-Since": before.headers["Last-Modified"]})
    assert dated.status_code == 200

    hold(monday + timedelta(days=2))
    _, rows = exported(client, clinic, **{"If-None-Match": during.headers["ETag"]})
    assert all("TC" not in row.get("types", ()) for row in rows)


@pytest.mark.parametrize(("scope", "goes_on"), [("place", True), ("organisation", False)])
def test_of_a_closed_place_clients_hear_that_the_meeting_goes_on_on_the_screen(client, clinic, hall, scope, goes_on):
    make_listing(clinic, hall, attendance="hybrid", join_url="https://zoom.us/j/123456789")
    close(clinic, scope=scope, **({"place_id": hall.id} if scope == "place" else {}))

    _, rows = exported(client, clinic)

    assert all("TC" in row["types"] and ("conference_url" in row) is goes_on for row in rows)


def test_the_feed_of_a_listing_keeps_closed_days_as_cancelled_until_it_is_opened(client, clinic, listing):
    def fetched():
        answer = client.get(f"/m/{listing.id}.ics")
        return answer.headers["ETag"], answer.text.replace("\r\n ", "")

    before, _ = fetched()
    key = close(clinic)
    during, text = fetched()
    assert "20261102T180000" in text
    assert "20261103T180000" in text
    assert text.count("STATUS:CANCELLED") == text.count("SUMMARY:Cancelled: Sunrise Group") == 2
    assert [event.starts_at.day for event in recurring_events(text.encode(), *WEEK) if event.status == "CANCELLED"] == [
        3,
        4,
    ]
    assert [event.starts_at.day for event in recurring_events(text.encode(), *WEEK)] == [3, 4, 5]
    # Of many listings they would take the room of other meetings.
    assert "STATUS:CANCELLED" not in client.get(f"/o/{clinic.slug}/meetings.ics").text
    lift(clinic, key)
    after, text = fetched()

    assert "EXDATE" not in text
    assert "CANCELLED" not in text
    assert len({before, during, after}) == 3


def test_the_feed_of_a_group_keeps_its_closed_dates_as_cancelled(client, clinic):
    meeting = make_meeting(clinic, is_open=True)
    make_occurrence(meeting, starts=datetime(2026, 11, 3, 18))
    make_occurrence(meeting, starts=datetime(2026, 11, 10, 18))
    key = close(clinic)

    assert "STATUS:CANCELLED" in client.get(f"/m/{meeting.id}.ics").text
    lift(clinic, key)
    assert "STATUS:CANCELLED" not in client.get(f"/m/{meeting.id}.ics").text


def test_staff_close_after_a_look_and_open_again(client, clinic):
    meeting = make_meeting(clinic)
    make_occurrence(meeting, starts=datetime(2026, 11, 3, 18))
    sign_in(client, make_person(clinic, role="counsellor"))
    given = {"what": f"meeting:{meeting.id}", "first_day": "2026-11-03", "last_day": "2026-11-04", "reason": "Flood"}

    assert f'value="meeting:{meeting.id}"' in client.get("/staff/closures/new").text
    look = client.post("/staff/closures/new", data=given | {"do": "look"}).text
    assert "1 date:" in look
    token = look.split('name="seen" value="')[1].split('"')[0]
    assert client.post("/staff/closures/new", data=given | {"do": "do"}).status_code == 200
    page = client.post("/staff/closures/new", data=given | {"do": "do", "seen": token}, follow_redirects=True).text
    assert "Closed. It opens again by itself. Nobody gets a text." in page
    assert "Flood" in page

    lifting = next(part.split('"')[0] for part in page.split('href="') if "/lifting" in part.split('"')[0])
    look = client.get(lifting).text
    token = look.split('name="seen" value="')[1].split('"')[0]
    done = client.post(lifting, data={"do": "do", "seen": token}, follow_redirects=True).text
    assert "It is open again." in done
    assert "Nothing is closed" in done


def test_a_look_at_many_dates_names_thirty_and_says_how_many_more(client, clinic):
    meeting = make_meeting(clinic)
    for day in range(1, 33):
        make_occurrence(meeting, starts=datetime(2026, 11, 2, 18) + timedelta(days=day))
    sign_in(client, make_person(clinic, role="counsellor"))
    given = {"what": "organisation", "first_day": "2026-11-03", "last_day": "2026-12-31", "reason": "", "do": "look"}

    look = client.post("/staff/closures/new", data=given).text

    assert "32 dates:" in look
    assert "2 more are not named here." in look


def test_staff_close_a_listing_or_the_place_where_it_is_from_its_page(client, clinic, hall, listing):
    sign_in(client, make_person(clinic, role="counsellor"))
    address = f"/staff/closures/new?what=meeting:{listing.id}"
    assert f'href="{address}"' in client.get(f"/m/{listing.id}").text

    form = client.get(address).text
    assert f'value="meeting:{listing.id}" selected' in form
    assert f'value="place:{hall.id}"' in form
    given = {"what": f"place:{hall.id}", "first_day": "2026-11-03", "last_day": "2026-11-04", "reason": ""}
    look = client.post("/staff/closures/new", data=given | {"do": "look"}).text
    token = look.split('name="seen" value="')[1].split('"')[0]
    client.post("/staff/closures/new", data=given | {"do": "do", "seen": token})

    assert [each.place and each.place.id for each in closures.standing(clinic.id)] == [hall.id]
    assert client.get(f"/staff/closures/new?what=meeting:{make_meeting(make_organisation()).id}").status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"first_day": "soon"}, {"last_day": "2026-11-01"}, {"what": "meeting:nonsense"}, {"what": "town"},
        {"reason": "x" * 501},
    ],
)  # fmt: skip
def test_a_closure_that_cannot_be_is_shown_with_what_is_wrong(client, clinic, given):
    sign_in(client, make_person(clinic, role="counsellor"))
    usual = {"what": "organisation", "first_day": "2026-11-03", "last_day": "2026-11-04", "reason": "", "do": "look"}

    page = client.post("/staff/closures/new", data=usual | given)

    assert page.status_code == 422
    assert f'id="{next(iter(given))}-error"' in page.text


@pytest.mark.parametrize("role", ["patient", "outsider"])
def test_only_staff_of_the_organisation_close_and_open(client, clinic, role):
    key = close(clinic)
    meeting = make_meeting(clinic)
    person = make_person(clinic) if role == "patient" else make_person(make_organisation(), role="counsellor")
    sign_in(client, person)
    given = {"what": f"meeting:{meeting.id}", "first_day": "2026-11-03", "last_day": "2026-11-04", "reason": ""}

    expected = 403 if role == "patient" else 404
    assert client.get(f"/staff/closures/{key}/lifting").status_code == expected
    assert client.post("/staff/closures/new", data=given | {"do": "look"}).status_code == expected
    assert [each.closure.id for each in closures.standing(clinic.id)] == [key]
