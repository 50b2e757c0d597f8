from datetime import timedelta

import pytest

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from tests.conversations.texting import ask, kinds, reach, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.fixture
def dates(clinic, ana, hold, monday):
    """Ask about a Tuesday, and five minutes later about a Thursday."""
    meeting = make_meeting(clinic)
    found = [make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=day, hour=18)) for day in (3, 5)]
    for minutes, date in enumerate(found):
        hold(monday + timedelta(minutes=5 * minutes))
        ask(ana, date)
    hold(monday + timedelta(minutes=10))
    return found


def statuses(dates, person):
    db.session.rollback()
    rows = [rsvps.find_answer(date.organisation_id, date.id, person.id) for date in dates]
    return [row.status if row else "none" for row in rows]


def test_of_two_open_questions_the_latest_is_answered_the_answer_tells_which_and_asks_the_other(ana, dates):
    (said,) = text(ana, "Y")

    assert said.body == "Thank you. See you Thu Nov 5, 6:00 PM. And Tue Nov 3, 6:00 PM? Reply Y or N."
    assert (said.asks, said.occurrence_id) == (True, dates[0].id)
    assert statuses(dates, ana) == ["none", "going"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Y", "N", ["declined", "going"]),
        ("N", "Y", ["going", "declined"]),
        ("MAYBE", "N", ["declined", "maybe"]),
        ("CANT my car", "Y", ["going", "declined"]),
    ],
)
def test_the_next_answer_is_to_the_other(ana, dates, first, second, expected):
    said = text(ana, first)
    with transaction():
        reach(*said)

    text(ana, second)

    assert statuses(dates, ana) == expected


def test_the_other_is_the_next_one_though_the_answer_that_asks_it_has_not_left_yet(ana, dates):
    text(ana, "Y")
    text(ana, "Y")

    assert statuses(dates, ana) == ["going", "going"]


def test_when_all_is_answered_a_change_of_mind_is_about_what_was_asked_last(ana, dates, hold, monday):
    for body in ("Y", "Y"):
        said = text(ana, body)
        with transaction():
            reach(*said)
    hold(monday + timedelta(minutes=20))

    (said,) = text(ana, "N")

    assert "Tue Nov 3" in said.body
    assert statuses(dates, ana) == ["cancelled", "going"]


def test_maybe_asks_the_other_too(ana, dates):
    (said,) = text(ana, "3")

    assert said.body == "Thank you. Noted as maybe: Thu Nov 5, 6:00 PM. And Tue Nov 3, 6:00 PM? Reply Y or N."


def test_both_are_told_in_spanish(ana, dates):
    (said,) = text(ana, "Sí")

    assert said.body == "Gracias. Nos vemos jue 5 nov, 6:00 p.m. ¿Y mar 3 nov, 6:00 p.m.? Responde S o N."


def test_what_was_answered_on_the_web_is_not_asked_again(clinic, ana, dates):
    with transaction():
        rsvps.answer(clinic.id, dates[0].id, ana.id, "no", via="web")

    (said,) = text(ana, "Y")

    assert (said.body, said.asks) == ("Thank you. See you Thu Nov 5, 6:00 PM.", False)


def test_what_was_answered_gives_way_to_what_waits(clinic, ana, dates):
    with transaction():
        rsvps.answer(clinic.id, dates[1].id, ana.id, "yes", via="web")

    text(ana, "N")

    assert statuses(dates, ana) == ["declined", "going"]


def test_a_question_to_somebody_else_is_no_other_question(clinic, ana, dates, hold):
    ben = make_person(clinic, phone=ana.phone)
    with transaction():
        rsvps.answer(clinic.id, dates[0].id, ana.id, "yes", via="web")
        rsvps.answer(clinic.id, dates[1].id, ana.id, "yes", via="web")
    ask(ben, dates[0])

    (said,) = text(ana.phone, "Y")

    assert (said.person_id, said.asks) == (ben.id, False)


def test_an_answer_names_no_more_than_one_other(clinic, ana, dates, hold):
    friday = make_occurrence(make_meeting(clinic), starts=dates[1].start_local + timedelta(days=1))
    hold(clock.now() + timedelta(minutes=5))
    ask(ana, friday)

    (said,) = text(ana, "Y")

    assert said.body == "Thank you. See you Fri Nov 6, 6:00 PM. And Thu Nov 5, 6:00 PM? Reply Y or N."


def test_a_no_names_day_and_time(ana, dates):
    assert kinds(ana, "N") == ["no_thanks"]
    (said,) = text(ana, "N")

    assert said.body == "Thanks for telling us. Noted: not coming Tue Nov 3, 6:00 PM. You can come another time."
