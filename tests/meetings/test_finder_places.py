from datetime import datetime, timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.meetings import finder_queries, finder_rows, geography, whereabouts
from aftercare.meetings.geography import Point
from aftercare.meetings.models import Place
from tests.factories import make_meeting, make_occurrence, make_organisation, saved
from tests.meetings.finding import AT, UNION, at, list_rows, look, names


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def test_what_is_further_away_is_left_out(clinic):
    list_rows(clinic, at(0, "mon", "12:00"), at(4, "mon", "13:00"), at(24, "mon", "11:00"))

    assert names(clinic, near=UNION, within="5") == ["0 miles mon 12:00", "4 miles mon 13:00"]
    assert names(clinic, near=UNION, within="25") == ["24 miles mon 11:00", "0 miles mon 12:00", "4 miles mon 13:00"]
    assert names(clinic, near="41.0,-104.9", within="5") == []


def test_the_nearest_comes_first_and_then_the_earliest(clinic):
    list_rows(clinic, *(at(miles, day, "12:00") for miles in (24, 4, 1, 0) for day in ("tue", "mon")))

    assert names(clinic, near=UNION, within="50", sort="distance") == [
        f"{miles} miles {day} 12:00" for miles in (0, 1, 4, 24) for day in ("mon", "tue")
    ]


def test_distances_are_told_in_meters(clinic):
    list_rows(clinic, at(4, "mon", "12:00"))

    ((_, (row,)),) = look(clinic, near=UNION).days
    assert row.meters == pytest.approx(4 * geography.MILE_METERS, rel=0.01)


def test_a_place_that_nobody_has_put_on_the_map_is_not_near(clinic):
    list_rows(clinic, at(0, "mon", "12:00", latitude=..., longitude=...))

    assert names(clinic, near=UNION) == []
    assert names(clinic) == ["0 miles mon 12:00"]


def test_a_screen_is_near_nobody_unless_it_is_asked_for(clinic):
    call = {"conference_url": "https://zoom.us/j/5550100", "attendance_option": "online"}
    list_rows(clinic, at(0, "mon", "12:00", name="screen", **call), at(0, "mon", "13:00", name="chairs"))

    assert names(clinic, near=UNION) == ["chairs"]


@pytest.mark.parametrize("sort", ["start", "distance"])
def test_every_choice_holds_near_a_place_too(clinic, sort):
    list_rows(
        clinic,
        at(1, "mon", "12:00", name="Lamp", types=["O", "SP"]),
        at(1, "mon", "13:00", name="Lantern", types=["C", "SP"]),
        at(0, "mon", "20:00", name="Porch", types=["O"]),
    )
    around = {"near": UNION, "within": "2", "sort": sort}

    assert names(clinic, **around, type="SP", open="open") == ["Lamp"]
    assert names(clinic, **around, q="lant") == ["Lantern"]
    assert names(clinic, **around, time="night") == ["Porch"]
    assert names(clinic, **around, open="closed", day="tue") == []


@pytest.mark.parametrize("sort", ["start", "distance"])
def test_pages_around_a_place_follow_each_other_without_a_gap_or_a_repeat(clinic, sort):
    days = ["mon", "tue", "wed"]
    rows = [at((0, 1, 4, 24)[n % 4], days[n % 3], f"{n % 5 + 11}:00", name=f"m {n:03}") for n in range(70)]
    list_rows(clinic, *rows)
    make_occurrence(_ours(clinic, AT[1]), starts=datetime(2026, 11, 3, 12))
    around = {"near": UNION, "within": "50", "sort": sort, "day": "week"}
    whole = names(clinic, **around, limit=500)

    found, cursor = list[str](), None
    while cursor or not found:
        page = look(clinic, **around, limit=7, cursor=cursor)
        found += [row.meeting.name for _, rows in page.days for row in rows]
        cursor = page.next

    assert len(whole) == 71
    assert found == whole


