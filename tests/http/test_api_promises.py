"""What the API's document promises, asked of every operation on both databases: schemathesis attacks it."""

import uuid
from datetime import date, datetime

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation

from aftercare.app import create_app
from aftercare.meetings.change_models import Closure, MeetingChange
from tests.conftest import settings_for
from tests.factories import (
    make_attendance,
    make_facilitator,
    make_feed,
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)
from tests.programs import ROOT, make_token

EXAMPLES = 10
MEETING, OCCURRENCE, PATIENT, CALENDAR, CLOSURE, CHANGE = (
    uuid.UUID(int=0x01A19D341A807000A000000000000000 + number) for number in range(6)
)
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 2,
        "parameters": {
            "path.meeting_id": str(MEETING),
            "path.occurrence_id": str(OCCURRENCE),
            "path.patient_id": str(PATIENT),
            "path.calendar_id": str(CALENDAR),
            "path.closure_id": str(CLOSURE),
            "path.change_id": str(CHANGE),
        },
        "generation": {"max-examples": EXAMPLES, "deterministic": True, "with-security-parameters": False},
        "checks": {
            # What JSON Schema cannot say (by months, a repeat needs its weekday; a date moves into the future) is
            # refused with 422, and a version that is not there any more with 412.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "412", "422"]},
            "negative_data_rejection": {"expected-statuses": ["400", "401", "404", "405", "412", "415", "422", "428"]},
            "missing_required_header": {"expected-statuses": ["401", "428"]},
        },
    }
)


schemathesis.openapi.format("iana-time-zone", st.sampled_from(["America/Denver", "America/Caracas", "Asia/Kathmandu"]))


class Stage:
    """The application of the test that is running; each request gets an application context of its own."""

    app: Flask = create_app(settings_for("sqlite://"))

    def __call__(self, environ, start_response):
        with self.app.app_context():
            return self.app(environ, start_response)


stage = Stage()
document = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", stage, config=CONFIG)


@pytest.fixture
def token(app, monday):
    """Put a little of everything behind the ids that are tried, and give a token of every scope."""
    stage.app = app
    clinic = make_organisation()
    meeting = make_meeting(clinic, id=MEETING)
    patient = make_person(clinic, id=PATIENT)
    occurrence = make_occurrence(meeting, id=OCCURRENCE, starts=datetime(2026, 11, 2, 10, 15))
    make_member(meeting, patient)
    make_facilitator(meeting, make_person(clinic, role="counsellor"))
    make_rsvp(occurrence, patient)
    make_feed(patient, id=CALENDAR)
    days = {"first_day": date(2026, 11, 5), "last_day": date(2026, 11, 6)}
    saved(Closure(id=CLOSURE, organisation_id=clinic.id, scope="organisation", **days))
    keys = {"organisation_id": clinic.id, "meeting_id": MEETING, "occurrence_id": OCCURRENCE}
    noted = {"act": "occurrence.noted", "before": {"note": ""}, "after": {"note": "Back door."}}
    saved(MeetingChange(id=CHANGE, **keys, **noted))
    make_attendance(make_occurrence(meeting, starts=datetime(2026, 10, 27, 18, 0)), patient)
    return make_token(clinic)


# One database for all examples of an operation is meant: what one leaves behind, the next one meets.
@document.parametrize()
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_every_operation_keeps_what_the_document_promises(case, token):
    _make_real(case)
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})


def _make_real(case):
    """Give good headers: a tag that was made up is never the one in force, and a key serves only one request.

    Bad ones stay, unless the body is bad too: it is the body's turn then.
    """
    is_bad = {place: found.mode.is_negative for place, found in case.meta.components.items()}
    if is_bad.get(ParameterLocation.HEADER) and not is_bad.get(ParameterLocation.BODY):
        return
    for name, value in (("If-Match", "*"), ("Idempotency-Key", uuid.uuid4().hex)):
        if name in case.headers:
            case.headers[name] = value
