import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid
from aftercare.demo import meeting_list
from aftercare.meetings import export_cli, publishing
from aftercare.meetings.exchange import exporting
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.models import Meeting
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import Repeat
from tests.factories import make_meeting, make_organisation
from tests.meetings.exchange.feeds import DENVER, FEEDS, needs_feeds, row
from tests.meetings.exchange.imports import imported

NOW = datetime(2026, 11, 2, 17, tzinfo=UTC)
BASE = "https://meet.example.org"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@pytest.fixture
def clinic(app, monday):
    return make_organisation(slug="riverbend", name="Riverbend")


def exported(organisation):
    db.session.rollback()
    return exporting.feed(organisation, base_url=BASE, now=NOW)


def rows(organisation):
    return json.loads(exported(organisation))


def published(organisation, **said):
    draft = replace(Draft("Ours", datetime(2026, 9, 1, 18), kind="fellowship", zone=DENVER), **said)
    with transaction():
        return publishing.publish(organisation.id, draft, by=None)


def test_an_imported_meeting_goes_out_as_it_came_in(clinic):
    came = {
        "slug": "porch", "name": "Porch Group", "day": 1, "time": "19:00", "end_time": "20:30", "timezone": DENVER,
        "formatted_address": "77 Copperleaf Way, Juniper Falls, CO 80099, USA", "approximate": "no",
        "types": ["B", "O"],
        "location": "Porch House", "location_notes": "Ring", "regions": ["Mesa", "Juniper Falls"], "group": "Lantern",
        "group_notes": "All of us", "notes": "Bring a cup", "conference_url": "https://zoom.us/j/5550100",
        "conference_url_notes": "1234", "conference_phone": "+13035550100", "conference_phone_notes": "Press 1",
        "latitude": 39.1, "longitude": -105.2, "feedback_url": "https://example.org/fix",
        "feedback_emails": ["list@example.org"], "url": "https://example.org/porch", "website": "https://example.org",
        "updated": "2026-04-04 16:50:58", "entity": "Mesa Intergroup", "entity_phone": "+1-303-555-0100",
        "entity_url": "https://example.org", "entity_website_url": "https://example.org", "venmo": "@porch",
        "paypal": "porch",
    }  # fmt: skip
    imported(clinic, came)

    assert rows(clinic) == [came]


def test_what_goes_out_comes_in_again_as_the_same_meetings(clinic):
    imported(clinic, meeting_list.meeting_list(), defaults=FeedDefaults("aa", meeting_list.ZONE))
    first = exported(clinic)
    again = make_organisation(zone=clinic.zone)

    report = imported(again, first)

    assert (report.refused, exported(again)) == ([], first)


@needs_feeds
@pytest.mark.parametrize("name", ["mg_sepia-philadelphia_2022", "mg_orange-county-ca_2023", "mg_al-anon-ma_2023"])
def test_what_goes_out_of_a_real_list_comes_in_again_as_the_same_meetings(clinic, name):
    imported(clinic, (FEEDS / f"{name}.json").read_bytes(), defaults=FeedDefaults("aa", "America/New_York"))
    first = exported(clinic)
    again = make_organisation(zone=clinic.zone)

    report = imported(again, first)

    assert (report.refused, exported(again)) == ([], first)


ROWS = st.fixed_dictionaries(
    {"slug": st.from_regex(r"\A[a-z][a-z0-9-]{0,20}\Z"), "name": TEXT, "formatted_address": TEXT},
    optional={
        "day": st.integers(0, 6) | st.lists(st.integers(0, 6), max_size=3),
        "time": st.times().map(lambda t: t.strftime("%H:%M")),
        "end_time": st.times().map(lambda t: t.strftime("%H:%M")),
        "timezone": st.sampled_from([DENVER, "America/New_York", "Europe/London"]),
        "types": st.lists(st.sampled_from(["O", "C", "TC", "S", "X", "D", "ST", "ONL"]), unique=True),
        "regions": st.lists(TEXT, max_size=3),
        "approximate": st.sampled_from(["yes", "no"]),
        "latitude": st.floats(1, 89),
        "longitude": st.floats(-179, -1),
        **dict.fromkeys(("location", "location_notes", "group", "group_notes", "notes", "entity"), TEXT),
        **dict.fromkeys(("conference_url_notes", "conference_phone_notes"), TEXT),
        "conference_url": st.sampled_from(["https://zoom.us/j/1", "https://example.org/room"]),
        "conference_phone": st.sampled_from(["+13035550100", "3035550100,,123#"]),
        "updated": st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map("{:%Y-%m-%d %H:%M:%S}".format),
    },
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ROWS, min_size=1, max_size=5, unique_by=lambda each: str(each["slug"])))
def test_any_list_that_goes_out_comes_in_again_as_the_same_meetings(clinic, listed):
    one, two = make_organisation(zone=DENVER), make_organisation(zone=DENVER)
    try:
        imported(one, *listed, defaults=FeedDefaults("aa", DENVER))
    except Invalid:
        return
    first = exported(one)

    report = imported(two, first)

    assert report.refused == []
    assert without_own_links(exported(two)) == without_own_links(first)


