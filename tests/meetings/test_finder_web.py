import gzip
import json
from datetime import datetime

import pytest

from tests.factories import make_meeting, make_occurrence, make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported
from tests.meetings.finding import UNION, at, list_rows


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation(slug="riverbend", name="Riverbend")
    imported(organisation, row(), row(slug="lamp", name="Lamplight", day=2, types=["C", "ST"]))
    return organisation


def get(client, path="", language="en", **headers):
    return client.get(f"/o/riverbend/meetings{path}", headers={"Accept-Language": language} | headers)


def test_the_page_lists_today_and_tomorrow(client, clinic):
    answer = get(client)

    assert answer.status_code == 200
    assert [words in answer.text for words in ("Today, Monday, November 2", "Porch Group", "7:00 PM")] == [True] * 3
    assert [words in answer.text for words in ("Tomorrow, Tuesday", "Lamplight", "Step Study")] == [True] * 3
    assert "All times are Mountain Time." in answer.text
    assert "<b>2 meetings</b>" in answer.text


def test_the_page_speaks_spanish(client, clinic):
    answer = get(client, language="es-MX")

    assert '<html lang="es">' in answer.text
    assert [words in answer.text for words in ("Hoy, lunes 2 de noviembre", "7:00 p.\u00a0m.", "Jueves")] == [True] * 3
    assert "Estudio de pasos" in answer.text


def test_choices_stand_in_the_form_and_can_be_taken_away(client, clinic):
    answer = get(client, "?day=tomorrow&type=ST&q=lamp")

    assert "Porch Group" not in answer.text
    assert "Lamplight" in answer.text
    assert '<option value="ST" selected>Step Study</option>' in answer.text
    assert 'href="/o/riverbend/meetings?q=lamp&amp;day=tomorrow"' in answer.text


@pytest.mark.parametrize(
    "query", ["day=someday", "time=25", "type=QQ", "language=xx", "attend=by-boat", "after=nonsense"]
)
def test_what_cannot_be_read_is_said_in_a_sentence_beside_the_list(client, clinic, query):
    answer = get(client, f"?{query}")

    assert answer.status_code == 422
    assert "Check your answers" in answer.text
    assert "Porch Group" in answer.text


def test_a_long_list_goes_on_behind_its_last_row(client, clinic):
    imported(
        clinic, *(row(slug=f"m-{n}", name=f"Number {n:02}", day=1, time="20:00") for n in range(70)), location="long"
    )

    first = get(client, "?day=today")
    later = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = client.get(later)

    assert "60 meetings on this page" in first.text
    assert "11 meetings on this page" in second.text
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize("path", ["", ".json"])
def test_an_unknown_organisation_is_not_found(client, clinic, path):
    answer = client.get(f"/o/nobody/meetings{path}")

    assert answer.status_code == 404
    assert answer.content_type.split(";")[0] == ("application/problem+json" if path else "text/html")


def test_the_page_names_the_feed_for_programs(client, clinic):
    link = 'rel="alternate" type="application/json" title="Meetings Feed" href="http://localhost/o/riverbend/meetings.json"'

    assert link in get(client).text


def test_the_feed_holds_listings_and_programme_meetings_open_to_all(client, clinic):
    make_meeting(clinic, name="Open Evening", is_open=True)
    make_meeting(clinic, name="For Members")
    make_meeting(clinic, name="Unlisted", is_open=True, listed=False)

    rows = get(client, ".json").json

    assert sorted(each["name"] for each in rows) == ["Lamplight", "Open Evening", "Porch Group"]


def test_the_feed_may_be_read_by_pages_of_other_sites_and_kept_by_anybody(client, clinic):
    answer = get(client, ".json")

    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers


def test_the_feed_is_packed_for_those_who_can_unpack_it(client, clinic):
    packed = get(client, ".json", **{"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == get(client, ".json").json


def test_a_feed_that_has_not_changed_is_not_sent_again(client, clinic, database, statements):
    first = get(client, ".json")

    for known in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = get(client, ".json", **known)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    tagged = {"If-None-Match": first.headers["ETag"]}
    # One question; SQLite begins its transaction with a statement of its own.
    assert statements(lambda: get(client, ".json", **tagged)) == (2 if database == "sqlite" else 1)


def test_a_changed_list_is_sent_anew(client, clinic, monday, hold):
    first = get(client, ".json")
    hold(monday.replace(hour=18))
    imported(clinic, row(name="Porch Group Two"), row(slug="lamp", name="Lamplight", day=2, types=["C", "ST"]))

    for known in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = get(client, ".json", **known)
        assert (again.status_code, "Porch Group Two" in again.text) == (200, True)


def test_a_cancelled_date_is_marked_on_the_page(client, clinic):
    make_occurrence(make_meeting(clinic, name="Ours"), starts=datetime(2026, 11, 2, 18), status="cancelled")

    assert "row-off" in get(client, "?day=today").text


def test_what_people_type_into_lists_is_text_and_never_markup(client, clinic):
    imported(clinic, row(slug="x", name="A & B &lt;script&gt;alert(1)&lt;/script&gt;", day=1), location="other")

    assert "<script>alert" not in get(client).text
    assert "<script>alert" not in get(client, "?q=<script>alert(1)</script>").text


def test_the_nearest_are_shown_with_their_day_and_distance(client, clinic):
    list_rows(clinic, at(4, "tue", "12:00", name="Far"), at(0, "tue", "13:00", name="Near"), location="map")

    answer = get(client, f"?near={UNION}&within=5&sort=distance")

    assert "Nearest first" in answer.text
    assert answer.text.index("Near</a>") < answer.text.index("Far</a>")
    assert ["(4 miles)" in answer.text, "<small>Tue, Nov 3</small>" in answer.text] == [True, True]


def test_a_place_that_nobody_knows_is_named(client, clinic):
    answer = get(client, "?near=Atlantis")

    assert answer.status_code == 422
    assert "We do not know this place." in answer.text
    assert "Porch Group" in answer.text


def test_an_empty_list_says_what_else_to_try(client, clinic):
    answer = get(client, f"?near={UNION}&within=1&day=today&time=night&q=x")

    assert "No meeting fits all of that" in answer.text
    for label in (
        "Look further away",
        "Look through the next 7 days",
        "Look at any time of day",
        "Leave out the words",
    ):
        assert label in answer.text


def test_meetings_by_appointment_end_the_list(client, clinic):
    imported(clinic, row(slug="call-us", name="Call Us", day=..., time=...), location="more")

    answer = get(client)

    assert answer.text.index("Lamplight") < answer.text.index('id="by-appointment"') < answer.text.index("Call Us</a>")
    assert "Call Us" not in get(client, "?time=evening").text


def test_only_the_finder_lets_a_browser_say_where_it_is_and_nobody_keeps_it(client, clinic):
    answer = get(client, f"?near={UNION}")

    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "geolocation=()" in client.get("/").headers["Permissions-Policy"]
    assert 'data-here="near"' in answer.text
