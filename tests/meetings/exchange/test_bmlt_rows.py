import json
from datetime import time

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.dialects import open_list, read
from aftercare.meetings.exchange.listing import Contact, FeedDefaults
from tests.meetings.exchange.feeds import DENVER, kinds

FORMATS = [
    {"key_string": "O", "name_string": "Open", "id": "17", "world_id": "OPEN", "lang": "en"},
    {"key_string": "A", "name_string": "Abierta", "id": "17", "world_id": "OPEN", "lang": "es"},
    {"key_string": "C", "name_string": "Candlelight", "id": "3", "world_id": "CAN", "lang": "en"},
    {"key_string": "VM", "name_string": "Virtual", "id": "54", "world_id": "VM", "lang": "en"},
    {"key_string": "HY", "name_string": "Hybrid", "id": "56", "world_id": "HYBR", "lang": "en"},
    {"key_string": "TC", "name_string": "Closed for now", "id": "55", "world_id": "TC", "lang": "en"},
    {"key_string": "ES", "name_string": "Spanish", "id": "9", "world_id": "LANG", "lang": "en"},
    {"key_string": "Pi", "name_string": "Pitch", "id": "18", "world_id": None, "lang": "en"},
]
CALL = {"virtual_meeting_link": "https://zoom.us/j/1", "phone_meeting_number": "+1 303 555 0142"}


def meeting(**fields):
    plain = {
        "id_bigint": "808",
        "weekday_tinyint": "1",
        "start_time": "19:00:00",
        "duration_time": "01:30:00",
        "time_zone": DENVER,
        "meeting_name": "Porch Group",
        "location_street": "77 Copperleaf Way",
        "location_municipality": "Juniper Falls",
        "location_province": "CO",
        "location_postal_code_1": "80099",
        "location_nation": "USA",
        "formats": "O",
        "published": "1",
        "venue_type": "",
    }
    return {**plain, **fields}


def answered(*meetings, formats=FORMATS, **defaults):
    whole = {"meetings": list(meetings), "formats": formats} if formats is not None else list(meetings)
    return read(json.dumps(whole).encode(), feed=FeedDefaults(**defaults))


def taken(**fields):
    return answered(meeting(**fields)).listings[0]


def test_a_meeting_is_read_with_nothing_to_report():
    result = answered(meeting(comments="Ring twice.", bus_lines="12, 14", location_info="Upstairs"))
    (porch,) = result.listings

    assert (porch.slug, porch.name, porch.fellowship, porch.notes) == ("808", "Porch Group", "na", "Ring twice.")
    assert (porch.start, porch.minutes, porch.zone) == (time(19), 90, DENVER)
    assert porch.place.address == "77 Copperleaf Way, Juniper Falls, CO 80099, USA"
    assert porch.place.notes == "Upstairs\nBus: 12, 14"
    assert (porch.types, porch.is_open, porch.attendance) == ((("na", "O"),), True, "in_person")
    assert result.report == []


@pytest.mark.parametrize(("said", "weekday"), [("1", 6), ("2", 0), ("7", 5), (4, 2)])
def test_the_week_begins_with_sunday_as_one(said, weekday):
    assert taken(weekday_tinyint=said).weekdays == (weekday,)


@pytest.mark.parametrize("said", ["0", "8", "Sunday", "1.5"])
def test_a_day_that_is_none_leaves_the_row_out(said):
    result = answered(meeting(weekday_tinyint=said), meeting(id_bigint="809"))

    assert [(f.row, f.field, f.value, f.kind) for f in result.report] == [(1, "weekday_tinyint", said, "day_unknown")]
    assert [listing.slug for listing in result.listings] == ["809"]


@pytest.mark.parametrize(
    ("said", "minutes"), [("24:00:00", 1440), ("00:00:00", None), ("", None), ("1:15", 75), ("00:45:00", 45)]
)
def test_lengths_are_read_and_none_is_left_unknown(said, minutes):
    assert taken(duration_time=said).minutes == minutes


def test_a_length_that_makes_no_sense_is_left_unknown_and_said():
    result = answered(meeting(duration_time="99:00:00"))

    assert (result.listings[0].minutes, kinds(result)) == (None, ["end_unknown"])


def test_formats_mean_what_their_world_id_says_whatever_their_letters():
    assert taken(formats="C").types == (("na", "CAN"),)
    assert taken(formats="A").types == (("na", "O"),)
    assert taken(formats="ES").languages == ("es",)


