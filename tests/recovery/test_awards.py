from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from aftercare.attendance import check_in
from aftercare.core.db import db, transaction
from aftercare.messaging.models import Message
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery import awards, progress
from aftercare.recovery.models import Milestone
from tests.factories import make_meeting, make_occurrence, make_person, saved
from tests.recovery.deeds import NOW, came, do

EVENING = datetime(2026, 11, 4, 1, 5, tzinfo=UTC)


def reached(person):
    db.session.rollback()
    return [(row.kind, row.number) for row in awards.of(person)]


def texts():
    db.session.rollback()
    return [(row.kind, row.body) for row in db.session.scalars(select(Message).order_by(Message.id))]


def visit(group, person, hold):
    """Check somebody in on Tuesday evening by staff, as the group begins."""
    hold(EVENING)
    occurrence = make_occurrence(group, starts=datetime(2026, 11, 3, 18, 0))
    key = (occurrence.organisation_id, occurrence.id)
    do(check_in.by_staff, *key, person.id, by=make_person(role="counsellor").id)
    return key


def test_the_first_meeting_is_a_milestone_and_is_said_at_once(group, ana, hold):
    visit(group, ana, hold)

    do(awards.note, ana)

    assert reached(ana) == [("meetings", 1)]
    assert texts() == [("milestone", "Today makes 1. Well done.")]


def test_a_milestone_is_given_and_said_once(group, ana, hold):
    visit(group, ana, hold)

    for _ in range(3):
        do(awards.note, ana)

    assert (reached(ana), len(texts())) == ([("meetings", 1)], 1)


def test_a_milestone_is_never_taken_back(group, ana, hold):
    key = visit(group, ana, hold)
    do(awards.note, ana)

    do(check_in.undo, *key, ana.id, by=ana.id)
    do(awards.note, ana)

    assert (progress.total(ana), reached(ana)) == (0, [("meetings", 1)])


def test_a_milestone_reached_again_is_not_said_again(group, ana, hold):
    key = visit(group, ana, hold)
    do(awards.note, ana)
    do(check_in.undo, *key, ana.id, by=ana.id)
    do(check_in.by_staff, *key, ana.id, by=ana.id)

    do(awards.note, ana)

    assert len(texts()) == 1


def test_weeks_on_goal_have_their_own_milestones(group, ana, hold):
    came(group, ana, 3, 2, 1)
    visit(group, ana, hold)

    do(awards.note, ana)

    assert reached(ana) == [("weeks", 4), ("meetings", 1)]
    assert texts() == [("milestone_weeks", "4 weeks on your goal. Well done.")]


def test_each_milestone_has_the_day_of_its_visit(group, ana):
    came(group, ana, 5, 4, 3, 2, 1)

    do(awards.note, ana)

    found = {(row.kind, row.number): row.reached_on for row in awards.of(ana)}
    assert found == {
        ("meetings", 1): date(2026, 9, 29),
        ("meetings", 5): date(2026, 10, 27),
        ("weeks", 4): date(2026, 10, 20),
    }


def test_old_history_is_no_news(group, ana):
    came(group, ana, 5, 4, 3, 2, 1)

    do(awards.note, ana)

    assert texts() == []


def test_two_goals_reached_on_one_day_are_said_as_one(clinic, ana, hold):
    hold(EVENING)
    for number in range(5):
        occurrence = make_occurrence(make_meeting(clinic, name=f"Group {number}"), starts=datetime(2026, 11, 3, 18, 0))
        do(check_in.by_staff, clinic.id, occurrence.id, ana.id, by=ana.id)

    do(awards.note, ana)

    assert (len(reached(ana)), texts()) == (2, [("milestone", "Today makes 5. Well done.")])


def test_a_milestone_is_said_in_the_language_of_the_person(group, clinic, hold):
    luis = make_person(clinic, language="es")
    visit(group, luis, hold)

    do(awards.note, luis)

    assert texts() == [("milestone", "Con hoy ya son 1. Bien hecho.")]


def test_who_wants_no_texts_is_given_the_milestone_in_silence(group, clinic, hold):
    robin = make_person(clinic, agrees_to_texts=False)
    visit(group, robin, hold)

    do(awards.note, robin)

    assert (reached(robin), texts()) == ([("meetings", 1)], [])


def test_the_sweep_finds_whom_something_was_recorded_of(group, ana, clinic, hold):
    make_person(clinic)
    visit(group, ana, hold)

    assert list(awards.due()) == [(clinic.id, ana.id)]
    assert len(do(awards.note_of, clinic.id, ana.id)) == 1
    hold(EVENING + timedelta(minutes=2))

    assert (do(awards.note_of, clinic.id, ana.id), list(awards.due())) == ([], [])


def test_the_sweep_looks_again_at_what_was_recorded_while_it_looked(group, ana, clinic, hold):
    visit(group, ana, hold)
    do(awards.note_of, clinic.id, ana.id)

    assert list(awards.due()) == [(clinic.id, ana.id)]


def test_the_sweep_finds_what_was_recorded_while_the_worker_was_down(group, ana, clinic, hold):
    visit(group, ana, hold)
    hold(EVENING + timedelta(days=6))

    assert list(awards.due()) == [(clinic.id, ana.id)]


def test_whoever_was_never_enrolled_begins_on_the_day_they_were_added(group, clinic, hold):
    with transaction():
        bea = accounts.add_person(clinic, name="Bea", roles=["patient"])
    visit(group, bea, hold)

    do(awards.note, bea)

    path = progress.find_path(bea)
    assert (path.enrolled_on if path else None, reached(bea)) == (date(2026, 11, 4), [("meetings", 1)])


def test_a_milestone_tells_the_calendar(group, clinic, ana):
    came(group, ana, 1)
    before = ana.calendar_version

    do(awards.note, ana)

    db.session.rollback()
    assert db.session.get_one(Person, (clinic.id, ana.id)).calendar_version == before + 1


def test_two_sweeps_at_once_give_and_say_it_once(app, group, ana, hold):
    visit(group, ana, hold)
    key, gate = (ana.organisation_id, ana.id), Barrier(4)
    db.session.rollback()

    def sweep():
        with app.app_context():
            gate.wait()
            with transaction():
                awards.note(accounts.get_person(*key))
            db.session.remove()

    threads = [Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (reached(ana), len(texts())) == ([("meetings", 1)], 1)


@pytest.mark.parametrize("days", [1, 40])
def test_a_visit_recorded_later_gives_the_milestone_without_a_text(group, ana, hold, days):
    came(group, ana, 1)
    hold(NOW + timedelta(days=days))

    do(awards.note, ana)

    assert (reached(ana), texts()) == ([("meetings", 1)], [])


def test_two_of_one_day_and_number_stand_in_one_order(ana):
    keys = {"organisation_id": ana.organisation_id, "person_id": ana.id}
    for kind in ("weeks", "meetings"):
        saved(Milestone(kind=kind, number=4, reached_on=date(2026, 11, 3), **keys))

    assert reached(ana) == [("meetings", 4), ("weeks", 4)]
