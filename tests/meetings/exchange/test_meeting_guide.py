import io
import json
from datetime import time

import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange.listing import Contact, FeedDefaults
from aftercare.meetings.exchange.meeting_guide import read
from tests.meetings.exchange.feeds import DENVER, kinds, listing, reading, row


@pytest.mark.parametrize(
    ("said", "weekdays"),
    [
        (0, (6,)),
        (1, (0,)),
        (7, (6,)),
        ("1", (0,)),
        ("7", (6,)),
        (2.0, (1,)),
        ([1, 3], (0, 2)),
        (["1", "friday"], (0, 4)),
        ("1,3", (0, 2)),
        ("Monday", (0,)),
        ("Tuesdays", (1,)),
        ("THU", (3,)),
        ("miércoles", (2,)),
        ("sabado", (5,)),
        ("Dimanche", (6,)),
    ],
)
def test_days_of_every_dialect_are_read(said, weekdays):
    assert listing(day=said).weekdays == weekdays


@pytest.mark.parametrize("said", ["Someday", 8, -1, [9], "1st", True, {"a": 1}, 1.5])
def test_a_day_that_cannot_be_read_leaves_the_row_out(said):
    result = reading(row(day=said))

    assert (result.listings, [f.kind for f in result.refused]) == ([], ["day_unknown"])


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("19:30", time(19, 30)),
        ("9:05", time(9, 5)),
        ("19:30:00", time(19, 30)),
        ("8:00 PM", time(20)),
        ("8:00 p.m.", time(20)),
        ("12:15 AM", time(0, 15)),
        ("12:15 pm", time(12, 15)),
        ("7pm", time(19)),
        ("7:30p", time(19, 30)),
        ("19h30", time(19, 30)),
        ("19.30", time(19, 30)),
        ("noon", time(12)),
        (1900, time(19)),
        ("0730", time(7, 30)),
    ],
)
def test_times_of_every_dialect_are_read(said, start):
    assert listing(time=said).start == start


@pytest.mark.parametrize("said", ["25:00", "TBA", "7", "7:60", 7, True, "24:00", ["19:00"], "0:30 pm", "19:00 am"])
def test_a_time_that_cannot_be_read_for_certain_leaves_the_row_out(said):
    assert [f.kind for f in reading(row(time=said)).refused] == ["time_unknown"]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("19:00", "20:30", 90),
        ("23:30", "00:30", 60),
        ("23:00", "24:00", 60),
        ("19:00", "19:00", None),
        ("19:00", None, None),
        ("19:00", "late", None),
        ("7:00 PM", "8:15 PM", 75),
    ],
)
def test_the_length_runs_past_midnight_and_is_unknown_where_it_makes_no_sense(start, end, minutes):
    assert listing(time=start, end_time=end).minutes == minutes


def test_a_meeting_without_day_and_time_is_by_appointment():
    result = reading(row(day=..., time=..., timezone=...))

    assert result.listings[0].is_by_appointment
    assert result.report == []


def test_half_a_moment_is_by_appointment_and_said():
    result = reading(row(slug="a", day=None), row(slug="b", time=None))

    assert [each.is_by_appointment for each in result.listings] == [True, True]
    assert kinds(result) == ["time_without_day", "day_without_time"]


def test_a_row_without_a_time_zone_is_refused_and_says_so():
    result = reading(row(timezone=...))

    assert result.refused[0].sentence.startswith("time zone unknown: ")
    assert result.listings == []


def test_the_zone_given_for_the_list_serves_rows_without_one_and_is_reported_once():
    result = reading(row(slug="a", timezone=...), row(slug="b", timezone=""), zone=DENVER)

    assert {each.zone for each in result.listings} == {DENVER}
    assert [(f.row, f.sentence) for f in result.report] == [
        (0, "In 2 rows: no time zone is named; America/Denver, given for the list, was used.")
    ]


@pytest.mark.parametrize(
    ("said", "zone"), [("america/denver", DENVER), ("EST", "America/New_York"), ("PT", "America/Los_Angeles")]
)
def test_other_names_of_a_zone_are_read_and_said(said, zone):
    result = reading(row(timezone=said))

    assert result.listings[0].zone == zone
    assert kinds(result) == ["zone_alias"]


@pytest.mark.parametrize("said", ["-07:00", "Not/AZone", "MST", "../../etc/passwd", "GMT0", "Etc/GMT+7"])
def test_what_is_no_name_of_a_zone_is_never_guessed(said):
    assert kinds(reading(row(timezone=said))) == ["zone_unreadable"]
    assert kinds(reading(row(timezone=said), zone=DENVER)) == ["zone_default"]


def test_an_address_in_another_country_than_the_zone_is_pointed_out():
    result = reading(row(formatted_address="125 Charing Cross Rd, London WC2H 0EW, UK", approximate="no"))

    assert kinds(result) == ["zone_elsewhere"]


def test_a_slug_may_be_a_number():
    assert listing(slug=254).slug == "254"


def test_a_missing_slug_is_made_from_name_day_and_time():
    result = reading(row(slug=...))

    assert result.listings[0].slug == "porch-group-mon-1900"
    assert kinds(result) == ["slug_missing"]


def test_a_slug_shared_by_two_days_is_told_apart_the_same_way_each_time():
    result = reading(row(), row(day=3))

    assert [each.slug for each in result.listings] == ["porch", "porch-wed-1900"]
    assert kinds(result) == ["slug_shared"]


def test_the_same_meeting_twice_is_taken_once():
    result = reading(row(), row())

    assert (len(result.listings), [(f.row, f.kind) for f in result.refused]) == (1, [(2, "slug_repeated")])