def test_ids_of_formats_go_before_their_letters():
    assert taken(formats="O", format_shared_id_list="3").types == (("na", "CAN"),)


def test_a_format_of_one_server_alone_is_counted_not_guessed():
    result = answered(meeting(formats="O,Pi,ZZ"), meeting(id_bigint="2", formats="Pi"))

    assert [(f.kind, f.value) for f in result.report] == [("format_own", "Pi (Pitch)"), ("format_unknown", "ZZ")]
    assert result.report[0].sentence.startswith("In 2 rows")


def test_formats_may_be_given_beside_the_list():
    beside = json.dumps(FORMATS).encode()
    result = read(json.dumps([meeting(formats="C")]).encode(), feed=FeedDefaults(formats=beside))

    assert result.listings[0].types == (("na", "CAN"),)


@pytest.mark.parametrize("beside", [b"nonsense", b"{}", b"[]", b'[{"id": "1"}]'])
def test_what_is_no_list_of_formats_is_refused(beside):
    with pytest.raises(Invalid, match="formats"):
        read(json.dumps([meeting()]).encode(), feed=FeedDefaults(formats=beside))


@pytest.mark.parametrize(
    ("fields", "attendance"),
    [
        ({"venue_type": "1"}, "in_person"),
        ({"venue_type": "2", **CALL}, "online"),
        ({"venue_type": "3", **CALL}, "hybrid"),
        ({"formats": "VM", **CALL}, "online"),
        ({"formats": "HY", **CALL}, "hybrid"),
        ({"formats": "VM,TC", **CALL}, "online"),
        ({"formats": "TC"}, "inactive"),
        ({"formats": "TC", "venue_type": "1"}, "inactive"),
        ({"formats": "TC", "venue_type": "3", **CALL}, "online"),
        (CALL, "hybrid"),
        ({}, "in_person"),
    ],
)
def test_how_people_meet_is_read_from_venue_formats_and_links(fields, attendance):
    assert taken(**fields).attendance == attendance


def test_a_call_is_read():
    call = taken(virtual_meeting_additional_info="Passcode: ask", **CALL).call

    assert (call.url, call.url_notes, call.phone) == ("https://zoom.us/j/1", "Passcode: ask", "+13035550142")


def test_without_a_zone_that_of_the_list_is_taken_or_the_row_is_refused():
    assert answered(meeting(time_zone=""), zone=DENVER).listings[0].zone == DENVER
    assert [f.field for f in answered(meeting(time_zone="")).refused] == ["time_zone"]


def test_what_is_not_published_is_left_out():
    assert kinds(answered(meeting(published="0"))) == ["unpublished"]


def test_people_are_left_out_unless_asked_for():
    pat = meeting(contact_name_1="Pat D.", email_contact="a@example.org")
    result = answered(pat)

    assert (result.listings[0].contacts, [f.field for f in result.report]) == ((), ["contact_name_1", "email_contact"])
    assert answered(pat, keep_contacts=True).listings[0].contacts == (Contact(name="Pat D."),)


def test_a_subset_of_the_keys_is_enough_and_unknown_ones_are_counted():
    keys = ("id_bigint", "weekday_tinyint", "start_time", "meeting_name", "location_street")
    result = answered({**{key: meeting()[key] for key in keys}, "helpline": "555"}, zone=DENVER)

    assert result.listings[0].place.address == "77 Copperleaf Way"
    assert [(f.kind, f.field) for f in result.report] == [("not_read", "helpline"), ("zone_of_list", "time_zone")]


def test_rows_that_are_no_meetings_cost_no_other():
    result = answered(meeting(), None, ["x"], meeting(id_bigint="2"))

    assert (len(result.listings), [f.row for f in result.refused]) == (2, [2, 3])


@pytest.mark.parametrize("content", [b"[]", b'{"meetings": [], "formats": []}'])
def test_an_empty_answer_is_said_to_be_empty(content):
    with pytest.raises(Invalid, match="The list is empty"):
        read(content, dialect="bmlt", feed=FeedDefaults())


@pytest.mark.parametrize("content", [[meeting()], {"meetings": [meeting()], "formats": []}])
def test_an_answer_is_recognised(content):
    assert open_list(json.dumps(content, indent=1).encode(), feed=FeedDefaults()).dialect == "bmlt"
