"""Applications under Granian, as `aftercare serve` runs them, in one process each."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from tests.benchmarks.table import ROOT
from tests.conftest import KEY, SECRET
from tests.story.stage import answers, free_port


@contextmanager
def ours(app: Flask, application: str = "aftercare.wsgi:app") -> Iterator[tuple[int, int]]:
    """Serve our application on the database of another; give its port and its process."""
    given = {
        "AFTERCARE_DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]),
        "AFTERCARE_SECRET_KEY": SECRET,
        "AFTERCARE_ENCRYPTION_KEYS": KEY,
        "AFTERCARE_BASE_URL": "http://localhost",
    }
    with granian(application, given) as served:
        yield served


@contextmanager
def granian(application: str, given: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve an application; give its port and its process."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "1", "--log-level", "error", application,
    ]  # fmt: skip
    with running(command, port, given) as process:
        yield port, process


@contextmanager
def running(command: list[str], port: int, given: dict[str, str]) -> Iterator[int]:
    """Run a server that listens at a port; give its process."""
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | given) as server:
        try:
            give_up = time.monotonic() + 30
            while not answers(port):
                if time.monotonic() > give_up or server.poll() is not None:
                    raise RuntimeError(f"{command[-1]} does not answer.")
                time.sleep(0.05)
            yield server.pid
        finally:
            server.terminate()
            server.wait()
