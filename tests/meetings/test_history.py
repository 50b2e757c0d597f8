from datetime import timedelta

import pytest

from aftercare.core.db import transaction
from aftercare.core.errors import Conflict, NotFound
from aftercare.meetings import history, undoing
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def meeting(clinic):
    return make_meeting(clinic)


def note(meeting, act="meeting.renamed", *, by=None, date=None):
    with transaction():
        return history.note(
            meeting.organisation_id, meeting.id, act, by=by, before={"name": "A"}, after={"name": "B"},
            occurrence_id=date.id if date else None,
        ).id  # fmt: skip


def claim(meeting, change_id, by=None):
    with transaction():
        return history.claim(meeting.organisation_id, change_id, by=by)


def test_the_history_says_who_did_what_newest_first(clinic, meeting, hold, monday):
    sam = make_person(clinic, role="counsellor", name="Sam Lee")
    note(meeting, "first", by=sam.id)
    hold(monday + timedelta(minutes=1))
    note(meeting, "second")

    told = history.of_meeting(clinic.id, meeting.id)

    assert [(each.change.act, each.by, each.change.before, each.change.after) for each in told] == [
        ("second", "", {"name": "A"}, {"name": "B"}),
        ("first", "Sam Lee", {"name": "A"}, {"name": "B"}),
    ]


def test_the_history_of_another_meeting_or_organisation_is_not_told(clinic, meeting):
    note(meeting)
    note(make_meeting(clinic))
    note(make_meeting())

    assert len(history.of_meeting(clinic.id, meeting.id)) == 1


def test_a_change_is_claimed_once(clinic, meeting):
    sam = make_person(clinic, role="counsellor", name="Sam Lee")
    change = note(meeting)
    claim(meeting, change, sam.id)

    with pytest.raises(Conflict, match="undone already"):
        claim(meeting, change, sam.id)
    [told] = history.of_meeting(clinic.id, meeting.id)
    assert told.undone_by == "Sam Lee"


def test_a_change_can_be_claimed_for_ten_minutes(meeting, hold, monday):
    first, second = note(meeting), note(make_meeting_like(meeting))
    hold(monday + timedelta(minutes=9, seconds=59))
    claim(meeting, first)
    hold(monday + timedelta(minutes=10))

    with pytest.raises(Conflict, match="more than 10 minutes ago"):
        claim(meeting, second)


def make_meeting_like(meeting):
    return make_meeting(None, organisation_id=meeting.organisation_id)


def test_a_change_of_the_same_date_has_to_be_undone_first(meeting):
    date = make_occurrence(meeting)
    first, second = note(meeting, date=date), note(meeting, date=date)

    with pytest.raises(Conflict, match="changed since"):
        claim(meeting, first)
    claim(meeting, second)
    claim(meeting, first)


def test_changes_of_two_dates_do_not_stand_in_each_others_way(meeting):
    one, other = make_occurrence(meeting), make_occurrence(meeting, starts=None, slot_local=None)
    first = note(meeting, date=one)
    note(meeting, date=other)

    claim(meeting, first)


@pytest.mark.parametrize("whole_meeting_is", ["earlier", "later"])
def test_a_change_of_the_whole_meeting_stands_in_the_way_of_any_date(meeting, whole_meeting_is):
    date = make_occurrence(meeting)
    order = (None, date) if whole_meeting_is == "earlier" else (date, None)
    first, _ = (note(meeting, date=each) for each in order)

    with pytest.raises(Conflict, match="changed since"):
        claim(meeting, first)


def test_what_can_be_undone_is_what_a_claim_takes(meeting, hold, monday):
    date = make_occurrence(meeting)
    note(meeting, "old")
    hold(monday + timedelta(minutes=20))
    claim(meeting, note(meeting, "undone"))
    note(meeting, "covered", date=date)
    note(meeting, "last", date=date)

    assert [each.act for each in history.undoable(meeting.organisation_id, meeting.id)] == ["last"]


def test_a_change_of_another_organisation_is_not_there(meeting):
    change = note(meeting)

    with pytest.raises(NotFound), transaction():
        undoing.undo(make_organisation().id, change, by=None)
    claim(meeting, change)


def test_an_act_without_a_way_back_is_refused_and_stays(meeting):
    change = note(meeting, "never heard of")

    with pytest.raises(Conflict, match="cannot be undone"), transaction():
        undoing.undo(meeting.organisation_id, change, by=None)
    assert history.undoable(meeting.organisation_id, meeting.id)[0].id == change
