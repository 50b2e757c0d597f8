"""Whatever strangers send in any dialect: every row is a meeting or refused once, and nothing else is ever raised."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import dialects
from aftercare.meetings.exchange.csv_rows import OTHER_NAMES
from aftercare.meetings.exchange.dialects import read
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.meeting_guide import READ_FIELDS
from tests.meetings.exchange.feeds import DENVER, row

FEED = FeedDefaults(zone=DENVER, keep_contacts=True)
BMLT = """
    id_bigint weekday_tinyint start_time duration_time time_zone meeting_name location_street location_municipality
    location_nation formats format_shared_id_list published venue_type virtual_meeting_link latitude longitude comments
""".split()  # noqa: SIM905  # as a text it can be read
ICAL = """
    UID SUMMARY DTSTART DTSTART;TZID=America/Denver DTEND DURATION RRULE EXDATE RDATE RECURRENCE-ID LOCATION DESCRIPTION
    GEO CATEGORIES STATUS CLASS URL CONFERENCE LAST-MODIFIED ORGANIZER BEGIN END X-WR-TIMEZONE TZID
""".split()  # noqa: SIM905
# What is said again after it makes a second one, of which the first counts.
WHOLE = ("SUMMARY:Porch", "LOCATION:9 Hook Lane", "DTSTART;TZID=America/Denver:20361104T190000")
SAID = st.text(max_size=30) | st.sampled_from(
    """
    1 7 0 -1 19:00 19:00:00 24:00:00 00:00:00 25:61:00 7:00|PM Monday O,C 17 America/Denver EST 20361104T190000
    20361104T190000Z 20361104 99991231T235959 00010101T000000Z PT1H -PT1H P9999999D FREQ=WEEKLY;BYDAY=TU FREQ=DAILY
    FREQ=MONTHLY;BYDAY=1TU;UNTIL=20200101 FREQ=YEARLY;INTERVAL=99999 FREQ=WEEKLY;COUNT=0 FREQ=MONTHLY;BYMONTHDAY=31
    FREQ=WEEKLY;UNTIL=99991231T235959Z 91;181 39.7;-104.9 nan inf https://zoom.us/j/1 VEVENT VTIMEZONE CANCELLED
    """.replace("|", " ").split()
)
VALUES = st.recursive(
    SAID | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SAID, inner, max_size=3),
    max_leaves=4,
)
BYTES = st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))


def objects(keys):
    return st.lists(st.dictionaries(st.sampled_from(sorted(keys)) | SAID, VALUES, max_size=12) | VALUES, max_size=5)


def taken(content, dialect):
    try:
        result = read(content, dialect=dialect, feed=FEED)
    except Invalid:
        return
    refused_rows = [finding.row for finding in result.refused]
    assert len(refused_rows) == len(set(refused_rows))
    assert result.rows == len(result.listings) + len(refused_rows)
    assert len({listing.slug for listing in result.listings}) == len(result.listings)
    assert all(listing.fingerprint for listing in result.listings)


@pytest.mark.parametrize("dialect", dialects.NAMES)
@given(content=BYTES)
def test_any_bytes_are_a_list_or_refused(dialect, content):
    taken(content, dialect)


@given(objects(READ_FIELDS))
def test_any_rows_of_meeting_guide_json(rows):
    taken(json.dumps(rows).encode(), "meeting-guide")


@given(objects(BMLT), st.none() | objects(["id", "key_string", "world_id", "name_string", "lang"]))
def test_any_answer_of_bmlt(rows, formats):
    whole = rows if formats is None else {"meetings": rows, "formats": formats}
    taken(json.dumps(whole).encode(), "bmlt")


@given(
    st.lists(st.sampled_from(sorted(READ_FIELDS | OTHER_NAMES.keys() | {"id"})), max_size=8),
    st.lists(st.lists(SAID, max_size=12), max_size=6),
    st.sampled_from(",;\t|"),
    st.booleans(),
)
def test_any_sheet(names, rows, delimiter, are_quoted):
    quote = '"' if are_quoted else ""
    lines = [["name", "day", *names], *rows]
    taken("\n".join(delimiter.join(f"{quote}{cell}{quote}" for cell in line) for line in lines).encode(), "csv")


@settings(max_examples=300)
@given(st.lists(st.lists(st.tuples(st.sampled_from(ICAL), SAID), max_size=10), max_size=4))
def test_any_calendar(events):
    lines = ["BEGIN:VCALENDAR"]
    for event in events:
        lines += ["BEGIN:VEVENT", *WHOLE, *(f"{name}:{value}" for name, value in event), "END:VEVENT"]
    taken("\r\n".join([*lines, "END:VCALENDAR"]).encode(), "ical")


@given(st.integers(0, 400), st.integers(0, 255), st.integers(0, 400))
def test_a_list_that_was_damaged_on_its_way(at, byte, cut):
    whole = json.dumps([row(), row(slug="b")]).encode()
    taken(whole[:at] + bytes([byte]) + whole[at + 1 : len(whole) - cut], "auto")
