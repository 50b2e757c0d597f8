from datetime import datetime, timedelta

import pytest

from aftercare.attendance import roll
from aftercare.core.db import db
from aftercare.core.errors import Invalid, NotFound
from aftercare.recovery import outreach
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.recovery.deeds import NOW, came, date_of, do


def kinds(clinic):
    db.session.rollback()
    return [task.kind for task in outreach.open_tasks(clinic.id)]


def test_a_task_is_asked_once(clinic, ana):
    for _ in range(2):
        do(outreach.open_task, clinic.id, "call", once="call:1", person_id=ana.id, text_id="1")

    (task,) = outreach.open_tasks(clinic.id)
    assert (task.person_id, task.due_at, task.facts) == (ana.id, NOW, {"text_id": "1"})


def test_a_task_asked_before_is_told_by_none(clinic):
    assert do(outreach.open_task, clinic.id, "call", once="call:1") is not None
    assert do(outreach.open_task, clinic.id, "call", once="call:1") is None


def test_urgent_tasks_come_first_then_those_due_first(clinic):
    do(outreach.open_task, clinic.id, "call", once="1", due_at=NOW + timedelta(days=1))
    do(outreach.open_task, clinic.id, "contact", once="2")
    do(outreach.open_task, clinic.id, "crisis", once="3", is_urgent=True, due_at=NOW + timedelta(days=2))

    assert kinds(clinic) == ["crisis", "contact", "call"]


def test_rolls_come_after_people(clinic, ana):
    do(outreach.open_task, clinic.id, "roll", once="1", due_at=NOW - timedelta(days=9))
    do(outreach.open_task, clinic.id, "call", once="2", person_id=ana.id)

    assert kinds(clinic) == ["call", "roll"]


def test_a_closed_task_is_off_the_list_with_its_outcome(clinic, ana):
    task = do(outreach.open_task, clinic.id, "call", once="1")

    do(outreach.close_task, clinic.id, task.id, by=ana.id, outcome="reached")

    closed = outreach.get_task(clinic.id, task.id)
    assert kinds(clinic) == []
    assert (closed.outcome, closed.closed_by, closed.closed_at) == ("reached", ana.id, NOW)


def test_a_task_closed_twice_keeps_its_first_outcome(clinic, ana):
    task = do(outreach.open_task, clinic.id, "call", once="1")
    for outcome in ("reached", "no_answer"):
        do(outreach.close_task, clinic.id, task.id, by=ana.id, outcome=outcome)

    assert outreach.get_task(clinic.id, task.id).outcome == "reached"


def test_an_outcome_that_we_do_not_know_is_refused(clinic, ana):
    task = do(outreach.open_task, clinic.id, "call", once="1")

    with pytest.raises(Invalid):
        do(outreach.close_task, clinic.id, task.id, by=ana.id, outcome="hopeless")


def test_tasks_do_not_cross_the_walls(clinic):
    task = do(outreach.open_task, clinic.id, "call", once="1")
    elsewhere = make_organisation()

    assert kinds(elsewhere) == []
    with pytest.raises(NotFound):
        do(outreach.close_task, elsewhere.id, task.id, by=None, outcome="done")


def test_the_same_name_is_another_task_in_another_organisation(clinic):
    do(outreach.open_task, clinic.id, "call", once="1")

    assert do(outreach.open_task, make_organisation().id, "call", once="1") is not None


def test_staff_are_asked_once_for_a_roll_that_nobody_took(clinic, group, ana, hold):
    untold = date_of(group)
    make_rsvp(untold, ana)
    came(group, ana, 1)
    hold(untold.ends_at + timedelta(hours=24))

    assert list(outreach.rolls_to_ask_for()) == [(clinic.id, untold.id)]
    do(outreach.ask_for_roll, clinic.id, untold.id)

    assert list(outreach.rolls_to_ask_for()) == []
    (task,) = outreach.open_tasks(clinic.id)
    assert (task.kind, task.facts["occurrence_id"]) == ("roll", str(untold.id))


def test_a_question_for_a_roll_closes_when_the_roll_is_taken(clinic, group, ana, hold):
    untold = date_of(group)
    hold(untold.ends_at + timedelta(hours=24))
    do(outreach.ask_for_roll, clinic.id, untold.id)
    assert do(outreach.close_answered_rolls, clinic.id) == 0

    do(roll.finish, clinic.id, untold.id, by=ana.id)

    assert list(outreach.with_roll_tasks()) == [(clinic.id,)]
    assert do(outreach.close_answered_rolls, clinic.id) == 1
    assert (kinds(clinic), list(outreach.with_roll_tasks())) == ([], [])


def test_dates_of_weeks_ago_are_not_asked_for(clinic, group, ana):
    make_rsvp(date_of(group, 3), ana)

    assert list(outreach.rolls_to_ask_for()) == []


def test_dates_of_every_organisation_are_asked_for(clinic, group, ana, hold):
    here = date_of(group)
    make_rsvp(here, ana)
    other = make_organisation()
    there = make_occurrence(make_meeting(other), starts=datetime(2026, 11, 3, 18, 0))
    make_rsvp(there, make_person(other))
    hold(here.ends_at + timedelta(days=2))

    found = set(outreach.rolls_to_ask_for())

    assert found == {(here.organisation_id, here.id), (there.organisation_id, there.id)}
    assert make_person(role="counsellor").organisation_id not in {key[0] for key in found}
