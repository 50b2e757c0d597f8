import pytest

from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.finding import UNION, at, list_rows
from tests.programs import Program

PATH = "/meetings/search"


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation()
    list_rows(
        organisation,
        at(0, "mon", "12:00", name="Lamp", types=["O", "SP"]),
        at(4, "mon", "13:00", name="Porch", types=["C"]),
        at(24, "wed", "13:00", name="Far"),
        row(slug="call-us", name="Call Us", day=..., time=...),
    )
    return organisation


@pytest.fixture
def program(client, clinic):
    return Program(client, clinic)


def names(program, query=""):
    answer = program.get(PATH + query)
    assert answer.status_code == 200
    return [each["name"] for each in answer.json["items"]]


def test_every_choice_can_be_asked_for(program):
    assert names(program) == ["Lamp", "Porch"]
    assert names(program, "?day=wed") == ["Far"]
    assert names(program, "?type=SP&open=open&time=midday&attend=in_person&language=en") == ["Lamp"]
    assert names(program, "?q=por") == ["Porch"]
    assert names(program, f"?near={UNION}&within=2") == ["Lamp"]
    assert names(program, "?near=80202&within=50&sort=distance") == ["Lamp", "Porch", "Far"]
    assert names(program, "?day=now") == ["Lamp"]


def test_a_postal_code_that_nobody_knows_has_nothing_near_it(program):
    assert program.get(f"{PATH}?near=00000").json == {
        "items": [], "by_appointment": [], "zone": "America/Denver", "distance_unit": "miles", "next": None,
    }  # fmt: skip


def test_pages_follow_each_other(program):
    first = program.get(f"{PATH}?limit=1").json
    last = program.get(f"{PATH}?limit=1&cursor={first['next']}").json

    assert [each["name"] for each in first["items"] + last["items"]] == ["Lamp", "Porch"]
    assert last["next"] is None
    assert [each["name"] for each in last["by_appointment"]] == ["Call Us"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("?cursor=x", "cursor"), ("?day=someday", "day"), ("?near=Atlantis", "near"), ("?near=95.0,1", "near")],
)
def test_what_cannot_be_read_is_refused(program, query, field):
    answer = program.get(PATH + query)

    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_an_outsider_finds_their_own_list_alone(client, clinic):
    assert names(Program(client, make_organisation())) == []
