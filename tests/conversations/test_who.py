from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging.models import InboundText
from aftercare.people import accounts
from aftercare.recovery import progress
from tests.conversations.texting import ask, kinds, reach, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic, name="Ana Rivera")


@pytest.fixture
def ben(clinic, ana):
    return make_person(clinic, name="Ben Ho", phone=ana.phone)


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic))


def status(occurrence, person):
    db.session.rollback()
    row = rsvps.find_answer(occurrence.organisation_id, occurrence.id, person.id)
    return row.status if row else "none"


def text_and_reach(number, body):
    """Let a text come in, and our answer reach the phone."""
    said = text(number, body)
    with transaction():
        reach(*said)
    return said


def goals(*people):
    db.session.rollback()
    return [progress.goal_of(accounts.get_person(each.organisation_id, each.id)) for each in people]


def test_where_both_were_asked_it_is_asked_who_it_is_by_initials_alone(ana, ben, date):
    for person in (ana, ben):
        ask(person, date)

    (said,) = text(ana.phone, "Y")

    assert (said.kind, said.person_id, said.asks) == ("who", None, True)
    assert said.body == "Who is this? Reply 1 for A.R., 2 for B.H."
    assert (status(date, ana), status(date, ben)) == ("none", "none")


@pytest.mark.parametrize(("figure", "expected"), [("1", ("going", "none")), ("2!", ("none", "going"))])
def test_the_figure_does_what_was_wanted(ana, ben, date, figure, expected):
    for person in (ana, ben):
        ask(person, date)
    text_and_reach(ana.phone, "Y")

    (said,) = text(ana.phone, figure)

    assert (said.kind, said.body) == ("thanks", "Thank you. See you Tue Nov 3, 6:00 PM.")
    assert (status(date, ana), status(date, ben)) == expected


def test_both_texts_are_then_known_to_be_theirs(clinic, ana, ben, date):
    for person in (ana, ben):
        ask(person, date)
    text_and_reach(ana.phone, "N")
    text(ana.phone, "2")

    db.session.rollback()
    kept = db.session.scalars(select(InboundText).order_by(InboundText.id)).all()
    assert [(each.verb, each.organisation_id, each.person_id) for each in kept] == [
        ("no", clinic.id, ben.id),
        ("who", clinic.id, ben.id),
    ]


def test_once_one_has_answered_the_next_yes_is_the_others(ana, ben, date, hold, monday):
    for person in (ana, ben):
        ask(person, date)
    text_and_reach(ana.phone, "Y")
    hold(monday + timedelta(minutes=1))
    text(ana.phone, "1")

    assert kinds(ana.phone, "N") == ["no_thanks"]
    assert (status(date, ana), status(date, ben)) == ("going", "declined")


@pytest.mark.parametrize(
    "word", ["STREAK", "GOAL 3", "QUIET 7", "NEXT", "PROOF", "SPANISH", "LATE", "CANT my car", "WAIT"]
)
def test_where_nobody_was_asked_a_wish_of_ones_own_needs_to_know_who_it_is(ana, ben, word):
    assert kinds(ana.phone, word) == ["who"]


def test_a_wish_of_ones_own_is_not_taken_for_that_of_who_was_asked(ana, ben, date):
    ask(ana, date)

    assert kinds(ana.phone, "GOAL 3") == ["who"]
    assert goals(ana, ben) == [1, 1]


@pytest.mark.parametrize("word", ["Y", "N", "MAYBE"])
def test_with_nothing_asked_there_is_nothing_to_answer_for_either(ana, ben, word):
    assert kinds(ana.phone, word) == ["nothing_open"]


@pytest.mark.parametrize(
    ("word", "kind"), [("HELP", "help"), ("STOP", "stop"), ("what bus", "unknown"), ("CALL", "call")]
)
def test_what_needs_nobody_is_done_at_once(ana, ben, word, kind):
    assert kinds(ana.phone, word) == [kind]


def test_their_words_are_remembered_with_the_wish(ana, ben):
    text_and_reach(ana.phone, "GOAL 3")

    assert kinds(ana.phone, "2") == ["goal_raised"]
    assert goals(ana, ben) == [1, 3]


