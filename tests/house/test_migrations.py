"""One head; up, down and up again with rows in it; and nothing in the models that the migrations do not make."""

from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, table

from aftercare.app import create_app
from aftercare.consent import ledger
from aftercare.core import clock, folders, ids
from aftercare.core.db import Model, db, transaction
from aftercare.meetings import rsvps
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox
from tests import postgres
from tests.conftest import settings_for
from tests.factories import make_attendance, make_meeting, make_occurrence, make_organisation, make_person


@pytest.fixture
def empty(database, tmp_path, request):
    if database == "sqlite":
        url = f"sqlite:///{tmp_path / 'up-and-down.sqlite'}"
    else:
        url = postgres.start().create(f"updown_{abs(hash(request.node.nodeid))}_{tmp_path.name[-1]}")
    app = create_app(settings_for(url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_there_is_one_head():
    assert len(ScriptDirectory(str(folders.find("migrations"))).get_heads()) == 1


def test_the_migrations_make_what_the_models_say(empty):
    upgrade()

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        differences = compare_metadata(context, Model.metadata)

    assert [each for each in differences if not (_is_sqlite_reflection(each) or _is_full_text(each))] == []


def test_up_down_and_up_again_with_rows(empty):
    upgrade()
    clinic = make_organisation()
    occurrence, ana = make_occurrence(make_meeting(clinic)), make_person(clinic)
    with transaction():
        rsvps.answer(clinic.id, occurrence.id, ana.id, "yes", via="web")
    make_attendance(occurrence, ana)
    db.session.remove()

    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    upgrade()
    assert make_organisation().slug.startswith("elm-")


def test_a_step_back_and_forth_loses_no_row_that_both_shapes_can_hold(empty):
    upgrade()
    clinic = make_organisation()
    occurrence, ana = make_occurrence(make_meeting(clinic)), make_person(clinic, phone="+15035550142")
    with transaction():
        ledger.grant_texts(ana, way="web")
        rsvps.answer(clinic.id, occurrence.id, ana.id, "yes", via="web")
        outbox.post_answer(
            clinic, ana.phone, "help", once="help:1", useful_until=clock.now() + timedelta(hours=1), language="en"
        )
    make_attendance(occurrence, ana)
    off = ids.new()
    make_occurrence(make_meeting(clinic), status="cancelled", id=off)
    before = _counts()
    db.session.remove()

    downgrade(revision="2026_11_23_first_tables")
    upgrade()

    assert all(before[name] for name in ("people", "person_roles", "messages", "consent_events"))
    assert _counts() == before
    # Whoever cancelled it before that was kept, a rule does not bring it back.
    assert [row.id for row in db.session.scalars(select(Occurrence)) if row.is_called_off] == [off]


def _counts():
    names = [name for name in inspect(db.engine).get_table_names() if not name.startswith("meeting_words_")]
    with db.engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) for name in names}


def _is_sqlite_reflection(difference):
    """Tell whether SQLite merely reports a type by another of its names (BLOB and TEXT hold what we asked for)."""
    return db.engine.dialect.name == "sqlite" and isinstance(difference, list) and difference[0][0] == "modify_type"


def _is_full_text(difference):
    """Tell whether this is what words and days are found by: each database has its own, so the models have none."""
    if not isinstance(difference, tuple):
        return False
    made = ("meeting_numbers", "meeting_words", "ix_meetings_words", "ix_meeting_days_by_zone")
    return difference[0] in ("remove_table", "remove_index") and difference[1].name.startswith(made)
