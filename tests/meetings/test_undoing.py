from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.meetings import changes, closures, dates, history, rsvps, schedule, undoing
from aftercare.meetings.closures import Plan
from aftercare.meetings.dates import Extra
from aftercare.meetings.models import Occurrence
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def tuesday(clinic):
    return make_occurrence(make_meeting(clinic), starts=TUESDAY)


@pytest.fixture
def ana(clinic, tuesday):
    ana = make_person(clinic)
    make_rsvp(tuesday, ana)
    return ana


def cancel(date_):
    with transaction():
        changes.cancel_occurrence(date_.organisation_id, date_.id, by=None)


def move(date_, to):
    with transaction():
        changes.move_occurrence(date_.organisation_id, date_.id, to=to, by=None)


def undo(date_):
    """Undo the last change."""
    with transaction():
        last = history.undoable(date_.organisation_id, date_.meeting_id)[0]
        return undoing.undo(date_.organisation_id, last.id, by=None)


def let_texts_leave():
    with transaction():
        db.session.execute(update(Message).where(Message.state == "pending").values(state="delivered"))


def texts(*states):
    db.session.rollback()
    wanted = select(Message).where(Message.state.in_(states)).order_by(Message.id)
    return [message.body for message in db.session.scalars(wanted)]


def now(date_):
    db.session.rollback()
    return schedule.get_occurrence(date_.organisation_id, date_.id)


def test_who_had_heard_of_a_cancelling_hears_that_it_is_on_after_all(clinic, tuesday, ana):
    cancel(tuesday)
    let_texts_leave()

    assert undo(tuesday) == 1

    assert now(tuesday).status == "scheduled"
    assert texts("pending") == ["Tue Nov 3, 6:00 PM is on after all. Reply Y if you can come, N if not."]
    assert [row.status for row in rsvps.answers(tuesday)] == ["going"]


def test_a_text_that_has_not_left_is_only_taken_back(clinic, tuesday, ana):
    cancel(tuesday)

    assert undo(tuesday) == 0

    assert texts("pending", "delivered") == []
    assert now(tuesday).hear_by is None


def test_who_was_to_hear_of_a_move_before_it_was_cancelled_hears_of_it_now(tuesday, ana):
    move(tuesday, WEDNESDAY)
    cancel(tuesday)

    assert undo(tuesday) == 1

    assert texts("pending") == ["Wed Nov 4, 6:00 PM is on after all. Reply Y if you can come, N if not."]


def test_a_move_is_moved_back_and_told_to_who_had_heard_of_it(tuesday, ana):
    move(tuesday, WEDNESDAY)
    let_texts_leave()

    assert undo(tuesday) == 1

    back = now(tuesday)
    assert (back.start_local, back.status, back.sequence) == (TUESDAY, "scheduled", 2)
    assert texts("pending") == [
        "Change: Wed Nov 4, 6:00 PM is now Tue Nov 3, 6:00 PM. Reply Y if you can come, N if not."
    ]


def test_a_move_that_nobody_heard_of_is_moved_back_in_silence(tuesday, ana):
    move(tuesday, WEDNESDAY)

    assert undo(tuesday) == 0

    assert texts("pending", "delivered") == []
    assert (now(tuesday).start_local, now(tuesday).hear_by) == (TUESDAY, None)


def test_of_two_moves_the_second_is_undone_first_and_whoever_heard_of_neither_is_told_the_first(tuesday, ana):
    move(tuesday, WEDNESDAY)
    move(tuesday, WEDNESDAY + timedelta(days=1))

    assert undo(tuesday) == 1
    assert (now(tuesday).start_local, now(tuesday).status) == (WEDNESDAY, "moved")
    assert texts("pending")[0].endswith("is now Wed Nov 4, 6:00 PM. Reply Y if you can come, N if not.")
    undo(tuesday)
    assert now(tuesday).start_local == TUESDAY


def test_a_place_is_put_back(clinic, tuesday, ana):
    with transaction():
        dates.change_place(clinic.id, tuesday.id, name="Library", address="", by=None)

    assert undo(tuesday) == 0

    assert now(tuesday).place_id is None
    assert texts("pending", "delivered") == []


def test_seats_and_note_are_put_back(clinic, tuesday):
    with transaction():
        dates.change_capacity(clinic.id, tuesday.id, capacity=3, by=None)
    with transaction():
        dates.change_note(clinic.id, tuesday.id, note="Back door.", by=None)

    undo(tuesday)
    assert (now(tuesday).note, now(tuesday).capacity) == ("", 3)
    undo(tuesday)
    assert now(tuesday).capacity is None


def test_a_date_that_was_added_is_off_and_who_never_heard_of_it_hears_nothing(clinic, tuesday):
    make_member(schedule.get_meeting(clinic.id, tuesday.meeting_id), make_person(clinic))
    with transaction():
        dates.add_date(clinic.id, tuesday.meeting_id, Extra(WEDNESDAY), by=None)

    assert undo(tuesday) == 0

    assert texts("pending", "delivered") == []
    assert db.session.scalars(select(Occurrence.status).where(Occurrence.slot_local.is_(None))).all() == ["cancelled"]


def test_who_had_heard_of_an_added_date_hears_that_it_is_off(clinic, tuesday):
    make_member(schedule.get_meeting(clinic.id, tuesday.meeting_id), make_person(clinic))
    with transaction():
        dates.add_date(clinic.id, tuesday.meeting_id, Extra(WEDNESDAY), by=None)
    let_texts_leave()

    assert undo(tuesday) == 1
    assert texts("pending") == ["Wed Nov 4, 6:00 PM is off. Sorry for the change."]


def test_reinstating_is_undone_by_cancelling_and_nobody_who_believes_it_off_hears_that_again(tuesday, ana):
    cancel(tuesday)
    let_texts_leave()
    with transaction():
        changes.reinstate_occurrence(tuesday.organisation_id, tuesday.id, by=None)

    assert undo(tuesday) == 0

    assert now(tuesday).status == "cancelled"
    assert texts("pending") == []


def test_what_has_begun_is_not_undone_and_stays_undoable_for_nobody(tuesday, hold):
    hold(tuesday.starts_at - timedelta(minutes=5))
    cancel(tuesday)
    hold(tuesday.starts_at)

    with pytest.raises(Conflict, match="has begun"):
        undo(tuesday)
    assert now(tuesday).status == "cancelled"


def test_a_closure_is_undone_for_all_its_meetings_at_once(clinic, tuesday):
    other = make_occurrence(make_meeting(clinic), starts=WEDNESDAY)
    make_rsvp(other, make_person(clinic))
    with transaction():
        closures.close(clinic.id, Plan("organisation", date(2026, 11, 3), date(2026, 11, 4)), by=None)
    let_texts_leave()

    assert undo(tuesday) == 1

    assert [now(each).status for each in (tuesday, other)] == ["scheduled", "scheduled"]
    assert history.undoable(clinic.id, other.meeting_id) == []
    assert closures.standing(clinic.id) == []


def test_opening_early_is_undone_by_closing_again(clinic, tuesday):
    with transaction():
        done = closures.close(clinic.id, Plan("organisation", date(2026, 11, 3), date(2026, 11, 4)), by=None)
        key = done.closure.id
    with transaction():
        closures.lift(clinic.id, key, by=None)

    undo(tuesday)

    assert now(tuesday).status == "cancelled"
    assert [each.closure.id for each in closures.standing(clinic.id)] == [key]
    assert now(tuesday).updated_at == datetime(2026, 11, 2, 17, tzinfo=UTC)
