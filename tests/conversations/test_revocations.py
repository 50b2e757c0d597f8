import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.consent.models import ConsentEvent
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.people import accounts
from aftercare.people.models import Organisation
from tests.carrier_asking import texting_by_twilio
from tests.carrier_wire import inbound_form
from tests.conversations.texting import ask, kinds, pending, tasks, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.fixture
def carrier(app, client, clinic):
    with texting_by_twilio(app, client) as carrier:
        yield carrier


def allows(person):
    db.session.rollback()
    return ledger.allows_texts(accounts.get_person(person.organisation_id, person.id))


def acts(person):
    db.session.rollback()
    wanted = select(ConsentEvent).where(ConsentEvent.person_id == person.id).order_by(ConsentEvent.at, ConsentEvent.id)
    return [(event.act, event.way) for event in db.session.scalars(wanted)]


@pytest.mark.parametrize("body", ["pls stop texting me", "basta", "leave me alone", "Take me off your list."])
def test_a_sure_wish_in_free_words_stops_and_asks_nobody(ana, body):
    assert kinds(ana, body) == ["stop"]
    assert (allows(ana), tasks()) == (False, [])


@pytest.mark.parametrize("body", ["who is this stop", "too many texts", "Ya no me interesa", "stpo", "cancel all"])
def test_an_unsure_wish_stops_too_and_staff_are_asked_once(clinic, ana, body):
    assert [kinds(ana, body) for _ in range(2)] == [["stop"], []]

    assert not allows(ana)
    (task,) = tasks()
    assert (task.kind, task.person_id, task.organisation_id) == ("stop_unsure", ana.id, clinic.id)


@pytest.mark.parametrize(
    "body", ["please don't stop texting me", "my bus did not stop", "I want to stop drinking", "shop"]
)
def test_no_wish_to_stop_stops_nothing(ana, body):
    text(ana, body)

    assert (allows(ana), tasks("stop_unsure")) == (True, [])


@pytest.mark.parametrize("body", ["wrong number", "Número equivocado"])
def test_a_wrong_number_is_frozen_for_all_who_have_it_and_their_staff_are_asked(clinic, ana, body):
    other = make_organisation()
    dee = make_person(other, phone=ana.phone)
    ask(dee, make_occurrence(make_meeting(other)))

    assert kinds(ana.phone, body) == ["stop"]

    assert [allows(each) for each in (ana, dee)] == [False, False]
    frozen = [accounts.get_person(each.organisation_id, each.id).phone_frozen_at for each in (ana, dee)]
    assert frozen == [clock.now()] * 2
    assert {(task.kind, task.organisation_id, task.person_id) for task in tasks()} == {
        ("number", clinic.id, ana.id),
        ("number", other.id, dee.id),
    }
    assert [m.kind for m in pending()] == ["stop"]


def test_a_wrong_person_stops_and_asks_but_freezes_no_number(clinic, ana):
    assert kinds(ana, "sorry wrong person") == ["stop"]

    assert (allows(ana), [task.kind for task in tasks()]) == (False, ["stop_unsure"])
    assert accounts.get_person(clinic.id, ana.id).phone_frozen_at is None


@pytest.mark.parametrize("body", ["I got the wrong bus", "I have the wrong time, is it 6?", "I met the wrong person"])
def test_something_else_that_was_wrong_ends_nothing(clinic, ana, body):
    text(ana, body)

    assert (allows(ana), tasks("number"), tasks("stop_unsure")) == (True, [], [])
    assert accounts.get_person(clinic.id, ana.id).phone_frozen_at is None


def test_whoever_has_a_wrong_number_is_a_stranger_from_then_on(ana):
    text(ana, "wrong number")

    assert kinds(ana, "Y") == ["unknown_sender"]
    assert [kinds(ana, "wrong number") for _ in range(2)] == [["stop"], []]
    assert len(tasks()) == 1


def test_a_stop_that_cannot_be_told_from_a_dying_wish_ends_no_texts(ana):
    assert kinds(ana, "I need this to stop. I want to die") == ["crisis"]
    assert allows(ana)


@pytest.mark.parametrize(
    ("body", "more"),
    [("STOP", {"OptOutType": "STOP"}), ("BASTAYA", {"OptOutType": "STOP"}), ("STOP", {}), ("cancel", {}), ("End ", {})],
)
def test_what_the_carrier_stops_by_itself_is_followed_and_not_answered(carrier, ana, body, more):
    carrier.post("/sms/inbound", inbound_form(body, sender=ana.phone, **more))

    assert acts(ana)[1:] == [("withdraw", "carrier")]
    assert pending() == []


def test_what_the_carrier_does_not_know_we_stop_and_answer(carrier, ana):
    carrier.post("/sms/inbound", inbound_form("opt out", sender=ana.phone))

    assert acts(ana)[1:] == [("withdraw", "text")]
    assert [m.kind for m in pending()] == ["stop"]


@pytest.mark.parametrize("word", ["START", "UNSTOP", "YES", "yes"])
def test_what_the_carrier_starts_by_itself_is_followed_and_not_answered(carrier, ana, hold, word):
    carrier.post("/sms/inbound", inbound_form("STOP", sender=ana.phone))
    hold(clock.now().replace(minute=5))

    carrier.post("/sms/inbound", inbound_form(word, sender=ana.phone))

    assert (allows(ana), pending()) == (True, [])


def test_a_yes_after_a_stop_that_the_carrier_never_saw_is_answered_by_us(carrier, ana, hold):
    carrier.post("/sms/inbound", inbound_form("stop texting me", sender=ana.phone))
    hold(clock.now().replace(minute=5))

    carrier.post("/sms/inbound", inbound_form("YES", sender=ana.phone))

    assert allows(ana)
    assert [m.kind for m in pending()] == ["stop", "start"]


def test_a_yes_from_who_gets_texts_answers_the_question(carrier, ana):
    ask(ana, make_occurrence(make_meeting(organisation_of(ana))))

    carrier.post("/sms/inbound", inbound_form("YES", sender=ana.phone))

    assert [m.kind for m in pending()] == ["thanks"]


@pytest.mark.parametrize(("word", "said"), [("HELP", []), ("info", []), ("AYUDA", ["help"]), ("who are you", ["help"])])
def test_help_is_said_once_by_the_carrier_or_by_us(carrier, ana, word, said):
    carrier.post("/sms/inbound", inbound_form(word, sender=ana.phone))

    assert [m.kind for m in pending()] == said


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
def test_the_carriers_words_from_a_stranger_are_not_answered_twice(carrier, word):
    carrier.post("/sms/inbound", inbound_form(word, sender="+13035559999"))

    assert pending() == []


def test_where_the_carrier_leaves_its_words_to_us_we_answer(app, client, ana):
    with texting_by_twilio(app, client, twilio_answers_words=False) as carrier:
        carrier.post("/sms/inbound", inbound_form("STOP", sender=ana.phone))

    assert acts(ana)[1:] == [("withdraw", "text")]
    assert [m.kind for m in pending()] == ["stop"]


def test_danger_is_answered_whatever_the_carrier_says(carrier, ana):
    carrier.post("/sms/inbound", inbound_form("STOP I want to die", sender=ana.phone, OptOutType="STOP"))

    assert [m.kind for m in pending()] == ["crisis"]


def organisation_of(person):
    return db.session.get(Organisation, person.organisation_id)
