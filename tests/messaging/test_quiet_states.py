"""Quiet hours of the state that people live in and of their number, where texts are posted and claimed."""

from datetime import UTC, datetime, timedelta

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.meetings import rsvps
from aftercare.messaging import outbox
from aftercare.messaging.models import Message
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.messaging.posting import Carrier, delivery, post_text

NEW_YORK = "America/New_York"
DAYS = timedelta(days=3)


def make_eastern(**given):
    return make_person(make_organisation(zone=NEW_YORK), **given)


def post(person, due):
    with transaction():
        message = outbox.post(
            person,
            "milestone",
            once="m",
            occurs_on=due.date(),
            due_at=due,
            useful_until=due + timedelta(days=3),
            count=5,
        )
        assert message is not None
        return message.due_at


def eastern(day, hour, minute=0):
    return datetime(2026, 11, day, hour + 5, minute, tzinfo=UTC)


def test_a_number_keeps_the_state_of_its_area_code_beside_it(app):
    person = make_person(phone="+14015550142")
    states = [person.phone_state]
    for number in ("+18005550142", None):
        person.phone = number
        states.append(person.phone_state)

    assert states == ["RI", None, None]


def test_a_text_that_is_too_late_for_where_the_number_is_from_leaves_earlier(app, hold):
    hold(eastern(2, 10))
    ana, ben = make_eastern(phone="+14015550142"), make_eastern(phone="+12125550142")

    assert post(ana, eastern(4, 18, 30)) == eastern(4, 17, 30)
    assert post(ben, eastern(4, 18, 30)) == eastern(4, 18, 30)


def test_a_text_that_is_too_late_for_where_somebody_lives_leaves_earlier(app, hold):
    hold(eastern(2, 10))
    ana = make_eastern(phone="+12125550142", state="RI")

    assert post(ana, eastern(4, 18, 30)) == eastern(4, 17, 30)
    # On a Saturday Rhode Island is quiet from five on.
    assert post(make_eastern(phone="+14015550143", state="KY"), eastern(7, 17, 30)) == eastern(7, 16, 30)


def test_the_claim_looks_at_the_state_again(app, hold):
    hold(eastern(4, 18, 30))
    ana = make_eastern(phone="+14015550142")
    text = post_text(ana, is_answer=False, useful_until=clock.now() + timedelta(days=1))
    carrier = Carrier()

    delivery(app, carrier).drain()

    db.session.rollback()
    assert carrier.bodies == []
    assert db.session.merge(text).due_at == eastern(5, 9)


def test_a_row_that_knows_no_state_yet_is_judged_by_its_number(app, hold):
    hold(eastern(4, 18, 30))
    ana = make_eastern(phone="+14015550142")
    with transaction():
        ana.phone_state = None
        db.session.add(ana)
    post_text(ana, is_answer=False, useful_until=clock.now() + timedelta(days=1))
    carrier = Carrier()

    delivery(app, carrier).drain()

    assert carrier.bodies == []


def test_an_offer_waits_while_whoever_is_next_is_asleep(app, hold):
    """Eight in the evening in Denver is ten in New York."""
    clinic = make_organisation()
    hold(datetime(2026, 11, 3, 2, 0, tzinfo=UTC))
    date = make_occurrence(make_meeting(clinic, capacity=1), starts=datetime(2026, 11, 5, 18))
    ana = make_person(clinic, zone=NEW_YORK)
    make_rsvp(date, ana, status="waitlisted", position=1)
    assert offered(clinic, date) == 0

    hold(datetime(2026, 11, 3, 17, 0, tzinfo=UTC))
    assert offered(clinic, date) == 1


def offered(clinic, date):
    with transaction():
        rsvps.offer_free_seats(clinic.id, date.id)
    db.session.rollback()
    return len(db.session.scalars(db.select(Message).where(Message.kind == "offer")).all())
