import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.meetings import changes, closures, drafts, history, rsvps, series, undoing
from aftercare.meetings import dates as one_date
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Meeting, Member
from aftercare.messaging.models import Message
from tests.factories import make_facilitator, make_member, make_organisation, make_person
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, edit, on, publish, say_yes, texts

SINCE = date(2026, 11, 24)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def fresh(row):
    db.session.rollback()
    return db.session.get_one(type(row), (row.organisation_id, row.id))


def undo(meeting):
    with transaction():
        [change] = history.undoable(meeting.organisation_id, meeting.id)
        return undoing.undo(meeting.organisation_id, change.id, by=None)


def stood(meeting):
    return [
        (row.id, row.meeting_id, row.slot_local, row.start_local, row.starts_at, row.ends_at, row.status, row.capacity)
        for row in on(meeting)
    ]


def sent(*people):
    with transaction():
        for text in db.session.scalars(select(Message).where(Message.state == "pending")):
            text.state = "sent"


@pytest.mark.parametrize(
    "changes",
    [
        {"first": FIRST.replace(hour=19), "minutes": 90},
        {"repeat": replace(WEDNESDAYS, count=10)},
        {"repeat": replace(TUESDAYS, every=2, count=3), "capacity": 9},
        {"name": "Skills", "place_name": "Hall", "types": ("B",), "languages": ("es",), "facilitators": ()},
        {"zone": "America/New_York", "days_off": (date(2026, 11, 17),)},
    ],
)
@pytest.mark.parametrize("since", [None, SINCE])
def test_a_change_is_undone_as_if_it_had_not_been(clinic, changes, since):
    meeting = publish(clinic, capacity=4, types=("D",), place_name="Room 4")
    make_facilitator(meeting, make_person(clinic, role="counsellor"))
    make_member(meeting, make_person(clinic))
    for place in (0, 4, 9):
        say_yes(dates(meeting)[place], make_person(clinic))
    before, said = stood(meeting), drafts.of(fresh(meeting))
    answers = [(a.person_id, a.status) for row in dates(meeting) for a in rsvps.answers(row)]
    edit(meeting, since=since, **changes)

    undo(meeting)

    assert stood(meeting) == before
    assert drafts.of(fresh(meeting)) == said
    kept = [(a.person_id, a.status) for key in [row[0] for row in before] for a in rsvps.answers(by_id(meeting, key))]
    assert kept == answers


def by_id(meeting, key):
    return next(row for row in dates(meeting) if row.id == key)


def test_who_has_not_heard_of_the_change_hears_nothing_at_all(clinic):
    meeting = publish(clinic)
    make_member(meeting, make_person(clinic))
    edit(meeting, repeat=replace(WEDNESDAYS, count=10))
    assert len(texts()) == 1

    assert undo(meeting) == 0
    assert texts() == []


