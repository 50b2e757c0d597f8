import pytest

from aftercare.meetings.exchange.call_hosts import is_known_host
from tests.meetings.exchange.feeds import kinds, listing, reading, row

EXACT, TOWN = "1 Main St, Mesa, CO 80099, USA", "Mesa, CO, USA"
ZOOM, PHONE = "https://zoom.us/j/1", "+13035550142,,123#"


@pytest.mark.parametrize(
    ("fields", "attendance"),
    [
        ({"formatted_address": EXACT}, "in_person"),
        ({"formatted_address": EXACT, "conference_url": ZOOM}, "hybrid"),
        ({"formatted_address": EXACT, "conference_phone": PHONE}, "hybrid"),
        ({"formatted_address": EXACT, "conference_url": ZOOM, "types": ["TC"]}, "online"),
        ({"formatted_address": EXACT, "types": ["TC"]}, "inactive"),
        ({"formatted_address": TOWN, "conference_url": ZOOM}, "online"),
        ({"formatted_address": TOWN, "conference_url": "https://meet.example.org/1"}, "online"),
        ({"formatted_address": TOWN}, "inactive"),
        ({"formatted_address": TOWN, "conference_phone": "+11"}, "inactive"),
        ({"formatted_address": EXACT, "attendance_option": "inactive"}, "inactive"),
        ({"formatted_address": TOWN, "attendance_option": "online"}, "online"),
        ({"formatted_address": EXACT, "conference_url": ZOOM, "attendance_option": "in_person"}, "in_person"),
        ({"formatted_address": EXACT, "attendance_option": "maybe"}, "in_person"),
    ],
)
def test_attendance_is_stated_or_inferred(fields, attendance):
    assert listing(**fields).attendance == attendance


@pytest.mark.parametrize(
    ("said", "link"),
    [
        (ZOOM, ZOOM),
        ("HTTPS://Zoom.us/j/1", "HTTPS://Zoom.us/j/1"),
        ("zoom.us/j/1", ZOOM),
        ("Zoom: https://zoom.us/j/1 pw 5", ZOOM),
        ("https://zoom.us/j/1?a=1&amp;pwd=2&copy=3", "https://zoom.us/j/1?a=1&pwd=2&copy=3"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://", None),
        ("https://[", None),
        ("not a link", None),
        ("https://zoom.us/" + "a" * 5000, None),
        ({"a": 1}, None),
    ],
)
def test_only_web_links_are_taken(said, link):
    assert listing(conference_url=said).call.url == link


@pytest.mark.parametrize(
    ("link", "is_known"),
    [
        (ZOOM, True),
        ("https://us02web.ZOOM.us/j/1", True),
        ("https://evilzoom.us/j/1", False),
        ("https://zoom.us@evil.example/j/1", False),
        ("https://zoom.us.evil.example", False),
    ],
)
def test_a_known_service_is_known_by_its_whole_name(link, is_known):
    assert is_known_host(link) is is_known


def test_an_unknown_service_is_pointed_out():
    assert kinds(reading(row(conference_url="https://meet.example.org/1"))) == ["host_unknown"]


@pytest.mark.parametrize(
    ("said", "phone", "notes"),
    [
        ("+1 (303) 555-0142,,123#", "+13035550142,,123#", None),
        (13035550142, "13035550142", None),
        ("+1303555014,*6", "+1303555014,*6", None),
        ("ext. 12", None, "ext. 12"),
        ("", None, None),
    ],
)
def test_a_number_is_what_a_telephone_can_dial(said, phone, notes):
    call = listing(conference_phone=said).call

    assert (call.phone, call.phone_notes) == (phone, notes)


def test_a_list_that_contradicts_itself_is_believed_and_reported():
    assert kinds(reading(row(attendance_option="online"))) == ["attendance_differs"]
