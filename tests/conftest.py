"""What every test stands on: both databases, an application on each, a clean slate, a clock that can be held."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, text

from aftercare import config, tables
from aftercare.app import create_app
from aftercare.core import clock
from aftercare.core.crypto import new_key
from aftercare.core.db import begin_reading, db
from tests import postgres

pytest_plugins = ["tests.postgres", "tests.browsing", "tests.sharing_out"]

KEY = new_key(1)
SECRET = "only-for-tests-" + "0123456789abcdefghij"
TABLES = [model.__tablename__ for model in (*tables.GLOBAL, *tables.TENANT)]
#: The tables that have rows, with the bytes of their files, and how many bytes are many.
FULL = " UNION ALL ".join(f"(SELECT '{name}', pg_relation_size('{name}') FROM {name} LIMIT 1)" for name in TABLES)  # noqa: S608
GROWN = 1_000_000
#: A Monday at ten in the morning in Denver; no clock change near.
MONDAY = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)


def settings_for(database_url: str, **more: Any) -> config.Settings:
    """Make the settings of an application under test."""
    quick = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    overrides = {"TESTING": True, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": quick}
    given = {"base_url": "http://localhost", "overrides": overrides} | more
    return config.Settings(database_url=database_url, secret_key=SECRET, encryption_keys=KEY, **given)


def migrated(database_url: str) -> Flask:
    """Make an application on a new database, with all tables."""
    app = create_app(settings_for(database_url))
    with app.app_context():
        upgrade()
        db.session.remove()
    return app


def be_careless(connection: Any, _record: Any) -> None:
    """Let nothing wait for the disk: a power cut may take what a test wrote, as with our PostgreSQL."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


class Databases:
    """One application for each kind of database, made when first asked for and emptied after each test."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.apps: dict[str, Flask] = {}

    def app(self, kind: str) -> Flask:
        if kind not in self.apps:
            self.apps[kind] = self._sqlite() if kind == "sqlite" else self._postgresql()
        return self.apps[kind]

    def clean(self, kind: str) -> None:
        with self.apps[kind].app_context():
            db.session.remove()
            (self._clean_sqlite if kind == "sqlite" else self._clean_postgresql)()

    def _sqlite(self) -> Flask:
        app = migrated(f"sqlite:///{self.folder / 'test.sqlite'}")
        with app.app_context():
            db.engine.dispose()
            event.listen(db.engine, "connect", be_careless)
        shutil.copy(self.folder / "test.sqlite", self.folder / "empty.sqlite")
        return app

    def _clean_sqlite(self) -> None:
        db.engine.dispose()
        for left in ("-wal", "-shm"):
            (self.folder / f"test.sqlite{left}").unlink(missing_ok=True)
        shutil.copy(self.folder / "empty.sqlite", self.folder / "test.sqlite")

    def _postgresql(self) -> Flask:
        return migrated(postgres.start().create(f"test_{self.name}_{os.getpid()}"))

    def _clean_postgresql(self) -> None:
        """Empty the tables that have rows; `replica` switches off foreign keys and the guard of the audit trail.

        TRUNCATE makes new files for every table and index, a hundred times slower than deleting a few rows; it is for
        tables that have grown.
        """
        with db.engine.begin() as connection:
            full = connection.execute(text(FULL)).all()
            acts = [f"TRUNCATE {name} CASCADE" if size > GROWN else f"DELETE FROM {name}" for name, size in full]  # noqa: S608
            connection.exec_driver_sql("; ".join(["SET LOCAL session_replication_role = replica", *acts]))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Databases:
    """Give the databases of this test process."""
    return Databases(tmp_path_factory.mktemp("databases"), worker_id)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Run a test once on each kind of database."""
    return str(request.param)


@pytest.fixture
def app(databases: Databases, database: str) -> Iterator[Flask]:
    """Give an application on an empty database, in an application context."""
    app = databases.app(database)
    with app.app_context():
        begin_reading()
        yield app
        db.session.remove()
    databases.clean(database)


class Browser(FlaskClient):
    """A client that sees what the test has written, and lets the test see what it wrote."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        # The request runs in the test's own application context, whose memory must not outlive a request.
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser without JavaScript that skips the form token (which tests/http/test_csrf.py tests)."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def hold() -> Iterator[Callable[[datetime], None]]:
    """Hold the clock at a moment; call again to move it."""
    with ExitStack() as stack:
        yield lambda moment: stack.enter_context(clock.held(moment))


@pytest.fixture
def monday(hold: Callable[[datetime], None]) -> datetime:
    """Hold the clock at ten in the morning of Monday, November 2, 2026, in Denver."""
    hold(MONDAY)
    return MONDAY


def query_count(app: Flask) -> Callable[[], int]:
    """Count the statements sent from now on."""
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    return lambda: len(seen)


@pytest.fixture
def statements(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Count the statements that an act sends."""

    def count(act: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(*sent: Any) -> None:
            seen.append(sent[2])

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count
