import threading

import pytest
from sqlalchemy.exc import IntegrityError

from aftercare.audit import trail
from aftercare.core.db import db, transaction
from aftercare.people import accounts
from aftercare.people.models import Person
from tests.factories import make_organisation, make_person


@pytest.fixture
def two():
    clinic = make_organisation()
    people = [make_person(clinic), make_person(clinic)]
    return clinic.id, [person.id for person in people]


def version_of(organisation_id, person_id):
    wanted = db.select(Person.calendar_version).where(Person.organisation_id == organisation_id, Person.id == person_id)
    return db.session.scalars(wanted).one()


def touch_and_fail(organisation_id, person_id):
    """Touch a calendar in a transaction that cannot be committed: somebody without a name."""
    with transaction():
        accounts.touch_calendars(organisation_id, [person_id])
        db.session.add(Person(organisation_id=organisation_id, zone="UTC"))


def test_what_touches_a_calendar_twice_in_one_transaction_raises_its_version_once(app, two):
    clinic, (ana, other) = two
    before = version_of(clinic, ana)

    with transaction():
        accounts.touch_calendars(clinic, [ana])
        accounts.touch_calendars(clinic, [other, ana])

    assert [version_of(clinic, key) - before for key in (ana, other)] == [1, 1]


def test_a_transaction_that_fails_touches_no_calendar_of_the_next(app, two):
    clinic, (ana, other) = two
    before = version_of(clinic, ana)
    with pytest.raises(IntegrityError):
        touch_and_fail(clinic, ana)

    with transaction():
        accounts.touch_calendars(clinic, [other])

    assert [version_of(clinic, key) - before for key in (ana, other)] == [0, 1]


def test_two_who_touch_the_same_calendars_in_opposite_order_do_not_wait_for_each_other(app, two):
    clinic, people = two
    failed, met = [], threading.Barrier(2)

    def touch(first, second):
        try:
            with app.app_context(), transaction():
                accounts.touch_calendars(clinic, [first])
                trail.record("test", organisation_id=clinic, about="person")
                if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
                    met.wait(10)
                accounts.touch_calendars(clinic, [second])
        except Exception as trouble:
            failed.append(type(trouble).__name__)

    before = version_of(clinic, people[0])
    db.session.rollback()
    both = [threading.Thread(target=touch, args=order) for order in (people, people[::-1])]
    for each in both:
        each.start()
    for each in both:
        each.join(30)

    assert failed == []
    db.session.rollback()
    assert [version_of(clinic, key) - before for key in people] == [2, 2]
