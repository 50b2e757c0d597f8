from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict
from aftercare.meetings import changes, foresight, rsvps, schedule
from aftercare.meetings.models import Rsvp
from aftercare.messaging.models import Message
from aftercare.recovery import progress
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEEK = timedelta(days=7)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def date(clinic):
    return make_occurrence(make_meeting(clinic), starts=TUESDAY, capacity=2)


def cancel(date):
    with transaction():
        changes.cancel_occurrence(date.organisation_id, date.id, by=None)


def reinstate(date):
    with transaction():
        return changes.reinstate_occurrence(date.organisation_id, date.id, by=None).told


def let_texts_leave():
    with transaction():
        db.session.execute(update(Message).where(Message.state == "pending").values(state="delivered"))


def texts(kind=None):
    db.session.rollback()
    wanted = select(Message).where(Message.state == "pending").order_by(Message.id)
    return [each.body for each in db.session.scalars(wanted if kind is None else wanted.where(Message.kind == kind))]


def answers(date):
    db.session.rollback()
    return {row.person_id: (row.status, row.position, row.voided_from) for row in rsvps.answers(date)}


def now(date):
    db.session.rollback()
    return schedule.get_occurrence(date.organisation_id, date.id)


def test_answers_come_back_as_they_were_and_the_line_in_its_order(clinic, date):
    going, also, second, first, thinking, away = (make_person(clinic) for _ in range(6))
    for person, status, position in (
        (going, "going", None), (also, "going", None), (second, "waitlisted", 2), (first, "waitlisted", 1),
        (thinking, "maybe", None), (away, "declined", None),
    ):  # fmt: skip
        make_rsvp(date, person, status=status, position=position)
    before = answers(date)
    cancel(date)
    assert {status for status, _, _ in answers(date).values()} == {"void", "declined"}

    reinstate(date)

    assert answers(date) == before


def test_with_fewer_seats_than_before_who_came_last_is_first_in_line(clinic, date):
    people = [make_person(clinic) for _ in range(3)]
    for number, person in enumerate(people[:2]):
        make_rsvp(date, person, created_at=datetime(2026, 11, 1, 12, number, tzinfo=UTC))
    make_rsvp(date, people[2], status="waitlisted", position=1)
    cancel(date)
    with transaction():
        schedule.lock_occurrence(clinic.id, date.id).capacity = 1

    reinstate(date)

    found = answers(date)
    assert [found[person.id][:2] for person in people] == [("going", None), ("waitlisted", 1), ("waitlisted", 2)]


def test_an_offer_that_was_open_is_made_anew(clinic, date, monday):
    ana = make_person(clinic)
    make_rsvp(date, ana, status="offered", position=1, offered_until=monday + timedelta(minutes=20))
    cancel(date)

    reinstate(date)

    row = db.session.get_one(Rsvp, (clinic.id, date.id, ana.id))
    assert (row.status, row.offered_until) == ("offered", monday + timedelta(hours=4))
    assert texts("offer") != []


def test_each_who_heard_that_it_was_off_hears_once_that_it_is_on_and_is_asked_anew(clinic, date):
    ana, member, away = (make_person(clinic) for _ in range(3))
    make_rsvp(date, ana, confirmed_at=date.starts_at, confirmed_via="sms", answered_at=date.starts_at)
    make_member(schedule.get_meeting(clinic.id, date.meeting_id), member)
    make_rsvp(date, away, status="declined")
    cancel(date)
    let_texts_leave()

    assert [reinstate(date), reinstate(date)] == [2, 0]

    assert texts() == ["Tue Nov 3, 6:00 PM is on after all. Reply Y if you can come, N if not."] * 2
    row = db.session.get_one(Rsvp, (clinic.id, date.id, ana.id))
    assert (row.status, row.confirmed_at, row.answered_at) == ("going", None, None)


def test_in_spanish_and_with_its_name_for_those_who_chose_that(clinic, date):
    make_rsvp(date, make_person(clinic, language="es", text_level="plain"))
    cancel(date)
    let_texts_leave()

    reinstate(date)

    assert texts() == [
        "Al final no se cancela: Tools for the Week, mar 3 nov, 6:00 p.m. Responde S si puedes venir, N si no."
    ]


def test_news_that_waits_of_an_earlier_date_offers_this_one_again(clinic, hold, monday):
    hold(monday + timedelta(hours=13))
    meeting = make_meeting(clinic)
    first, second, _third = (make_occurrence(meeting, starts=TUESDAY + number * WEEK) for number in range(3))
    make_rsvp(first, make_person(clinic))
    cancel(first)
    cancel(second)
    assert "Next: Tue Nov 17" in texts()[0]

    reinstate(second)

    assert [text.split("Next: ")[1][:10] for text in texts()] == ["Tue Nov 10"]


def test_a_moved_date_is_on_again_where_it_was_moved_to(clinic, date):
    with transaction():
        changes.move_occurrence(clinic.id, date.id, to=TUESDAY + timedelta(days=1), by=None)
    cancel(date)

    reinstate(date)

    assert (now(date).status, now(date).start_local) == ("moved", TUESDAY + timedelta(days=1))


def test_the_sequence_rises_with_each_change(date):
    cancel(date)
    reinstate(date)
    cancel(date)

    assert now(date).sequence == 3


def test_what_has_begun_is_not_reinstated(date, hold):
    cancel(date)
    hold(date.starts_at)

    with pytest.raises(Conflict, match="has begun"):
        reinstate(date)
    assert now(date).status == "cancelled"


def test_the_week_is_asked_for_again(clinic, date):
    ana = make_person(clinic)
    make_rsvp(date, ana)
    cancel(date)
    assert progress.whole(ana).streak.this_week_goal == 0

    reinstate(date)

    assert progress.whole(ana).streak.this_week_goal == 1


@pytest.mark.parametrize("has_left", [True, False])
def test_what_is_foreseen_is_what_goes_out(clinic, date, has_left):
    for language in ("en", "es"):
        make_rsvp(date, make_person(clinic, language=language))
    make_rsvp(date, make_person(clinic, agrees_to_texts=False))
    cancel(date)
    if has_left:
        let_texts_leave()

    outlook = foresight.of_reinstating(clinic.id, date.id)
    told = reinstate(date)

    assert (outlook.people, sorted(body for _, _, body in outlook.texts)) == (told, sorted(texts()))
    assert told == (2 if has_left else 0)
    assert outlook.without == ({"no_consent": 1} if has_left else {"no_consent": 1, "unaware": 2})
