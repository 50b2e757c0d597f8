from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.core.db import db
from aftercare.messaging.models import InboundText
from tests.conversations.texting import ask, kinds, tasks, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person

REMINDER = "Reminder: Tue Nov 3, 6:00 PM. Reply Y if you are coming, N if not. HELP for help, STOP to end texts."


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic))


def test_a_picture_is_answered_once_an_hour_and_is_no_puzzle_for_staff(ana, hold, monday):
    assert [kinds(ana, "", media_count=1) for _ in range(2)] == [["picture"], ["unknown"]]
    assert tasks() == []

    hold(monday + timedelta(hours=1, seconds=1))
    assert kinds(ana, "", media_count=2) == ["picture"]


def test_the_words_beside_a_picture_are_read(ana, date):
    ask(ana, date)

    assert kinds(ana, "Y", media_count=1) == ["thanks"]
    assert db.session.scalars(select(InboundText.media_count)).all() == [1]


def test_words_that_are_not_understood_beside_pictures_are_read_by_staff(ana):
    for body in ("look at this", "and this one"):
        text(ana, body, media_count=1)

    assert [task.kind for task in tasks()] == ["not_understood"]


@pytest.mark.parametrize("spelled", ["Liked “{}”", "👍 to “{}”", "Le encantó “{}”"])
def test_a_tap_on_a_question_promises_nothing_and_is_told_how_to_answer_once_an_hour(ana, date, spelled):
    ask(ana, date)
    tap = spelled.format(REMINDER)

    assert [kinds(ana, tap) for _ in range(3)] == [["tapped"], [], []]
    assert tasks() == []


def test_a_tap_on_anything_else_is_left_alone(ana):
    assert kinds(ana, "Loved “Today makes 5. Well done.”") == []
    assert tasks() == []


@pytest.mark.parametrize(
    ("sign", "kind"), [("👍", "thanks"), ("👍🏿", "thanks"), ("✅", "thanks"), ("👎", "no_thanks")]
)
def test_a_thumb_answers_what_was_asked(ana, date, sign, kind):
    ask(ana, date)

    assert kinds(ana, sign) == [kind]


@pytest.mark.parametrize("body", ["👍👎", "❤️", "😀" * 300, "\u202eabc\u202c", "مرحبا", "x" * 1600])
def test_anything_else_is_owned_up_to(ana, body):
    assert kinds(ana, body) == ["unknown"]
