"""Runs the migrations, online only, with the engine and metadata of the application."""

from alembic import context
from flask import current_app

from aftercare.core.db import Model, db

context.config.set_main_option("sqlalchemy.url", "set-by-the-application")


def run() -> None:
    """Run what is due in one transaction."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
