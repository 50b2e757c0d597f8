import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.meetings.exchange import spreadsheet
from aftercare.meetings.exchange.dialects import open_list, read
from aftercare.meetings.exchange.feed_lint import lint
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.meeting_guide_export import write
from tests.meetings.exchange.feeds import DENVER, FEEDS, needs_feeds
from tests.meetings.exchange.test_meeting_guide_export import FEEDBACK, PORCH, each_day, listings

FEED = FeedDefaults()


def sheet(*listed):
    return spreadsheet.write(write(listed, feedback_url=FEEDBACK, zone=DENVER))


def cells(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@given(listings())
def test_what_is_written_as_a_sheet_is_read_back_the_same(listing):
    result = read(sheet(listing), feed=FEED)

    assert sorted(result.listings, key=lambda each: each.slug) == sorted(each_day(listing), key=lambda each: each.slug)
    assert not result.refused


def test_a_sheet_is_words():
    (porch,) = cells(sheet(PORCH))

    said = {name: porch[name] for name in ("Slug", "Day", "Time", "End Time", "Types", "Region", "Timezone")}
    assert said == {
        "Slug": "porch",
        "Day": "Monday",
        "Time": "7:00 PM",
        "End Time": "8:30 PM",
        "Types": "Discussion, Open",
        "Region": "Juniper Falls",
        "Timezone": DENVER,
    }


@pytest.mark.parametrize(("hour", "said"), [("00:05", "12:05 AM"), ("12:00", "12:00 PM"), ("23:59", "11:59 PM")])
def test_midnight_and_noon_are_said_right(hour, said):
    (row,) = cells(spreadsheet.write([{"day": 0, "time": hour}]))

    assert (row["Day"], row["Time"]) == ("Sunday", said)


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("https://example.org")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1+1"],
)
def test_a_formula_is_only_text_in_a_sheet_and_comes_back_as_it_was(text):
    guarded = spreadsheet.guarded(text)

    assert guarded[0] == "'"
    assert spreadsheet.unguarded(guarded) == text


@pytest.mark.parametrize("text", ["+1 (303) 555-0142,,1#", "-105.21", "@porch_group", "Porch = home", "'Tis time", ""])
def test_what_can_do_no_harm_is_left_as_it_is(text):
    assert spreadsheet.guarded(text) == text
    assert spreadsheet.unguarded(text) == text


@given(st.text())
def test_guarding_can_always_be_undone(text):
    guarded = spreadsheet.guarded(text)

    assert spreadsheet.unguarded(guarded) == text
    assert guarded[:1] not in ("=", "\t", "\r")


def test_no_cell_of_a_hostile_list_begins_a_formula():
    hostile = replace(PORCH, name="=1+1", notes="@SUM(A1)\n=2", group="-cmd")

    content = sheet(hostile)
    assert not [cell for row in cells(content) for cell in row.values() if cell.startswith(("=", "@", "-"))]
    assert read(content, feed=FEED).listings[0].name == "=1+1"


def test_a_sheet_is_recognised():
    assert open_list(sheet(PORCH), feed=FEED).dialect == "csv"


@needs_feeds
@pytest.mark.parametrize("name", [*sorted(file.name for file in FEEDS.glob("mg_*.json")), "tsml_template.csv"])
def test_real_lists_come_back_from_a_sheet_as_from_json_and_have_no_error(name):
    feed = FeedDefaults(zone=DENVER)
    listed = read((FEEDS / name).read_bytes(), feed=feed).listings
    rows = write(listed, feedback_url=FEEDBACK, zone=DENVER)
    guide = json.dumps(rows).encode()

    assert read(spreadsheet.write(rows), feed=feed).listings == read(guide, feed=feed).listings
    assert not lint(guide).has_errors
