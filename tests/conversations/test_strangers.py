from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging.models import InboundText
from tests.conversations.texting import ask, kinds, text
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def ana(clinic):
    return make_person(clinic)


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic))


def status(occurrence, person):
    db.session.rollback()
    row = rsvps.find_answer(occurrence.organisation_id, occurrence.id, person.id)
    return row.status if row else "none"


def test_a_stranger_gets_one_answer_an_hour_with_the_lines_of_help(clinic, ana, hold, monday):
    stranger = "+13035559999"

    (said,) = text(stranger, "who is this")
    assert said.body == ("Sorry, we did not understand. If you need help now, call or text 988 any time, or call 911.")
    assert (said.person_id, said.is_answer) == (None, True)
    assert text(stranger, "Y") == []

    hold(monday + timedelta(hours=1, seconds=1))
    assert kinds(stranger, "YES") == ["unknown_sender"]


def test_staff_and_people_who_have_left_are_answered_as_strangers(clinic, ana):
    counsellor = make_person(clinic, role="counsellor")
    with transaction():
        db.session.merge(ana).left_at = clock.now()

    assert [m.body for m in text(counsellor, "NEXT")] == [m.body for m in text(ana, "NEXT")]
    assert {inbound.person_id for inbound in db.session.scalars(select(InboundText))} == {None}


def test_a_number_that_is_no_longer_a_persons_leads_to_nobody(clinic, ana, date):
    ask(ana, date)
    old = ana.phone
    with transaction():
        db.session.merge(ana).phone = "+13035550177"

    assert kinds(old, "Y") == ["unknown_sender"]
    assert status(date, ana) == "none"


def test_after_hello_a_stop_is_answered_once_whether_the_number_was_known_or_not(clinic, ana):
    with transaction():
        db.session.merge(ana).left_at = clock.now()

    said = [[kinds(number, words) for words in ("hi", "STOP", "STOP")] for number in (ana.phone, "+13035559999")]

    assert said == [[["unknown_sender"], ["stop"], []]] * 2
