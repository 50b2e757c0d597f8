from datetime import datetime

import pytest

from aftercare.core.db import db
from aftercare.meetings.models import Meeting
from tests.factories import make_member, make_organisation, make_person
from tests.meetings.serial import FIRST, dates, on, publish, say_yes, texts
from tests.programs import Program


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


def change(program, meeting, body, **headers):
    path = f"/meetings/{meeting.id}"
    tag = headers.pop("tag", None) or program.get(path).headers["ETag"]
    return program.patch(path, body, headers={"If-Match": tag})


def fresh(meeting):
    db.session.rollback()
    return db.session.get_one(Meeting, (meeting.organisation_id, meeting.id))


def test_a_meeting_changes_on_all_its_dates_to_come(program, clinic):
    meeting = publish(clinic, capacity=5)
    make_member(meeting, make_person(clinic))
    before = [row.id for row in dates(meeting)]

    answer = change(program, meeting, {"start_local": "2026-11-03T19:00", "minutes": 90, "scope": "all"})

    assert (answer.status_code, answer.json["start_local"], answer.json["minutes"]) == (200, "2026-11-03T19:00:00", 90)
    assert (answer.json["name"], answer.json["capacity"]) == ("Tools", 5)
    assert [(row.id, row.start_local.hour) for row in dates(meeting)] == [(key, 19) for key in before]
    assert len(texts("moved")) == 1


def test_what_is_not_said_stays_and_null_takes_away(program, clinic):
    meeting = publish(
        clinic, capacity=5, types=("O",), place_name="Room 4", place_address="1 Elm St", description="We talk."
    )

    answer = change(program, meeting, {"capacity": None, "place": {"name": "Hall"}})

    assert answer.json["capacity"] is None
    assert (answer.json["place"]["name"], answer.json["place"]["address"]) == ("Hall", "")
    assert (answer.json["types"], answer.json["description"]) == (["O"], "We talk.")


def test_from_a_day_on_the_meeting_that_goes_on_is_shown(program, clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    say_yes(dates(meeting)[4], ana)
    body = {"repeat": {"weekdays": [2], "count": 7}, "scope": "following", "from": "2026-11-24"}

    heir = change(program, meeting, body).json

    assert (heir["id"] != str(meeting.id), heir["lineage_id"]) == (True, str(meeting.id))
    assert heir["start_local"] == "2026-11-25T18:00:00"
    assert len(on(meeting)) == 3
    listed = program.get(f"/meetings/{heir['id']}/occurrences").json["items"]
    assert [each["status"] for each in listed[:2]] == ["cancelled", "scheduled"]


def test_a_version_that_is_not_the_newest_changes_nothing(program, clinic):
    meeting = publish(clinic)
    tag = program.get(f"/meetings/{meeting.id}").headers["ETag"]
    assert change(program, meeting, {"name": "Skills"}, tag=tag).status_code == 200

    assert change(program, meeting, {"name": "Other"}, tag=tag).status_code == 412
    assert program.patch(f"/meetings/{meeting.id}", {"name": "Other"}, headers={"If-Match": ""}).status_code == 428
    assert fresh(meeting).name == "Skills"


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({}, "body"),
        ({"kind": "fellowship"}, "kind"),
        ({"from": "2026-11-24", "name": "Skills"}, "from"),
        ({"scope": "following", "name": "Skills"}, "from"),
        ({"scope": "following", "from": "2026-11-01", "name": "Skills"}, "from"),
        ({"capacity": 0}, "capacity"),
        ({"start_local": "2026-10-06T18:00", "repeat": None}, "first"),
    ],
)
def test_what_cannot_be_is_refused_by_its_member(program, clinic, body, member):
    meeting = publish(clinic)

    answer = change(program, meeting, body)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [member])
    assert fresh(meeting).name == "Tools"


def test_a_meeting_of_another_organisation_is_not_found(client, clinic):
    meeting = publish(clinic)
    outsider = Program(client, make_organisation())

    assert change(outsider, meeting, {"name": "Skills"}, tag="*").status_code == 404
    assert fresh(meeting).name == "Tools"


def test_a_token_that_only_reads_changes_nothing(client, clinic):
    meeting = publish(clinic)
    reader = Program(client, clinic, "meetings:read")

    assert change(reader, meeting, {"name": "Skills"}).status_code == 403


def test_a_listing_changes_too(program, clinic):
    meeting = publish(clinic, kind="fellowship", fellowship="na", repeat=None, first=datetime(2026, 12, 1, 9, 0))

    assert change(program, meeting, {"name": "Dawn"}).json["name"] == "Dawn"
    assert fresh(meeting).start_local == FIRST.replace(month=12, day=1, hour=9)
