"""Help in danger and the last word after a STOP: no cap and no pace of ours holds them back."""

import pytest

from aftercare.core.db import db, transaction
from aftercare.messaging import claims, senders
from aftercare.messaging.fitness import nothing_unwanted
from aftercare.messaging.retries import Failure
from aftercare.messaging.senders import Sender
from tests.factories import make_person
from tests.messaging.posting import Carrier, delivery, post_text, states

SLOW = Sender("slow", per_second=1)
CAPPED = Sender("capped", per_day=2)


def drain(app, sender):
    db.session.rollback()
    carrier = Carrier()
    delivery(app, carrier, sender=sender).drain()
    return carrier.bodies


def post_urgent(person, kind):
    return post_text(person, kind=kind, body=kind, needs_consent=False)


@pytest.mark.parametrize("kind", ["crisis", "stop"])
def test_what_is_urgent_goes_when_the_day_is_used_up_and_counts(app, monday, kind):
    ana = make_person()
    for number in range(4):
        post_text(ana, body=f"{number}")
    assert len(drain(app, CAPPED)) == 2

    post_urgent(ana, kind)

    assert drain(app, CAPPED) == [kind]
    assert sorted(states()) == ["accepted"] * 3 + ["pending"] * 2


def test_what_is_urgent_is_claimed_first_and_waits_for_no_pace(app, monday):
    ana = make_person()
    for number in range(3):
        post_text(ana, body=f"{number}")
    for kind in ("crisis", "stop", "crisis"):
        post_urgent(ana, kind)

    with transaction():
        found = claims.claim([ana.organisation_id], 64, by=claims.Worker("test", SLOW, "", nothing_unwanted))

    assert [each.text.body for each in found.texts] == ["crisis", "crisis", "stop"]
    assert found.unserved == [ana.organisation_id]


def test_what_is_urgent_waits_for_no_turn_of_its_organisation(app, monday):
    ana, ben = make_person(), make_person()
    post_text(ana)
    post_urgent(ben, "crisis")

    with transaction():
        found = claims.claim([ana.organisation_id], 64, by=claims.Worker("test", SLOW, "", nothing_unwanted))

    assert [each.text.to for each in found.texts] == [ben.phone]


def test_in_a_pause_of_the_sender_what_is_urgent_waits_too(app, monday):
    with transaction():
        senders.pause(CAPPED, monday.replace(hour=23), failure=Failure.CONFIGURATION, code=20003, now=monday)
    post_urgent(make_person(), "crisis")

    assert drain(app, CAPPED) == []
    assert states() == ["pending"]
