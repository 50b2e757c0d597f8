from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare.audit.models import AuditEvent
from aftercare.consent import ledger
from aftercare.conversations import enrolment
from aftercare.conversations.enrolment import Enrolment
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.core.errors import Invalid
from aftercare.meetings.models import Member
from aftercare.messaging import holders
from aftercare.people import accounts, directory
from aftercare.people.models import Person
from aftercare.recovery import progress
from tests.conversations.reminding import plan, thursday, to
from tests.conversations.reminding import texts as posted
from tests.conversations.texting import kinds, pending, reach
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person

NUMBER = "+13035550142"


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def sam(clinic):
    return make_person(clinic, role="counsellor")


def enrol(clinic, by, **given):
    with transaction():
        return enrolment.enrol(clinic, Enrolment(**{"name": "Ana Rivera", "language": "en"} | given), by=by.id)


def wrong(clinic, by, **given):
    with pytest.raises(Invalid) as caught:
        enrol(clinic, by, **given)
    return caught.value.fields


def patients(clinic):
    db.session.rollback()
    return list(accounts.people_with_role(clinic.id, "patient"))


def memberships():
    db.session.rollback()
    return [(row.meeting_id, row.person_id, row.since) for row in db.session.scalars(select(Member))]


def test_who_is_added_by_staff_and_says_yes_is_reminded_of_the_next_date_of_their_group(clinic, sam, hold):
    date = thursday(clinic)
    ana = enrol(clinic, sam, phone="303 555 0142", agrees_to_texts=True, group=str(date.meeting_id))
    (invitation,) = pending()
    assert (invitation.kind, invitation.person_id, invitation.asks) == ("opt_in", ana.id, True)
    with transaction():
        reach(invitation)
    hold(clock.now() + timedelta(minutes=1))

    assert kinds(NUMBER, "Y") == ["welcome"]
    to(hold, date, hours=49)
    plan()

    assert [(text.person_id, text.occurrence_id) for text in posted()] == [(ana.id, date.id)]
    assert db.session.get_one(Person, (clinic.id, ana.id)).phone_verified_at is not None


def test_a_person_is_added_with_goal_group_and_language(clinic, sam):
    group = make_occurrence(make_meeting(clinic)).meeting_id

    ana = enrol(clinic, sam, name=" Ana Rivera ", language="es", goal=3, group=str(group))

    assert [(each.name, each.language, each.phone) for each in patients(clinic)] == [("Ana Rivera", "es", "")]
    assert progress.goal_of(ana) == 3
    path = progress.find_path(ana)
    assert path is not None
    assert path.enrolled_on == clock.today(clinic.zone)
    assert memberships() == [(group, ana.id, clock.today(clinic.zone))]


def test_consent_is_written_down_with_who_recorded_it(clinic, sam):
    ana = enrol(clinic, sam, phone=NUMBER, agrees_to_texts=True)

    said = ledger.find_newest(ana)
    assert said is not None
    assert (said.act, said.way, said.recorded_by, said.wording) == ("grant", "staff", sam.id, ledger.WORDING)


def test_who_did_not_agree_to_texts_gets_none(clinic, sam, hold):
    date = thursday(clinic)
    ana = enrol(clinic, sam, phone=NUMBER, group=str(date.meeting_id))
    to(hold, date, hours=47)
    plan()

    assert pending() == []
    assert ledger.find_newest(ana) is None
    assert directory.find_by_phone(NUMBER) == [(clinic.id, ana.id)]


def test_every_step_leaves_a_trace_of_who_did_it(clinic, sam):
    group = make_occurrence(make_meeting(clinic)).meeting_id

    ana = enrol(clinic, sam, phone=NUMBER, agrees_to_texts=True, group=str(group))

    wanted = select(AuditEvent).where(AuditEvent.person_id == ana.id)
    acts = {(row.act, row.actor_id) for row in db.session.scalars(wanted)}
    assert acts == {("person.added", sam.id), ("texts.grant", sam.id), ("group.joined", sam.id)}


def test_all_that_is_wrong_is_said_at_once_and_nobody_is_added(clinic, sam):
    found = wrong(clinic, sam, name=" ", phone="12", language="xx", goal=0, group="nothing")

    assert set(found) == {"name", "phone", "language", "goal", "group"}
    assert patients(clinic) == []


def test_texts_need_a_number(clinic, sam):
    assert set(wrong(clinic, sam, agrees_to_texts=True)) == {"phone"}


def test_a_number_that_somebody_here_has_is_refused_plainly(clinic, sam):
    make_person(clinic, phone=NUMBER)

    assert "already has this number" in wrong(clinic, sam, phone="(303) 555-0142")["phone"]


@pytest.mark.parametrize("trouble", ["left", "frozen"])
def test_the_number_of_somebody_it_no_longer_reaches_may_be_anothers(clinic, sam, hold, monday, trouble):
    past = make_person(clinic, phone=NUMBER, name="Luis Ortega")
    with transaction():
        row = accounts.get_person(clinic.id, past.id)
        row.left_at = clock.now() if trouble == "left" else None
        row.phone_frozen_at = clock.now() if trouble == "frozen" else None
    ana = enrol(clinic, sam, phone=NUMBER, agrees_to_texts=True)
    with transaction():
        reach(*pending())
    hold(monday + timedelta(minutes=1))

    assert kinds(NUMBER, "Y") == ["welcome"]

    assert [person.id for person in holders.of(NUMBER)] == [ana.id]
    assert not ledger.allows_texts(accounts.get_person(clinic.id, past.id))


def test_a_number_known_to_another_organisation_says_nothing_of_it(clinic, sam):
    make_person(make_organisation(), phone=NUMBER)

    ana = enrol(clinic, sam, phone=NUMBER)

    assert [each.id for each in patients(clinic)] == [ana.id]


@pytest.mark.parametrize("kind", ["programme", "fellowship"])
def test_nobody_is_added_to_a_meeting_of_others(clinic, sam, kind):
    other = make_organisation() if kind == "programme" else clinic
    meeting = make_meeting(other, kind=kind)
    if kind == "programme":
        make_occurrence(meeting)

    assert set(wrong(clinic, sam, group=str(meeting.id))) == {"group"}
    assert memberships() == []
