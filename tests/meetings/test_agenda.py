from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from aftercare.core.db import db
from aftercare.meetings import agenda
from tests.conftest import MONDAY
from tests.factories import make_meeting, make_member, make_occurrence, make_organisation, make_person, make_rsvp

TUESDAY = MONDAY.replace(tzinfo=None) + timedelta(days=1)
TIME: dict[str, Any] = {"since": MONDAY - timedelta(days=7), "until": MONDAY + timedelta(days=70)}


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def test_a_calendar_shows_what_its_person_answered_or_expects_in_order(clinic):
    ana, group, other = make_person(clinic), make_meeting(clinic), make_meeting(clinic)
    make_member(group, ana)
    later, sooner = (make_occurrence(group, starts=TUESDAY + timedelta(weeks=week)) for week in (1, 0))
    maybe, declined, _ = (make_occurrence(other, starts=TUESDAY + timedelta(days=day)) for day in (3, 4, 5))
    make_rsvp(maybe, ana, status="maybe")
    make_rsvp(declined, ana, status="declined")

    shown = agenda.shown_to(clinic.id, ana.id, **TIME, also=[declined.id])
    found = agenda.of_person(clinic.id, ana.id, **TIME)

    expected = [(sooner.id, None), (maybe.id, "maybe"), (declined.id, "declined"), (later.id, None)]
    assert [(each.id, each.answer) for each in shown] == expected
    assert [each.occurrence.id for each in found] == [sooner.id, maybe.id, later.id]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # It has no figures to plan by.
@pytest.mark.parametrize("ask", [agenda.shown_to, agenda.of_person])
def test_no_date_is_read_but_those_of_the_person(clinic, ask):
    ana, asked = make_person(clinic), []

    def note(*given):
        asked.append(given[2:4])

    event.listen(db.engine, "before_cursor_execute", note)
    ask(clinic.id, ana.id, **TIME)
    event.remove(db.engine, "before_cursor_execute", note)
    sql, given = next(each for each in asked if "FROM occurrences" in each[0])

    plan = [step for *_, step in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
    by_other_than_id = [step for step in plan if "occurrences" in step and "id=?)" not in step]
    assert by_other_than_id + [step for step in plan if "occurrences_organisation_id_starts_at" in step] == []