def without_own_links(feed):
    """Drop the addresses of our own pages, which the second organisation takes for those of the list."""
    return [{field: value for field, value in each.items() if BASE not in str(value)} for each in json.loads(feed)]


def test_a_meeting_of_our_own_says_who_answers_for_it(clinic):
    meeting = published(clinic, repeat=Repeat(weekdays=(1, 3)))

    assert [(each["slug"], each["day"]) for each in rows(clinic)] == [
        (f"{meeting.id.hex}-2", 2),
        (f"{meeting.id.hex}-4", 4),
    ]
    assert {each["url"] for each in rows(clinic)} == {f"{BASE}/m/{meeting.id}"}
    assert {(each["entity"], each["feedback_url"]) for each in rows(clinic)} == {
        ("Riverbend", f"{BASE}/o/riverbend/meetings")
    }


def test_a_rule_that_the_format_does_not_know_goes_out_in_words(clinic):
    published(clinic, repeat=Repeat(unit="month", weekdays=(1,), nth=1), description="Bring a cup")

    (told,) = rows(clinic)
    assert (told["day"], told["time"]) == (2, "18:00")
    assert told["notes"].splitlines() == ["The first Tuesday of every month at 6:00 PM", "Bring a cup"]


def test_what_takes_place_once_or_is_over_does_not_go_out(clinic, hold):
    hold(NOW - timedelta(days=90))
    published(clinic)
    published(clinic, repeat=Repeat(weekdays=(1,), until=date(2026, 9, 30)))
    hold(NOW)

    assert rows(clinic) == []


def test_a_withheld_link_does_not_go_out(clinic):
    make_meeting(
        clinic, is_open=True, attendance="online", join_url="https://zoom.us/j/1", join_notes="1234",
        is_join_withheld=True,
    )  # fmt: skip

    assert [field for field in rows(clinic)[0] if field.startswith("conference")] == []


def test_an_empty_list_is_an_empty_array(clinic):
    assert rows(clinic) == []


def test_a_list_takes_the_same_statements_for_many_meetings(clinic, statements):
    def count():
        db.session.refresh(clinic)
        return statements(lambda: exporting.feed(clinic, base_url=BASE, now=NOW))

    imported(clinic, *(row(slug=f"a-{n}") for n in range(3)))
    few = count()
    imported(clinic, *(row(slug=f"b-{n}") for n in range(50)), location="more")

    assert count() == few == 3


def test_the_command_writes_the_list_to_the_screen_or_a_file(clinic, tmp_path):
    imported(clinic, row())
    file = tmp_path / "list.json"

    screen = CliRunner().invoke(export_cli.export_meeting_guide, ["--organisation", "riverbend"])
    CliRunner().invoke(export_cli.export_meeting_guide, ["--organisation", "riverbend", "--output", str(file)])

    assert [each["slug"] for each in json.loads(screen.stdout)] == ["porch"]
    assert file.read_text() == screen.stdout


def test_a_file_that_cannot_be_written_is_refused_in_a_sentence(clinic, tmp_path):
    words = ["--organisation", "riverbend", "--output", str(tmp_path / "nowhere" / "list.json")]

    refused = CliRunner().invoke(export_cli.export_meeting_guide, words).exception

    assert isinstance(refused, Invalid)
    assert "cannot be written" in refused.sentence


def test_an_ended_meeting_does_not_go_out(clinic):
    imported(clinic, row())
    with transaction():
        db.session.query(Meeting).update({"ended_at": NOW})

    assert rows(clinic) == []
