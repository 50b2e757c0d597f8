"""Is it alive, is it ready: for whatever watches over the service."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from aftercare.core import folders
from aftercare.core.db import db
from aftercare.http import guards

door = Blueprint("health", __name__)


@door.get("/healthz")
@guards.public
def alive() -> ResponseReturnValue:
    """Say that the process answers; the database is not asked."""
    return jsonify(status="ok")


@door.get("/readyz")
@guards.public
def ready() -> ResponseReturnValue:
    """Say whether the database is reachable and in the newest shape; 503 tells a proxy to send people elsewhere."""
    trouble = what_is_missing()
    return (jsonify(status=trouble), 503) if trouble else jsonify(status="ok")


def what_is_missing() -> str | None:
    """Say what the database lacks before the service can work on it; None if nothing."""
    try:
        found = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        return "no database"
    wanted = ScriptDirectory(str(folders.find("migrations"))).get_current_head()
    return None if found == wanted else "not migrated"
