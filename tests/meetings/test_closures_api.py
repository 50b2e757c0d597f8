import pytest

from aftercare.meetings.models import Place
from tests.factories import make_organisation, make_person, saved
from tests.meetings.serial import dates, publish, say_yes, texts
from tests.programs import Program

DAYS = {"first_day": "2026-11-03", "last_day": "2026-11-10"}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


@pytest.fixture
def meeting(clinic):
    return publish(clinic)


def starts(program, meeting, status):
    found = program.get(f"/meetings/{meeting.id}/occurrences?until=2026-11-17").json["items"]
    return [each["start_local"][:10] for each in found if each["status"] == status]


def test_a_meeting_is_closed_and_opened_again_and_people_hear_of_it_once(program, clinic, meeting):
    say_yes(dates(meeting)[0], ana := make_person(clinic))
    say_yes(dates(meeting)[1], ana)
    body = {"scope": "meeting", "meeting_id": str(meeting.id), "reason": "Flood"} | DAYS

    closed = program.post("/closures", body, headers={"Idempotency-Key": "flood"})
    again = program.post("/closures", body, headers={"Idempotency-Key": "flood"})

    assert (closed.status_code, again.json) == (201, closed.json)
    said = {name: closed.json[name] for name in (*body, "place_id", "reopens_on", "lifted_at")}
    assert said == body | {"place_id": None, "reopens_on": "2026-11-11", "lifted_at": None}
    assert program.get(closed.headers["Location"].removeprefix("/api/v1")).json == closed.json
    assert starts(program, meeting, "cancelled") == ["2026-11-03", "2026-11-10"]
    assert sum("is off" in text.body for text in texts()) == 1

    path = f"/closures/{closed.json['id']}"
    assert [each["id"] for each in program.get("/closures").json["items"]] == [closed.json["id"]]
    lifted = program.post(f"{path}/lifting", None)

    assert (lifted.status_code, lifted.json["lifted_at"]) == (200, "2026-11-02T17:00:00Z")
    assert starts(program, meeting, "cancelled") == []
    assert program.get("/closures").json["items"] == []
    assert [each["id"] for each in program.get("/closures?which=all").json["items"]] == [closed.json["id"]]
    assert program.post(f"{path}/lifting", None).status_code == 409


def test_a_place_is_closed_with_what_meets_there(program, clinic):
    there = publish(clinic, place_name="Hall")
    elsewhere = publish(clinic)
    place_id = program.get(f"/meetings/{there.id}").json["place_id"]

    assert program.post("/closures", {"scope": "place", "place_id": place_id} | DAYS).status_code == 201
    assert starts(program, there, "cancelled") == ["2026-11-03", "2026-11-10"]
    shut = program.get(f"/meetings/{there.id}").json["closure"]
    assert (shut["first_day"], shut["reopens_on"]) == ("2026-11-03", "2026-11-11")
    assert program.get(f"/meetings/{elsewhere.id}").json["closure"] is None
    assert starts(program, elsewhere, "cancelled") == []


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"scope": "town"}, "scope"),
        ({"scope": "place"}, "place_id"),
        ({"scope": "meeting"}, "meeting_id"),
        ({"place_id": "01a19d34-1a80-7000-a000-000000000000"}, "place_id"),
        ({"first_day": "2026-11-11"}, "last_day"),
        ({"first_day": "2026-10-01", "last_day": "2026-11-01"}, "last_day"),
        ({"last_day": "2027-12-01"}, "last_day"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_what_cannot_be_closed_is_refused_by_member(program, meeting, wrong, member):
    answer = program.post("/closures", {"scope": "organisation"} | DAYS | wrong)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [member])
    assert program.get("/closures").json["items"] == []


@pytest.mark.parametrize("scope", ["meeting", "place"])
def test_what_another_organisation_has_is_not_there_to_be_closed(client, clinic, meeting, scope):
    theirs = saved(Place(organisation_id=clinic.id, name="Hall")) if scope == "place" else meeting
    outsider = Program(client, make_organisation())

    answer = outsider.post("/closures", {"scope": scope, f"{scope}_id": str(theirs.id)} | DAYS)

    assert answer.status_code == 404
    assert starts(Program(client, clinic), meeting, "cancelled") == []
