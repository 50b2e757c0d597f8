import json
import re
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.meetings import types
from aftercare.meetings.exchange.call_hosts import is_dialled, is_known_host
from aftercare.meetings.exchange.listing import (
    Call,
    Entity,
    FeedDefaults,
    Listing,
    Place,
    SeventhTradition,
)
from aftercare.meetings.exchange.meeting_guide import read
from aftercare.meetings.exchange.meeting_guide_export import write
from tests.meetings.exchange.feeds import DENVER, FEEDS, needs_feeds

FEEDBACK = "https://example.org/report"
EXACT = Place(name="Old Firehouse", address="9 Hook Lane, Juniper Falls, CO 80099, USA", region=("Juniper Falls",))
TOWN = Place(address="Juniper Falls, CO, USA", approximate=True)
CALL = Call(url="https://zoom.us/j/1", url_notes="Ask for the passcode")
PORCH = Listing(
    slug="porch",
    name="Porch Group",
    fellowship="aa",
    weekdays=(0,),
    start=time(19),
    minutes=90,
    zone=DENVER,
    place=EXACT,
    types=(("aa", "D"), ("aa", "O")),
    is_open=True,
    feedback_url=FEEDBACK,
)


def written(*listings: Listing):
    return write(listings, feedback_url=FEEDBACK, zone=DENVER)


def read_again(*listings: Listing):
    return read(json.dumps(written(*listings)).encode(), feed=FeedDefaults())


def inferred_by_apps(row):
    """What tsml-ui concludes from a row (meeting-guide.md 1.3)."""
    in_person = "TC" not in row.get("types", []) and row["approximate"] == "no"
    online = is_known_host(row.get("conference_url", "")) or is_dialled(row.get("conference_phone", ""))
    if online:
        return "hybrid" if in_person else "online"
    return "in_person" if in_person else "inactive"


def each_day(listing: Listing) -> list[Listing]:
    if len(listing.weekdays) < 2:
        return [listing]
    days = sorted(listing.weekdays, key=lambda day: (day + 1) % 7)
    return [replace(listing, slug=f"{listing.slug}-{(day + 1) % 7}", weekdays=(day,)) for day in days]


words = st.text("abc xyzáéñ日ßABC019.,'()!", min_size=1, max_size=40).map(lambda s: " ".join(s.split())).filter(bool)
maybe_words = st.none() | words
links = st.from_regex(r"https://[a-z]{1,8}\.example\.org/[a-z0-9/?=&]{0,20}", fullmatch=True)
degrees = st.floats(1, 89).map(lambda number: round(number, 5))
guide_codes = st.lists(st.sampled_from(sorted(set(types.GUIDE) - {"O", "C", "TC"})), unique=True, max_size=6)


@st.composite
def calls(draw):
    return Call(
        url=draw(st.sampled_from(["https://zoom.us/j/1?pwd=a&copy=2", "https://meet.jit.si/porch"])),
        url_notes=draw(maybe_words),
        phone=draw(st.none() | st.just("+13035550142,,123#")),
        phone_notes=draw(maybe_words),
    )


@st.composite
def entities(draw):
    return Entity(
        name=draw(words),
        email=draw(st.none() | st.just("a@example.org")),
        phone=draw(st.none() | st.just("+1-303-555-0100")),
        location=draw(maybe_words),
        logo=draw(st.none() | links),
        url=draw(st.none() | links),
    )


@st.composite
def listings(draw):
    """Listings that the format can say whole, one way or another."""
    attendance = draw(st.sampled_from(["in_person", "hybrid", "online", "inactive"]))
    is_town = attendance in ("online", "inactive") and draw(st.booleans())
    is_shut = attendance in ("online", "inactive") and not is_town
    access = draw(st.sampled_from([None, "O", "C"]))
    codes = {*draw(guide_codes), *([access] if access else []), *(["TC"] if is_shut else [])}
    codes -= types.IN_PERSON_ONLY if attendance == "online" else set()
    is_timed = draw(st.booleans())
    start = draw(st.times(timezones=st.none())).replace(second=0, microsecond=0) if is_timed else None
    latitude = draw(st.none() | degrees)
    return Listing(
        slug=draw(st.from_regex(r"[a-z][a-z0-9]{0,30}", fullmatch=True)),
        name=draw(words),
        fellowship="aa",
        weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))) if is_timed else (),
        start=start,
        minutes=draw(_minutes(start)) if start else None,
        zone=draw(st.sampled_from([DENVER, "Europe/London", "UTC"])),
        place=Place(
            name=draw(maybe_words),
            address=f"1 {draw(words)}, Juniper Falls, CO 80099, Nowhere",
            region=tuple(draw(st.lists(words, max_size=3))),
            latitude=latitude,
            longitude=None if latitude is None else draw(degrees),
            approximate=is_town,
            notes=draw(maybe_words),
        ),
        call=draw(calls()) if attendance in ("online", "hybrid") else Call(),
        group=draw(maybe_words),
        group_notes=draw(maybe_words),
        notes=draw(maybe_words),
        types=tuple(("aa", code) for code in sorted(codes)),
        languages=tuple(lang for code in sorted(codes) if (lang := types.GUIDE[code].language)),
        attendance=attendance,
        is_open={None: None, "O": True, "C": False}[access],
        url=draw(st.none() | links),
        website=draw(st.none() | links),
        feedback_url=draw(links | st.just("mailto:a@example.org")),
        feedback_emails=tuple(draw(st.lists(st.sampled_from(["a@example.org", "b@example.org"]), unique=True))),
        entity=draw(st.none() | entities()),
        seventh_tradition=SeventhTradition(
            venmo=draw(st.none() | st.just("@Group")), paypal=draw(st.none() | st.just("G1"))
        ),
        updated=draw(st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(_to_the_second)),
    )


