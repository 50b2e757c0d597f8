import pytest

from aftercare.core.db import transaction
from aftercare.recovery import outreach
from tests.conversations.texting import kinds, tasks, text
from tests.factories import make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.mark.parametrize(
    ("word", "kind", "body"),
    [
        ("CALL", "call", "Thank you. A person will call you. We read this on work days."),
        ("LLAMAR", "call", "Gracias. Una persona te va a llamar. Leemos esto de lunes a viernes."),
        ("PROOF", "proof", "Thank you. We noted that you asked for a proof of your visits. A person will answer you "),
        ("COMPROBANTE", "proof", "Gracias. Anotamos que pides un comprobante de tus visitas. Una persona te va a "),
    ],
)
def test_staff_are_asked_and_the_person_is_told(clinic, ana, word, kind, body):
    (said,) = text(ana, word)

    (task,) = tasks()
    assert (task.kind, task.person_id, task.organisation_id) == (kind, ana.id, clinic.id)
    assert said.body.startswith(body)


@pytest.mark.parametrize("word", ["CALL", "PROOF"])
def test_staff_are_not_asked_twice_for_what_they_have_not_done_yet(ana, word):
    assert [kinds(ana, word) for _ in range(2)] == [[word.lower()]] * 2

    (task,) = tasks()
    with transaction():
        outreach.close_task(task.organisation_id, task.id, by=None, outcome="done")
    text(ana, word)

    assert len(tasks()) == 2


def test_a_wish_to_talk_on_a_shared_phone_is_never_kept_waiting(clinic, ana):
    ben = make_person(clinic, phone=ana.phone)

    assert kinds(ana.phone, "CALL") == ["call"]

    assert {task.person_id for task in tasks("call")} == {ana.id, ben.id}


def test_no_task_holds_words(ana):
    text(ana, "call me about my court case")

    assert "court" not in str(tasks()[0].facts)
