import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.meetings import history, undoing
from aftercare.messaging.models import Message
from tests.factories import make_member, make_organisation, make_person
from tests.meetings.serial import dates, edit, publish
from tests.recovery.told import listed, text_about


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ben(clinic):
    return make_person(clinic, name="Ben")


@pytest.fixture
def meeting(clinic, ben):
    """A group in Room 4; Ana and Ben have read of its first date, and Cal wants no texts."""
    meeting = publish(clinic, place_name="Room 4")
    ana, cal = make_person(clinic, name="Ana"), make_person(clinic, name="Cal", agrees_to_texts=False)
    for person in (ana, ben, cal):
        make_member(meeting, person)
    for person in (ana, ben):
        text_about(person, dates(meeting)[0])
    return meeting


def let_texts(state, *, to=None):
    with transaction():
        waiting = update(Message).where(Message.state == "pending")
        db.session.execute((waiting.where(Message.person_id == to) if to else waiting).values(state=state))


def undo(meeting):
    with transaction():
        change = history.undoable(meeting.organisation_id, meeting.id)[0]
        undoing.undo(meeting.organisation_id, change.id, by=None)


def to_call(meeting):
    return listed(dates(meeting)[0])


def test_nobody_is_called_about_another_place_that_was_undone_before_anybody_heard_of_it(meeting):
    edit(meeting, place_name="Hall")
    undo(meeting)

    assert to_call(meeting) == {"Cal": "no_consent"}


def test_who_has_heard_of_it_is_called_if_the_text_that_undoes_it_fails(meeting):
    edit(meeting, place_name="Hall")
    let_texts("delivered")
    undo(meeting)
    let_texts("failed")

    assert to_call(meeting) == {"Ana": "failed", "Ben": "failed", "Cal": "no_consent"}


def test_who_has_not_heard_of_an_earlier_place_is_called_still(meeting, ben):
    edit(meeting, place_name="Hall")
    let_texts("failed", to=ben.id)
    let_texts("delivered")
    edit(meeting, place_name="Garden")

    undo(meeting)

    assert "Ben" in to_call(meeting)
