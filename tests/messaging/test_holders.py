from datetime import timedelta

import pytest

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import holders, numbers
from aftercare.messaging.models import InboundText
from aftercare.people import accounts
from tests.factories import make_organisation, make_person
from tests.messaging.posting import post_text

NEW = "+13035550177"


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic, monday, hold):
    """Give a patient who has had a number for a while."""
    ana = make_person(clinic, name="Ana Rivera")
    hold(monday + timedelta(minutes=1))
    return ana


def again(person):
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def take(person, number=NEW):
    with transaction():
        return numbers.take(again(person), number, way="web")


def leads_to(number):
    return [person.id for person in holders.of(number)]


@pytest.mark.parametrize("trouble", ["frozen", "left", "never verified", "silent for 45 days"])
def test_whoever_cannot_be_reached_by_a_number_loses_it_to_who_proves_it(ana, monday, hold, trouble):
    past = make_person(make_organisation(), phone=NEW)
    give(past, trouble, monday)

    taken = take(ana)

    assert [person.id for person in taken.ended] == [past.id]
    assert (leads_to(NEW), again(past).phone, again(past).phone_hash) == ([ana.id], "", None)
    assert not ledger.allows_texts(again(past))


def give(person, trouble, monday):
    with transaction():
        row = again(person)
        if trouble == "frozen":
            numbers.freeze([row], way="carrier")
        if trouble == "left":
            row.left_at = monday
        if trouble == "never verified":
            row.phone_verified_at = None
        if trouble == "silent for 45 days":
            row.phone_verified_at = monday - holders.IDLE


@pytest.mark.parametrize("sign", ["verified", "wrote", "was reached"])
def test_a_family_shares_a_number_that_each_has_used_of_late(ana, monday, sign):
    luis = make_person(make_organisation(), phone=NEW)
    if sign != "verified":
        give(luis, "silent for 45 days", monday)
    if sign == "wrote":
        write(luis)
    if sign == "was reached":
        post_text(luis, state="delivered")

    taken = take(ana)

    assert (taken.ended, [person.id for person in taken.shared_with]) == ([], [luis.id])
    assert set(leads_to(NEW)) == {ana.id, luis.id}
    assert ledger.allows_texts(again(luis))


def write(person, *, verb="other"):
    with transaction():
        text = InboundText(sid=f"SM{person.id.hex}", number=person.phone, sent_to="+13035550100", body="Hello")
        text.organisation_id, text.person_id, text.verb = person.organisation_id, person.id, verb
        text.received_at = clock.now()
        db.session.add(text)


def test_a_text_to_another_number_is_no_sign_of_life_on_this_one(ana, monday):
    luis = make_person(make_organisation(), phone=NEW)
    give(luis, "silent for 45 days", monday)
    post_text(luis, number="+13035550155", state="delivered")

    assert [person.id for person in take(ana).ended] == [luis.id]


def test_who_proves_the_number_they_have_ends_dead_claims_alone(ana, clinic):
    frozen, unverified = (make_person(make_organisation(), phone=ana.phone) for _ in range(2))
    with transaction():
        numbers.freeze([again(frozen)], way="carrier")
    give(unverified, "never verified", clock.now())

    with transaction():
        numbers.prove(again(ana))

    assert set(leads_to(ana.phone)) == {ana.id, unverified.id}
