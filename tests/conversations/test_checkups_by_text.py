from datetime import timedelta

import pytest

from aftercare.conversations import checkups_by_text
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.meetings import rsvps
from aftercare.messaging.models import Message
from aftercare.recovery import checkups
from aftercare.recovery.models import Instrument
from tests.conversations.texting import ask as ask_about
from tests.conversations.texting import kinds, pending, reach, tasks, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp, saved

TEN = [f"Thing {number} is well." for number in range(1, 11)]


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


def questionnaire(clinic, items=TEN, **given):
    return saved(Instrument(organisation_id=clinic.id, name="Ten", language="en", items=items, **given))


def begin(person, instrument):
    """Ask for a check-up, and let the text that asks reach the phone."""
    with transaction():
        message = checkups_by_text.ask(person, instrument)
        reach(message)
    return message


def say(person, body):
    """Text, and let the answer reach the phone; give its words."""
    answered = text(person, body)
    with transaction():
        reach(*answered)
    return [message.body for message in answered]


def standing(person, date):
    db.session.rollback()
    answer = rsvps.find_answer(date.organisation_id, date.id, person.id)
    assert answer is not None
    return answer.status


def given(person):
    db.session.rollback()
    return [checkups.answers(each) for each in checkups.of(person)]


def test_ten_texts_and_ten_numbers_make_a_check_up(ana, clinic):
    opening = begin(ana, questionnaire(clinic))
    assert opening.body == "Time for your check-up: 10 short questions by text. Reply Y to begin, N if not now."

    assert say(ana, "Y") == ["1 of 10: Thing 1 is well. Reply 1 to 6."]
    for number in range(1, 10):
        assert say(ana, str(number % 6 + 1)) == [f"{number + 1} of 10: Thing {number + 1} is well. Reply 1 to 6."]
    assert say(ana, "6") == ["Thank you. That was the last question. A person here will read your answers."]

    assert given(ana) == [[2, 3, 4, 5, 6, 1, 2, 3, 4, 6]]
    assert checkups.find_open(ana) is None


def test_after_the_last_a_number_means_what_it_always_means(ana, clinic):
    begin(ana, questionnaire(clinic, ["I sleep well."]))
    say(ana, "Y")
    say(ana, "5")

    assert kinds(ana, "5") == ["unknown"]
    assert given(ana) == [[5]]


def test_who_has_no_time_now_may_begin_later(ana, clinic):
    begin(ana, questionnaire(clinic))

    assert say(ana, "N") == ["That is fine. Reply CALL if you would like to talk."]
    assert say(ana, "Y") == ["1 of 10: Thing 1 is well. Reply 1 to 6."]


@pytest.mark.parametrize("body", ["0", "7", "66"])
def test_a_number_outside_the_scale_is_asked_again(ana, clinic, body):
    begin(ana, questionnaire(clinic))
    say(ana, "Y")

    assert say(ana, body) == ["Please reply with one number from 1 to 6."]
    say(ana, "3")
    assert given(ana) == [[3]]


def test_words_that_tell_something_are_named_by_their_line_unless_plain_texts_were_chosen(clinic):
    instrument = questionnaire(clinic, ["I take part in my recovery.", "I sleep well."])
    discreet, plain = make_person(clinic), make_person(clinic, text_level="plain")
    for person in (discreet, plain):
        begin(person, instrument)

    assert say(discreet, "Y") == ["1 of 2: see line 1 of your sheet. Reply 1 to 6."]
    assert say(discreet, "4") == ["2 of 2: I sleep well. Reply 1 to 6."]
    assert say(plain, "Y") == ["1 of 2: I take part in my recovery. Reply 1 to 6."]


@pytest.mark.parametrize(("scale", "figure"), [((1, 6), "1"), ((1, 6), "2"), ((0, 3), "3"), ((0, 3), " 2! ")])
def test_a_figure_right_after_an_item_belongs_to_it_whatever_came_in_between(ana, clinic, hold, scale, figure):
    date = make_occurrence(make_meeting(clinic))
    make_rsvp(date, ana)
    begin(ana, questionnaire(clinic, low=scale[0], high=scale[1]))
    say(ana, "Y")
    ask_about(ana, date)
    hold(clock.now() + timedelta(hours=1))

    say(ana, figure)

    assert (given(ana), standing(ana, date)) == ([[int(figure.strip(" !"))]], "going")


@pytest.mark.parametrize(
    ("word", "scale", "later"),
    [("N", (1, 6), 1), ("no", (1, 6), 1), ("No thanks", (1, 6), 1), ("2", (4, 6), 1), ("2", (1, 6), 61)],
)
def test_words_figures_off_the_scale_and_figures_long_after_answer_the_later_question(
    ana, clinic, hold, word, scale, later
):
    date = make_occurrence(make_meeting(clinic))
    make_rsvp(date, ana)
    begin(ana, questionnaire(clinic, low=scale[0], high=scale[1]))
    say(ana, "Y")
    ask_about(ana, date)
    hold(clock.now() + timedelta(minutes=later))

    say(ana, word)
    assert (given(ana), standing(ana, date)) == ([[]], "cancelled")
    say(ana, "5")

    assert given(ana) == [[5]]


def test_the_date_can_be_answered_by_figure_when_the_check_up_is_over(ana, clinic):
    date = make_occurrence(make_meeting(clinic))
    make_rsvp(date, ana)
    begin(ana, questionnaire(clinic, ["I sleep well."]))
    say(ana, "Y")
    ask_about(ana, date)

    say(ana, "4")
    say(ana, "2")

    assert (given(ana), standing(ana, date)) == ([[4]], "cancelled")


def test_a_number_that_no_date_could_mean_belongs_to_the_check_up(ana, clinic):
    date = make_occurrence(make_meeting(clinic))
    make_rsvp(date, ana)
    begin(ana, questionnaire(clinic))
    say(ana, "Y")
    ask_about(ana, date)

    say(ana, "5")

    assert given(ana) == [[5]]


@pytest.mark.parametrize(("body", "kind"), [("STOP", "stop"), ("HELP", "help"), ("CALL", "call")])
def test_every_other_word_keeps_its_meaning_meanwhile(ana, clinic, body, kind):
    begin(ana, questionnaire(clinic))
    say(ana, "Y")

    assert kind in kinds(ana, body)[0]
    assert given(ana) == [[]]


def test_danger_is_heard_in_the_middle_of_it(ana, clinic):
    begin(ana, questionnaire(clinic))
    say(ana, "Y")

    assert "crisis" in kinds(ana, "1 I want to die")
    assert len(tasks("crisis")) == 1


def test_after_stop_nothing_is_asked(ana, clinic):
    instrument = questionnaire(clinic)
    say(ana, "STOP")

    with transaction():
        assert checkups_by_text.ask(ana, instrument) is None
    assert [message.kind for message in pending()] == []


def test_two_at_a_time_would_confuse(ana, clinic):
    instrument = questionnaire(clinic)
    begin(ana, instrument)

    with pytest.raises(Conflict), transaction():
        checkups_by_text.ask(ana, instrument)


def test_the_words_that_are_asked_are_kept_sealed(ana, clinic):
    begin(ana, questionnaire(clinic))
    say(ana, "Y")
    db.session.rollback()

    sealed = [bytes(message.body_sealed or b"") for message in db.session.query(Message)]

    assert all(b"Thing" not in each for each in sealed)
