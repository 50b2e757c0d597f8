"""A throw-away PostgreSQL, one for a whole test run, started when first asked for and shared by all its processes."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

GIVEN = "AFTERCARE_TEST_POSTGRES_URL"
RUN_FOLDER = "AFTERCARE_TEST_RUN_FOLDER"
#: Set to anything, the server keeps what it commits through a power cut, as a real one does: for benchmarks.
DURABLE = "AFTERCARE_TEST_POSTGRES_DURABLE"
KEEPER = Path(__file__).with_name("postgres_keeper.py")
MISSING = (
    "There is no PostgreSQL to test on. Name one in AFTERCARE_TEST_POSTGRES_URL, or install it "
    "(Debian: apt-get install postgresql), or set up again with ./run test. What was tried: "
)


class NoPostgres(Exception):
    """The suite cannot run whole; that is a failure, not a reason to skip."""


@dataclass(frozen=True)
class Server:
    """A server that we may make databases on. Theirs (named in the environment) get names that clash with nothing."""

    address: URL
    suffix: str = ""

    def url(self, name: str) -> str:
        """Give the address of a database."""
        there = self.address.set(drivername="postgresql+psycopg", database=name + self.suffix)
        return there.render_as_string(hide_password=False)

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database (as a copy of another one, if named) and give its address."""
        source = "template0" if template is None else template + self.suffix
        self._say(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name + self.suffix), sql.Identifier(source))
        )
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name + self.suffix)))

    def stop(self) -> None:
        """Remove what this run made: our own server whole, from theirs only our databases."""
        if self.suffix:
            for name in self._ours():
                self.drop(name.removesuffix(self.suffix))

    def _ours(self) -> list[str]:
        with self._connect() as connection:
            found = connection.execute("SELECT datname FROM pg_database WHERE right(datname, %s) = %s",
                                       (len(self.suffix), self.suffix))  # fmt: skip
            return [str(row[0]) for row in found]

    def _say(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        plain = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True)


def start() -> Server:
    """Give the server of this test run; start it if this is the first to ask."""
    folder = Path(os.environ[RUN_FOLDER])
    given = os.environ.get(GIVEN)
    if given:
        (folder / "theirs").touch()
        return Server(make_url(given), suffix=f"_{folder.name[-8:]}")
    with (folder / "starting").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not _answer(folder):
            _start_keeper(folder)
    return Server(make_url(_address(folder)))


def _answer(folder: Path) -> bool:
    return (folder / "address").exists() or (folder / "refusal").exists()


def _address(folder: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return (folder / "address").read_text(encoding="utf-8")
    raise NoPostgres(MISSING + (folder / "refusal").read_text(encoding="utf-8"))


def _start_keeper(folder: Path) -> None:
    with (folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-P", KEEPER, folder],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    give_up = time.monotonic() + 300
    while not _answer(folder):
        if keeper.poll() is not None or time.monotonic() > give_up:
            raise NoPostgres(MISSING + (folder / "keeper.log").read_text(encoding="utf-8"))
        time.sleep(0.02)


class Run:
    """What the main process of a test run holds: the folder, and the lock that tells the keeper it lives."""

    def __init__(self) -> None:
        # The server's account must reach it, so a private TMPDIR will not do.
        parent = Path(tempfile.gettempdir())
        public = all(p.stat().st_mode & 0o001 for p in (parent, *parent.parents))
        self.folder = Path(tempfile.mkdtemp(prefix="aftercare-tests-", dir=None if public else "/tmp"))
        self.folder.chmod(0o711)
        self.alive: IO[str] = (self.folder / "alive").open("w")
        fcntl.flock(self.alive, fcntl.LOCK_EX)
        os.environ[RUN_FOLDER] = str(self.folder)

    def end(self) -> None:
        """Let the keeper go, and see that nothing is left."""
        if (self.folder / "theirs").exists():
            start().stop()
        kept = (self.folder / "keeper.log").exists()
        self.alive.close()
        give_up = time.monotonic() + 15
        while kept and self.folder.exists() and time.monotonic() < give_up:
            time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.environ.pop(RUN_FOLDER, None)


_RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = Run()


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_RUN, None)
    if run is not None:
        run.end()
