"""Runs the migrations, online only, with the engine and metadata of the application."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from aftercare.core.db import Model, db

context.config.set_main_option("sqlalchemy.url", "set-by-the-application")


def run() -> None:
    """Run what is due in one transaction."""
    with db.engine.connect() as connection, _rebuilding(connection):
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            _refuse_orphans(connection)


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """Let SQLite drop a table and make it anew: with its keys in force, the rows that refer to it would go with it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise RuntimeError(
                f"The migration would leave {len(orphans)} rows that refer to nothing; nothing was done."
            )


run()
