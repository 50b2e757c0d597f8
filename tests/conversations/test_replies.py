import pytest
from sqlalchemy import select

from aftercare.conversations import replies
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging.models import InboundText
from aftercare.messaging.texts import forbidden_words
from aftercare.recovery import progress
from tests.conversations.texting import answers_to, ask, kinds, tasks, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic))


def status(occurrence, person):
    db.session.rollback()
    row = rsvps.find_answer(occurrence.organisation_id, occurrence.id, person.id)
    return row.status if row else "none"


def test_a_text_is_kept_sealed_with_its_verb_and_whose_it_is(clinic, ana, date):
    ask(ana, date)

    text(ana, "Yes, my brother Joe drives me")

    inbound = db.session.scalars(select(InboundText)).one()
    assert (inbound.verb, inbound.organisation_id, inbound.person_id) == ("yes", clinic.id, ana.id)
    assert b"Joe" not in (inbound.body_sealed or b"Joe")


def test_what_is_not_understood_gets_one_answer_and_after_two_in_a_row_staff_read_it(clinic, ana):
    assert [m.body for m in text(ana, "the bus is late again")] == [
        "Sorry, we did not understand. Reply HELP for choices."
    ]
    assert tasks() == []

    text(ana, "did you get that")

    (task,) = tasks()
    assert (task.kind, task.person_id, task.is_urgent) == ("not_understood", ana.id, False)
    assert "bus" not in str(task.facts)

    text(ana, "hello??? anybody")
    assert len(tasks()) == 1


def test_words_in_between_break_the_row(ana):
    for body in ("what bus", "NEXT", "what bus"):
        text(ana, body)

    assert tasks() == []


def test_two_machines_that_answer_each_other_come_to_an_end(ana):
    said = [len(text(ana, "I am driving and cannot read this")) for _ in range(6)]

    assert said == [1, 1, 1, 0, 0, 0]


def test_whoever_asks_without_end_is_answered_forty_times_an_hour_and_what_they_want_is_done(ana):
    said = [len(text(ana, f"GOAL {number % 20 + 1}")) for number in range(42)]

    assert said == [1] * 40 + [0] * 2
    assert progress.goal_of(ana) == 2
    assert kinds(ana, "STOP") == ["stop"]


def test_a_text_taken_twice_is_answered_once(ana, date):
    ask(ana, date)
    text(ana, "Y")
    inbound = db.session.scalars(select(InboundText)).one()

    with transaction():
        replies.take(db.session.merge(inbound))

    assert len(answers_to(inbound.sid)) == 1


def test_a_yes_from_a_number_known_in_two_organisations_answers_only_the_asked_one(clinic, ana, date):
    other = make_organisation()
    same_phone = make_person(other, phone=ana.phone)
    elsewhere = make_occurrence(make_meeting(other))
    make_rsvp(elsewhere, same_phone, status="maybe")
    ask(ana, date)

    said = text(ana, "Y")

    assert (status(date, ana), status(elsewhere, same_phone)) == ("going", "maybe")
    assert {(m.organisation_id, m.person_id) for m in said} == {(clinic.id, ana.id)}


def test_of_two_people_on_one_phone_the_one_who_was_asked_answers(clinic, ana, date):
    ben = make_person(clinic, phone=ana.phone)
    ask(ana, date)

    text(ana.phone, "Y")

    assert (status(date, ana), status(date, ben)) == ("going", "none")


def test_of_two_people_on_one_phone_nobody_is_guessed(clinic, ana, date):
    ben = make_person(clinic, phone=ana.phone)
    make_rsvp(date, ana, status="maybe")
    make_rsvp(date, ben, status="maybe")

    assert kinds(ana.phone, "Y") == ["nothing_open"]
    assert (status(date, ana), status(date, ben)) == ("maybe", "maybe")
    inbound = db.session.scalars(select(InboundText)).one()
    assert (inbound.organisation_id, inbound.person_id) == (clinic.id, None)


def test_a_text_of_two_organisations_people_is_nobodys_until_one_has_asked(ana):
    make_person(make_organisation(), phone=ana.phone)

    text(ana, "hello there all")

    assert db.session.scalars(select(InboundText.organisation_id)).one() is None


def test_nothing_is_said_to_who_has_stopped_but_what_they_want_is_done(ana, date):
    make_rsvp(date, ana)
    ask(ana, date)
    text(ana, "STOP")

    assert [kinds(ana, word) for word in ("NEXT", "what is this", "MAYBE", "HERE", "N")] == [[]] * 5
    assert status(date, ana) == "declined"


def test_nothing_is_said_to_who_never_agreed(clinic, date):
    person = make_person(clinic, agrees_to_texts=False)
    make_rsvp(date, person)

    assert [kinds(person, word) for word in ("Y", "NEXT", "what is this", "N")] == [[]] * 4


EVERYTHING = (
    "Y | N | MAYBE | HERE | HERE 1234 | NEXT | LATE | CANT my car | FIND 97201 | FIND | WAIT | CALL | STREAK | GOAL 2"
    " | GOAL | GOAL 99 | QUIET 7 | QUIET 0 | QUIET | ENGLISH | SPANISH | PROOF | HELP | qwerty | I want to die | AYUDA"
    " | Sí | STOP | START | enough | START | wrong number"
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_that_is_answered_tells_why_somebody_gets_it(clinic, date, language):
    said = []
    for word in EVERYTHING.split(" | "):
        for is_asked in (True, False):
            person = make_person(clinic, language=language)
            make_rsvp(date, person)
            if is_asked:
                ask(person, date)
            said += text(person, word)
    said += text("+13035558888", "hi")

    assert len({message.kind for message in said}) > 24
    assert {m.body: words for m in said if (words := forbidden_words(m.body, names=[clinic.name]))} == {}