def test_the_wish_is_forgotten_after_an_hour(ana, ben, hold, monday):
    text_and_reach(ana.phone, "GOAL 3")
    hold(monday + timedelta(hours=1, seconds=1))

    assert kinds(ana.phone, "2") == ["nothing_open"]
    assert goals(ana, ben) == [1, 1]


def test_the_wish_is_done_once(ana, ben):
    text_and_reach(ana.phone, "GOAL 3")
    text(ana.phone, "1")

    assert kinds(ana.phone, "2") == ["nothing_open"]
    assert goals(ana, ben) == [3, 1]


def test_a_question_that_has_not_left_was_not_asked(ana, ben):
    text(ana.phone, "GOAL 3")

    assert kinds(ana.phone, "1") == ["nothing_open"]


def test_a_figure_that_stands_for_nobody_is_no_answer(ana, ben):
    text_and_reach(ana.phone, "GOAL 3")

    assert kinds(ana.phone, "3") == ["nothing_open"]
    assert goals(ana, ben) == [1, 1]


def test_a_figure_answers_what_was_asked_later(ana, ben, date, hold, monday):
    text_and_reach(ana.phone, "GOAL 3")
    hold(monday + timedelta(minutes=5))
    ask(ben, date)

    assert kinds(ana.phone, "1") == ["thanks"]
    assert (status(date, ben), goals(ana, ben)) == ("going", [1, 1])


def test_of_two_wishes_the_later_one_is_done(ana, ben, hold, monday):
    text_and_reach(ana.phone, "GOAL 3")
    hold(monday + timedelta(minutes=1))
    text_and_reach(ana.phone, "QUIET 7")

    assert kinds(ana.phone, "1") == ["quiet"]
    assert goals(ana, ben) == [1, 1]


def test_a_figure_means_nobody_once_the_people_of_the_phone_have_changed(clinic, ana, ben):
    cal = make_person(clinic, name="Cal Poe", phone=ana.phone)
    text_and_reach(ana.phone, "GOAL 3")
    with transaction():
        db.session.merge(ana).left_at = clock.now()

    assert kinds(ana.phone, "2") == ["nothing_open"]
    assert goals(ben, cal) == [1, 1]


def test_two_organisations_learn_no_more_of_each_other_than_initials(clinic, ana, date):
    other = make_organisation(discreet_name="Oak Rd", name="Oak House")
    dee = make_person(other, name="Dee Oaks", phone=ana.phone)
    elsewhere = make_occurrence(make_meeting(other, name="Early Birds"), starts=date.start_local + timedelta(days=1))
    make_rsvp(date, ana, status="maybe")
    ask(ana, date)
    ask(dee, elsewhere)

    (asked,) = text_and_reach(ana.phone, "Y")
    (said,) = text(ana.phone, "2")

    assert asked.body == "Who is this? Reply 1 for A.R., 2 for D.O."
    assert (said.organisation_id, said.person_id) == (other.id, dee.id)
    assert (status(date, ana), status(elsewhere, dee)) == ("maybe", "going")
    kept = db.session.scalars(select(InboundText.organisation_id)).all()
    assert set(kept) == {other.id}


def test_a_room_code_is_taken_from_who_says_who_they_are(clinic, ana, ben, date, hold):
    for person in (ana, ben):
        make_rsvp(date, person)
    hold(date.starts_at)
    text_and_reach(ana.phone, "HERE")

    assert kinds(ana.phone, "2") == ["here_noted"]


def test_whose_name_has_no_letters_of_ours_is_told_apart_all_the_same(clinic, ana):
    make_person(clinic, name="Жанна Попова", phone=ana.phone)

    (said,) = text(ana.phone, "STREAK")

    assert said.body == "Who is this? Reply 1 for A.R., 2 for ?."


def test_it_is_asked_in_spanish(clinic, ana, ben):
    (said,) = text(ana.phone, "RACHA")

    assert said.body == "¿De parte de quién? Responde 1 para A.R., 2 para B.H."


def test_two_machines_come_to_an_end(ana, ben):
    assert [len(text(ana.phone, "STREAK")) for _ in range(8)] == [1] * 6 + [0] * 2


def test_nothing_is_asked_where_nobody_agrees_to_texts(ana, ben):
    text(ana.phone, "STOP")

    assert kinds(ana.phone, "STREAK") == []
