"""Few texts a second, or one organisation with very many: the most urgent go first, and nobody waits for the others."""

from datetime import timedelta

from aftercare.core.db import db, transaction
from aftercare.messaging import claims
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.models import WAITING, Message
from aftercare.messaging.senders import Sender
from tests.factories import make_organisation, make_person
from tests.messaging.posting import SENDER, Carrier, delivery, post_together, states, text_for
from tests.messaging.test_recall import plan

SLOW = Sender("slow", per_second=20)
MANY = 600


def drain(app, carrier, **given):
    db.session.rollback()
    delivery(app, carrier, concurrency=1, **given).drain()


def patient(**given):
    return make_person(make_organisation(quiet_until=0, quiet_from=1440), **given)


def test_under_a_pace_the_most_urgent_texts_go_first(app):
    ana = patient()
    texts = [text_for(ana, body=f"In {hours} h") for hours in (5, 1, 4, 2, 3)]
    for text in texts:
        text.useful_until = text.due_at + timedelta(hours=int(text.body.split()[1]))
    post_together(*texts)

    drain(app, carrier := Carrier(), sender=SLOW)

    assert carrier.bodies == [f"In {hours} h" for hours in (1, 2, 3, 4, 5)]


def test_under_a_pace_every_organisation_has_its_turn(app):
    great, *small = [patient() for _ in range(3)]
    soon = timedelta(minutes=5)
    post_together(*(text_for(great, useful_until=text_for(great).due_at + soon) for _ in range(30)))
    for person in small:
        post_together(*(text_for(person) for _ in range(3)))

    drain(app, carrier := Carrier(), sender=SLOW)

    numbers = [text.to for text in carrier.took]
    assert len(numbers) == 36
    places = [place for place, number in enumerate(numbers) if number != great.phone]
    # The first second's worth may be claimed at once, in equal shares; then each has every third.
    assert max(places) < 20


def test_a_pace_of_one_gives_each_organisation_every_other_text(app):
    ana, ben = patient(), patient()
    for person in (ana, ben):
        post_together(*(text_for(person) for _ in range(2)))

    drain(app, carrier := Carrier(), sender=Sender("slowest", per_second=2))

    assert [text.to for text in carrier.took[:2]] != [ana.phone] * 2
    assert states() == ["accepted"] * 4


def test_many_texts_of_one_do_not_delay_a_few_of_another(app, monday):
    great, small = patient(), patient()
    urgent = monday + timedelta(minutes=5)
    post_together(*(text_for(great, useful_until=urgent) for _ in range(MANY)))
    post_together(*(text_for(small) for _ in range(10)))
    worker = claims.Worker("test", SENDER, "", nothing_unwanted)

    with transaction():
        found = claims.claim([great.organisation_id, small.organisation_id], 64, by=worker)

    assert len([text for text in found.texts if text.text.to == small.phone]) == 10
    assert len(found.texts) == 42  # Half of the window is the share of the great one.


def test_finding_the_most_urgent_texts_of_one_reads_an_index(app, monday):
    post_together(*map(text_for, [make_person()] * 400))  # With no rows, one index is as good as another.
    clinic = make_organisation().id
    urgent = (
        db.select(Message.id)
        .where(Message.organisation_id == clinic, WAITING, Message.due_at <= monday, Message.channel == "text")
        .order_by(Message.useful_until, Message.due_at)
        .limit(4)
    )

    assert "ix_messages_waiting" in plan(urgent)
    assert "SORT" not in plan(urgent).upper().replace("SORTED", "")
