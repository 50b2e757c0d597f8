"""Is it alive, is it ready: for whatever watches over the service."""

import re
from functools import cache

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from aftercare.core import folders
from aftercare.core.db import db
from aftercare.http import guards

door = Blueprint("health", __name__)
_REVISION = re.compile(r'^revision\b[^=]*= "(.+)"', re.MULTILINE)
_BEFORE = re.compile(r'^down_revision\b[^=]*= "(.+)"', re.MULTILINE)


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
        found = _shape()
    except SQLAlchemyError:
        return "no database"
    return None if found == newest_shape() else "not migrated"


@cache
def newest_shape() -> str:
    """Name the newest migration, read from the files: Alembic itself would take 13 MB of every worker."""
    files = (folders.find("migrations") / "versions").glob("*.py")
    written = [each.read_text(encoding="utf-8") for each in files]
    made, passed = ({name for file in written for name in pattern.findall(file)} for pattern in (_REVISION, _BEFORE))
    (newest,) = made - passed
    return str(newest)


def _shape() -> str | None:
    connection = db.session.connection()
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
