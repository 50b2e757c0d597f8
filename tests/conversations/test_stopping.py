"""However somebody says that they want no more texts: at once, all of it, and it is kept (47 CFR 64.1200(a)(10))."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.conversations import agreement
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import callbacks, numbers, outbox, texts
from aftercare.messaging.models import Message
from aftercare.messaging.references import Reference
from aftercare.messaging.retries import Failure
from aftercare.messaging.senders import Sender
from aftercare.people import accounts
from tests.conversations.texting import text
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_text
from tests.people.sign_in import sign_in_patient
from tests.signing_in import sign_in


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic, monday, hold):
    ana = make_person(clinic)
    hold(monday + timedelta(minutes=1))
    return ana


def again(person):
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def by_text(_client, person):
    text(person, "STOP")


def in_other_words(_client, person):
    text(person, "please no more texts")


def by_the_carriers_own_list(_client, person):
    text(person, "Stop", opt_out_type="STOP")


def on_the_page(client, person):
    sign_in_patient(client, person)
    client.post("/texts/withdrawal")


def by_word_to_staff(client, person):
    clinic = again(person).organisation_id
    colleague = make_person(db.session.get_one(type(make_organisation()), clinic), role="counsellor")
    sign_in(client, colleague).post(f"/staff/people/{person.id}/texts/withdrawal")


def by_a_refusal_of_the_carrier(_client, person):
    with transaction():
        numbers.learn(person.phone, Failure.OPTED_OUT)


WAYS = {
    by_text: "text",
    in_other_words: "text",
    by_the_carriers_own_list: "carrier",
    on_the_page: "web",
    by_word_to_staff: "staff",
    by_a_refusal_of_the_carrier: "carrier",
}


@pytest.mark.parametrize("stop", WAYS, ids=lambda way: way.__name__)
def test_a_stop_takes_back_everything_that_waits_and_is_kept_beside_the_agreement(client, ana, stop):
    later = clock.now() + timedelta(hours=1)
    waiting = [
        post_text(ana, is_answer=False, due_at=later).id,
        post_text(ana, kind="milestone", due_at=later).id,
        post_text(ana, kind="help", needs_consent=False, due_at=later).id,
    ]

    stop(client, ana)

    db.session.rollback()
    states = set(db.session.scalars(select(Message.state).where(Message.id.in_(waiting))))
    newest, first = ledger.history(again(ana))
    assert states == {"cancelled"}
    assert (newest.act, newest.way, newest.wording, newest.at) == ("withdraw", WAYS[stop], "texts-1", clock.now())
    assert (first.act, first.way) == ("grant", "web")
    assert not ledger.allows_texts(again(ana))


@pytest.mark.parametrize("stop", WAYS, ids=lambda way: way.__name__)
def test_after_a_stop_one_text_confirms_it_at_most_and_nothing_else_is_posted(client, ana, stop):
    stop(client, ana)

    with transaction():
        assert (
            outbox.post(
                again(ana), "milestone", once="x", occurs_on=clock.today(ana.zone),
                useful_until=clock.now() + timedelta(hours=1), count=5,
            )
            is None
        )  # fmt: skip
    kinds = list(db.session.scalars(select(Message.kind).where(Message.state == "pending")))
    assert kinds in ([], ["stop"])


def test_a_stop_that_cannot_be_written_down_takes_nothing_back(ana):
    post_text(ana, due_at=clock.now() + timedelta(hours=1))

    with pytest.raises(RuntimeError):
        stop_and_stumble(ana)

    assert ledger.allows_texts(again(ana))
    assert list(db.session.scalars(select(Message.state))) == ["pending"]


def stop_and_stumble(person):
    with transaction():
        agreement.stop(again(person))
        raise RuntimeError


def number_changed(person):
    with transaction():
        numbers.take(again(person), "+13035550177", way="web")


def number_was_a_landline(person):
    said(person, 30006)


def number_is_no_more(person):
    said(person, 30005)


def said(person, code):
    message = post_text(person, state="sent", sid="SM" + "1" * 32, sent_at=clock.now())
    with transaction():
        reference = Reference(person.organisation_id, message.id, message.occurs_on)
        callbacks.take_status(
            "SM" + "1" * 32, "undelivered", error_code=code, reference=reference, attempt=0, sender=Sender("simulator")
        )


def was_told_that_the_number_is_wrong(person):
    text(person, "wrong number")


@pytest.mark.parametrize(
    "trouble",
    [number_changed, number_was_a_landline, number_is_no_more, was_told_that_the_number_is_wrong],
    ids=lambda trouble: trouble.__name__,
)
def test_agreement_is_asked_for_anew_after(client, ana, hold, monday, trouble):
    trouble(ana)
    hold(monday + timedelta(minutes=2))
    with transaction():
        row = again(ana)
        numbers.take(row, row.phone, way="web")

    assert again(ana).phone_verified_at is not None
    assert again(ana).phone_frozen_at is None
    assert not ledger.allows_texts(again(ana))

    with transaction():
        agreement.agree(again(ana), names_meetings=False)
    assert ledger.allows_texts(again(ana))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Elm St", "about 3 a week", "Msg & data rates may apply", "HELP for help", "STOP to end"]),
        ("es", ["Elm St", "unos 3 por semana", "Tu plan puede cobrar", "AYUDA para ayuda", "STOP o ALTO"]),
    ],
)
def test_the_welcome_says_who_how_often_what_it_costs_and_the_way_out(language, words):
    said = texts.render("welcome", language, sender="Elm St")

    assert [word for word in words if word not in said] == []
