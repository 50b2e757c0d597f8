from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.meetings import changes, closures, dates, history, schedule, substitutes, undoing
from aftercare.meetings.change_models import MeetingChange
from aftercare.meetings.closures import Plan
from aftercare.meetings.dates import Extra
from tests.factories import (
    make_attendance,
    make_facilitator,
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
)
from tests.meetings import failing

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEEK = timedelta(days=7)


@pytest.fixture
def town(app, monday, hold):
    """A group with two seats and three dates ahead: people who are going, waiting, silent, not coming; a past date."""
    town = Town(confirmed_at=monday)
    hold(monday + timedelta(minutes=1))
    return town


class Town:
    """Everything that a change of a date touches."""

    def __init__(self, *, confirmed_at):
        self.clinic = make_organisation()
        self.sam, self.kim = (make_person(self.clinic, role="counsellor") for _ in range(2))
        self.meeting = make_meeting(self.clinic, capacity=2)
        make_facilitator(self.meeting, self.sam)
        self.dates = [make_occurrence(self.meeting, starts=TUESDAY + number * WEEK) for number in range(3)]
        going, also, waiting, silent, away = (make_person(self.clinic) for _ in range(5))
        make_member(self.meeting, silent)
        make_member(self.meeting, going)
        make_rsvp(self.dates[0], going, confirmed_at=confirmed_at, confirmed_via="sms", answered_at=confirmed_at)
        make_rsvp(self.dates[0], also)
        make_rsvp(self.dates[0], away, status="declined")
        make_rsvp(self.dates[0], waiting, status="waitlisted", position=1)
        make_rsvp(self.dates[1], going, status="maybe")
        past = make_occurrence(self.meeting, starts=TUESDAY - WEEK, status="held", roll="final")
        make_attendance(past, going)

    @property
    def keys(self):
        return self.clinic.id, self.dates[0].id

    def cancel(self):
        return changes.cancel_occurrence(*self.keys, by=self.sam.id)

    def reinstate(self):
        return changes.reinstate_occurrence(*self.keys, by=self.sam.id)

    def move(self):
        return changes.move_occurrence(*self.keys, to=TUESDAY + timedelta(days=1), by=self.sam.id)

    def place(self):
        return dates.change_place(*self.keys, name="Library", address="5 Oak St", by=self.sam.id)

    def capacity(self):
        return dates.change_capacity(*self.keys, capacity=3, by=self.sam.id)

    def note(self):
        return dates.change_note(*self.keys, note="Use the back door.", by=self.sam.id)

    def extra(self):
        return dates.add_date(
            self.clinic.id, self.meeting.id, Extra(TUESDAY + timedelta(days=2)), by=self.sam.id
        )  # fmt: skip

    def substitute(self):
        organisation_id, occurrence_id = self.keys
        return substitutes.stand_in(organisation_id, occurrence_id, self.kim.id, instead_of=self.sam.id, by=self.sam.id)

    def close(self):
        plan = Plan("organisation", date(2026, 11, 2), date(2026, 11, 12), reason="Flood")
        return closures.close(self.clinic.id, plan, by=self.sam.id)

    def lift(self):
        [found] = closures.standing(self.clinic.id)
        return closures.lift(self.clinic.id, found.closure.id, by=self.sam.id)

    def undo(self):
        [last, *_] = history.undoable(self.clinic.id, self.meeting.id)
        return undoing.undo(self.clinic.id, last.id, by=self.sam.id)


#: Each act, what comes before it, and the tables in which it writes at least.
ACTS = {
    "cancel": ((), {"occurrences", "rsvps", "messages", "meetings", "people", "audit_events", "meeting_changes"}),
    "reinstate": (("cancel",), {"occurrences", "rsvps", "messages", "meetings", "people", "meeting_changes"}),
    "move": ((), {"occurrences", "rsvps", "messages", "meetings", "people", "meeting_changes"}),
    "place": ((), {"occurrences", "places", "messages", "meetings", "people", "meeting_changes"}),
    "capacity": ((), {"occurrences", "rsvps", "messages", "meetings", "people", "meeting_changes"}),
    "note": ((), {"occurrences", "meetings", "people", "audit_events", "meeting_changes"}),
    "extra": ((), {"occurrences", "messages", "meetings", "people", "audit_events", "meeting_changes"}),
    "substitute": ((), {"substitutes", "meetings", "people", "audit_events", "meeting_changes"}),
    "close": ((), {"closures", "occurrences", "rsvps", "messages", "meetings", "people", "meeting_changes"}),
    "lift": (("close",), {"closures", "occurrences", "rsvps", "messages", "meetings", "people", "meeting_changes"}),
}


def play(town, acts):
    for act in acts:
        with transaction():
            getattr(town, act)()


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_fails_anywhere_leaves_nothing_half_done(town, act):
    first, touched = ACTS[act]
    play(town, first)
    before = failing.dump()

    writes = failing.writes_until_done(getattr(town, act))

    assert failing.changed(before, failing.dump()) >= touched | {"organisations"}
    assert writes >= len(touched)


@pytest.mark.parametrize("act", ACTS)
def test_undoing_an_act_that_fails_anywhere_leaves_nothing_half_done(town, act):
    play(town, (*ACTS[act][0], act))
    before = failing.dump()

    failing.writes_until_done(town.undo)

    assert failing.changed(before, failing.dump()) >= {"meeting_changes", "audit_events"}


#: What is never put back as it was: what was said to people, and what was noted of it.
LASTS = {"messages", "meeting_changes", "audit_events", "audit_heads", "organisations", "people", "meetings", "places"}


@pytest.mark.parametrize("act", ["note", "substitute"])
def test_what_is_undone_is_as_if_it_had_never_been(town, act):
    before = failing.dump()

    play(town, (act, "undo"))

    left = failing.changed(before, failing.dump()) - LASTS
    assert left <= {"occurrences"}


def test_what_fails_is_really_interrupted(town):
    with pytest.raises(failing.Interrupted), failing.failing_at(1), transaction():
        town.cancel()

    assert schedule.get_occurrence(*town.keys).status == "scheduled"
    assert db.session.scalars(select(MeetingChange)).all() == []
