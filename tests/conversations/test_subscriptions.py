from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.consent.models import ConsentEvent
from aftercare.conversations import agreement, subscriptions
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.messaging import outbox
from aftercare.messaging.models import InboundText, Message
from aftercare.people import accounts
from tests.conversations.texting import ask, kinds, pending, reach, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


def allows(person):
    db.session.rollback()
    return ledger.allows_texts(accounts.get_person(person.organisation_id, person.id))


def acts(person):
    db.session.rollback()
    wanted = select(ConsentEvent).where(ConsentEvent.person_id == person.id).order_by(ConsentEvent.at, ConsentEvent.id)
    return [(event.act, event.way) for event in db.session.scalars(wanted)]


def post_for_later(person):
    with transaction():
        outbox.post(
            person, "milestone", once=f"m:{person.id}", occurs_on=clock.today(person.zone), count=5,
            due_at=clock.now() + timedelta(hours=1), useful_until=clock.now() + timedelta(hours=5),
        )  # fmt: skip


@pytest.mark.parametrize("word", ["STOP", "Stop please", "stop texting me", "ALTO", "parar", "END", "cancelar"])
def test_stop_in_any_of_its_words_stops_everything_and_is_answered_once(clinic, ana, word):
    date = make_occurrence(make_meeting(clinic))
    ask(ana, date)
    text(ana, "NEXT")

    assert kinds(ana, word) == ["stop"]
    assert not allows(ana)
    assert [m.kind for m in pending()] == ["stop"]
    assert kinds(ana, word) == []
    assert acts(ana)[1:] == [("withdraw", "text")]


def test_stop_takes_back_what_waits_for_everybody_with_the_number_in_every_organisation(clinic, ana):
    other = make_organisation()
    elsewhere, brother = (make_person(each, phone=ana.phone) for each in (other, clinic))
    somebody = make_person(clinic)
    for person in (ana, elsewhere, brother, somebody):
        post_for_later(person)

    said = text(ana, "STOP")

    assert [m.kind for m in said] == ["stop"]
    assert [allows(person) for person in (ana, elsewhere, brother, somebody)] == [False, False, False, True]
    assert {(m.kind, m.person_id) for m in pending()} == {("milestone", somebody.id), ("stop", None)}


def test_after_stop_only_start_brings_texts_back(clinic, ana, hold, monday):
    text(ana, "STOP")
    hold(monday + timedelta(minutes=1))

    (said,) = text(ana, "START")

    assert (said.kind, said.body.split(":")[0]) == ("start", "Elm St")
    assert allows(ana)
    assert acts(ana)[1:] == [("withdraw", "text"), ("grant", "text")]


def test_start_from_who_gets_texts_changes_nothing_and_says_so(ana):
    assert kinds(ana, "START") == ["start"]
    assert acts(ana) == [("grant", "web")]


@pytest.mark.parametrize("words", ["OK", "Y", "1", "Sí", "I will be there"])
def test_after_stop_a_polite_word_does_not_bring_texts_back(clinic, ana, hold, monday, words):
    ask(ana, make_occurrence(make_meeting(clinic)))
    text(ana, "STOP")
    hold(monday + timedelta(minutes=1))

    assert kinds(ana, words) == []
    assert not allows(ana)


def test_a_yes_from_who_has_stopped_counts_as_start_and_says_so(clinic, ana, hold, monday):
    date = make_occurrence(make_meeting(clinic))
    ask(ana, date)
    text(ana, "STOP")
    hold(monday + timedelta(minutes=1))

    assert kinds(ana, "YES") == ["start"]
    assert allows(ana)


def test_start_is_nothing_for_who_never_agreed_or_whose_number_was_not_verified(clinic, hold, monday):
    never = make_person(clinic, agrees_to_texts=False)
    unverified = make_person(clinic, phone_verified_at=None)
    text(unverified, "STOP")
    hold(monday + timedelta(minutes=1))

    assert [kinds(person, "START") for person in (never, unverified)] == [["help"], ["help"]]
    assert [allows(person) for person in (never, unverified)] == [False, False]


def test_the_carriers_own_answer_to_stop_is_not_doubled(ana):
    assert kinds(ana, "BASTAYA", opt_out_type="STOP") == []
    assert not allows(ana)
    assert db.session.scalars(select(InboundText.verb)).one() == "stop"


