from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from aftercare.audit import trail
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import drafts, history, local_edits, places, series, undoing
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.local_edits import Edit
from aftercare.meetings.models import Meeting, MeetingType, Place
from tests.factories import make_meeting, make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported, meetings


@pytest.fixture
def clinic(app):
    return make_organisation()


@pytest.fixture
def listed(clinic):
    imported(clinic, row(location="Porch House", location_notes="Ring twice"), row(slug="lamp", location="Porch House"))
    return next(each.id for each in meetings(clinic) if each.source_key == "porch")


def changed(clinic, meeting_id, **values):
    with transaction():
        local_edits.change(db.session.get_one(Meeting, (clinic.id, meeting_id)), values, by=None)
    db.session.rollback()
    return db.session.get_one(Meeting, (clinic.id, meeting_id))


def let_go(clinic, meeting_id, field):
    with transaction():
        local_edits.take_lists_word(clinic.id, meeting_id, field, by=None)
    db.session.rollback()
    return db.session.get_one(Meeting, (clinic.id, meeting_id))


def days(meeting_id):
    wanted = select(MeetingDay.weekday, MeetingDay.start_minute).where(MeetingDay.meeting_id == meeting_id)
    return [tuple(each) for each in db.session.execute(wanted)]


def codes(meeting_id):
    return sorted(db.session.scalars(select(MeetingType.code).where(MeetingType.meeting_id == meeting_id)))


def test_what_staff_change_is_kept_beside_what_the_list_says(clinic, listed):
    meeting = changed(clinic, listed, name="Ours", minutes=75)

    assert (meeting.name, meeting.minutes, meeting.sequence) == ("Ours", 75, 1)
    assert local_edits.of(meeting) == [
        Edit("name", {"name": "Porch Group"}, {"name": "Ours"}),
        Edit("minutes", {"minutes": None}, {"minutes": 75}),
    ]


def test_day_time_and_zone_are_one_field_and_the_finder_follows(clinic, listed):
    meeting = changed(clinic, listed, start_local=datetime(2026, 1, 7, 8, 30), rule="FREQ=WEEKLY;BYDAY=WE")

    assert list(meeting.local_edits) == ["when"]
    assert meeting.local_edits["when"]["rule"] == "FREQ=WEEKLY;BYDAY=MO"
    assert days(listed) == [(2, 8 * 60 + 30)]


def test_what_was_said_last_counts_when_staff_change_a_field_twice(clinic, listed):
    changed(clinic, listed, name="First")
    meeting = changed(clinic, listed, name="Second")

    assert local_edits.of(meeting) == [Edit("name", {"name": "Porch Group"}, {"name": "Second"})]


def test_the_words_of_the_finder_follow(clinic, listed):
    assert "lantern" in changed(clinic, listed, name="Lantern").search_text


def test_types_can_be_changed(clinic, listed):
    meeting = changed(clinic, listed, types=[["aa", "C"], ["aa", "ST"]])

    assert codes(listed) == ["C", "ST"]
    assert codes(let_go(clinic, meeting.id, "types").id) == ["O"]


def test_another_place_takes_the_notes_of_the_old_one_along_only_when_it_goes_back(clinic, listed):
    imported(clinic, row(location="Porch House", location_notes="Side door"), row(slug="lamp", location="Porch House"))
    with transaction():
        ours = places.named(clinic.id, "Library", "1 Main St")

    meeting = changed(clinic, listed, place_id=ours)
    assert (meeting.place_id, "place" in meeting.extra) == (ours, False)

    meeting = let_go(clinic, listed, "place")
    assert db.session.get_one(Place, (clinic.id, meeting.place_id)).name == "Porch House"
    assert meeting.extra["place"]["notes"] == "Side door"


def test_the_lists_word_is_taken_back_as_it_is_now(clinic, listed):
    changed(clinic, listed, name="Ours", start_local=datetime(2026, 1, 7, 8, 30), rule="FREQ=WEEKLY;BYDAY=WE")
    imported(clinic, row(name="Theirs", day=4, location="Porch House"), row(slug="lamp", location="Porch House"))

    assert let_go(clinic, listed, "name").name == "Theirs"
    meeting = let_go(clinic, listed, "when")
    assert (f"{meeting.start_local:%A %H:%M}", meeting.rule) == ("Thursday 19:00", "FREQ=WEEKLY;BYDAY=TH")
    assert (days(listed), meeting.local_edits) == ([(3, 19 * 60)], {})


def test_where_the_lists_word_holds_nothing_can_be_taken_back(clinic, listed):
    with pytest.raises(Conflict, match="holds already"):
        let_go(clinic, listed, "name")


def test_what_is_no_field_cannot_be_changed(clinic, listed):
    with pytest.raises(Invalid, match="cannot be changed about an imported meeting"):
        changed(clinic, listed, fingerprint="x")


def test_of_a_meeting_of_our_own_nothing_is_noted(clinic):
    meeting = make_meeting(clinic, kind="fellowship")
    with transaction():
        meeting = db.session.get_one(Meeting, (clinic.id, meeting.id))
        local_edits.note(meeting, ["name"])

    assert meeting.local_edits == {}


def test_meetings_of_which_staff_say_something_else_are_found(clinic, listed):
    meeting = changed(clinic, listed, name="Ours")

    found = local_edits.edited(clinic.id, meeting.source_id)
    assert [each.id for each in found] == [listed]
    assert local_edits.edited(clinic.id, meeting.source_id, after="porch") == []


def test_a_change_is_one_link_in_the_audit_trail_without_its_words(clinic, listed):
    changed(clinic, listed, name="Ours")

    assert trail.verify(clinic.id) == (2, None)


def test_with_the_undoing_of_a_change_the_list_is_right_again(clinic, listed):
    def said():
        db.session.rollback()
        meeting = db.session.get_one(Meeting, (clinic.id, listed))
        return local_edits.said_now(meeting), [edit.field for edit in local_edits.of(meeting)], codes(listed)

    changed(clinic, listed, description="Ring the bell.")
    before = said()
    with transaction():
        draft = drafts.of(db.session.get_one(Meeting, (clinic.id, listed)))
        assert draft.first
        wanted = replace(draft, name="Lamp", types=("B",), place_name="Hall", first=draft.first.replace(hour=6))
        series.change(clinic.id, listed, wanted, by=None)
        change = history.undoable(clinic.id, listed)[0].id
    assert said()[1] == ["name", "notes", "when", "place", "types"]

    with transaction():
        undoing.undo(clinic.id, change, by=None)

    assert said() == before
