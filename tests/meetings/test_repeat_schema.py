from dataclasses import asdict
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from aftercare.app import create_app
from aftercare.core.errors import Invalid
from aftercare.meetings.repeat_schema import Repeat as RepeatSchema
from aftercare.meetings.repeats import Repeat, write_rule
from tests.conftest import settings_for
from tests.factories import make_organisation
from tests.meetings.test_api import DRAFT
from tests.meetings.test_repeats import by_day, by_weekday, daily, weekly, yearly
from tests.programs import ROOT, Program


def promised():
    app = create_app(settings_for("sqlite://"))
    with app.app_context():
        document: Any = app.test_client().get(f"{ROOT}/openapi.json").json
    schemas = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | document["components"]["schemas"]["Repeat"]
    return jsonschema_rs.validator_for(schemas)


PROMISE = promised()
shapes = daily | weekly | by_weekday | by_day | yearly
numbers = st.integers(-1, 32)
members = {
    "every": st.integers(1, 60),
    "unit": st.sampled_from(["day", "week", "month", "year"]),
    "weekdays": st.lists(st.integers(0, 7), max_size=2),
    "nth": st.none() | st.integers(-3, 6),
    "also": st.lists(st.integers(-1, 5), max_size=2),
    "month_days": st.lists(numbers, max_size=2),
    "month": st.none() | st.integers(1, 13),
    "count": st.none() | st.integers(1, 3),
    "until": st.none() | st.just("2027-06-30"),
}


def taken(body):
    try:
        read: Any = RepeatSchema().load(body)
        facts: dict[str, Any] = {name: tuple(said) if isinstance(said, list) else said for name, said in read.items()}
        write_rule(Repeat(**facts))
    except (ValidationError, Invalid):
        return False
    return True


@settings(deadline=None, max_examples=200)
@given(shapes)
def test_every_repeat_is_shown_and_taken_as_promised(repeat):
    body = RepeatSchema().dump(asdict(repeat))

    assert PROMISE.is_valid(body)
    assert taken(body)


@settings(deadline=None, max_examples=1500)
@given(st.fixed_dictionaries({}, optional=members))
def test_what_is_promised_is_what_is_taken(body):
    assert PROMISE.is_valid(body) == taken(body)


def test_a_meeting_has_no_dates_on_holidays_and_days_off(client, monday):
    program = Program(client, make_organisation())
    said = {"repeat": {"weekdays": [2, 3], "count": 8}, "holidays": "US", "days_off": ["2026-11-12"]}
    meeting = program.post("/meetings", DRAFT | said).json

    found = program.get(f"/meetings/{meeting['id']}/occurrences").json["items"]

    # November 11 is Veterans Day, November 26 Thanksgiving.
    assert [int(each["start_local"][8:10]) for each in found] == [4, 5, 18, 19, 25]
