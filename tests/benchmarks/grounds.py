"""Where benchmarks run: an application on a fresh database of each kind."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from aftercare.core.db import db
from tests import postgres
from tests.conftest import migrated

KINDS = ("sqlite", "postgresql")


@contextmanager
def application(kind: str) -> Iterator[Flask]:
    """Give an application on a new database, in its context; the database goes with it."""
    run = postgres.Run()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite'}" if kind == "sqlite" else postgres.start().create("bench")
        app = migrated(url)
        try:
            with app.app_context():
                yield app
                db.session.remove()
                db.engine.dispose()
        finally:
            run.end()


def seconds(act: Callable[[], object], *, rounds: int) -> list[float]:
    """Measure an act some times over."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return taken
