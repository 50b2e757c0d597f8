import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.core.db import db
from aftercare.demo import meeting_list
from aftercare.meetings.exchange import exporting
from aftercare.meetings.exchange.defects import CONSEQUENCES, SEVERITIES
from aftercare.meetings.exchange.feed_lint import lint
from aftercare.meetings.exchange.listing import FeedDefaults
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import FEEDS, needs_feeds, row
from tests.meetings.exchange.imports import imported

# Each feed was made to show one defect in TSML UI: row, kind. What else is there stands in the same row.
PLANTED = {
    "array1": [(1, "day_array")],
    "arrays": [(1, "day_arrays"), (2, "day_arrays")],
    "bom": [(0, "bom")],
    "conf": [
        (1, "inactive_host"),
        (4, "inactive_town"),
        (8, "call_link"),
        (9, "inactive_short"),
        (9, "zone_elsewhere"),
        (10, "zone_elsewhere"),
        (11, "approximate"),
        (11, "inactive_short"),
        (11, "zone_elsewhere"),
    ],
    "dayname": [(1, "day_word")],
    "empty": [(0, "no_feed")],
    "feedback": [(1, "feedback_emails"), (1, "website"), (2, "feedback_emails"), *[(3, "contact")] * 3],
    "golden_export": [],
    "ics": [(2, "end_past_midnight")],
    "notz": [(1, "zone_missing")],
    "nulls": [
        (1, "day_missing"),
        (2, "day_without_time"),
        (3, "day_seven"),
        (4, "day_text"),
        (5, "time_unknown"),
        (6, "time_half"),
        (7, "end_past_midnight"),
        (9, "end_is_start"),
        (10, "slug_repeated"),
        (11, "slug_missing"),
        (12, "no_address"),
        (13, "type_inferred"),
        (13, "type_unknown"),
        (14, "name_missing"),
    ],
    "nulltype": [(1, "null_entry")],
    "numcity": [(1, "number")],
    "numphone": [(1, "number")],
    "numtime": [(1, "number")],
    "obj": [(0, "no_feed")],
    "tz": [(1, "zone_elsewhere"), (2, "zone_unknown"), (3, "zone_fixed")],
}
SHUT = {"types": ["TC"]}
TOWN = {"formatted_address": "Juniper Falls, CO, USA"}
ZOOM = {"conference_url": "https://zoom.us/j/1"}


def looked_at(*rows, **more):
    return lint(json.dumps(rows).encode(), **more)


def kinds(*rows, **more):
    return [defect.kind for defect in looked_at(*rows, **more).defects]


@needs_feeds
@pytest.mark.parametrize(("name", "planted"), PLANTED.items())
def test_a_probe_shows_its_planted_defect_and_no_other(name, planted):
    verdict = lint((FEEDS / "probe_synthetic" / f"{name}.json").read_bytes())

    assert sorted((defect.row, defect.kind) for defect in verdict.defects) == planted


@needs_feeds
def test_every_probe_is_looked_at_here():
    assert {file.stem for file in (FEEDS / "probe_synthetic").iterdir()} == PLANTED.keys()


@needs_feeds
@pytest.mark.parametrize("name", sorted(file.stem for file in FEEDS.glob("mg_*.json")))
def test_real_feeds_are_looked_through_to_their_end(name):
    content = (FEEDS / f"{name}.json").read_bytes()
    verdict = lint(content)

    assert verdict.rows == len(json.loads(content))
    assert "no_feed" not in {defect.kind for defect in verdict.defects}


def test_our_own_list_has_no_defect_of_our_making(app, monday):
    clinic = make_organisation()
    imported(clinic, meeting_list.meeting_list(), defaults=FeedDefaults("aa", meeting_list.ZONE))
    db.session.rollback()

    verdict = lint(exporting.feed(clinic, base_url="https://meet.example.org", now=datetime(2026, 11, 2, tzinfo=UTC)))

    assert verdict.rows > 200
    # The demo's list has calls at a made-up service, which no program knows, and says so itself.
    assert {(defect.kind, defect.value) for defect in verdict.defects} == {("host_unknown", "meet.example.org")}


