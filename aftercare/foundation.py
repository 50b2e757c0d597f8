"""An application without doors: its database, its keys, its clock and its languages. The worker stands on no more."""

from typing import Any

from flask import Flask

from aftercare import config
from aftercare.core import clock, folders
from aftercare.core.crypto import Keyring
from aftercare.core.db import db
from aftercare.core.sealed import EXTENSION as KEYRING
from aftercare.http import pages
from aftercare.http.dispatch import Service


def lay(settings: config.Settings, *, for_worker: bool = False) -> Flask:
    """Build an application that nobody can call yet."""
    app = Service("aftercare", template_folder=str(folders.find("templates")), static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings, for_worker=for_worker),
    )
    app.config.update(settings.overrides)
    app.extensions[config.EXTENSION] = settings
    app.extensions[KEYRING] = Keyring.read(settings.encryption_keys)
    clock.follow(settings.demo_clock)
    db.init_app(app)
    pages.speak(app)
    return app


def _engine_options(settings: config.Settings, *, for_worker: bool) -> dict[str, Any]:
    """Have at least as many connections as threads: a small pool cost three times the speed when measured.

    A worker's statements name hundreds of texts, never the same: kept by SQLite as usual they take 5 MB.
    """
    if settings.database_url.startswith("sqlite"):
        kept = {"cached_statements": 16} if for_worker else {}
        return {"hide_parameters": True, "connect_args": {"timeout": 30, **kept}}
    size = settings.worker_concurrency + 4
    return {"hide_parameters": True, "pool_size": size, "max_overflow": 4, "pool_pre_ping": True}
