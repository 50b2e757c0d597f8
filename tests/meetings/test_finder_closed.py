import uuid
from datetime import date, datetime

import pytest

from aftercare.core.db import transaction
from aftercare.meetings import changes, closures
from aftercare.meetings.closures import Plan
from tests.factories import make_meeting, make_occurrence, make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.finding import at, list_rows
from tests.programs import Program

TODAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
TOLD = {
    "first_day": "2026-11-02", "last_day": "2026-11-03", "reopens_on": "2026-11-04",
    "words": "Closed until Tuesday, November 3, 2026, that day too.",
}  # fmt: skip


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation(slug="riverbend", name="Riverbend")
    list_rows(
        organisation,
        at(0, "tue", "12:00", name="Lamp"),
        at(4, "tue", "13:00", name="Porch"),
        at(0, "wed", "12:00", name="Later"),
        row(slug="screen", name="Screen", day=2, time="14:00", types=["ONL"], conference_url="https://zoom.us/j/123"),
        row(slug="call-us", name="Call Us", day=..., time=...),
    )
    return organisation


def get(client, path="/find.json", **chosen):
    return client.get(f"/o/riverbend/meetings{path}", query_string={"day": "week", **chosen})


def found(client, **chosen):
    answer = get(client, **chosen).json
    return {each["name"]: each for each in [*answer["items"], *answer["by_appointment"]]}


def close(clinic, scope="organisation", first=TODAY, last=TUESDAY, **about):
    with transaction():
        return closures.close(clinic.id, Plan(scope, first, last, reason="Flood", **about), by=None).closure.id


def test_programs_are_told_what_is_closed_until_when_and_when_it_opens(client, clinic):
    assert {each["closed"] for each in found(client).values()} == {None}
    close(clinic)

    told = found(client)

    assert {name: (each["status"], each["closed"]) for name, each in told.items()} == {
        "Lamp": ("cancelled", TOLD), "Porch": ("cancelled", TOLD), "Screen": ("cancelled", TOLD),
        "Later": ("scheduled", None), "Call Us": ("scheduled", TOLD),
    }  # fmt: skip
    assert "Flood" not in get(client).text


def test_what_is_open_again_is_told_at_once(client, clinic):
    key = close(clinic)
    assert found(client)["Lamp"]["closed"] == TOLD
    with transaction():
        closures.lift(clinic.id, key, by=None)

    assert found(client)["Lamp"]["closed"] is None


def test_a_closed_place_closes_what_is_there_and_nothing_on_the_screen(client, clinic):
    place_id = uuid.UUID(found(client)["Lamp"]["place"]["id"])
    close(clinic, "place", place_id=place_id)

    assert {name for name, each in found(client).items() if each["closed"]} == {"Lamp"}


def test_a_date_that_takes_place_all_the_same_is_not_told_as_closed(client, clinic):
    group = make_meeting(clinic, name="Tools", is_open=True)
    dates = [make_occurrence(group, starts=datetime(2026, 11, 3, hour)) for hour in (18, 20)]
    close(clinic, "meeting", meeting_id=group.id)
    with transaction():
        changes.reinstate_occurrence(clinic.id, dates[1].id, by=None)

    told = [(each["status"], each["closed"]) for each in get(client, q="tools").json["items"]]

    assert told == [("cancelled", TOLD), ("scheduled", None)]


def test_the_words_are_in_the_language_of_the_organisation(client, app, monday):
    organisation = make_organisation(slug="riverbend", language="es")
    list_rows(organisation, at(0, "tue", "12:00", name="Lamp"))
    close(organisation)

    words = found(client)["Lamp"]["closed"]["words"]
    assert words == "Cerrado hasta el martes, 3 de noviembre de 2026, ese día también."


def test_the_api_tells_the_same(client, clinic):
    close(clinic)

    items = Program(client, clinic).get("/meetings/search?day=week").json["items"]

    assert {each["name"]: each["closed"] for each in items}["Lamp"] == TOLD


@pytest.mark.parametrize("path", ["", "/print", "/embed"])
def test_pages_paper_and_frames_say_until_when(client, clinic, path):
    assert "Closed until" not in get(client, path).text
    close(clinic)

    page = get(client, path).text

    count = {"": 4, "/print": 4, "/embed": 3}[path]
    assert page.count("Closed until Tuesday, November 3, 2026, that day too.") == count
    assert page.count("Cancelled") == 3