def test_who_has_heard_of_it_is_told_again(clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    make_member(meeting, ana)
    edit(meeting, first=FIRST.replace(hour=19))
    sent()

    assert undo(meeting) == 1
    [text] = texts()
    assert (text.person_id, text.kind) == (ana.id, "moved")
    assert "Tue Nov 3, 7:00 PM is now Tue Nov 3, 6:00 PM. Also 9 later." in text.body


def test_an_end_is_undone(clinic):
    meeting = publish(clinic, repeat=TUESDAYS)
    ana = make_person(clinic)
    make_member(meeting, ana)
    before = stood(meeting)
    with transaction():
        series.end(clinic.id, meeting.id, since=date(2026, 11, 2), by=None)
    sent()

    undo(meeting)

    assert stood(meeting) == before
    assert (fresh(meeting).ended_at, fresh(meeting).rule) == (None, "FREQ=WEEKLY;BYDAY=TU")
    assert [text.kind for text in texts()] == ["reopened"]


def test_the_heir_leaves_with_the_undoing(clinic):
    meeting = publish(clinic)
    make_member(meeting, make_person(clinic))
    heir = edit(meeting, since=SINCE, repeat=replace(WEDNESDAYS, count=10)).meeting

    undo(meeting)

    assert (fresh(heir).listed, fresh(heir).ended_at is None, on(heir)) == (False, False, [])
    assert db.session.scalars(select(Member).where(Member.meeting_id == heir.id)).all() == []
    assert len(on(meeting)) == 10


def test_a_heir_that_was_changed_again_is_not_taken_away(clinic):
    meeting = publish(clinic)
    heir = edit(meeting, since=SINCE, name="Skills").meeting
    edit(heir, name="Skills for the week")

    with pytest.raises(Conflict, match="Undo that first"):
        undo(meeting)

    assert fresh(heir).name == "Skills for the week"


def test_what_has_begun_since_stays_as_it_is(clinic, hold):
    meeting = publish(clinic)
    begins = dates(meeting)[0].starts_at
    hold(begins - timedelta(minutes=95))
    edit(meeting, first=FIRST.replace(hour=17))
    hold(begins - timedelta(minutes=86))

    undo(meeting)

    assert [row.start_local.hour for row in dates(meeting)][:3] == [17, 18, 18]


def test_it_is_undone_once_and_within_ten_minutes(clinic, hold, monday):
    meeting = publish(clinic)
    edit(meeting, name="Skills")
    [change] = history.undoable(clinic.id, meeting.id)
    hold(monday + timedelta(minutes=11))

    with pytest.raises(Conflict), transaction():
        undoing.undo(clinic.id, change.id, by=None)
    assert fresh(meeting).name == "Skills"


def test_the_history_says_who_changed_what(clinic):
    nurse = make_person(clinic, role="counsellor")
    meeting = publish(clinic)
    with transaction():
        row = db.session.get_one(Meeting, (clinic.id, meeting.id))
        series.change(clinic.id, meeting.id, replace(drafts.of(row), name="Skills", capacity=9), by=nurse.id)

    [noted] = history.of_meeting(clinic.id, meeting.id)
    assert (noted.change.act, noted.change.by) == ("series.changed", nurse.id)
    assert noted.change.after["meeting"] == {"name": "Skills", "capacity": 9}
    assert (noted.change.before["meeting"]["name"], noted.change.before["meeting"]["capacity"]) == ("Tools", None)


def test_calendars_know_every_date_again_when_a_split_is_undone(clinic, client):
    meeting = publish(clinic)
    with transaction():
        one_date.add_date(clinic.id, meeting.id, one_date.Extra(FIRST.replace(day=27)), by=None)
        changes.move_occurrence(clinic.id, dates(meeting)[5].id, to=FIRST.replace(day=30), by=None)

    def known():
        found = client.get(f"/m/{meeting.id}.ics").text
        return sorted(re.findall(r"UID:(\S+)", found)), sorted(re.findall(r"(?:DTSTART|RRULE|EXDATE)\S+", found))

    before = known()
    edit(meeting, since=SINCE, repeat=replace(WEDNESDAYS, count=10))
    split = known()
    with transaction():
        undoing.undo(clinic.id, history.undoable(clinic.id, meeting.id)[0].id, by=None)

    assert split != before
    assert known() == before


def test_what_was_closed_is_closed_once_again_when_a_split_is_undone(clinic):
    meeting = publish(clinic)
    with transaction():
        plan = Plan("meeting", SINCE, SINCE, meeting_id=meeting.id)
        key = closures.close(clinic.id, plan, by=None).closure.id
    edit(meeting, since=SINCE, name="Skills")
    assert len(closures.standing(clinic.id)) == 2

    with transaction():
        undoing.undo(clinic.id, history.undoable(clinic.id, meeting.id)[0].id, by=None)

    assert [each.closure.id for each in closures.standing(clinic.id)] == [key]
    assert [row.closure_id for row in dates(meeting) if row.status == "cancelled"] == [key]
