from datetime import timedelta

import pytest
from sqlalchemy import select, update

from aftercare.audit.models import AuditEvent
from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging import numbers
from aftercare.messaging.models import InboundText, Message
from aftercare.people import accounts, number_changes
from aftercare.people.models import DirectoryEntry, NumberChange
from tests.conversations.texting import ask, kinds, pending, reach, tasks, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person

NEW = "+13035550177"


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic, monday, hold):
    ana = make_person(clinic, name="Ana Rivera")
    hold(monday + timedelta(minutes=1))
    return ana


@pytest.fixture
def counsellor(clinic):
    return make_person(clinic, role="counsellor")


def again(person):
    db.session.rollback()
    return accounts.get_person(person.organisation_id, person.id)


def code_of_staff(person, counsellor):
    with transaction():
        return number_changes.make_staff_code(again(person), by=counsellor.id)


def bring(code):
    answers = text(NEW, code)
    with transaction():
        reach(*answers)


def other(code):
    return f"{(int(code) + 1) % 10**8:08d}"


def test_a_text_with_the_code_of_staff_makes_the_phone_it_came_from_theirs(ana, counsellor):
    code, old = code_of_staff(ana, counsellor), ana.phone

    (said,) = text(NEW, code)

    assert said.body.startswith("Elm St: Reply Y to get reminders by text")
    assert (said.number, said.person_id, said.asks) == (NEW, ana.id, True)
    assert (again(ana).phone, again(ana).phone_verified_at) == (NEW, clock.now())
    assert kinds(old, "NEXT") == ["unknown_sender"]


def test_who_answers_y_gets_texts_on_the_new_phone(ana, counsellor, hold, monday):
    bring(code_of_staff(ana, counsellor))
    assert not ledger.allows_texts(again(ana))
    hold(monday + timedelta(minutes=2))

    assert kinds(NEW, "Y") == ["welcome"]
    assert ledger.allows_texts(again(ana))
    assert [event.act for event in ledger.history(again(ana))] == ["grant", "lapse", "grant"]


def test_who_never_agreed_to_texts_before_can_say_y_as_well(clinic, counsellor, hold, monday):
    silent = make_person(clinic, agrees_to_texts=False)
    bring(code_of_staff(silent, counsellor))
    hold(monday + timedelta(minutes=2))

    assert kinds(NEW, "S") == ["welcome"]
    assert ledger.allows_texts(again(silent))


def test_who_answers_n_gets_none(ana, counsellor, hold, monday):
    bring(code_of_staff(ana, counsellor))
    hold(monday + timedelta(minutes=2))

    assert kinds(NEW, "N") == ["stop"]
    assert not ledger.allows_texts(again(ana))


def test_who_texted_stop_before_is_told_that_start_alone_brings_texts_back(ana, counsellor, hold, monday):
    text(ana, "STOP")
    hold(monday + timedelta(minutes=2))

    assert kinds(NEW, code_of_staff(ana, counsellor)) == ["number_start"]
    assert not ledger.allows_texts(again(ana))
    hold(monday + timedelta(minutes=3))
    assert kinds(NEW, "START") == ["start"]
    assert ledger.allows_texts(again(ana))


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", " {0}{1}\n", "{0}.{1}"])
def test_a_code_may_be_written_with_gaps(ana, counsellor, written):
    code = code_of_staff(ana, counsellor)

    assert kinds(NEW, written.format(code[:4], code[4:])) == ["opt_in"]


def test_a_code_works_once(ana, counsellor):
    code = code_of_staff(ana, counsellor)
    text(NEW, code)

    assert kinds("+13035550178", code) == ["unknown_sender"]
    assert again(ana).phone == NEW


def test_a_code_is_over_after_an_hour(ana, counsellor, hold, monday):
    code = code_of_staff(ana, counsellor)
    hold(monday + timedelta(minutes=61))

    assert kinds(NEW, code) == ["unknown_sender"]
    assert again(ana).phone == ana.phone


def test_a_new_code_ends_the_one_before(ana, counsellor):
    first, second = code_of_staff(ana, counsellor), code_of_staff(ana, counsellor)

    assert kinds(NEW, first) == ["unknown_sender"]
    assert kinds(NEW, second) == ["opt_in"]


def test_a_wrong_code_is_answered_like_any_strangers_text(ana, counsellor):
    code = code_of_staff(ana, counsellor)

    wrong, hello = text("+13035550191", other(code)), text("+13035550192", "hello")

    assert [m.body for m in wrong] == [m.body for m in hello]
    assert again(ana).phone == ana.phone


def test_a_wrong_code_from_a_known_phone_is_not_understood_like_any_other(ana, counsellor, clinic):
    luis = make_person(clinic)

    assert kinds(luis, other(code_of_staff(ana, counsellor))) == kinds(ana, "qwertz")


