"""Who waits for whom, for tests in which two transactions meet."""

import threading
from collections.abc import Callable

from flask import Flask

from aftercare.core.db import db, is_postgresql, transaction
from tests.worker_process import wait_until


def someone_waits() -> bool:
    """Tell whether a transaction waits for another one's lock (on SQLite it does from its first statement)."""
    held_back = db.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return not is_postgresql() or bool(db.session.execute(held_back).scalar_one())


def meeting_halfway(app: Flask, first: Callable[[], object], other: Callable[[], object]) -> list[str]:
    """Do something, let somebody else run into it, and commit; give the names of what the other one failed with."""
    failed: list[str] = []

    def follow() -> None:
        try:
            with app.app_context(), transaction():
                other()
        except Exception as trouble:
            failed.append(type(trouble).__name__)

    following = threading.Thread(target=follow)
    with transaction():
        first()
        db.session.flush()
        following.start()
        wait_until(someone_waits)
    following.join(300)
    db.session.rollback()
    return failed
