"""The page of a meeting that was imported."""

import pytest
from sqlalchemy import select

from aftercare.core.db import db
from aftercare.meetings.models import Meeting
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported

CALL = {"conference_url": "https://zoom.us/j/5550100", "conference_url_notes": "Passcode 1234"}
TOWN = {"formatted_address": "Juniper Falls, CO, USA"}
SHUT = "This meeting is closed for now. Please do not go there."


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def page(client, clinic):
    """Import one row and open its page."""

    def opened(**fields):
        imported(clinic, row(**fields))
        meeting_id = db.session.scalars(select(Meeting.id)).one()
        answer = client.get(f"/m/{meeting_id}")
        assert answer.status_code == 200
        return answer.text

    return opened


def test_the_page_tells_what_the_list_told(page):
    text = page(
        location="Porch House", location_notes="Ring twice", regions=["Mesa", "Old Town"], group="Lantern Group",
        group_notes="All of us", notes="Bring a cup.\nNo pets.", types=["O", "ST", "X", "S"], entity="Mesa Intergroup",
        entity_phone="+1-303-555-0100", updated="2026-04-04 16:50:58", **CALL,
    )  # fmt: skip

    said = (
        "Every Monday at 7:00 PM", "Porch House", "77 Copperleaf Way", "Old Town, Mesa", "Ring twice",
        "Alcoholics Anonymous. Lantern Group", "All of us", "Bring a cup.\nNo pets.", "Step Study", "Spanish",
        "Wheelchair Access", "Open to all", "Passcode 1234", "Listed by Mesa Intergroup.", "+1-303-555-0100", "April 4",
        "Tonight, Monday, November 2", "You can just come.",
    )  # fmt: skip
    assert [words for words in said if words not in text] == []


def test_open_and_closed_are_said_once(page):
    text = page(types=["O"])

    assert ("Open to all" in text, ">Open<" in text) == (True, False)


def test_a_place_closed_for_now_is_a_warning_and_no_date_is_promised(page):
    text = page(types=["TC"])

    assert SHUT in text
    assert "No date is planned right now." in text
    assert "Location Temporarily Closed" not in text


def test_a_closed_place_whose_meeting_goes_on_online_says_so(page):
    text = page(types=["TC"], **CALL)

    assert "The place is closed for now. You can join online or by phone." in text
    assert "Tonight, Monday" in text


def test_a_meeting_that_nobody_can_reach_sends_nobody_away_in_vain(page):
    assert "Nobody can come to this meeting right now." in page(**TOWN)


def test_an_open_place_has_no_warning(page):
    assert "closed for now" not in page()


def test_a_town_is_no_address_to_look_up_on_a_map(page):
    assert "openstreetmap" not in page(**TOWN, **CALL)


def test_a_meeting_by_appointment_says_so(page):
    text = page(day=..., time=...)

    assert "By appointment" in text
    assert "No date is planned right now." in text


def test_two_lists_that_describe_one_house_each_keep_their_word(client, clinic):
    imported(clinic, row(location_notes="Ring twice"))
    imported(clinic, row(slug="lamp", location_notes="Side door"), location="other")

    pages = {
        meeting.source_key: client.get(f"/m/{meeting.id}").text for meeting in db.session.scalars(select(Meeting)).all()
    }
    assert ("Ring twice" in pages["porch"], "Side door" in pages["lamp"]) == (True, True)
    assert ("Side door" in pages["porch"], "Ring twice" in pages["lamp"]) == (False, False)