def _minutes(start: time):
    midnight = 24 * 60 - start.hour * 60 - start.minute
    # An hour that ends past midnight is left to the reader, as every client does.
    return st.none() | st.integers(1, 1439).filter(lambda minutes: minutes != 60 or minutes <= midnight)


def _to_the_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0, tzinfo=UTC)


@given(listings())
def test_what_is_written_is_read_back_the_same(listing):
    result = read_again(listing)

    assert result.listings == each_day(listing)
    assert not result.refused


@given(listings())
def test_every_row_keeps_the_rules_of_a_feed(listing):
    for row in written(listing):
        assert all(value not in (None, "", []) for value in row.values())
        assert isinstance(row.get("day", 0), int)
        assert {"slug", "name", "timezone", "approximate", "feedback_url", "formatted_address"} <= row.keys()
        assert set(row.get("types", [])) <= set(types.GUIDE)
        assert row.get("entity_url") == row.get("entity_website_url")
        assert len(row["slug"]) <= 64
        json.dumps(row, allow_nan=False)


@given(listings(), st.sampled_from([EXACT, TOWN, Place()]), st.booleans(), st.sampled_from([Call(), CALL]))
def test_apps_infer_the_attendance_we_state(listing, place, is_shut, call):
    stated = "TC" if is_shut else "D"
    is_reachable = listing.attendance in ("in_person", "inactive")
    odd = replace(listing, place=place, types=(("aa", stated),), call=call if is_reachable else listing.call)

    assert {inferred_by_apps(row) for row in written(odd)} == {listing.attendance}


def test_a_meeting_of_two_days_is_two_rows():
    rows = written(replace(PORCH, weekdays=(0, 6)))

    assert [(row["slug"], row["day"]) for row in rows] == [("porch-0", 0), ("porch-1", 1)]


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (time(19), 90, "20:30"),
        (time(23, 30), 60, None),
        (time(23), 60, "00:00"),
        (time(23, 30), 90, "01:00"),
        (time(19), None, None),
        (time(19), 1440, None),
    ],
)
def test_an_end_is_written_where_clients_read_it_right(start, minutes, end):
    assert written(replace(PORCH, start=start, minutes=minutes))[0].get("end_time") == end


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ([("aca", "S"), ("aca", "Y")], ["LIT", "SP"]),
        ([("al-anon", "POA"), ("al-anon", "YA")], ["Y"]),
        ([("na", "JFT"), ("na", "O")], ["LIT", "O"]),
        ([("aa", "BV-I"), ("aa", "POA")], ["POA"]),
        ([("aa", "nonsense")], None),
    ],
)
def test_codes_of_a_fellowship_become_codes_that_apps_know(pairs, codes):
    assert written(replace(PORCH, types=tuple(pairs)))[0].get("types") == codes


def test_what_only_makes_sense_in_person_is_not_said_of_a_call():
    online = replace(PORCH, attendance="online", place=TOWN, call=CALL, types=(("aa", "X"), ("aa", "O")))

    assert written(online)[0]["types"] == ["O"]
    assert written(replace(online, attendance="hybrid"))[0]["types"] == ["O", "X"]


def test_a_call_without_an_address_gets_the_town_of_its_zone():
    online = replace(PORCH, attendance="online", place=Place(), call=CALL)

    assert written(online)[0]["formatted_address"] == "Denver"


def test_a_strange_slug_becomes_safe_and_stays_the_same():
    slug = written(replace(PORCH, slug="Pórche & Lounge " * 10))[0]["slug"]

    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", slug)
    assert slug == written(replace(PORCH, slug="Pórche & Lounge " * 10))[0]["slug"]


def test_no_slug_stands_twice_and_the_order_of_asking_does_not_matter():
    both = [replace(PORCH, weekdays=(0, 1)), replace(PORCH, slug="porch-1"), replace(PORCH, slug="porch-1", name="B")]

    rows = written(*both)
    assert len({row["slug"] for row in rows}) == 4
    assert rows == written(*reversed(both))


def test_people_and_doors_are_never_written():
    rows = written(replace(PORCH, edit_url="https://example.org/edit"))

    assert not [field for row in rows for field in row if field.startswith(("contact", "edit"))]


@needs_feeds
def test_the_golden_feed_is_written_exactly():
    golden = json.loads((FEEDS / "probe_synthetic" / "golden_export.json").read_bytes())
    result = read(json.dumps(golden).encode(), feed=FeedDefaults())

    expected = [{**row, "types": sorted(row["types"])} for row in golden]
    assert written(*result.listings) == sorted(expected, key=lambda row: row["slug"])
