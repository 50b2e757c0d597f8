from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import select

from aftercare.calendars import bodies
from aftercare.calendars.bodies import Label
from aftercare.calendars.models import FeedBody
from aftercare.core.db import db, transaction
from aftercare.people import accounts
from tests.calendars.devices import fetch, subscribe
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp

BEFORE = Label("1", "0" * 32, MONDAY)


def test_the_same_bytes_keep_their_tag_and_their_date(app, hold):
    hold(MONDAY)
    first, _ = bodies.packed(b"feed", version="1", before=None)
    hold(MONDAY + timedelta(days=1))
    again, body = bodies.packed(b"feed", version="2", before=first)

    assert (again.tag, again.changed_at) == (first.tag, first.changed_at)
    assert (body.tag, body.changed_at) == (first.tag, MONDAY)


def test_other_bytes_get_a_later_date_than_those_before(app, hold):
    hold(MONDAY)
    within_a_second, _ = bodies.packed(b"feed", version="2", before=BEFORE)
    hold(MONDAY + timedelta(minutes=5))
    later, _ = bodies.packed(b"feed", version="2", before=BEFORE)

    assert within_a_second.changed_at == MONDAY + timedelta(seconds=1)
    assert later.changed_at == MONDAY + timedelta(minutes=5)


def test_the_same_bytes_are_packed_alike(app, monday):
    assert bodies.unchanged_since(monday, b"feed") == bodies.unchanged_since(monday, b"feed")


def test_phones_that_ask_at_once_get_one_feed_and_no_error(app, client, monday):
    clinic = make_organisation()
    ana = make_person(clinic)
    path = subscribe(ana)
    fetch(client, path)
    make_rsvp(make_occurrence(make_meeting(clinic)), ana)
    with transaction():
        accounts.touch_calendars(clinic.id, [ana.id])
    ready = Barrier(6)

    def ask(_number):
        ready.wait()
        with app.app_context():
            answer = app.test_client().get(path)
            return answer.status_code, answer.headers["ETag"]

    with ThreadPoolExecutor(6) as phones:
        answers = set(phones.map(ask, range(6)))

    db.session.rollback()
    assert answers == {(200, f'"{db.session.scalars(select(FeedBody.tag)).one()}"')}
