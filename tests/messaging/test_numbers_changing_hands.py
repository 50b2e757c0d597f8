from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.consent import ledger
from aftercare.core import clock, throttle
from aftercare.core.db import db, transaction
from aftercare.core.sealed import keyring
from aftercare.messaging import holders, numbers, outbox
from aftercare.messaging.models import Message
from aftercare.messaging.retries import Failure
from aftercare.people import accounts, devices, directory, limits, patient_codes
from aftercare.people.models import Device, SignInCode
from tests.factories import make_organisation, make_person
from tests.messaging.posting import Carrier, delivery, post_text, states

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


def release(person):
    with transaction():
        numbers.release(again(person), way="staff", by=person.id)


def acts(person):
    db.session.rollback()
    return [event.act for event in ledger.history(again(person))][::-1]


def leads_to(number):
    return [person.id for person in holders.of(number)]


def test_a_number_that_is_taken_is_verified_and_the_old_one_leads_nowhere(ana):
    old = ana.phone

    take(ana)

    assert (again(ana).phone, again(ana).phone_verified_at, again(ana).phone_since) == (NEW, clock.now(), clock.now())
    assert (leads_to(NEW), leads_to(old)) == ([ana.id], [])


def test_the_old_number_gets_nothing_more(ana):
    post_text(ana), post_text(ana, needs_consent=False, kind="help")

    take(ana)

    assert states() == ["cancelled", "cancelled"]
    assert set(db.session.scalars(select(Message.reason))) == {"other_number"}


def test_help_for_somebody_in_danger_still_leaves_for_the_phone_that_asked(ana):
    post_text(ana, needs_consent=False, kind="crisis")

    take(ana)

    assert states() == ["pending"]


def test_who_takes_a_number_agrees_to_texts_anew(ana):
    take(ana)

    assert acts(ana) == ["grant", "lapse"]
    assert not ledger.allows_texts(again(ana))


def test_who_comes_back_to_a_number_agrees_to_texts_anew_all_the_same(ana, hold, monday):
    old = ana.phone
    take(ana)
    hold(monday + timedelta(minutes=2))

    take(ana, old)

    assert not ledger.allows_texts(again(ana))


def test_a_stop_outlives_the_number(ana, hold, monday):
    with transaction():
        ledger.withdraw_texts(again(ana), way="text")
    hold(monday + timedelta(minutes=2))

    take(ana)

    assert acts(ana) == ["grant", "withdraw"]
    assert ledger.who_stopped_texts(ana.organisation_id, [again(ana)]) == {ana.id}


def test_taking_the_number_one_has_keeps_the_agreement_and_proves_it(ana):
    take(ana, ana.phone)

    assert acts(ana) == ["grant"]
    assert ledger.allows_texts(again(ana))
    assert again(ana).phone_verified_at == clock.now()


def test_other_browsers_are_signed_out_when_the_number_changes(ana):
    with transaction():
        here, lost = (devices.open_device(again(ana), lasts=timedelta(days=1)) for _ in range(2))

    with transaction():
        numbers.take(again(ana), NEW, way="web", keeps=here.device_id)

    ended = {device.id for device in db.session.scalars(select(Device)) if device.revoked_at}
    assert ended == {lost.device_id}


def test_a_released_number_leads_to_nobody_and_nothing_leaves_for_it(ana):
    old = ana.phone
    post_text(ana)
    post_text(ana, person_id=None, kind="signin_code", needs_consent=False)

    release(ana)

    assert (leads_to(old), directory.find_by_phone(old), states()) == ([], [], ["cancelled", "cancelled"])
    assert (again(ana).phone, again(ana).phone_verified_at, again(ana).phone_since) == ("", None, None)
    assert acts(ana) == ["grant", "lapse"]


