"""The watch that `aftercare serve` keeps: it tells that texts stand still when no worker is left to tell."""

import threading

import structlog
from flask import Flask

from aftercare.conversations import upkeep
from aftercare.core import logs
from aftercare.core.db import db

log = structlog.get_logger()
#: Seconds. The first look comes only then, when the web processes have been started: no connection is open meanwhile.
EVERY = 60.0


def keep_watch(app: Flask, stop: threading.Event, *, every: float = EVERY) -> threading.Thread:
    """Look after the workers from time to time, in a thread, until told to stop; several at once do no harm."""

    def watch() -> None:
        while not stop.wait(every):
            try:
                look_once(app)
            except Exception as trouble:  # The database may be away for a while.
                log.error("watch_stumbled", kind=type(trouble).__name__, where=logs.where(trouble))

    thread = threading.Thread(target=watch, name="watch", daemon=True)
    thread.start()
    return thread


def look_once(app: Flask) -> None:
    """Look, and leave no connection open."""
    with app.app_context():
        try:
            upkeep.look()
        finally:
            db.session.remove()
            db.engine.dispose()
