"""Two change one group at the same moment: each waits for the other, none in a circle, nothing is done twice."""

import threading
from dataclasses import replace
from datetime import date

import pytest

from aftercare.core.db import db, transaction
from aftercare.core.errors import Refused
from aftercare.meetings import changes, closures, drafts, rsvps, schedule, series
from aftercare.meetings import dates as one_date
from aftercare.meetings.closures import Plan
from tests.factories import make_member, make_organisation, make_person
from tests.meetings.serial import FIRST, TUESDAYS, WEDNESDAYS, dates, on, publish

ROUNDS = 3
LAST = date(2026, 12, 8)


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def at_once(app, *acts):
    """Do several acts at the same moment, each in a transaction of its own."""
    begin, found = threading.Barrier(len(acts)), []

    def play(act):
        with app.app_context():
            begin.wait()
            try:
                with transaction():
                    act()
            except Refused:
                pass
            except Exception as trouble:
                found.append(trouble)
            finally:
                db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=play, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == []


def edit(keys, **given):
    row = schedule.get_meeting(*keys)
    series.change(row.organisation_id, row.id, replace(drafts.of(row), **given), by=None)


def test_two_changes_and_answers_at_once_neither_wait_in_a_circle_nor_double_a_date(app, clinic):
    meeting = publish(clinic, capacity=2, repeat=replace(TUESDAYS, count=6))
    people = [make_person(clinic) for _ in range(3)]
    make_member(meeting, people[0])
    keys, ids = (clinic.id, meeting.id), [row.id for row in dates(meeting)]
    persons = [person.id for person in people]

    for number in range(ROUNDS):
        at_once(
            app,
            lambda number=number: edit(keys, first=FIRST.replace(hour=9 + number)),
            lambda: edit(keys, repeat=replace(TUESDAYS, weekdays=(1, 3), count=9)),
            lambda: changes.cancel_occurrence(keys[0], ids[1], by=None),
            lambda: changes.move_occurrence(keys[0], ids[2], to=FIRST.replace(day=20), by=None),
            lambda: schedule.extend_by_id(*keys),
            lambda number=number: one_date.change_place(keys[0], ids[3], name=f"Room {number}", address="", by=None),
            lambda: closures.close(keys[0], Plan("organisation", LAST, LAST), by=None),
            *(lambda key=key, person=person: rsvps.answer(keys[0], key, person, "yes", via="web")
              for key, person in zip(ids, persons, strict=False)),
        )  # fmt: skip
        at_once(app, lambda: edit(keys, repeat=replace(WEDNESDAYS, count=6)), lambda: edit(keys, name="Skills"))

    meeting = schedule.get_meeting(*keys)
    slots = [row.slot_local for row in dates(meeting)]
    assert len(slots) == len(set(slots))
    days = [row.slot_local.date() for row in on(meeting) if row.slot_local]
    assert len(days) == len(set(days))
