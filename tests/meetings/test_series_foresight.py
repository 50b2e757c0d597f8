from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from aftercare.core.db import db, transaction
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import closures, drafts, schedule, series, series_foresight
from aftercare.meetings.closures import Plan
from aftercare.meetings.series_foresight import NEW
from aftercare.messaging.models import Message
from tests.factories import make_member, make_organisation, make_person, make_rsvp
from tests.meetings import failing
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, publish

CHANGES: dict[str, tuple[date | None, dict[str, Any]]] = {
    "hour": (None, {"first": FIRST.replace(hour=19)}),
    "weekday": (None, {"repeat": replace(WEDNESDAYS, count=10), "name": "Skills"}),
    "every other": (None, {"repeat": replace(TUESDAYS, every=2, count=5), "place_name": "Hall"}),
    "following": (date(2026, 11, 24), {"repeat": replace(WEDNESDAYS, count=10)}),
    "name": (None, {"name": "Skills"}),
}


@pytest.fixture
def meeting(app, monday):
    """A group with members and answers in every language, level and state."""
    clinic = make_organisation()
    meeting = publish(clinic)
    rows = dates(meeting)
    for number, (language, level) in enumerate([(a, b) for a in ("en", "es") for b in ("discreet", "plain")]):
        person = make_person(clinic, language=language, text_level=level)
        make_member(meeting, person)
        make_rsvp(rows[number], make_person(clinic, language=language, text_level=level))
    make_member(meeting, make_person(clinic, agrees_to_texts=False))
    make_rsvp(rows[0], make_person(clinic), status="declined")
    return meeting


def act(meeting, name):
    since, changes = CHANGES[name]
    row = schedule.get_meeting(meeting.organisation_id, meeting.id)
    return replace(drafts.of(row), **changes), since


def posted():
    db.session.rollback()
    return Counter((each.language, each.channel, each.body) for each in db.session.scalars(select(Message)))


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_shown_before_a_change_is_what_goes_out(meeting, name):
    keys = meeting.organisation_id, meeting.id
    draft, since = act(meeting, name)
    before = failing.dump()

    with transaction():
        found = series_foresight.of_change(*keys, draft, since=since)
    assert failing.changed(before, failing.dump()) == set()
    with transaction():
        done = series.change(*keys, draft, since=since, by=None)

    assert found.outlook.texts == posted()
    assert (found.outlook.people, found.people) == (done.settled.told, done.settled.people)
    assert found.is_silent is (name == "name")


def test_each_date_is_shown_with_what_becomes_of_it(meeting):
    draft, _ = act(meeting, "every other")

    found = series_foresight.of_change(meeting.organisation_id, meeting.id, draft)

    assert [each.fate for each in found.dates[:4]] == ["stays", "cancelled", "stays", "cancelled"]
    assert found.fates == {"stays": 5, "cancelled": 5}


def test_new_dates_are_shown_among_the_others_in_their_order(meeting):
    draft, _ = act(meeting, "weekday")

    found = series_foresight.of_change(meeting.organisation_id, meeting.id, draft)

    assert [each.fate for each in found.dates[:4]] == ["cancelled", "new", "cancelled", "new"]
    assert found.dates[1].was is None


def test_who_gets_none_is_counted_with_the_reason(meeting):
    found = series_foresight.of_end(meeting.organisation_id, meeting.id, since=date(2026, 11, 3))

    assert found.outlook.without == {"no_consent": 1}
    assert found.outlook.people == 8


def test_what_cannot_be_done_cannot_be_looked_at(meeting):
    keys = meeting.organisation_id, meeting.id
    with pytest.raises(Invalid):
        series_foresight.of_change(*keys, replace(act(meeting, "name")[0], name=""))
    with transaction():
        series.end(*keys, since=date(2026, 11, 2), by=None)

    with pytest.raises(Conflict):
        series_foresight.of_end(*keys, since=date(2026, 11, 3))


def test_a_new_date_that_is_closed_from_the_start_is_not_shown_as_one(meeting):
    thursdays = replace(TUESDAYS, weekdays=(1, 3), count=20)
    with transaction():
        closures.close(meeting.organisation_id, Plan("organisation", date(2026, 11, 5), date(2026, 11, 5)), by=None)

    with transaction():
        draft = replace(drafts.of(schedule.get_meeting(meeting.organisation_id, meeting.id)), repeat=thursdays)
        found = series_foresight.of_change(meeting.organisation_id, meeting.id, draft)

    assert [each.starts_at.date() for each in found.dates if each.fate == NEW][:2] == [
        date(2026, 11, 13), date(2026, 11, 20),
    ]  # fmt: skip
