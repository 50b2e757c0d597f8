from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import changes, closures, rsvps, schedule
from aftercare.meetings.closures import Plan
from aftercare.meetings.models import Occurrence, Place
from aftercare.messaging.models import Message
from tests.factories import (
    make_meeting,
    make_member,
    make_occurrence,
    make_organisation,
    make_person,
    make_rsvp,
    saved,
)

TUESDAY = datetime(2026, 11, 3, 18, 0)
WEEK = timedelta(days=7)
FIRST, LAST = date(2026, 11, 3), date(2026, 11, 10)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


@pytest.fixture
def hall(clinic):
    return saved(Place(organisation_id=clinic.id, name="Hall"))


def weeks(meeting, count=3):
    return [make_occurrence(meeting, starts=TUESDAY + number * WEEK) for number in range(count)]


def close(clinic, scope="organisation", **given):
    with transaction():
        plan = replace(Plan(scope, FIRST, LAST, reason="Flood"), **given)
        done = closures.close(clinic.id, plan, by=None)
        return done.closure.id, done.told


def lift(clinic, key):
    with transaction():
        return closures.lift(clinic.id, key, by=None).told


def statuses(dates):
    db.session.rollback()
    return [schedule.get_occurrence(each.organisation_id, each.id).status for each in dates]


def bodies(*states):
    db.session.rollback()
    wanted = select(Message).where(Message.state.in_(states or ("pending",))).order_by(Message.id)
    return [message.body for message in db.session.scalars(wanted)]


def let_texts_leave():
    with transaction():
        db.session.execute(update(Message).values(state="delivered"))


def test_each_person_gets_one_text_however_many_of_their_dates_are_off(clinic):
    meeting = make_meeting(clinic)
    first, second, third = weeks(meeting)
    make_member(meeting, make_person(clinic))
    make_rsvp(second, make_person(clinic, language="es"))

    _, told = close(clinic)

    assert told == 2
    assert statuses([first, second, third]) == ["cancelled", "cancelled", "scheduled"]
    assert sorted(bodies()) == [
        "Se cancela: mar 10 nov, 6:00 p.m. La siguiente: mar 17 nov, 6:00 p.m. Responde S si puedes venir, N si no.",
        "Tue Nov 3, 6:00 PM is off. Also off: 1 more, until Tue Nov 10, 6:00 PM. Next: Tue Nov 17, 6:00 PM."
        " Reply Y or N.",
    ]


def test_only_the_closed_meeting_is_closed(clinic):
    closed, other = make_meeting(clinic), make_meeting(clinic)
    dates = [make_occurrence(each, starts=TUESDAY) for each in (closed, other)]

    close(clinic, "meeting", meeting_id=closed.id)

    assert statuses(dates) == ["cancelled", "scheduled"]


def test_a_closed_place_closes_what_is_there_also_for_one_date_but_nothing_online(clinic, hall):
    there = make_occurrence(make_meeting(clinic, place_id=hall.id), starts=TUESDAY)
    for_once = make_occurrence(make_meeting(clinic), starts=TUESDAY, place_id=hall.id)
    elsewhere = make_occurrence(make_meeting(clinic), starts=TUESDAY)
    online = make_occurrence(make_meeting(clinic, place_id=hall.id, attendance="online"), starts=TUESDAY)

    close(clinic, "place", place_id=hall.id)

    assert statuses([there, for_once, elsewhere, online]) == ["cancelled", "cancelled", "scheduled", "scheduled"]


def test_the_days_are_those_on_the_wall_and_both_are_closed(clinic):
    meeting = make_meeting(clinic)
    moments = [(2, 23, 59), (3, 0, 0), (10, 23, 59), (11, 0, 0)]
    dates = [make_occurrence(meeting, starts=datetime(2026, 11, *each)) for each in moments]

    close(clinic)

    assert statuses(dates) == ["scheduled", "cancelled", "cancelled", "scheduled"]


def test_what_has_begun_or_was_cancelled_before_is_left_alone(clinic, hold):
    meeting = make_meeting(clinic)
    begun, off = make_occurrence(meeting, starts=TUESDAY), make_occurrence(meeting, starts=TUESDAY + WEEK)
    with transaction():
        changes.cancel_occurrence(clinic.id, off.id, by=None)
    hold(begun.starts_at)
    key, _ = close(clinic)

    lift(clinic, key)

    assert statuses([begun, off]) == ["scheduled", "cancelled"]


