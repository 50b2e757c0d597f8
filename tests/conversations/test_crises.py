import pytest

from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.people import accounts
from tests.conversations.texting import ask, kinds, pending, tasks, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.mark.parametrize(
    ("body", "language"),
    [("I want to die", "en"), ("i took too many pills", "en"), ("me quiero matar", "es"), ("ya no puedo más", "es")],
)
def test_words_of_danger_are_answered_at_once_with_the_lines_of_help(ana, body, language):
    (said,) = text(ana, body)

    assert (said.kind, said.language, said.is_answer) == ("crisis", language, True)
    assert [number for number in ("988", "911", "1-800-662-4357") if number not in said.body] == []


def test_an_urgent_task_is_opened_and_holds_no_words(clinic, ana):
    text(ana, "I want to die")

    (task,) = tasks("crisis")
    assert (task.organisation_id, task.person_id, task.is_urgent) == (clinic.id, ana.id, True)
    assert "die" not in str(task.facts)


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [("Yes. I want to die", "thanks", "going"), ("No. I want to die", "no_thanks", "declined")],
)
def test_a_yes_or_no_beside_words_of_danger_is_carried_out(clinic, ana, body, kind, expected):
    date = make_occurrence(make_meeting(clinic))
    ask(ana, date)

    assert kinds(ana, body) == ["crisis", kind]
    assert [row.status for row in rsvps.answers(date)] == [expected]


def test_a_stop_beside_words_of_danger_is_carried_out_and_help_still_goes(ana):
    assert kinds(ana, "STOP texting me, I want to die") == ["crisis", "stop"]
    assert [m.kind for m in pending()] == ["crisis", "stop"]


def test_a_stop_right_after_does_not_take_the_help_back(ana):
    text(ana, "I want to die")
    text(ana, "STOP")

    assert [m.kind for m in pending()] == ["crisis", "stop"]


def test_who_has_stopped_texts_is_helped_too(ana):
    text(ana, "STOP")

    assert kinds(ana, "I want to die") == ["crisis"]
    assert len(tasks("crisis")) == 1


def test_every_organisation_that_knows_the_number_is_asked_to_call(clinic, ana):
    elsewhere = make_person(make_organisation(), phone=ana.phone)

    assert kinds(ana, "I want to die") == ["crisis"]
    assert {task.person_id for task in tasks("crisis")} == {ana.id, elsewhere.id}


def test_a_stranger_is_helped_too_also_after_the_one_answer_an_hour(clinic):
    text("+13035559999", "hi")

    assert kinds("+13035559999", "I want to die") == ["crisis"]
    assert tasks() == []


def test_a_machine_that_quotes_danger_back_is_not_answered_for_ever_but_staff_always_hear(ana):
    said = [len(text(ana, "auto reply: I want to die")) for _ in range(8)]

    assert said == [1] * 6 + [0] * 2
    assert len(tasks("crisis")) == 8


def test_words_of_danger_open_no_task_for_words_not_understood(ana):
    text(ana, "I want to die")
    text(ana, "I want to die")

    assert tasks("not_understood") == []


def test_help_is_said_in_the_night(ana, hold, monday):
    hold(monday.replace(hour=9))  # two in the morning in Denver

    (said,) = text(ana, "I want to die")
    assert said.due_at == monday.replace(hour=9)


def test_a_number_that_the_carrier_called_dead_is_a_strangers_but_staff_hear_of_danger(clinic, ana):
    with transaction():
        accounts.freeze_phone(db.session.merge(ana))

    assert kinds(ana, "NEXT") == ["unknown_sender"]
    assert kinds(ana, "I want to die") == ["crisis"]
    assert [task.person_id for task in tasks("crisis")] == [ana.id]
