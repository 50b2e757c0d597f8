import pytest

from aftercare.meetings.models import Place
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, saved
from tests.meetings.exchange.feeds import row
from tests.meetings.finding import UNION, at, list_rows


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation(slug="riverbend", name="Riverbend")
    list_rows(
        organisation,
        at(0, "mon", "12:00", name="Lamp", types=["O", "SP"], conference_url="https://zoom.us/j/5550100"),
        at(4, "mon", "13:00", name="Porch", types=["C"]),
        row(slug="call-us", name="Call Us", day=..., time=...),
    )
    return organisation


def get(client, **chosen):
    return client.get("/o/riverbend/meetings/find.json", query_string=chosen)


def test_a_meeting_is_told_as_strangers_may_know_it(client, clinic):
    (found,) = get(client, q="lamp").json["items"]

    place = found.pop("place")
    assert (place["name"], place["latitude"], place["is_approximate"]) == ("House 0", 39.753, False)
    assert found.pop("url") == f"http://localhost/m/{found.pop('id')}"
    assert found == {
        "kind": "fellowship", "name": "Lamp", "fellowship": "aa", "group": "", "attendance": "hybrid", "is_open": True,
        "languages": [], "types": ["O", "SP"], "starts_at": "2026-11-02T19:00:00Z", "ends_at": "2026-11-02T20:00:00Z",
        "zone": "America/Denver", "status": "scheduled", "place_detail": "", "distance": None,
        "join_url": "https://zoom.us/j/5550100", "join_phone": "", "join_notes": "", "closed": None,
    }  # fmt: skip


def test_distances_are_told_as_the_country_counts_them(client, clinic):
    answer = get(client, near=UNION, sort="distance").json

    assert [each["distance"] for each in answer["items"]] == [0.0, 4.0]
    assert answer["distance_unit"] == "miles"


def test_a_country_of_kilometers_counts_in_them(client, app, monday):
    list_rows(make_organisation(slug="riverbend", zone="America/Toronto"), at(4, "mon", "20:00"))

    answer = get(client, near=UNION, within="10").json

    assert ([each["distance"] for each in answer["items"]], answer["distance_unit"]) == ([6.4], "km")


def test_what_is_by_appointment_stands_apart_on_the_last_page(client, clinic):
    first = get(client, limit=1).json
    last = client.get(first["next"].removeprefix("http://localhost")).json

    assert [[each["name"] for each in page["items"]] for page in (first, last)] == [["Lamp"], ["Porch"]]
    assert first["by_appointment"] == []
    assert [(each["name"], each["starts_at"]) for each in last["by_appointment"]] == [("Call Us", None)]
    assert last["next"] is None
    assert get(client, time="morning").json["by_appointment"] == []


def test_how_to_join_a_group_that_is_not_open_is_told_to_nobody(client, clinic):
    link = "https://zoom.us/j/5550177"
    for name, is_open in (("Members", None), ("Guests", True), ("Closed", False)):
        meeting = make_meeting(clinic, name=name, is_open=is_open, join_url=link, join_phone="+13035550177")
        make_occurrence(meeting)

    answer = get(client, day="week")

    told = {each["name"]: each["join_url"] for each in answer.json["items"] if each["kind"] == "programme"}
    assert told == {"Members": "", "Guests": link, "Closed": ""}
    assert answer.text.count("5550177") == 2


def test_nothing_is_told_about_people(client, clinic):
    person = make_person(clinic, role="patient")
    make_occurrence(make_meeting(clinic, name="Ours"))

    answer = get(client, day="week").text

    assert "Ours" in answer
    assert str(person.id) not in answer
    assert person.name not in answer


def test_where_somebody_looks_is_kept_by_no_cache(client, clinic):
    anywhere, near = get(client), get(client, near=UNION)

    assert anywhere.headers["Cache-Control"] == "public, max-age=60"
    assert near.headers["Cache-Control"] == "private, no-store"
    assert [answer.headers["Access-Control-Allow-Origin"] for answer in (anywhere, near)] == ["*", "*"]
    assert "Set-Cookie" not in anywhere.headers


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"day": "someday"}, "day"),
        ({"near": "Atlantis"}, "near"),
        ({"limit": "0"}, "limit"),
        ({"within": "3"}, "within"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(client, clinic, chosen, field):
    answer = get(client, **chosen)

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert list(answer.json["errors"]) == [field]


def test_a_moved_date_is_told_where_it_is(client, clinic):
    there = saved(Place(organisation_id=clinic.id, name="Hall", latitude=39.75, longitude=-105.0))
    make_occurrence(make_meeting(clinic, name="Ours"), place_id=there.id)

    (found,) = get(client, q="ours").json["items"]

    assert found["place"]["name"] == "Hall"