def test_the_codes_and_counts_of_a_released_number_are_forgotten(ana, app):
    mark = keyring().mark(ana.phone, purpose="phone").hex()
    with app.test_request_context(), transaction():
        patient_codes.ask(ana.phone, language="en")
        for _ in range(3):
            limits.count_code_request(ana.phone)
        assert not throttle.seconds_to_wait(f"stranger:{mark}", times=1, per_seconds=3600)

    release(ana)

    with app.test_request_context(), transaction():
        assert not throttle.seconds_to_wait(f"stranger:{mark}", times=1, per_seconds=3600)
        limits.count_code_request(ana.phone)
    assert db.session.scalars(select(SignInCode)).one().used_at is not None


def test_counts_of_other_numbers_stay(ana):
    other = keyring().mark(NEW, purpose="phone").hex()
    with transaction():
        throttle.seconds_to_wait(f"stranger:{other}", times=1, per_seconds=3600)

    release(ana)

    with transaction():
        assert throttle.seconds_to_wait(f"stranger:{other}", times=1, per_seconds=3600)


def test_what_one_of_a_family_gives_up_the_other_keeps(ana, clinic):
    luis = make_person(clinic, phone=ana.phone)
    post_text(luis)
    waiting = post_text(luis, person_id=None, kind="signin_code", needs_consent=False)

    release(ana)

    assert leads_to(luis.phone) == [luis.id]
    assert states() == ["pending", "pending"]
    assert waiting.reason is None


def test_a_number_that_staff_write_down_is_not_theirs_yet(ana):
    with transaction():
        numbers.write_down(again(ana), NEW, by=ana.id)

    assert (again(ana).phone, again(ana).phone_verified_at) == (NEW, None)
    assert acts(ana) == ["grant", "lapse"]
    assert leads_to(NEW) == [ana.id]


def test_writing_down_the_number_they_have_changes_nothing(ana):
    with transaction():
        numbers.write_down(again(ana), ana.phone, by=ana.id)

    assert again(ana).phone_verified_at is not None
    assert acts(ana) == ["grant"]


def test_who_verifies_a_frozen_number_anew_agrees_to_texts_anew(ana):
    with transaction():
        numbers.learn(ana.phone, Failure.RECIPIENT)
    assert again(ana).phone_frozen_at is not None

    take(ana, ana.phone)

    assert again(ana).phone_frozen_at is None
    assert acts(ana) == ["grant", "lapse"]
    assert not ledger.allows_texts(again(ana))
    with transaction():
        assert outbox.post(
            again(ana), "welcome", once="x", occurs_on=clock.today(ana.zone),
            useful_until=clock.now() + timedelta(hours=1), is_answer=True,
        ) is None  # fmt: skip


def test_a_failure_from_before_somebody_took_the_number_does_not_freeze_it(ana, monday):
    sent_at = clock.now() - timedelta(minutes=30)
    take(ana)

    with transaction():
        numbers.learn(NEW, Failure.RECIPIENT, tried_at=sent_at)
    assert again(ana).phone_frozen_at is None

    with transaction():
        numbers.learn(NEW, Failure.RECIPIENT, tried_at=clock.now())
    assert again(ana).phone_frozen_at is not None


def test_each_change_of_hands_is_in_the_audit_trail_without_the_number(ana):
    take(ana)
    release(ana)

    noted = {event.act: event for event in db.session.scalars(select(AuditEvent))}
    assert {"number.changed", "number.released", "texts.lapse"} <= set(noted)
    assert all(NEW[2:] not in str(event.facts) for event in noted.values())


@pytest.mark.parametrize(("kind", "goes"), [("help", False), ("crisis", True)])
def test_an_answer_that_was_posted_meanwhile_does_not_reach_the_old_number(ana, app, kind, goes):
    old = ana.phone
    take(ana)
    post_text(ana, kind=kind, number=old, needs_consent=False)
    carrier = Carrier()

    delivery(app, carrier).drain()

    assert [text.to for text in carrier.took] == ([old] if goes else [])
    assert states() == (["accepted"] if goes else ["cancelled"])
