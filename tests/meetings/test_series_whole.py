from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from aftercare.core.db import transaction
from aftercare.meetings import drafts, history, schedule, series, undoing
from tests.factories import make_facilitator, make_member, make_organisation, make_person, make_rsvp
from tests.meetings import failing
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, publish

#: Each act: from which day on, and what is to be otherwise.
ACTS: dict[str, tuple[date | None, Any]] = {
    "hour": (None, {"first": FIRST.replace(hour=19), "capacity": 3, "types": ("B",)}),
    "weekday": (None, {"repeat": replace(WEDNESDAYS, count=3), "place_name": "Hall"}),
    "following": (date(2026, 11, 10), {"repeat": replace(WEDNESDAYS, count=3), "facilitators": ()}),
    "end": (date(2026, 11, 10), None),
}
TOLD = {"occurrences", "rsvps", "messages", "meetings", "people", "organisations", "meeting_changes", "audit_events"}
MORE = {
    "hour": {"meeting_types", "meeting_days"},
    "weekday": {"places", "meeting_days"},
    "following": {"members", "meeting_days", "directory"},
    "end": set(),
}


@pytest.fixture
def town(app, monday, hold):
    """A group with two seats and three dates ahead: people who are going, waiting, silent, not coming."""
    clinic = make_organisation()
    meeting = publish(clinic, capacity=2, repeat=replace(TUESDAYS, count=3), types=("D",))
    make_facilitator(meeting, make_person(clinic, role="counsellor"))
    going, also, waiting, silent, away = (make_person(clinic) for _ in range(5))
    make_member(meeting, silent)
    make_member(meeting, going)
    for row in dates(meeting)[:2]:
        make_rsvp(row, going, confirmed_at=monday, confirmed_via="sms", answered_at=monday)
        make_rsvp(row, also)
        make_rsvp(row, away, status="declined")
        make_rsvp(row, waiting, status="waitlisted", position=1)
    hold(monday + timedelta(minutes=1))
    return meeting


def play(meeting, act):
    since, changes = ACTS[act]
    if changes is None and since:
        return series.end(meeting.organisation_id, meeting.id, since=since, by=None)
    row = schedule.get_meeting(meeting.organisation_id, meeting.id)
    draft = replace(drafts.of(row), **changes)
    return series.change(meeting.organisation_id, meeting.id, draft, since=since, by=None)


def undo(meeting):
    [change] = history.undoable(meeting.organisation_id, meeting.id)
    return undoing.undo(meeting.organisation_id, change.id, by=None)


@pytest.mark.parametrize("act", ACTS)
def test_a_series_whose_change_fails_anywhere_is_as_it_was(town, act):
    before = failing.dump()

    writes = failing.writes_until_done(lambda: play(town, act))

    touched = failing.changed(before, failing.dump())
    assert touched >= TOLD | MORE[act]
    assert writes >= len(touched)


@pytest.mark.parametrize("act", ACTS)
def test_a_series_whose_undoing_fails_anywhere_stays_changed(town, act):
    with transaction():
        play(town, act)
    before = failing.dump()

    failing.writes_until_done(lambda: undo(town))

    assert failing.changed(before, failing.dump()) >= {"occurrences", "meetings", "meeting_changes", "audit_events"}
