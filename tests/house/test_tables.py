"""Every tenant table begins with its organisation; every SQLite table is STRICT (architecture.md)."""

import pytest
from sqlalchemy import UniqueConstraint, text

from aftercare import tables
from aftercare.app import create_app
from aftercare.core.db import Model, db
from tests.conftest import settings_for

#: Indexes that do not lead with the organisation, and why.
WITHOUT_ORGANISATION = {
    "ix_number_changes_untexted": "the worker texts the codes that wait, of whichever organisation",
    "ix_messages_unfinished": "a worker claims what is due next, of whichever organisation",
    "ix_messages_wanted_back": "a worker asks what of its own is wanted back, of whichever organisation",
    "ix_messages_urgent": "help in danger goes first, of whichever organisation",
    "ix_messages_delivered": "whether carriers filter us is told over all that one sender sends",
    "ix_messages_taken": "the carrier names a text by its own id alone",
    "ix_outreach_tasks_unattended": "a worker closes alarms that are over, of whichever organisation",
    "ix_occurrences_changed": "a sweep looks for news that must be heard soon, of whichever organisation",
}


def test_every_table_is_listed_as_global_or_tenant():
    listed = {model.__tablename__ for model in (*tables.GLOBAL, *tables.TENANT)}

    assert listed == set(Model.metadata.tables)


@pytest.mark.parametrize("model", tables.TENANT, ids=lambda model: model.__tablename__)
def test_keys_and_indexes_of_a_tenant_table_lead_with_the_organisation(model):
    table = model.__table__
    keys = [table.primary_key, *(c for c in table.constraints if isinstance(c, UniqueConstraint)), *table.indexes]

    led = {key.name: next(iter(key.columns)).name for key in keys if key.name not in WITHOUT_ORGANISATION}

    assert set(led.values()) == {"organisation_id"}, led


def test_every_reference_between_tenants_includes_the_organisation():
    loose = [
        f"{model.__tablename__}.{key.name}"
        for model in tables.TENANT
        for key in Model.metadata.tables[model.__tablename__].foreign_key_constraints
        if "organisation_id" not in key.column_keys
    ]

    assert loose == []


def test_every_sqlite_table_is_strict(app, database):
    if database != "sqlite":
        assert db.engine.dialect.name == "postgresql"
        return
    wanted = text("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    loose = {
        row.name
        for row in db.session.execute(wanted)
        if not row.strict and not row.name.startswith(("sqlite_", "alembic_"))
    }

    assert loose == set()


def test_sqlite_keeps_its_manners(tmp_path):
    manners = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30000, "synchronous": 2}

    with create_app(settings_for(f"sqlite:///{tmp_path / 'mannered.sqlite'}")).app_context():
        said = {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in manners}
        db.session.remove()
        db.engine.dispose()

    assert said == manners