def test_a_date_of_our_own_is_near_where_it_was_moved_to(clinic):
    meeting = _ours(clinic, AT[24])
    there = saved(Place(organisation_id=clinic.id, name="Hall", latitude=AT[0][0], longitude=AT[0][1]))
    make_occurrence(meeting, starts=datetime(2026, 11, 2, 18), place_id=there.id)
    make_occurrence(meeting, starts=datetime(2026, 11, 3, 18))

    assert [each.starts_at.day for _, rows in look(clinic, near=UNION).days for each in rows] == [3]
    assert names(clinic, near=UNION, within="50", sort="distance") == ["Ours", "Ours"]


def test_a_place_of_another_organisation_is_not_near(clinic):
    list_rows(make_organisation(), at(0, "mon", "12:00"))

    assert names(clinic, near=UNION, sort="distance") == []


def test_around_many_places_the_list_is_read_by_its_times(clinic):
    many = finder_queries.FEW + 10
    times = [(f"m {n:03}", f"{11 + n // 60}:{n % 60:02}") for n in range(many)]
    list_rows(clinic, *(at(1, "mon", start, name=name, location=f"House {name}") for name, start in times))
    list_rows(clinic, at(24, "mon", "11:01", name="far"), location="other")

    assert names(clinic, near=UNION, within="5", limit=5) == [f"m {n:03}" for n in range(5)]
    assert names(clinic, near=UNION, within="5", limit=many + 5) == [name for name, _ in times]
    assert names(clinic, near=UNION, within="5", sort="distance", limit=many + 5) == [name for name, _ in times]


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("39.75,-104.99", Point(39.75, -104.99)),
        (" 39.75 , -104.99 ", Point(39.75, -104.99)),
        ("80202", Point(39.75, -104.99)),
        ("juniper fálls", Point(39.753, -104.999)),
        ("House 0", Point(39.753, -104.999)),
    ],
)
def test_coordinates_postal_codes_and_names_of_the_list_say_where(clinic, text, point):
    list_rows(clinic, at(0, "mon", "12:00", formatted_address="5 Elm St, Juniper Falls, CO 80099, USA"))

    found = whereabouts.find(clinic, text)

    assert found is not None
    assert geography.meters(found, point) < 2_000


@pytest.mark.parametrize("text", ["91,0", "39.75,-181", "00000", "Nowhere", "Porch Group", "-", "'; DROP"])
def test_what_names_no_place_is_nowhere(clinic, text):
    list_rows(clinic, at(0, "mon", "12:00", name="Porch Group"))

    assert whereabouts.find(clinic, text) is None


def test_the_towns_of_another_organisation_are_not_ours(clinic):
    list_rows(make_organisation(), at(0, "mon", "12:00", formatted_address="5 Elm St, Juniper Falls, CO 80099, USA"))

    assert whereabouts.find(clinic, "Juniper Falls") is None


def test_a_wider_circle_takes_no_more_statements_than_it_has_rings(clinic, statements):
    list_rows(clinic, *(at(24, "mon", f"{n + 11}:00", name=f"m {n}") for n in range(5)))
    db.session.refresh(clinic)

    assert statements(lambda: names(clinic, near=UNION, within="50", sort="distance")) <= 12


def _ours(clinic, where):
    place = saved(Place(organisation_id=clinic.id, name="Ours", latitude=where[0], longitude=where[1]))
    return make_meeting(clinic, name="Ours", place_id=place.id)


def test_words_follow_what_a_meeting_is_called(clinic):
    meeting = make_meeting(clinic, name="Old Name")
    make_occurrence(meeting, starts=datetime(2026, 11, 2, 18))
    with transaction():
        meeting.name = "New Name"
        finder_rows.keep(meeting)

    assert names(clinic, q="old") == []
    assert names(clinic, q="new") == ["New Name"]


def test_what_starts_soon_has_just_begun_or_begins_within_two_hours(clinic, monday):
    starts = ["09:49", "09:50", "10:00", "11:59", "12:01"]
    list_rows(clinic, *(at(0, "mon", start, name=start) for start in starts))

    assert names(clinic, day="now") == ["09:50", "10:00", "11:59"]


def test_what_starts_soon_may_start_after_midnight(clinic, monday):
    list_rows(clinic, at(0, "tue", "00:30", name="small hours"), at(0, "mon", "23:30", name="late"))
    late = monday + timedelta(hours=13, minutes=15)

    assert names(clinic, day="now", now=late) == ["late", "small hours"]
