import json
import re
from collections import Counter

from aftercare.demo.meeting_list import REFUSED, ROWS, ZONE, meeting_list
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.meetings.exchange.meeting_guide import read


def test_the_list_is_always_the_same():
    assert meeting_list() == meeting_list()
    assert meeting_list(seed=1) != meeting_list(seed=2)


def test_good_rows_are_read_and_bad_ones_refused():
    result = read(meeting_list(), feed=FeedDefaults(zone=ZONE))

    assert (result.rows, len(result.listings), len(result.refused)) == (ROWS, ROWS - REFUSED, REFUSED)
    assert Counter(finding.kind for finding in result.refused) == {
        "time_unknown": 2,
        "day_unknown": 2,
        "not_an_object": 2,
        "no_name": 1,
        "no_place": 1,
        "slug_repeated": 1,
    }


def test_the_list_is_as_varied_as_real_ones():
    result = read(meeting_list(), feed=FeedDefaults(zone=ZONE))

    assert {listing.attendance for listing in result.listings} == {"in_person", "hybrid", "online", "inactive"}
    assert len({listing.fellowship for listing in result.listings}) >= 8
    assert len({finding.kind for finding in result.found("mended")}) >= 15
    assert any("es" in listing.languages for listing in result.listings)
    assert any(listing.is_by_appointment for listing in result.listings)


def test_nobody_can_be_called_or_visited_by_mistake():
    text = meeting_list().decode()

    assert set(re.findall(r"https?://([^/\"]+)", text)) <= {
        "meetings.example.org",
        "meet.example.org",
        "forms.example.org",
        "example.org",
    }
    assert all(re.search(r"303-?555-?01\d\d", number) for number in re.findall(r"\+?1?-?303-?\d{3}-?\d{4}", text))
    assert isinstance(json.loads(text), list)
