"""A series that goes to another place: whoever comes is told once, of all its dates."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.meetings import dates as one_date
from aftercare.meetings import drafts, history, schedule, series_foresight, undoing
from aftercare.messaging.models import Message
from tests.factories import make_member, make_organisation, make_person
from tests.meetings.serial import dates, edit, publish, say_yes, texts


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def undo(meeting):
    with transaction():
        [change] = history.undoable(meeting.organisation_id, meeting.id)
        return undoing.undo(meeting.organisation_id, change.id, by=None)


def test_each_is_told_once_of_another_place_and_nothing_is_asked_anew(clinic):
    meeting = publish(clinic, place_name="Room 4")
    ana = make_person(clinic, text_level="plain")
    make_member(meeting, ana)
    make_member(meeting, make_person(clinic, language="es"))
    say_yes(dates(meeting)[0], ana)

    done = edit(meeting, place_name="Hall")

    assert done.settled.told == 2
    assert sorted((text.body, text.asks) for text in texts()) == [
        ("Cambio: mar 3 nov, 6:00 p.m. es en otro lugar. Y otras 9. Responde LLAMAR para preguntar.", False),
        ("Change: Tools, Tue Nov 3, 6:00 PM, is in a different place: Hall. Also 9 later.", False),
    ]


def test_what_people_read_of_it_is_seen_first(clinic):
    meeting = publish(clinic, place_name="Room 4")
    make_member(meeting, make_person(clinic))

    with transaction():
        draft = replace(drafts.of(schedule.get_meeting(clinic.id, meeting.id)), place_name="Hall")
        found = series_foresight.of_change(clinic.id, meeting.id, draft)

    assert (found.is_silent, found.outlook.people, texts()) == (False, 1, [])


def test_a_date_elsewhere_of_its_own_and_a_place_that_was_never_said_are_no_news(clinic):
    named, unnamed = publish(clinic, place_name="Room 4"), publish(clinic)
    ana = make_person(clinic)
    for meeting in (named, unnamed):
        make_member(meeting, ana)
    first = dates(named)[0].id
    with transaction():
        one_date.change_place(clinic.id, first, name="Garden", address="", by=None)
        db.session.execute(update(Message).values(state="sent"))

    edit(unnamed, place_name="Hall")
    edit(named, place_name="Hall")

    assert [text.body for text in texts()] == [
        "Change: Tue Nov 10, 6:00 PM is in a different place. Also 8 later. Reply CALL to ask where."
    ]


def test_undone_in_time_nobody_hears_of_it_and_else_who_has_hears_again(clinic):
    meeting = publish(clinic, place_name="Room 4")
    make_member(meeting, make_person(clinic))
    edit(meeting, place_name="Hall")
    assert (undo(meeting), texts()) == (0, [])

    edit(meeting, place_name="Hall")
    with transaction():
        db.session.execute(update(Message).where(Message.state == "pending").values(state="sent"))

    assert (undo(meeting), len(texts("placed"))) == (1, 1)
