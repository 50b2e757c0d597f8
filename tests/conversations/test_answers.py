from datetime import timedelta

import pytest
from sqlalchemy import update

from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging.models import Message
from tests.conversations.texting import ask, kinds, text
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp


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


def answer(occurrence, person, wish="yes"):
    with transaction():
        rsvps.answer(occurrence.organisation_id, occurrence.id, person.id, wish, via="web")


@pytest.mark.parametrize(
    ("words", "expected", "kind"),
    [
        ("Y | yes | 1 | ok | Yes!! | S | Sí | si | claro | voy", "going", "thanks"),
        ("N | no | 2 | nope | I can't come | no puedo | No, I have work", "cancelled", "no_thanks"),
        ("MAYBE | 3 | not sure | Quizás | quiza | tal vez", "maybe", "maybe"),
    ],
)
def test_every_word_for_yes_no_and_maybe_answers_what_was_asked(clinic, date, words, expected, kind):
    for word in words.split(" | "):
        person = make_person(clinic)
        make_rsvp(date, person)
        ask(person, date)

        assert kinds(person, word) == [kind], word
        assert status(date, person) == expected, word


def test_the_answer_names_day_and_time(ana, date):
    ask(ana, date)

    assert [m.body for m in text(ana, "Y")] == ["Thank you. See you Tue Nov 3, 6:00 PM."]
    assert [(row.status, row.confirmed_via) for row in rsvps.answers(date)] == [("going", "sms")]


def test_a_plain_text_names_the_meeting_too(clinic, date):
    person = make_person(clinic, text_level="plain")
    ask(person, date)

    assert [m.body for m in text(person, "Y")] == ["Thank you. See you Tue Nov 3, 6:00 PM: Tools for the Week."]


def test_an_answer_speaks_the_language_of_the_word_else_the_persons(clinic, date):
    spanish = make_person(clinic, language="es")
    ask(spanish, date)

    assert [m.language for m in text(spanish, "1")] == ["es"]
    assert [m.language for m in text(spanish, "yes")] == ["en"]
    assert [m.body for m in text(spanish, "Sí")] == ["Gracias. Nos vemos mar 3 nov, 6:00 p.m."]


def test_an_answer_leaves_at_once_also_in_the_night(ana, date, hold):
    night = date.starts_at - timedelta(hours=15)  # three in the morning in Denver
    hold(night)
    ask(ana, date)

    assert [(m.due_at, m.is_answer) for m in text(ana, "Y")] == [(night, True)]


def test_the_latest_question_is_the_one_that_is_answered(clinic, ana, hold, monday):
    meeting = make_meeting(clinic)
    tuesday = make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=3, hour=18))
    thursday = make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=5, hour=18))
    ask(ana, thursday)
    hold(monday + timedelta(minutes=5))
    ask(ana, tuesday)

    text(ana, "Y")

    assert (status(tuesday, ana), status(thursday, ana)) == ("going", "none")


def test_a_question_about_a_date_that_is_over_or_cancelled_gives_way_to_the_one_before(clinic, ana, hold, monday):
    meeting = make_meeting(clinic)
    tuesday = make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=3, hour=18))
    wednesday = make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=4, hour=18), status="cancelled")
    thursday = make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=5, hour=18))
    for minutes, date in enumerate((thursday, wednesday, tuesday)):
        hold(monday + timedelta(minutes=minutes))
        ask(ana, date)
    hold(tuesday.ends_at)

    text(ana, "Y")

    assert (status(tuesday, ana), status(wednesday, ana), status(thursday, ana)) == ("none", "none", "going")


def test_with_nothing_asked_there_is_nothing_to_answer(ana, date):
    make_rsvp(date, ana)

    assert [kinds(ana, word) for word in ("Y", "N", "MAYBE")] == [["nothing_open"]] * 3
    assert status(date, ana) == "going"