def test_dates_written_out_during_a_closure_are_off_from_the_start_and_nobody_is_told(clinic, monday):
    meeting = make_meeting(clinic)
    make_member(meeting, make_person(clinic))
    key, _ = close(clinic, "meeting", meeting_id=meeting.id)

    with transaction():
        schedule.extend(schedule.get_meeting(clinic.id, meeting.id))

    wanted = select(Occurrence.status, Occurrence.closure_id).order_by(Occurrence.starts_at).limit(3)
    assert [tuple(row) for row in db.session.execute(wanted)] == [("cancelled", key)] * 2 + [("scheduled", None)]
    assert lift(clinic, key) == 0
    assert {row[0] for row in db.session.execute(wanted)} == {"scheduled"}
    assert bodies() == []


def test_it_reopens_by_itself(clinic, hold, monday):
    meeting = make_meeting(clinic)
    close(clinic, "meeting", meeting_id=meeting.id)
    hold(monday + timedelta(days=10))
    assert closures.standing(clinic.id) == []

    with transaction():
        schedule.extend(schedule.get_meeting(clinic.id, meeting.id))

    assert set(db.session.scalars(select(Occurrence.status))) == {"scheduled"}


def test_opening_early_gives_back_the_dates_and_answers_and_tells_each_once(clinic):
    meeting = make_meeting(clinic)
    dates, ana = weeks(meeting), make_person(clinic)
    for each in dates:
        make_rsvp(each, ana)
    key, _ = close(clinic)
    let_texts_leave()

    assert lift(clinic, key) == 1

    assert statuses(dates) == ["scheduled"] * 3
    assert {row.status for each in dates for row in rsvps.answers(each)} == {"going"}
    assert bodies() == ["Tue Nov 3, 6:00 PM is on after all. Also on: 1 more, until Tue Nov 10, 6:00 PM."]


def test_opening_before_anybody_has_heard_takes_the_texts_back_and_tells_nobody(clinic):
    make_rsvp(weeks(make_meeting(clinic))[0], make_person(clinic))
    key, _ = close(clinic)

    assert lift(clinic, key) == 0
    assert bodies("pending", "delivered") == []


def test_a_date_that_another_closure_covers_too_stays_closed(clinic):
    meeting = make_meeting(clinic)
    [first, second] = weeks(meeting, 2)
    whole, _ = close(clinic)
    own, _ = close(clinic, "meeting", meeting_id=meeting.id, last_day=FIRST)

    lift(clinic, whole)

    assert statuses([first, second]) == ["cancelled", "scheduled"]
    lift(clinic, own)
    assert statuses([first]) == ["scheduled"]


def test_a_date_that_was_let_happen_by_itself_stays_on_and_is_cancelled_for_good_by_itself(clinic):
    [first, second] = weeks(make_meeting(clinic), 2)
    key, _ = close(clinic)
    for each in (first, second):
        with transaction():
            changes.reinstate_occurrence(clinic.id, each.id, by=None)
    with transaction():
        changes.cancel_occurrence(clinic.id, second.id, by=None)

    lift(clinic, key)

    assert statuses([first, second]) == ["scheduled", "cancelled"]


def test_it_is_opened_early_once(clinic):
    key, _ = close(clinic)
    lift(clinic, key)

    with pytest.raises(Conflict, match="open again already"):
        lift(clinic, key)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scope": "town"}, "scope"),
        ({"last_day": date(2026, 11, 2)}, "last_day"),
        ({"first_day": date(2026, 10, 1), "last_day": date(2026, 11, 1)}, "last_day"),
        ({"last_day": date(2027, 11, 4)}, "last_day"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_a_closure_that_cannot_be_says_which_field(clinic, given, field):
    with pytest.raises(Invalid) as refusal:
        close(clinic, **given)

    assert list(refusal.value.fields) == [field]


def test_what_is_foreseen_is_what_happens(clinic):
    meeting = make_meeting(clinic)
    dates = weeks(meeting)
    for number in range(4):
        make_member(meeting, make_person(clinic, language=("en", "es")[number % 2]))
    make_rsvp(dates[1], make_person(clinic, agrees_to_texts=False))

    with transaction():
        foreseen = closures.foresee_closing(clinic.id, Plan("organisation", FIRST, LAST))
    assert (bodies(), statuses(dates)) == ([], ["scheduled"] * 3)
    key, told = close(clinic)

    assert sorted(bodies()) == sorted(
        body for (_, _, body), count in foreseen.outlook.texts.items() for _ in range(count)
    )
    assert (foreseen.outlook.people, set(foreseen.dates)) == (told, {dates[0].id, dates[1].id})
    assert foreseen.outlook.without == {"no_consent": 1}
    let_texts_leave()
    with transaction():
        again = closures.foresee_lifting(clinic.id, key)
    assert (again.outlook.people, lift(clinic, key)) == (4, 4)
