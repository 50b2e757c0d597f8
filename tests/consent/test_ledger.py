"""Whom the ledger lets text: the same answer by one person, by many, and inside a query of the planner."""

import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.conversations import subscriptions
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import fitness
from aftercare.messaging.models import Message
from aftercare.people import accounts
from aftercare.people.models import Person
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_text


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def again(person):
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def answers(person):
    """Ask in each of the ways there are."""
    row = again(person)
    wanted = select(Person.id).where(Person.id == row.id, ledger.is_allowing_texts())
    return {
        ledger.allows_texts(row),
        bool(ledger.who_allow_texts_anywhere([row])),
        db.session.scalar(wanted) is not None,
    }


@pytest.mark.parametrize(
    ("way", "is_shown", "lets"),
    [
        ("paper", False, False),
        ("staff", False, False),
        ("web", False, True),
        ("text", False, True),
        ("paper", True, True),
        ("staff", True, True),
    ],
)
def test_what_staff_wrote_down_lets_texts_go_only_to_a_number_that_was_shown_to_be_theirs(clinic, way, is_shown, lets):
    ana = make_person(clinic, agrees_to_texts=False, phone_verified_at=clock.now() if is_shown else None)
    with transaction():
        ledger.grant_texts(again(ana), way=way)

    assert answers(ana) == {lets}


def test_to_a_number_that_staff_wrote_down_goes_the_question_and_nothing_else(clinic):
    new = make_person(clinic, agrees_to_texts=False, phone_verified_at=None)
    with transaction():
        question = subscriptions.invite(again(new), way="paper", recorded_by=new.id)
        assert question is not None
        question_id = question.id
    reminder_id = post_text(new, needs_consent=True).id

    messages = db.session.scalars(select(Message)).all()
    verdicts = fitness.judge(messages, fitness.nothing_unwanted, now=clock.now())

    assert {message.id for message in messages} == {question_id, reminder_id}
    assert {key: verdict.reason for key, verdict in verdicts.items()} == {reminder_id: "no_consent"}