def test_a_question_that_has_not_left_was_not_asked(ana, date):
    ask(ana, date)
    with transaction():
        db.session.execute(update(Message).values(state="pending"))

    assert kinds(ana, "Y") == ["nothing_open"]


def test_a_yes_to_a_full_date_says_the_place_in_line(clinic, ana):
    date = make_occurrence(make_meeting(clinic, capacity=1))
    answer(date, make_person(clinic))
    answer(date, make_person(clinic))
    ask(ana, date)

    said = text(ana, "Y")

    assert [(m.kind, m.body) for m in said] == [
        ("waitlisted", "Tue Nov 3, 6:00 PM is full. You are number 2 in line. We text you if a place is free.")
    ]


def test_a_yes_to_an_offer_takes_the_seat(clinic, ana):
    date = make_occurrence(make_meeting(clinic, capacity=1))
    first = make_person(clinic)
    answer(date, first)
    answer(date, ana)
    answer(date, first, "no")
    ask(ana, date, "offer", until=date.start_local)

    assert kinds(ana, "S") == ["thanks"]
    assert status(date, ana) == "going"


def test_a_yes_to_an_offer_that_ran_out_says_that_the_place_is_gone(clinic, ana, hold, monday):
    date = make_occurrence(make_meeting(clinic, capacity=1))
    first, third = make_person(clinic), make_person(clinic)
    for person in (first, ana, third):
        answer(date, person)
    answer(date, first, "no")
    ask(ana, date, "offer", until=date.start_local)
    hold(monday + timedelta(hours=5))
    with transaction():
        rsvps.offer_free_seats(clinic.id, date.id)

    assert kinds(ana, "Y") == ["offer_gone"]
    assert (status(date, ana), status(date, third)) == ("waitlisted", "offered")


def test_a_yes_after_the_closing_time_is_told_so(clinic, ana, hold):
    date = make_occurrence(make_meeting(clinic, capacity=5))
    ask(ana, date)
    hold(date.starts_at - timedelta(minutes=30))

    assert kinds(ana, "Y") == ["closed"]
    assert status(date, ana) == "none"


def test_the_answer_to_a_maybe_is_a_question_itself(ana, date):
    ask(ana, date)

    assert [(m.asks, m.occurrence_id) for m in text(ana, "maybe")] == [(True, date.id)]


def test_a_no_by_text_offers_the_seat_to_who_waits(clinic, ana):
    date = make_occurrence(make_meeting(clinic, capacity=1))
    waiting = make_person(clinic)
    answer(date, ana)
    answer(date, waiting)
    ask(ana, date)

    text(ana, "N")

    assert (status(date, ana), status(date, waiting)) == ("cancelled", "offered")


def test_next_says_when_and_a_no_to_it_cancels_that_date(clinic, ana, date):
    make_rsvp(date, ana)

    (said,) = text(ana, "NEXT")
    assert said.body == "Next: Tue Nov 3, 6:00 PM. Reply N if you cannot come."

    with transaction():
        db.session.merge(said).state = "delivered"
    assert kinds(ana, "N") == ["no_thanks"]
    assert status(date, ana) == "cancelled"


def test_next_passes_over_what_was_declined_cancelled_or_begun(clinic, ana, hold, monday):
    meeting = make_meeting(clinic)
    begun, declined, cancelled, member_only, late = (
        make_occurrence(meeting, starts=monday.replace(tzinfo=None, day=day, hour=9)) for day in (2, 3, 4, 5, 6)
    )
    make_rsvp(begun, ana)
    make_rsvp(declined, ana, status="declined")
    make_rsvp(late, ana)
    make_member(meeting, ana)
    with transaction():
        db.session.merge(cancelled).status = "cancelled"

    assert [m.occurrence_id for m in text(ana, "próxima")] == [member_only.id]


def test_next_with_nothing_planned_says_so(ana):
    assert kinds(ana, "NEXT") == ["next_none"]
