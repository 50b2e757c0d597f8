from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import changes, foresight
from aftercare.meetings.models import Place
from aftercare.messaging import own_words
from aftercare.messaging.models import Message
from aftercare.people.models import Person
from tests.factories import (
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)

TUESDAY, LATER = datetime(2026, 11, 3, 18, 0), datetime(2026, 11, 5, 19, 0)


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation()
    with transaction():
        for language, body in (("en", "Off: {when:short}. Sorry."), ("es", "Se cancela {when:short}. Perdona.")):
            own_words.keep(organisation.id, ("cancelled", language, "discreet"), body, by=None)
    return organisation


def crowd(organisation, meeting, date):
    """Gather everybody whom a change may concern, in every language, level and state."""
    people = [
        make_person(organisation, language=language, text_level=level, zone=zone)
        for language in ("en", "es")
        for level in ("discreet", "plain")
        for zone in ("America/Denver", "America/New_York")
    ]
    silent = [
        make_person(organisation, agrees_to_texts=False),
        make_person(organisation, phone="", agrees_to_texts=False),
        frozen(make_person(organisation)),
        stopped(make_person(organisation)),
    ]
    for number, person in enumerate([*people, *silent]):
        if number % 2:
            make_member(meeting, person)
        else:
            make_rsvp(date, person, status=("going", "maybe", "waitlisted")[number % 3], position=number)
    make_rsvp(date, make_person(organisation), status="declined")
    gone = make_person(organisation)
    make_member(meeting, gone)
    with transaction():
        db.session.get_one(Person, (organisation.id, gone.id)).left_at = date.starts_at
    return people


def frozen(person):
    with transaction():
        db.session.get_one(Person, (person.organisation_id, person.id)).phone_frozen_at = person.created_at
    return person


def stopped(person):
    with transaction():
        ledger.withdraw_texts(db.session.get_one(Person, (person.organisation_id, person.id)), way="text")
    return person


def posted():
    db.session.rollback()
    return Counter((each.language, each.channel, each.body) for each in db.session.scalars(select(Message)))


@pytest.mark.parametrize("attendance", ["in_person", "online"])
@pytest.mark.parametrize("has_next", [True, False])
def test_what_is_shown_before_cancelling_is_what_goes_out(clinic, attendance, has_next):
    place = saved(Place(organisation_id=clinic.id, name="Room 12"))
    meeting = make_meeting(clinic, attendance=attendance, place_id=place.id)
    date = make_occurrence(meeting, starts=TUESDAY)
    if has_next:
        make_occurrence(meeting, starts=TUESDAY + timedelta(days=7))
    people = crowd(clinic, meeting, date)

    outlook = foresight.of_cancelling(clinic.id, date.id)
    with transaction():
        done = changes.cancel_occurrence(clinic.id, date.id, by=None)

    assert outlook.texts == posted()
    assert outlook.people == done.told == len(people)
    assert len(outlook.texts) == (8 if attendance == "online" else 4)
    assert any(body.startswith("Off: Tue") for _, _, body in outlook.texts) is not has_next


@pytest.mark.parametrize("attendance", ["in_person", "online"])
def test_what_is_shown_before_moving_is_what_goes_out(clinic, attendance):
    meeting = make_meeting(clinic, attendance=attendance)
    date = make_occurrence(meeting, starts=TUESDAY)
    people = crowd(clinic, meeting, date)

    outlook = foresight.of_moving(clinic.id, date.id, to=LATER, minutes=90)
    with transaction():
        done = changes.move_occurrence(clinic.id, date.id, to=LATER, minutes=90, by=None)

    assert outlook.texts == posted()
    assert outlook.people == done.told == len(people)


def test_who_gets_none_is_counted_with_the_reason(clinic):
    meeting = make_meeting(clinic)
    date = make_occurrence(meeting, starts=TUESDAY)
    crowd(clinic, meeting, date)

    for outlook in (
        foresight.of_cancelling(clinic.id, date.id),
        foresight.of_moving(clinic.id, date.id, to=LATER, minutes=None),
    ):
        assert outlook.without == {"no_consent": 1, "no_number": 1, "frozen": 1, "stopped": 1, "said_no": 1}


def test_news_that_would_come_too_late_for_the_night_is_not_counted_as_read(clinic, hold):
    date = make_occurrence(make_meeting(clinic), starts=datetime(2026, 11, 3, 7, 0))
    make_rsvp(date, make_person(clinic))
    hold(date.starts_at - timedelta(hours=5))

    outlook = foresight.of_cancelling(clinic.id, date.id)

    assert (outlook.people, outlook.without) == (0, {"too_late": 1})


def test_looking_ahead_writes_nothing(clinic):
    date = make_occurrence(make_meeting(clinic), starts=TUESDAY)
    make_rsvp(date, make_person(clinic))

    with transaction():
        foresight.of_cancelling(clinic.id, date.id)
        foresight.of_moving(clinic.id, date.id, to=LATER, minutes=None)

    assert posted() == {}
    assert foresight.of_cancelling(clinic.id, date.id).people == 1


def test_the_look_asks_the_same_however_many_people(clinic, statements):
    few, many = (make_occurrence(make_meeting(clinic), starts=TUESDAY) for _ in range(2))
    for date, count in ((few, 1), (many, 4)):
        for _ in range(count):
            make_rsvp(date, make_person(clinic))
    keys = [(clinic.id, date.id) for date in (few, many)]

    counted = []
    for key in keys:
        db.session.rollback()
        counted.append(statements(lambda key=key: foresight.of_cancelling(*key)))

    assert counted[0] == counted[1]


def test_what_cannot_be_done_cannot_be_looked_at(clinic, hold):
    date = make_occurrence(make_meeting(clinic), starts=TUESDAY)
    with pytest.raises(Invalid, match="still to come"):
        foresight.of_moving(clinic.id, date.id, to=TUESDAY - timedelta(days=7), minutes=None)
    with transaction():
        changes.cancel_occurrence(clinic.id, date.id, by=None)
    with pytest.raises(Conflict, match="cancelled already"):
        foresight.of_cancelling(clinic.id, date.id)
    with pytest.raises(Conflict, match="cannot be moved"):
        foresight.of_moving(clinic.id, date.id, to=LATER, minutes=None)

    other = make_occurrence(make_meeting(clinic), starts=TUESDAY)
    hold(other.starts_at)
    with pytest.raises(Conflict, match="has begun"):
        foresight.of_cancelling(clinic.id, other.id)


def test_a_move_to_where_it_is_tells_nobody(clinic):
    date = make_occurrence(make_meeting(clinic), starts=TUESDAY)
    make_rsvp(date, make_person(clinic))

    assert foresight.of_moving(clinic.id, date.id, to=TUESDAY, minutes=None).people == 0
