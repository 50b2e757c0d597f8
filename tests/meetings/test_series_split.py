import pytest
from sqlalchemy import event, text

from aftercare.core.db import db
from aftercare.meetings import schedule, series_split
from tests.factories import make_organisation
from tests.meetings.exchange.feeds import row
from tests.meetings.exchange.imports import imported
from tests.meetings.serial import FIRST, TUESDAYS, edit, publish


@pytest.fixture
def clinic(app, monday):
    return make_organisation()


def test_the_heir_of_a_meeting_is_read_from_the_few_heirs_alone(clinic, database):
    imported(clinic, *(row(slug=f"lamp-{n}", name=f"Lamp {n}") for n in range(40)))
    meeting = publish(clinic, repeat=TUESDAYS)
    heir = edit(meeting, since=FIRST.date().replace(day=24), name="Skills").meeting.id
    meeting, sent = schedule.get_meeting(clinic.id, meeting.id), []

    event.listen(db.engine, "before_cursor_execute", note := lambda *given: sent.append(given[2:4]))
    try:
        found = series_split.find_heir(meeting)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert found
    assert found.id == heir
    [(sql, given)] = sent
    connection = db.session.connection()
    if database == "postgresql":
        # Few rows are read faster without an index; many are not.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = connection.exec_driver_sql(("EXPLAIN " if database == "postgresql" else "EXPLAIN QUERY PLAN ") + sql, given)
    assert "ix_meetings_heirs" in "\n".join(str(line) for line in plan)
