import pytest
from sqlalchemy import select

from aftercare.audit import trail
from aftercare.audit.models import AuditEvent
from aftercare.calendars import feeds
from aftercare.calendars.models import Feed
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid, NotFound
from aftercare.people.models import DirectoryEntry
from tests.factories import make_organisation, make_person


def create(person, name="My phone", level="full"):
    with transaction():
        return feeds.create(person, name=name, level=level)


def revoke(feed, person):
    with transaction():
        return feeds.revoke(feed.organisation_id, feed.id, person_id=person.id)


def test_the_secret_is_128_random_bits_and_never_stored(app):
    ana = make_person()
    feed, secret = create(ana)
    _, other = create(ana)

    assert len(secret) == 22
    assert secret != other
    kept = [feed.key_hash, *db.session.scalars(select(DirectoryEntry.key).where(DirectoryEntry.purpose == "feed"))]
    assert all(secret.encode() not in key and len(key) == 32 for key in kept)


def test_a_calendar_is_found_by_its_secret_alone(app):
    ana = make_person()
    feed, secret = create(ana, level="busy")

    found = feeds.find(secret)

    assert found is not None
    assert (found.feed_id, found.reader.person_id, found.reader.level) == (feed.id, ana.id, "busy")


def test_each_device_can_be_turned_off_alone(app):
    ana = make_person()
    phone, laptop = create(ana, "Phone")[0], create(ana, "Laptop")[0]

    revoke(phone, ana)

    assert [feed.id for feed in feeds.of(ana)] == [laptop.id]


def test_a_calendar_turned_off_twice_is_off_since_the_first_time(app, monday):
    ana = make_person()
    feed, _ = create(ana)

    first = revoke(feed, ana).revoked_at
    again = revoke(feed, ana).revoked_at

    assert first == again == monday


def test_nobody_turns_off_the_calendar_of_another_person(app):
    clinic = make_organisation()
    ana, ben = make_person(clinic), make_person(clinic)
    feed, _ = create(ana)

    with pytest.raises(NotFound):
        revoke(feed, ben)

    assert len(feeds.of(ana)) == 1


def test_nobody_turns_off_a_calendar_through_another_organisation(app):
    ana, elsewhere = make_person(), make_organisation()
    feed, _ = create(ana)

    with pytest.raises(NotFound), transaction():
        feeds.revoke(elsewhere.id, feed.id, person_id=ana.id)

    assert len(feeds.of(ana)) == 1


def test_the_trail_says_what_was_made_and_revoked_but_no_name_of_a_device(app):
    ana = make_person()
    feed, _ = create(ana, "Device of Ana")
    revoke(feed, ana)

    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()

    assert [(event.act, event.about_id, event.person_id) for event in events] == [
        ("feed.created", feed.id, ana.id),
        ("feed.revoked", feed.id, ana.id),
    ]
    assert [event.facts for event in events] == [{"level": "full"}, {"level": "full"}]
    assert trail.verify(ana.organisation_id) == (2, None)


@pytest.mark.parametrize(
    ("name", "level", "field"),
    [("", "full", "name"), ("  ", "full", "name"), ("x" * 41, "full", "name"), ("Phone", "everything", "level")],
)
def test_a_calendar_that_cannot_be_is_refused_with_its_field(app, name, level, field):
    ana = make_person()

    with pytest.raises(Invalid) as refusal:
        create(ana, name, level)

    assert list(refusal.value.fields) == [field]
    assert db.session.scalars(select(Feed)).all() == []


def test_nobody_collects_calendars_without_end(app):
    ana = make_person()
    for number in range(feeds.MOST_FEEDS):
        create(ana, f"Phone {number}")

    with pytest.raises(Conflict):
        create(ana)

    assert len(feeds.of(ana)) == feeds.MOST_FEEDS
