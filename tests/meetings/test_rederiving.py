from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from aftercare import jobs
from aftercare.audit.models import AuditEvent
from aftercare.calendars import public
from aftercare.conversations import reminders
from aftercare.core import clock, zone_data
from aftercare.core.db import db, transaction
from aftercare.meetings import rederiving, schedule
from aftercare.meetings.models import Meeting, Occurrence, Rsvp
from aftercare.meetings.recurrence import instant
from aftercare.messaging.models import Message
from aftercare.people.models import Organisation
from tests.factories import make_organisation, make_person
from tests.meetings.serial import dates, publish, say_yes

HOUR = timedelta(hours=1)
#: What the dates of a group kept when they were written out by rules that are not those of now.
OLD = "2020a"
FROM = datetime(2026, 11, 15)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def worked_out_by_old_rules(meeting, *, earlier=HOUR):
    """Let the dates from the middle of November on be an hour from where they are: there the old rules differ."""
    with transaction():
        for row in db.session.scalars(select(Occurrence).where(Occurrence.meeting_id == meeting.id)).all():
            if row.start_local >= FROM:
                row.starts_at, row.ends_at = row.starts_at - earlier, row.ends_at - earlier
        db.session.execute(update(Meeting).where(Meeting.id == meeting.id).values(zone_data=OLD))
    return dates(meeting)


def rederive(meeting):
    with transaction():
        return rederiving.rederive(meeting.organisation_id, meeting.id)


def is_right(row, zone="America/Denver"):
    return (row.starts_at, row.ends_at - row.starts_at) == (instant(row.start_local, zone), HOUR)


def due():
    return {meeting_id for _, meeting_id in rederiving.due()}


def messages(kind):
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


def test_dates_to_come_keep_their_time_on_the_wall(clinic):
    group = publish(clinic)
    before = worked_out_by_old_rules(group)
    walls = [row.start_local for row in before]
    assert [is_right(row) for row in before] == [True] * 2 + [False] * 8

    assert rederive(group) == 8

    after = dates(group)
    assert [row.start_local for row in after] == walls
    assert all(is_right(row) for row in after)
    assert [row.id for row in after] == [row.id for row in before]


def test_only_what_moved_is_said_to_have_changed(clinic):
    group = publish(clinic)
    worked_out_by_old_rules(group)
    sequence = group.sequence

    rederive(group)

    assert [row.sequence for row in dates(group)] == [0] * 2 + [1] * 8
    assert schedule.get_meeting(clinic.id, group.id).sequence == sequence + 1


def test_it_is_done_once(clinic):
    group = publish(clinic)
    worked_out_by_old_rules(group)
    assert due() == {group.id}

    rederive(group)

    assert due() == set()
    assert rederive(group) == 0
    assert schedule.get_meeting(clinic.id, group.id).zone_data == zone_data.edition()


def test_a_new_group_needs_nothing(clinic):
    publish(clinic)

    assert due() == set()


def test_a_listing_has_no_dates_that_could_be_wrong(clinic):
    listing = publish(clinic, kind="fellowship")
    worked_out_by_old_rules(listing)

    assert due() == set()


def test_what_has_begun_stays_as_it_was(clinic, hold):
    group = publish(clinic)
    before = worked_out_by_old_rules(group)
    hold(before[3].starts_at)

    assert rederive(group) == 6

    after = dates(group)
    assert [row.starts_at for row in after[:4]] == [row.starts_at for row in before[:4]]
    assert [is_right(row) for row in after[2:]] == [False] * 2 + [True] * 6


def test_a_date_that_was_moved_keeps_the_wall_time_that_it_was_moved_to(clinic):
    group = publish(clinic)
    late = dates(group)[4]
    with transaction():
        row = schedule.get_occurrence(clinic.id, late.id)
        row.start_local, row.status = row.start_local.replace(hour=20), "moved"
        row.starts_at = instant(row.start_local, group.zone) - HOUR
        row.ends_at = row.starts_at + HOUR
        schedule.get_meeting(clinic.id, group.id).zone_data = OLD

    assert rederive(group) == 1
    [moved] = [row for row in dates(group) if row.id == late.id]
    assert (moved.start_local.hour, moved.status, is_right(moved)) == (20, "moved", True)


def test_nobody_who_comes_to_the_place_is_told(clinic):
    group, ana = publish(clinic), make_person(clinic, zone="America/New_York")
    rows = worked_out_by_old_rules(group)
    say_yes(rows[4], ana)

    rederive(group)

    assert messages("moved") == []
    assert [row.hear_by for row in dates(group)] == [None] * 10


def test_who_joins_online_from_another_zone_is_told_once_and_nobody_else(clinic):
    group = publish(clinic, attendance="online", join_url="https://example.org/room")
    away, here = make_person(clinic, zone="America/New_York"), make_person(clinic)
    rows = worked_out_by_old_rules(group)
    for row in rows[3:6]:
        say_yes(row, away, here)

    rederive(group)

    [told] = messages("moved")
    assert told.person_id == away.id
    assert "7:00 PM" in told.body
    assert "8:00 PM" in told.body


def test_an_answer_stays_confirmed(clinic):
    group, ana = publish(clinic), make_person(clinic)
    rows = worked_out_by_old_rules(group)
    say_yes(rows[4], ana)
    say_yes(rows[4], ana)

    rederive(group)

    [answer] = db.session.scalars(select(Rsvp))
    assert (answer.occurrence_id, answer.status, answer.confirmed_at) == (rows[4].id, "going", clock.now())


def test_calendars_show_the_new_time(clinic):
    group, ana = publish(clinic), make_person(clinic)
    rows = worked_out_by_old_rules(group)
    say_yes(rows[4], ana)
    versions = ana.calendar_version, clinic.calendar_version

    rederive(group)

    db.session.rollback()
    db.session.refresh(ana)
    db.session.refresh(clinic)
    assert ana.calendar_version > versions[0]
    assert clinic.calendar_version > versions[1]
    feed = public.write_meeting(schedule.get_meeting(clinic.id, group.id), clinic)
    assert feed.count(b"BEGIN:VEVENT") == 1
    assert b"EXDATE" not in feed


def test_a_reminder_that_waits_is_planned_anew(clinic, hold):
    group, ana = publish(clinic), make_person(clinic)
    rows = worked_out_by_old_rules(group)
    say_yes(rows[4], ana)
    hold(rows[4].starts_at - timedelta(hours=20))
    plan()
    before = pending_reminders()

    rederive(group)
    plan()

    assert pending_reminders()[-1][1] == before[-1][1] + HOUR
    assert {key for key, _ in pending_reminders()}.isdisjoint(key for key, _ in before)


def pending_reminders():
    waiting = [each for each in messages("reminder") if each.state == "pending"]
    return sorted(((each.id, each.due_at) for each in waiting), key=lambda pair: pair[1])


def test_the_worker_does_it_and_notes_it(clinic):
    group = publish(clinic)
    worked_out_by_old_rules(group)
    job = next(each for each in jobs.JOBS if each.name == "clocks")

    with transaction():
        for item in job.find():
            job.do(*item)

    [noted] = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "meeting.clocks_changed"))
    assert (noted.about_id, noted.facts) == (group.id, {"dates": 8})


def plan():
    with transaction(reading=True):
        [clinic_id] = db.session.scalars(select(Organisation.id)).all()
    reminders.plan_organisation(clinic_id, clock.now())
