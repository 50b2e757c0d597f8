"""Radicale, in an environment of its own, made once and kept below .venv, with the same dates in one calendar."""

import base64
import http.client
import subprocess
import sys
import venv
from pathlib import Path

from tests.benchmarks.table import ROOT

HOME = ROOT / ".venv" / "peers-radicale"
PYTHON = HOME / "bin" / "python"
WANTED = "radicale>=3.5"
PATH = "/bench/dates/"
WHO = {"Authorization": "Basic " + base64.b64encode(b"bench:bench").decode()}


def install() -> None:
    """Make the environment, unless it is there."""
    ready = HOME / "ready"
    if ready.exists() and ready.read_text(encoding="utf-8") == WANTED:
        return
    print("Installing Radicale ...", file=sys.stderr, flush=True)
    venv.create(HOME, clear=True, with_pip=True)
    quietly = ("--quiet", "--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([PYTHON, "-m", "pip", "install", *quietly, WANTED], check=True)
    ready.write_text(WANTED, encoding="utf-8")


def command(folder: Path, port: int) -> list[str]:
    """Say how Radicale is started, as its manual does."""
    return [
        str(PYTHON), "-m", "radicale", "--storage-filesystem-folder", str(folder), "--auth-type", "none",
        "--server-hosts", f"127.0.0.1:{port}", "--logging-level", "error",
    ]  # fmt: skip


def fill(port: int, feed: bytes) -> None:
    """Put a calendar into it."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("PUT", PATH, body=feed, headers=WHO | {"Content-Type": "text/calendar; charset=utf-8"})
    answer = connection.getresponse()
    if answer.status not in {200, 201}:
        raise RuntimeError(f"Radicale does not take the calendar: {answer.status} {answer.read()[:200]!r}")
    connection.close()
