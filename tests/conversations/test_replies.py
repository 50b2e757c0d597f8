from datetime import timedelta

import pytest
from sqlalchemy import select, update

from aftercare.conversations import replies
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging.models import InboundText, Message
from aftercare.messaging.texts import forbidden_words
from tests.conversations.texting import answers_to, ask, kinds, tasks, text
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


def test_of_two_people_on_one_phone_the_one_asked_last_answers(clinic, ana, date, hold, monday):
    ben = make_person(clinic, phone=ana.phone)
    ask(ben, date)
    hold(monday + timedelta(minutes=1))
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


def test_a_stranger_gets_one_answer_an_hour_with_the_lines_of_help(clinic, ana, hold, monday):
    stranger = "+13035559999"

    (said,) = text(stranger, "who is this")
    assert said.body == ("Sorry, we did not understand. If you need help now, call or text 988 any time, or call 911.")
    assert (said.person_id, said.is_answer) == (None, True)
    assert text(stranger, "Y") == []

    hold(monday + timedelta(hours=1, seconds=1))
    assert kinds(stranger, "YES") == ["unknown_sender"]


def test_staff_and_people_who_have_left_are_answered_as_strangers(clinic, ana):
    counsellor = make_person(clinic, role="counsellor")
    with transaction():
        db.session.merge(ana).left_at = clock.now()

    assert [m.body for m in text(counsellor, "NEXT")] == [m.body for m in text(ana, "NEXT")]
    assert {inbound.person_id for inbound in db.session.scalars(select(InboundText))} == {None}


def test_a_number_that_is_no_longer_a_persons_leads_to_nobody(clinic, ana, date):
    ask(ana, date)
    old = ana.phone
    with transaction():
        db.session.merge(ana).phone = "+13035550177"

    assert kinds(old, "Y") == ["unknown_sender"]
    assert status(date, ana) == "none"


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
    "Y | N | MAYBE | HERE | HERE 1234 | NEXT | HELP | STOP | START | qwerty | I want to die | Sí | AYUDA | ALTO"
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

    assert len({message.kind for message in said}) > 9
    assert {m.body: words for m in said if (words := forbidden_words(m.body, names=[clinic.name]))} == {}
