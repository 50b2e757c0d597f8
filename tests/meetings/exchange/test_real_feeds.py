import json
import sys

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import dialects
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.meeting_guide import Reading, read
from tests.meetings.exchange.feeds import FEEDS, needs_feeds

pytestmark = needs_feeds
EAST, WEST, MIDDLE = "America/New_York", "America/Los_Angeles", "America/Chicago"

# Feed, fellowship, zone: rows, listings, refused, mended, noted.
REAL = {
    ("mg_al-anon-ma_2023", "al-anon", EAST): (360, 360, 0, 3, 11),
    ("mg_appointment_synthetic", "aa", WEST): (2, 2, 0, 0, 1),
    ("mg_atlanta-entities_2024", "aa", EAST): (6, 6, 0, 0, 4),
    ("mg_ben-lomond_2021", "aa", WEST): (35, 35, 0, 0, 4),
    ("mg_eda-worldwide_2023", "eda", EAST): (185, 185, 0, 0, 27),
    ("mg_kansas-city_2021", "aa", MIDDLE): (206, 206, 0, 20, 12),
    ("mg_orange-county-ca_2023", "aa", WEST): (1967, 1967, 0, 1, 18),
    ("mg_san-jose_2020-07", "aa", WEST): (570, 570, 0, 0, 5),
    ("mg_san-jose_2021-05", "aa", WEST): (618, 618, 0, 1, 179),
    ("mg_san-jose_2021-08", "aa", WEST): (670, 670, 0, 30, 8),
    ("mg_sepia-philadelphia_2022", "aa", EAST): (2038, 2038, 0, 139, 158),
    ("mg_sf-marin_2021", "aa", WEST): (658, 658, 0, 8, 25),
    ("mg_times_synthetic", "aa", WEST): (9, 9, 0, 1, 13),
    ("mg_timezones_synthetic", "aa", WEST): (2, 2, 0, 0, 2),
}
# Feed, formats beside it: rows, listings, refused, mended, noted. All of them are of NA.
BMLT = {
    ("bmlt_new-york_GetSearchResults", "bmlt_new-york_GetFormats_en-es-fr-sv"): (1513, 1513, 0, 5, 30),
    ("bmlt_new-york_GetSearchResults", None): (1513, 1513, 0, 0, 60),
    ("bmlt_yap_meeting-search-day2", None): (53, 53, 0, 0, 1),
    ("bmlt_yap_meeting-search-day3", None): (54, 54, 0, 0, 2),
    ("bmlt_yap_meeting-search-day4", None): (62, 62, 0, 0, 3),
}
# What BMLT servers answer to other questions.
NO_MEETINGS = {
    "bmlt_yap_server-info": {"no_name"},
    "bmlt_yap_service-bodies": {"no_place"},
    "bmlt_new-york_GetServiceBodies": {"no_place"},
    "bmlt_yap_formats": {"no_name"},
    "bmlt_new-york_GetFormats_en-es-fr-sv": {"no_name"},
}
PROBES = {
    "array1": (3, 3, 0, 0, 0),
    "arrays": (5, 5, 0, 0, 0),
    "bom": (1, 1, 0, 0, 0),
    "conf": (11, 11, 0, 1, 7),
    "dayname": (2, 2, 0, 0, 1),
    "feedback": (3, 3, 0, 1, 3),
    "golden_export": (8, 8, 0, 0, 1),
    "ics": (3, 3, 0, 0, 0),
    "notz": (2, 1, 1, 0, 0),
    "nulls": (14, 11, 3, 6, 3),
    "nulltype": (2, 2, 0, 0, 1),
    "numcity": (2, 2, 0, 0, 0),
    "numphone": (2, 2, 0, 0, 0),
    "numtime": (2, 2, 0, 0, 1),
    "tz": (3, 2, 1, 1, 1),
}


#: Functions called to read a row of a real feed: 542 in November 2026.
MOST_CALLS = 700


def read_feed(name: str, fellowship: str = "aa", zone: str | None = None) -> Reading:
    return read((FEEDS / f"{name}.json").read_bytes(), feed=FeedDefaults(fellowship, zone))


def counts(result: Reading) -> tuple[int, ...]:
    found = (len(result.found("mended")), len(result.found("noted")))
    return (result.rows, len(result.listings), len(result.refused), *found)


@pytest.mark.parametrize(("feed", "expected"), REAL.items(), ids=lambda value: value[0])
def test_a_real_feed_comes_to_the_same_as_ever(feed, expected):
    assert counts(read_feed(*feed)) == expected


