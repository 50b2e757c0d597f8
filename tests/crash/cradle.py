"""The process that workers are born from: it has read all their code once, and forks one for every order it gets.

Orders and answers are lines of JSON. When the orders end, so do all children; and they end when this process does.
"""

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any

# Read here, once, so that no child need read them again: what these load is what a worker loads.
import psycopg  # noqa: F401
from sqlalchemy.dialects.postgresql import psycopg as _dialect  # noqa: F401
from sqlalchemy.orm import configure_mappers

from aftercare import cli, jobs  # noqa: F401
from aftercare.app import create_app
from aftercare.messaging import twilio  # noqa: F401
from tests.conftest import settings_for
from tests.crash import entry

_DIE_WITH_PARENT = 1


def main() -> None:
    """Follow orders until there are no more."""
    # What a first application has to find out, its children need not; no database is touched.
    create_app(settings_for("sqlite://"))
    configure_mappers()
    children: dict[int, int | None] = {}
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_follow(order, children)), flush=True)
    for pid in [pid for pid in children if _look(pid, children) is None]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _follow(order: dict[str, Any], children: dict[int, int | None]) -> int | None:
    if order["do"] == "look":
        return _look(order["pid"], children)
    pid = os.fork()
    if not pid:
        _be_born(order)
    children[pid] = None
    return pid


def _look(pid: int, children: dict[int, int | None]) -> int | None:
    """Say how a child ended; None if it lives."""
    if children[pid] is None:
        found, status = os.waitpid(pid, os.WNOHANG)
        children[pid] = os.waitstatus_to_exitcode(status) if found else None
    return children[pid]


def _be_born(order: dict[str, Any]) -> None:
    """Become the program that was ordered, and end with it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    _redirect(order["log"])
    os.environ.clear()
    os.environ.update(order["environment"])
    if order["is_fresh"]:
        os.execv(sys.executable, [sys.executable, "-m", "tests.crash.entry", *order["words"]])  # noqa: S606
    status = 1
    try:
        status = entry.run(order["words"])
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def _redirect(log: str) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number, source in ((0, nothing), (1, told), (2, told)):
        os.dup2(source, number)


if __name__ == "__main__":
    main()
