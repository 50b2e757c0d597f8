from datetime import timedelta

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import claims
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.people.models import Person
from tests.factories import make_organisation, make_person
from tests.messaging.posting import SENDER, Carrier, delivery, only_message, post_text, post_together, states, text_for


def bare(person, **given):
    return {"number": None, "body": None, "number_hash": person.phone_hash, "is_answer": False} | given


def hello(texts):
    return {message.id: f"Hello, {person.name}." for message, person in texts}


def drain(app, carrier, words=hello):
    db.session.rollback()
    delivery(app, carrier, words=words).drain()


def test_a_bare_text_takes_its_number_and_words_when_it_goes_and_keeps_them(app, monday):
    ana = make_person(name="Ana", language="es")
    post_text(ana, **bare(ana, language="en"))
    carrier = Carrier()

    drain(app, carrier)

    assert [(text.to, text.body) for text in carrier.took] == [(ana.phone, "Hello, Ana.")]
    kept = only_message()
    assert (kept.state, kept.number, kept.body, kept.language) == ("accepted", ana.phone, "Hello, Ana.", "es")


def test_a_bare_text_goes_to_the_number_that_its_reader_agreed_on_since(app, monday):
    ana = make_person()
    post_text(ana, **bare(ana))
    with transaction():
        person = db.session.get_one(Person, (ana.organisation_id, ana.id))
        person.phone = "+13035550177"
        ledger.grant_texts(person, way="web")
    carrier = Carrier()

    drain(app, carrier)

    assert [text.to for text in carrier.took] == ["+13035550177"]
    assert only_message().number == "+13035550177"


def test_a_bare_text_does_not_go_to_a_number_that_nobody_agreed_on(app, monday):
    ana = make_person()
    post_text(ana, **bare(ana))
    with transaction():
        db.session.get_one(Person, (ana.organisation_id, ana.id)).phone = "+13035550177"
    carrier = Carrier()

    drain(app, carrier)

    assert (carrier.calls, only_message().reason) == (0, "no_consent")


def test_a_text_that_nobody_can_spell_does_not_stop_those_beside_it(app, monday):
    ana, ben = make_person(), make_person()
    first, _ = post_together(text_for(ana, **bare(ana)), text_for(ben, **bare(ben)))
    unspelled = first.id
    carrier = Carrier()

    drain(app, carrier, words=lambda texts: {key: said for key, said in hello(texts).items() if key != unspelled})

    assert [text.to for text in carrier.took] == [ben.phone]
    assert states() == ["cancelled", "accepted"]


def test_a_text_keeps_its_first_words_when_it_is_tried_again(app, monday):
    ana = make_person()
    post_text(ana, **bare(ana, number=ana.phone, body="As it was said."))
    carrier = Carrier()

    drain(app, carrier)

    assert carrier.bodies == ["As it was said."]


def test_writing_many_texts_costs_as_many_queries_as_one(app, monday, statements):
    clinic = make_organisation()
    worker = claims.Worker("test", SENDER, "", nothing_unwanted, hello)

    def cost(number):
        people = [make_person(clinic) for _ in range(number)]
        later = clock.now() + timedelta(hours=1)
        post_together(*(text_for(person, **bare(person, useful_until=later)) for person in people))

        def claim():
            with transaction():
                assert len(claims.claim([clinic.id], 50, by=worker).texts) == number

        return statements(claim)

    assert cost(1) == cost(20)
