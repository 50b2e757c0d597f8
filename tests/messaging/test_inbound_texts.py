from datetime import timedelta

import pytest

from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.messaging import inbound_texts
from aftercare.messaging.models import InboundText
from aftercare.people.models import Organisation
from tests.factories import make_organisation, make_person


@pytest.fixture
def ana(app, monday):
    return make_person(make_organisation())


def came_in(person, sid, minutes, *, number):
    given = {"sid": sid, "number": number, "sent_to": "+13035550100", "body": sid, "verb": "other"}
    return InboundText(
        **given, organisation_id=person.organisation_id, person_id=person.id,
        received_at=clock.now() + timedelta(minutes=minutes),
    )  # fmt: skip


def row_after(*texts):
    with transaction():
        db.session.add_all(texts)
    return [each.sid for each in inbound_texts.row_of(texts[-1])]


def test_two_texts_of_one_person_stand_in_a_row(ana):
    assert row_after(*(came_in(ana, sid, at, number=ana.phone) for at, sid in enumerate(("A", "B")))) == ["A", "B"]


def test_on_a_shared_phone_what_another_wrote_does_not_stand_beside_it(ana):
    ben = make_person(db.session.get_one(Organisation, ana.organisation_id), phone=ana.phone)

    assert row_after(came_in(ben, "A", 0, number=ana.phone), came_in(ana, "B", 1, number=ana.phone)) == ["B"]