def test_a_phone_that_somebody_has_can_bring_a_code_and_both_share_it(ana, counsellor, clinic):
    luis = make_person(clinic, name="Luis Ortega")

    assert kinds(luis, code_of_staff(ana, counsellor)) == ["opt_in"]

    assert (again(ana).phone, again(luis).phone) == (luis.phone, luis.phone)
    assert ledger.allows_texts(again(luis))
    assert [(task.kind, task.person_id) for task in tasks("number")] == [("number", luis.id)]


def test_codes_work_across_organisations_and_never_for_another_person(ana, counsellor):
    elsewhere = make_organisation(discreet_name="Oak Rd")
    dee = make_person(elsewhere)
    codes = [code_of_staff(person, counsellor) for person in (ana, dee)]

    (said,) = text(NEW, codes[1])

    assert said.organisation_id == elsewhere.id
    assert (again(dee).phone, again(ana).phone) == (NEW, ana.phone)


@pytest.mark.parametrize("sender", ["+18005551212", "22395", "+13035550100"])
def test_a_number_that_can_get_no_texts_is_taken_by_no_code(ana, counsellor, sender):
    text(sender, code_of_staff(ana, counsellor))

    assert again(ana).phone == ana.phone


def test_a_code_of_somebody_who_has_left_is_worth_nothing(ana, counsellor):
    code = code_of_staff(ana, counsellor)
    with transaction():
        again(ana).left_at = clock.now()

    assert kinds(NEW, code) == ["unknown_sender"]


def test_a_code_is_kept_nowhere_and_made_in_sight_of_the_audit(ana, counsellor):
    code = code_of_staff(ana, counsellor)

    change = db.session.scalars(select(NumberChange)).one()
    made = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "number.code_made")).one()
    assert (made.actor_id, made.person_id) == (counsellor.id, ana.id)
    kept = [change.code_hash, *db.session.scalars(select(DirectoryEntry.key))]
    assert all(code.encode() not in bytes(each) for each in kept)


def test_codes_are_dropped_a_day_after_they_are_over(ana, counsellor, monday):
    code_of_staff(ana, counsellor)
    over = clock.now() + number_changes.STAFF_LASTS

    with transaction():
        assert number_changes.sweep(over + timedelta(days=1)) == 0
        assert number_changes.sweep(over + timedelta(days=1, seconds=1)) == 1
    left = db.session.scalars(select(DirectoryEntry).where(DirectoryEntry.purpose == number_changes.PURPOSE)).all()
    assert left == []


def test_nothing_more_goes_to_the_old_phone(ana, clinic, counsellor):
    date = make_occurrence(make_meeting(clinic))
    post(ana, date)

    text(NEW, code_of_staff(ana, counsellor))

    assert [message.kind for message in pending()] == ["opt_in"]
    assert all(message.number == NEW for message in pending())


def post(person, date):
    ask(person, date)
    with transaction():
        db.session.execute(update(Message).values(state="pending"))


def test_the_next_holder_cannot_answer_what_the_last_was_asked(ana, clinic, hold, monday):
    date, old = make_occurrence(make_meeting(clinic)), ana.phone
    ask(ana, date)
    with transaction():
        numbers.release(again(ana), way="staff", by=ana.id)
    next_one = make_person(clinic, phone=old)
    hold(monday + timedelta(minutes=2))

    assert kinds(next_one, "Y") == ["nothing_open"]
    assert rsvps.find_answer(clinic.id, date.id, ana.id) is None


def test_what_the_last_holder_wrote_is_not_counted_for_the_next(ana, clinic, hold, monday):
    old = ana.phone
    text(ana, "qwertz")
    with transaction():
        numbers.release(again(ana), way="staff", by=ana.id)
    next_one = make_person(clinic, phone=old)
    hold(monday + timedelta(minutes=2))

    assert kinds(next_one, "asdf") == ["unknown"]
    assert tasks("not_understood") == []


def test_a_stranger_with_a_released_number_is_answered_as_if_nobody_had_written_from_it(ana, counsellor):
    old = ana.phone
    with transaction():
        numbers.freeze([again(ana)], way="carrier")
    assert kinds(old, "hello") == ["unknown_sender"]
    assert kinds(old, "hello") == []

    with transaction():
        numbers.release(again(ana), way="staff", by=counsellor.id)

    assert kinds(old, "hello") == ["unknown_sender"]


def test_the_text_that_brought_a_code_is_theirs(ana, counsellor):
    text(NEW, code_of_staff(ana, counsellor))

    kept = db.session.scalars(select(InboundText)).one()
    assert (kept.verb, kept.organisation_id, kept.person_id) == ("new_number", ana.organisation_id, ana.id)
