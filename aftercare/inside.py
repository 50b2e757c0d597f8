"""What every command stands on: the settings, the application, a transaction, and a database that is ready."""

import gc
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from aftercare import config, foundation
from aftercare.core.db import db, transaction
from aftercare.core.errors import Misconfigured, Refused
from aftercare.http import health

Command = Callable[..., Any]
NOT_MIGRATED = "The database has no tables yet, or old ones. Bring it to the newest shape with: aftercare db upgrade"


def in_app(command: Command) -> Command:
    """Run a command inside the application, in one transaction."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with application().app_context(), transaction():
            return command(*args, **kwargs)

    return run


def without_doors(command: Command) -> Command:
    """Run a command in one transaction, on an application that nobody can call: it starts in half the time."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        app = foundation.lay(settings())
        # What is loaded stays: to look through it again and again takes a tenth of a long import.
        gc.freeze()
        with app.app_context(), transaction():
            return command(*args, **kwargs)

    return run


def application() -> Flask:
    """Build the whole application from the environment."""
    return cast(Flask, import_module("aftercare.app").create_app(settings()))


def settings() -> config.Settings:
    """Read the settings, and make a folder for the embedded database."""
    read = config.read()
    try:
        url = make_url(read.database_url)
    except ArgumentError as error:
        raise Misconfigured(
            "AFTERCARE_DATABASE_URL is no address of a database, like sqlite:////srv/aftercare.sqlite."
        ) from error
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return read


def refuse_unready(app: Flask) -> None:
    """Raise Refused if the database is not there, or not in the newest shape."""
    with app.app_context():
        trouble = health.what_is_missing()
        db.session.remove()
        db.engine.dispose()
    if trouble == "no database":
        raise Refused("The database cannot be reached. Check AFTERCARE_DATABASE_URL, and that its server runs.")
    if trouble:
        raise Refused(NOT_MIGRATED)