def test_a_nameless_row_takes_the_name_of_its_group_or_place():
    assert listing(name=None, group="Kettle Group").name == "Kettle Group"
    assert listing(name="", location="Old Firehouse").name == "Old Firehouse"
    assert kinds(reading(row(name=None))) == ["no_name"]


def test_a_meeting_that_nobody_could_find_is_left_out():
    assert kinds(reading(row(formatted_address=...))) == ["no_place"]


@pytest.mark.parametrize("said", [None, 5, "text", [], ["a"], True])
def test_a_row_that_is_no_object_is_refused(said):
    result = reading(row(), said)

    assert [(f.row, f.kind) for f in result.refused] == [(2, "not_an_object")]


def test_people_and_doors_are_left_out_and_counted():
    result = reading(row(contact_1_name="Pat D.", edit_url="https://example.org/edit", author="Kim"))

    assert (result.listings[0].contacts, result.listings[0].edit_url) == ((), None)
    assert [(f.kind, f.field) for f in result.report] == [
        ("left_out", "author"),
        ("left_out", "contact_1_name"),
        ("left_out", "edit_url"),
    ]


def test_people_and_doors_are_read_when_asked_for():
    fields = row(contact_1_name="Pat D.", contact_2_phone=3035550123, edit_url="https://example.org/edit")
    result = reading(fields, keep_contacts=True, keep_edit_links=True)

    assert result.listings[0].contacts == (Contact(name="Pat D."), Contact(phone="3035550123"))
    assert result.listings[0].edit_url == "https://example.org/edit"
    assert result.report == []


def test_html_entities_and_unseen_characters_go():
    read_one = listing(
        name="Hope &amp; <b>Coffee</b>\u0000\u202e", notes="One<br>two &lt;script&gt;alert(1)&lt;/script&gt;"
    )

    assert (read_one.name, read_one.notes) == ("Hope & Coffee", "One\ntwo")


def test_one_bad_field_costs_the_field_and_not_the_row():
    result = reading(
        row(notes={"a": [1]}, location=["x"], group=5, conference_phone=13035550123, regions=[None, "Mesa"])
    )

    read_one = result.listings[0]
    assert (read_one.notes, read_one.place.name, read_one.group) == (None, None, "5")
    assert (read_one.call.phone, read_one.place.region) == ("13035550123", ("Mesa",))


def test_a_key_that_stands_twice_is_reported():
    text = json.dumps([row()]).replace('"day": 1', '"day": 1, "day": 2')
    result = read(text.encode(), feed=FeedDefaults())

    assert result.listings[0].weekdays == (1,)
    assert [(f.kind, f.field) for f in result.report] == [("repeated_key", "day")]


def test_numbers_beyond_reason_do_no_harm():
    text = json.dumps([row(latitude="@", longitude=1)]).replace('"@"', "1" + "0" * 5000)
    result = read(text.encode(), feed=FeedDefaults())

    assert result.listings[0].place.latitude is None
    assert kinds(result) == ["coordinates"]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_do_no_harm(word):
    text = json.dumps([row(latitude="@", longitude=1, day="@", slug="@")]).replace('"@"', word)

    assert [f.kind for f in read(text.encode(), feed=FeedDefaults()).refused] == ["day_unknown"]


def test_a_rule_hidden_in_the_notes_is_shown_and_not_obeyed():
    result = reading(row(notes="Ring the bell. Meets on the 1st and 3rd Monday only. Business meeting: 2nd Monday."))

    assert result.listings[0].weekdays == (0,)
    assert [f.value for f in result.report if f.kind == "hidden_rule"] == ["Meets on the 1st and 3rd Monday only"]


def test_a_finding_tells_row_identity_field_value_and_what_was_done():
    finding = reading(row(), row(slug="late", time="25:00")).refused[0]

    assert (finding.row, finding.slug, finding.field, finding.value) == (2, "late", "time", "25:00")
    assert (finding.severity, finding.sentence) == ("refused", "The time cannot be read; the row was left out.")


def test_a_value_of_a_finding_is_short_and_on_one_line():
    finding = reading(row(day="x\n" * 500)).refused[0]

    assert finding.value is not None
    assert len(finding.value) == 60
    assert "\n" not in finding.value


def test_a_stream_is_read_like_bytes():
    content = json.dumps([row()]).encode()

    assert read(io.BytesIO(content), feed=FeedDefaults()) == read(content, feed=FeedDefaults())


@pytest.mark.parametrize("feed", [FeedDefaults(fellowship="teapot"), FeedDefaults(zone="Denver")])
def test_defaults_that_mean_nothing_are_refused(feed):
    with pytest.raises(Invalid):
        read(json.dumps([row()]).encode(), feed=feed)


def test_the_fingerprint_follows_the_content_and_not_the_date():
    assert listing(updated="2026-01-01 10:00:00").fingerprint == listing(updated="2026-02-01 10:00:00").fingerprint
    assert listing(notes="a").fingerprint != listing(notes="b").fingerprint
    assert listing(location="Hall").fingerprint != listing().fingerprint
    assert listing(contact_1_name="Pat D.").fingerprint == listing().fingerprint


def test_a_row_may_name_its_fellowship():
    result = reading(row(fellowship="Al-Anon", types=["POA", "EN"]), row(slug="b", fellowship="Teapots"))

    assert [each.fellowship for each in result.listings] == ["al-anon", "aa"]
    assert result.listings[0].types == (("al-anon", "POA"), ("al-anon", "EN"))
    assert kinds(result) == ["fellowship_unknown"]


def test_a_list_with_a_thousand_strange_fields_has_a_short_report():
    result = reading(row(**{f"field_{n}": 1 for n in range(1000)}))

    assert len(result.report) <= 61
