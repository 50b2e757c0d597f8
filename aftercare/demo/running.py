"""Runs the demo's two processes, web and worker, and stops both whatever happens."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType

from aftercare.core import clock
from aftercare.core.errors import Refused

PATIENCE = 60.0
PATIENCE_TO_STOP = 10.0
Process = subprocess.Popen[bytes]


class Stopped(Exception):
    """Somebody asked the demo to stop."""


def refuse_taken_port(port: int) -> None:
    """Raise Refused if something already listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refused(f"Port {port} is in use. Try: ./run demo --port {port + 1}") from error


@contextmanager
def processes(environment: Mapping[str, str], *, port: int) -> Iterator[list[Process]]:
    """Run web and worker; stop both politely at the end, and for good if they do not."""
    # Said outright: whoever starts the demo in the background may have had Ctrl-C ignored.
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, _stop)
    commands = (["serve", "--port", str(port)], ["worker"])
    running = [_start(command, environment) for command in commands]
    try:
        yield running
    finally:
        for each in running:
            each.terminate()
        for each in running:
            _wait_or_kill(each)


def wait_until_ready(running: list[Process], *, port: int) -> None:
    """Wait until the web process answers; raise Refused if one of the two has died."""
    until = clock.monotonic() + PATIENCE
    while not _answers(port):
        watch(running)
        if clock.monotonic() > until:
            raise Refused(f"The web process did not answer on port {port} within {PATIENCE:.0f} seconds.")
        _pause(running[0], 0.1)


def wait_until_stopped(running: list[Process]) -> None:
    """Wait until somebody stops the demo, or one of its processes dies."""
    while True:
        watch(running)
        _pause(running[0], 0.5)


def watch(running: list[Process]) -> None:
    """Raise Refused if a process has died."""
    for each, name in zip(running, ("web", "worker"), strict=True):
        if each.poll() is not None:
            raise Refused(f"The {name} process stopped by itself (exit {each.returncode}). See its words above.")


def _start(command: list[str], environment: Mapping[str, str]) -> Process:
    """Start a process in a session of its own: Ctrl-C reaches us alone, and we stop it politely."""
    program = [sys.executable, "-c", "from aftercare.cli import main; main()", *command]
    return subprocess.Popen(program, env=dict(environment), start_new_session=True)  # noqa: S603


def _pause(process: Process, seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _wait_or_kill(process: Process) -> None:
    """Wait for a process, then end whatever is left of its session: a server that dies early leaves its workers."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE_TO_STOP)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped
