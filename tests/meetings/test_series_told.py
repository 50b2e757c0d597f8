from dataclasses import replace
from datetime import timedelta

import pytest

from aftercare.core.db import db, transaction
from aftercare.meetings import changes as changes_of_dates
from aftercare.meetings import rsvps
from aftercare.messaging import outbox
from aftercare.people.models import Organisation, Person
from tests.factories import (
    make_member,
    make_organisation,
    make_person,
    make_rsvp,
)
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, edit, on, publish, say_yes, texts

WEEK, DAY = timedelta(days=7), timedelta(days=1)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def starts(rows):
    return [row.start_local for row in rows]


def fresh(row):
    db.session.rollback()
    return db.session.get_one(type(row), (row.organisation_id, row.id))


def test_more_seats_are_offered_to_whoever_waits_and_fewer_throw_nobody_out(clinic):
    meeting = publish(clinic, capacity=1)
    people = [make_person(clinic) for _ in range(3)]
    say_yes(dates(meeting)[2], *people)

    edit(meeting, capacity=2)
    offered = {row.person_id: row.status for row in rsvps.answers(dates(meeting)[2])}
    edit(meeting, capacity=1)
    kept = {row.person_id: row.status for row in rsvps.answers(dates(meeting)[2])}

    assert [offered[person.id] for person in people] == ["going", "offered", "waitlisted"]
    assert kept == offered


def test_members_are_told_once_of_a_new_hour_and_of_how_many_dates(clinic):
    meeting = publish(clinic)
    ana, away = make_person(clinic), make_person(clinic)
    for person in (ana, away):
        make_member(meeting, person)
    for row in dates(meeting):
        make_rsvp(row, away, status="declined")

    done = edit(meeting, first=FIRST.replace(hour=19))

    [text] = texts()
    assert (text.kind, text.person_id, done.settled.told, done.settled.people) == ("moved", ana.id, 1, 1)
    assert "Tue Nov 3, 6:00 PM is now Tue Nov 3, 7:00 PM. Also 9 later." in text.body


def test_of_a_new_weekday_each_is_told_once_and_asked_about_the_next_date(clinic):
    meeting = publish(clinic)
    ana, bea = make_person(clinic), make_person(clinic)
    make_member(meeting, ana)
    say_yes(dates(meeting)[4], bea)

    edit(meeting, repeat=replace(WEDNESDAYS, count=10))

    told = {text.person_id: text for text in texts()}
    assert {key: text.kind for key, text in told.items()} == {ana.id: "closure", bea.id: "cancelled_next"}
    assert "Tue Nov 3, 6:00 PM is off. Also off: 9 more" in told[ana.id].body
    assert "Next: Wed Nov 4, 6:00 PM." in told[ana.id].body
    assert told[ana.id].occurrence_id == on(meeting)[0].id
    assert told[bea.id].occurrence_id == on(meeting)[4].id


def test_a_new_name_tells_nobody_but_reaches_calendars(clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    make_member(meeting, ana)
    was = [(row.sequence, row.updated_at) for row in dates(meeting)]
    versions = (
        fresh(meeting).sequence,
        version(Person, ana),
        db.session.get_one(Organisation, clinic.id).calendar_version,
    )

    edit(meeting, name="Tools for the Week")

    assert texts() == []
    assert all(row.sequence > each[0] for row, each in zip(dates(meeting), was, strict=True))
    now = fresh(meeting).sequence, version(Person, ana), db.session.get_one(Organisation, clinic.id).calendar_version
    assert all(new > old for new, old in zip(now, versions, strict=True))


def version(model, row):
    return db.session.get_one(model, (row.organisation_id, row.id)).calendar_version


def test_what_it_asks_of_the_database_grows_with_its_dates_not_with_the_table(clinic, statements):
    few, many = publish(clinic, repeat=replace(TUESDAYS, count=2)), publish(clinic, repeat=replace(TUESDAYS, count=6))
    make_rsvp(dates(many)[0], make_person(clinic))

    first = statements(lambda: edit(few, first=FIRST.replace(hour=19)))
    for _ in range(3):
        publish(clinic)
    again = statements(lambda: edit(few, first=FIRST.replace(hour=20)))
    more = statements(lambda: edit(many, first=FIRST.replace(hour=19)))

    assert again <= first
    assert more <= first + 4 * 3


@pytest.mark.parametrize("changes", [{"first": FIRST.replace(hour=19)}, {"name": "Skills"}, {"place_name": "Hall"}])
def test_a_reminder_that_would_say_what_is_no_longer_true_is_taken_back(clinic, changes):
    meeting = publish(clinic)
    ana = make_person(clinic)
    [first, *_] = dates(meeting)
    say_yes(first, ana)
    with transaction():
        remind(first, ana)

    edit(meeting, **changes)

    assert texts("reminder") == []


def test_a_reminder_that_is_still_true_stays(clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    [first, *_] = dates(meeting)
    say_yes(first, ana)
    with transaction():
        remind(first, ana)

    edit(meeting, description="Bring a pen.", capacity=9)

    assert len(texts("reminder")) == 1


def remind(occurrence, person):
    outbox.post(
        person, "reminder", once="r", occurs_on=occurrence.occurs_on, about=occurrence.id,
        useful_until=occurrence.starts_at, asks=True, when=occurrence.start_local,
    )  # fmt: skip


def test_news_that_waits_and_offers_a_date_that_goes_is_told_anew(clinic):
    meeting = publish(clinic)
    ana = make_person(clinic)
    first = dates(meeting)[0]
    say_yes(first, ana)
    with transaction():
        changes_of_dates.cancel_occurrence(clinic.id, first.id, by=None)
    assert "Next: Tue Nov 10" in texts()[0].body

    edit(meeting, first=FIRST.replace(hour=19))

    [text] = texts()
    assert "Next: Tue Nov 10, 7:00 PM" in text.body