def test_help_says_who_how_to_stop_and_where_help_is(clinic, ana):
    (said,) = text(ana, "HELP")

    assert said.body == (
        "Elm St: Reminder texts, about 3 a week. Call (303) 555-0100. Reply Y, N, MAYBE, LATE, CANT, NEXT, WAIT, CALL, "
        "HERE and the code, FIND and a zip code, STREAK, GOAL 2, QUIET 7, PROOF or SPANISH. STOP to end texts. "
        "Msg & data rates may apply. If you need help now, call or text 988 any time, or call 911."
    )


def test_help_is_answered_to_who_has_stopped_and_does_not_bring_texts_back(ana):
    text(ana, "STOP")

    assert kinds(ana, "AYUDA") == ["help"]
    assert not allows(ana)


def test_help_names_no_organisation_when_two_know_the_number(ana):
    make_person(make_organisation(discreet_name="Oak Rd"), phone=ana.phone)

    (said,) = text(ana, "HELP")

    assert "Elm" not in said.body
    assert "Oak" not in said.body


def test_an_invitation_is_sent_once_staff_have_recorded_the_agreement(clinic):
    counsellor = make_person(clinic, role="counsellor")
    new = make_person(clinic, agrees_to_texts=False, phone_verified_at=None)

    with transaction():
        message = subscriptions.invite(db.session.merge(new), way="paper", recorded_by=counsellor.id)
        reach(message)

    assert acts(new) == [("grant", "paper")]
    db.session.rollback()
    assert db.session.scalars(select(Message)).one().body.startswith("Elm St: Reply Y to get reminders by text")


def invited(clinic):
    person = make_person(clinic, agrees_to_texts=False, phone_verified_at=None)
    with transaction():
        reach(subscriptions.invite(db.session.merge(person), way="staff", recorded_by=person.id))
    return person


def test_a_yes_to_an_invitation_confirms_number_and_agreement(clinic, hold, monday):
    person = invited(clinic)
    hold(monday + timedelta(minutes=1))

    assert kinds(person, "Y") == ["welcome"]
    assert acts(person) == [("grant", "staff"), ("grant", "text")]
    assert accounts.get_person(clinic.id, person.id).phone_verified_at == clock.now()


def test_an_invitation_that_was_confirmed_is_not_answered_again(clinic, hold, monday):
    person = invited(clinic)
    hold(monday + timedelta(minutes=1))
    text(person, "Y")
    hold(monday + timedelta(minutes=2))

    assert [kinds(person, word) for word in ("Y", "N")] == [["nothing_open"], ["nothing_open"]]
    assert allows(person)
    assert acts(person) == [("grant", "staff"), ("grant", "text")]


def test_a_no_to_an_invitation_stops_texts(clinic, hold, monday):
    person = invited(clinic)
    hold(monday + timedelta(minutes=1))

    assert kinds(person, "N") == ["stop"]
    assert not allows(person)


def test_nobody_who_stopped_by_text_can_be_invited(clinic, ana):
    text(ana, "STOP")

    with pytest.raises(Conflict, match="START"), transaction():
        subscriptions.invite(db.session.merge(ana), way="paper", recorded_by=ana.id)


def test_staff_can_stop_texts_to_themselves_too(clinic):
    counsellor = make_person(clinic, role="counsellor", agrees_to_texts=True)

    assert kinds(counsellor, "STOP") == ["stop"]
    assert not allows(counsellor)


def test_a_stranger_who_says_stop_is_told_once_what_everybody_is_told(clinic, ana):
    known, stranger = text(ana, "STOP"), text("+13035559999", "STOP")

    assert [m.body for m in known] == [m.body for m in stranger]
    assert kinds("+13035559999", "STOP") == []


@pytest.mark.parametrize(("way", "waits_hours"), [("web", 0), ("staff", 11)])
def test_who_agrees_in_the_night_is_welcomed_at_once_only_if_they_wait_for_it(clinic, hold, monday, way, waits_hours):
    night = monday + timedelta(hours=12)  # ten at night in Denver
    hold(night)
    person = make_person(clinic, agrees_to_texts=False)

    with transaction():
        agreement.welcome(db.session.merge(person), way=way)

    assert [(m.kind, m.due_at - night) for m in pending()] == [("welcome", timedelta(hours=waits_hours))]
    assert acts(person) == [("grant", way)]