def test_a_plain_row_has_no_defect():
    assert kinds(row()) == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"slug": ...}, ["slug_missing"]),
        ({"slug": 17}, []),
        ({"slug": "a" * 65}, ["slug_long"]),
        ({"slug": "porch house"}, ["slug_unsafe"]),
        ({"name": "x" * 256}, ["too_long"]),
        ({"name": "Porch 7:30 PM"}, ["name_says_time"]),
        ({"day": 8}, ["day_unknown"]),
        ({"day": "Lunes"}, ["day_word"]),
        ({"day": "x"}, ["day_word"]),
        ({"day": [1, "x"]}, ["day_unknown", "day_array"]),
        ({"day": ..., "time": ..., "timezone": ...}, []),
        ({"time": "12:15 PM"}, ["time_noon"]),
        ({"time": "8:00 AM"}, ["time_noon"]),
        ({"time": "11:45 p.m."}, ["time_half"]),
        ({"time": "9:05"}, ["time_shape"]),
        ({"time": "19:00:00"}, ["time_shape"]),
        ({"time": ["19:00"]}, ["not_text"]),
        ({"end_time": "late"}, ["end_unknown"]),
        ({"time": "23:00", "end_time": "00:00"}, []),
        ({"time": "23:30", "end_time": "01:00"}, []),
        ({"timezone": "-07:00"}, ["zone_offset"]),
        ({"timezone": "America/Juniper"}, ["zone_unknown"]),
        ({"timezone": "MST"}, ["zone_fixed"]),
        ({"timezone": 7}, ["number_text"]),
        ({"formatted_address": "", "city": "Mesa", "state": "CO"}, []),
        ({"approximate": False}, ["approximate"]),
        ({"latitude": 91, "longitude": 1}, ["coordinates"]),
        ({"latitude": 9.5}, ["coordinates"]),
        ({"latitude": "39.1", "longitude": -105.2}, ["not_number"]),
        ({"regions": [None, "Mesa"]}, ["empty_region"]),
        ({"types": "O,B"}, ["types_text"]),
        ({"types": ["O", "C"]}, ["open_and_closed"]),
        ({"types": ["onl"]}, ["type_unknown"]),
        ({"types": ["ONL", "in-person"]}, ["type_inferred", "type_inferred"]),
        ({"types": ["BV-I"]}, ["type_unknown"]),
        ({**SHUT}, []),
        ({**TOWN}, ["inactive_town"]),
        ({**TOWN, **SHUT}, []),
        ({**TOWN, **ZOOM}, []),
        ({**TOWN, **ZOOM, "types": ["X"]}, ["in_person_only"]),
        ({**TOWN, "conference_phone": "555-0142"}, ["phone_short", "inactive_town"]),
        ({**TOWN, "conference_phone": "+1 303 555 0142"}, []),
        ({**TOWN, "conference_url": "https://video.example.org/1"}, ["inactive_host"]),
        ({"conference_url": "https://video.example.org/1"}, ["host_unknown"]),
        ({"conference_url": "zoom.us/j/1"}, ["call_link"]),
        ({"formatted_address": "9 Hook Lane, Mesa, CO"}, ["inactive_short"]),
        ({"formatted_address": "9 Hook Lane, Mesa, CO", "approximate": "no"}, []),
        ({"website": "example.org"}, ["website"]),
        ({"url": "example.org", "entity_logo": "logo.svg", "entity": "E"}, ["link", "link"]),
        ({"feedback_url": "mailto:a@example.org"}, []),
        ({"feedback_emails": ["a@example.org"]}, ["feedback_emails"]),
        ({"contact_2_phone": "555"}, ["contact"]),
        ({"edit_url": "https://example.org/edit"}, ["edit_url"]),
        ({"venmo": "porch", "paypal": "https://paypal.me/x"}, ["collection", "collection"]),
        ({"entity_email": "a@example.org"}, ["entity_missing"]),
        ({"entity": "E", "entity_url": "https://example.org"}, ["entity_one_url"]),
        ({"updated": "2026-11-20T14:05:00Z"}, ["updated"]),
        ({"notes": "<b>Ring</b>", "location": "A &amp; B", "group": "Love & Hope"}, ["html", "html"]),
        ({"notes": {"a": 1}}, ["not_text"]),
        ({"postal_code": 80099}, ["number_text"]),
        ({"conference_phone": 13035550142}, ["number"]),
    ],
    ids=str,
)
def test_a_defect_of_a_row_is_found(fields, found):
    assert sorted(kinds(row(**fields))) == sorted(found)


def test_the_report_names_row_slug_field_value_and_what_comes_of_it():
    (defect,) = looked_at(row(), row(slug="late", time="8:00 PM")).defects

    said = (defect.row, defect.slug, defect.field, defect.value, defect.severity, defect.consequence)
    assert said == (
        2,
        "late",
        "time",
        "8:00 PM",
        "error",
        "TSML UI drops the PM and shows 8:00 am. Write 24 hours.",
    )


def test_people_are_pointed_at_without_being_named():
    (defect,) = looked_at(row(contact_1_name="Pat D.")).defects

    assert (defect.field, defect.value) == ("contact_1_name", None)


def test_a_key_that_stands_twice_is_found():
    text = json.dumps([row()]).replace('"day": 1', '"day": 1, "day": 2')

    assert [defect.kind for defect in lint(text.encode()).defects] == ["repeated_key"]


def test_lists_of_one_day_in_every_row_are_said_apart():
    assert kinds(row(day=[1]), row(slug="b", day=[2])) == ["day_arrays_of_one"] * 2


def test_entries_that_are_no_meetings_are_found():
    assert kinds(row(), None, "text") == ["not_an_object"] * 2


def test_codes_of_another_fellowship_are_known_when_it_is_named():
    assert kinds(row(types=["LGBTQIA"])) == ["type_unknown"]
    assert kinds(row(types=["LGBTQIA"]), fellowship="al-anon") == []


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"hello", b"[", b"{}", b"PK\x03\x04", b"[{}]x", b"[" * 100_000, b'[{"id_bigint": "1"}']
)
def test_what_is_no_feed_is_a_defect_and_no_exception(content):
    assert "no_feed" in {defect.kind for defect in lint(content).defects}


def test_other_letters_than_utf8_are_found():
    assert [
        defect.kind for defect in lint(json.dumps([row(name="Caf@")]).replace("@", "é").encode("cp1252")).defects
    ] == ["encoding"]


@given(
    st.dictionaries(
        st.sampled_from(
            sorted({*row(), "end_time", "approximate", "latitude", "longitude", "regions", "conference_url"})
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=5,
        ),
    )
)
def test_any_row_at_all_is_looked_at(fields):
    verdict = looked_at(fields)

    assert verdict.rows == 1


def test_every_kind_has_one_severity_and_one_sentence():
    assert SEVERITIES.keys() == CONSEQUENCES.keys()
    assert all(sentence.endswith((".", "{made}")) for sentence in CONSEQUENCES.values())