@pytest.mark.parametrize(("name", "expected"), PROBES.items())
def test_a_feed_that_stops_other_readers_is_read(name, expected):
    assert counts(read_feed(f"probe_synthetic/{name}")) == expected


@pytest.mark.parametrize(("feed", "expected"), BMLT.items(), ids=lambda value: str(value[:2]))
def test_a_real_answer_of_bmlt_comes_to_the_same_as_ever(feed, expected):
    name, beside = feed
    formats = (FEEDS / f"{beside}.json").read_bytes() if beside else None
    result = dialects.read((FEEDS / f"{name}.json").read_bytes(), feed=FeedDefaults(zone=EAST, formats=formats))

    assert counts(result) == expected
    assert {listing.fellowship for listing in result.listings} == {"na"}


@pytest.mark.parametrize(("name", "expected"), NO_MEETINGS.items())
def test_answers_to_other_questions_are_refused_row_by_row(name, expected):
    result = dialects.read((FEEDS / f"{name}.json").read_bytes(), feed=FeedDefaults(zone=EAST))

    assert (result.listings, {finding.kind for finding in result.refused}) == ([], expected)
    assert len(result.refused) == result.rows


@pytest.mark.parametrize("name", ["bmlt_empty-array", "bmlt_yap_meeting-search-0-0"])
def test_an_empty_answer_of_bmlt_is_said_to_be_empty(name):
    with pytest.raises(Invalid, match="The list is empty"):
        dialects.read((FEEDS / f"{name}.json").read_bytes(), feed=FeedDefaults())


def test_the_template_of_tsml_comes_to_the_same_as_ever():
    result = dialects.read((FEEDS / "tsml_template.csv").read_bytes(), feed=FeedDefaults())

    assert counts(result) == (36, 36, 0, 0, 6)


def test_every_feed_is_counted_here():
    counted = {name for name, _, _ in REAL} | {name for name, _ in BMLT} | NO_MEETINGS.keys()
    others = {"bmlt_empty-array", "bmlt_yap_meeting-search-0-0", "bad_trailing-text"}

    assert {path.stem for path in FEEDS.glob("*.json")} == counted | others


def test_every_probe_is_counted_here():
    probes = {path.stem for path in (FEEDS / "probe_synthetic").glob("*.json")}

    assert probes == PROBES.keys() | {"empty", "obj"}


@pytest.mark.parametrize("zone", [None, WEST])
@pytest.mark.parametrize("name", sorted({name for name, _, _ in REAL} | {f"probe_synthetic/{name}" for name in PROBES}))
def test_every_row_is_a_listing_or_refused_once(name, zone):
    result = read_feed(name, zone=zone)
    refused = [finding.row for finding in result.refused]

    assert len(refused) == len(set(refused))
    assert result.rows == len(result.listings) + len(refused)
    assert len({listing.slug for listing in result.listings}) == len(result.listings)


def test_a_worldwide_feed_without_zones_is_refused_row_by_row():
    result = read_feed("mg_eda-worldwide_2023", "eda")

    assert (result.listings, {finding.kind for finding in result.refused}) == ([], {"zone_missing"})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "bad_trailing-text",
            'The list is not valid JSON after row 8 (line 80): "invalid text" does not belong there.',
        ),
        ("probe_synthetic/empty", "The list is empty: it holds no meetings."),
        ("probe_synthetic/obj", 'This is one object, not a list of meetings; it holds "error".'),
        (
            "bmlt_yap_meeting-search-day2",
            "This is a BMLT list, not Meeting Guide JSON; read it as bmlt.",
        ),
    ],
)
def test_what_is_no_feed_is_refused_in_one_sentence(name, sentence):
    with pytest.raises(Invalid) as refused:
        read_feed(name)

    assert refused.value.sentence == sentence


def test_each_row_costs_the_same_however_long_the_list():
    rows = json.loads((FEEDS / "mg_sepia-philadelphia_2022.json").read_bytes())[:200]
    few = [row | {"slug": f"a{number}"} for number, row in enumerate(rows)]
    many = [row | {"slug": f"{letter}{number}"} for letter in "abcd" for number, row in enumerate(rows)]

    _calls(few)  # so that what is remembered from row to row is there
    once, again = _calls(few), _calls(many)

    assert once < MOST_CALLS * len(few)
    assert again < 1.02 * 4 * once


def _calls(rows: list[dict[str, object]]) -> int:
    """Count the functions that are called while a list is read, ours and Python's."""
    content, counted = json.dumps(rows).encode(), {"call": 0, "c_call": 0}

    def count(_frame, event, _argument):
        if event in counted:
            counted[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(content, feed=FeedDefaults(zone=EAST))
    finally:
        sys.setprofile(before)
    return sum(counted.values())
