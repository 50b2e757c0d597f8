"""How the finder's statements are answered: by an index each, whatever is asked."""

import re

import pytest
from sqlalchemy import event, text

from aftercare.core.db import db
from tests.factories import make_meeting, make_occurrence, make_organisation
from tests.meetings.finding import UNION, at, list_rows, look

#: What SQLite reads from one end to the other: lists that the statement itself gives, and what an index found.
READ_WHOLE = re.compile(
    r"SCAN (json_each|r VIRTUAL|near|kept|counted|piece_|CONSTANT ROW|\(subquery"
    r"|meeting_words VIRTUAL TABLE INDEX \d+:M1)"
)
WISHES = [
    {},
    {"day": "now"},
    {"day": "week", "time": "night", "attend": "online"},
    {"q": "lamp", "day": "week"},
    {"type": "SP", "language": "es", "open": "closed", "day": "week"},
    {"near": UNION, "within": "50"},
    {"near": UNION, "sort": "distance", "q": "lamp"},
    {"near": "Denver", "day": "sat", "time": "evening"},
]


@pytest.fixture
def clinic(app, monday):
    organisation = make_organisation()
    list_rows(
        organisation,
        *(at((0, 1, 4, 24)[n % 4], "mon", f"{n % 12 + 11}:00", name=f"Lamp {n}", types=["O", "SP"]) for n in range(40)),
    )
    make_occurrence(make_meeting(organisation, name="Ours"))
    return organisation


@pytest.mark.parametrize("chosen", WISHES, ids=lambda chosen: ", ".join(chosen) or "all")
def test_no_question_reads_a_whole_table(clinic, database, chosen):
    sent = _sent(lambda: look(clinic, **chosen))

    assert len(sent) >= 3
    for sql, given in sent:
        plan = _plan(sql, given, database)
        assert _read_whole(plan, database) == [], "\n".join([sql, *plan])


def list_many(organisation):
    """List as many as make PostgreSQL choose the better of two indexes."""
    starts = (f"{n % 12 + 10}:{n % 60:02}" for n in range(1_200))
    houses = (at(24, "tue", start, name=f"Lantern {n}", location=f"Home {n}") for n, start in enumerate(starts))
    list_rows(organisation, *houses, location="many")


def test_rare_words_lead_through_the_full_text_index_to_their_meetings(clinic, database):
    list_many(clinic)
    sent = _sent(lambda: look(clinic, q="lantern 77"))
    (plan,) = [_plan(sql, given, database) for sql, given in sent if "start_minute" in sql]
    index = "ix_meetings_words" if database == "postgresql" else "meeting_words VIRTUAL TABLE"

    assert index in "\n".join(plan)


@pytest.mark.parametrize("sort", ["distance", "start"])
def test_places_lead_through_their_cells_to_their_meetings(clinic, database, sort):
    list_many(clinic)
    for each in range(2):
        list_rows(clinic, at(0, "tue", "10:00", name=f"Near {each}"), location=f"near {each}")
    sent = _sent(lambda: look(clinic, near=UNION, within="1", sort=sort))
    plans = [_plan(sql, given, database) for sql, given in sent if "d.cell" in sql]

    assert len(plans) == (1 if sort == "distance" else 2)
    for plan in plans:
        assert "ix_meeting_days_by_cell" in "\n".join(plan)


def test_a_full_page_is_read_from_the_first_day_alone(clinic):
    (sql,) = [sql for sql, _ in _sent(lambda: look(clinic, day="week", limit=5)) if "start_minute" in sql]

    assert "s0" in sql
    assert "s1" not in sql


def _sent(act):
    seen = []

    def note(_connection, _cursor, statement, parameters, *_):
        if statement.lstrip().startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen


def _plan(sql, given, database):
    connection = db.session.connection()
    if database == "postgresql":
        # Few rows are read faster without an index; many are not.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", given)]
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]


def _read_whole(plan, database):
    if database == "postgresql":
        return [line for line in plan if "Seq Scan on" in line]
    return [line for line in plan if line.startswith("SCAN") and not READ_WHOLE.match(line)]
