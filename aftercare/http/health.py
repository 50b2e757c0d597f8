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
    try:
        found = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        return jsonify(status="no database"), 503
    wanted = ScriptDirectory(str(folders.find("migrations"))).get_current_head()
    if found != wanted:
        return jsonify(status="not migrated"), 503
    return jsonify(status="ok")
