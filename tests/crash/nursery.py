"""Children that can be killed: real workers and real web processes, each born within a tenth of a second."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.crash import steps
from tests.house.source import ROOT

_LOOK_EVERY = 0.02


@dataclass(eq=False)
class Child:
    """One process; `name` says who it is to the carrier."""

    nursery: "Nursery"
    pid: int
    name: str
    log: Path
    grave: Path
    status: int | None = field(default=None)

    @property
    def is_alive(self) -> bool:
        """Tell whether it has not ended."""
        if self.status is None:
            self.status = self.nursery.ask({"do": "look", "pid": self.pid})
        return self.status is None

    def send(self, sign: int) -> None:
        """Send a signal, if it lives."""
        if self.is_alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, sign)

    def kill(self) -> None:
        """Kill it, and come back when it is dead."""
        self.send(signal.SIGKILL)
        self.wait()

    def wait(self, patience: float = 180) -> int:
        """Wait for its end; give its exit status, that of a signal negative."""
        give_up = time.monotonic() + patience
        while self.is_alive:
            if time.monotonic() > give_up:
                raise TimeoutError(f"{self.name} did not end.\n{self.said()}")
            time.sleep(_LOOK_EVERY)
        assert self.status is not None
        return self.status

    def end(self, patience: float = 60) -> None:
        """Ask it to stop, and kill it if it does not."""
        self.send(signal.SIGTERM)
        with suppress(TimeoutError):
            self.wait(patience)
        self.kill()

    @property
    def died_at(self) -> str:
        """Name the step it was killed at, if it was by its plan."""
        return self.grave.read_text() if self.grave.is_file() else ""

    def said(self) -> str:
        """Give what it wrote, lately."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:] if self.log.is_file() else ""


class Nursery:
    """Where children come from; all are gone when it closes, or when the process that opened it dies."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        # Fresh children start a Python of their own, as `python worker.py` does; the others are forked from one.
        self.folder, self.fresh = folder, fresh
        self.children: list[Child] = []
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.crash.cradle"]
        pipe = subprocess.PIPE
        self._cradle = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(Exception):
            self.clear()
        assert self._cradle.stdin is not None
        assert self._cradle.stdout is not None
        self._cradle.stdin.close()
        self._cradle.wait(60)
        self._cradle.stdout.close()

    def clear(self) -> None:
        """Kill all children that still live."""
        for child in self.children:
            child.kill()
        self.children = []

    def start(
        self, *words: str, environment: Mapping[str, str], name: str = "w0", log: Path | None = None, **plan: Any
    ) -> Child:
        """Start `worker ...` or `web PORT` with a plan of where it dies (`at`, `nth`), if it is to."""
        where = log or self.folder / f"{name}-{len(self.children)}.log"
        grave = where.with_suffix(".grave")
        told = dict(environment) | {steps.PLAN: json.dumps(plan | {"grave": str(grave)})}
        order = {"do": "start", "words": words, "environment": told, "log": str(where), "is_fresh": self.fresh}
        pid = self.ask(order)
        assert pid is not None
        self.children.append(Child(self, pid, name, where, grave))
        return self.children[-1]

    def ask(self, order: dict[str, Any]) -> int | None:
        """Give an order to the cradle."""
        assert self._cradle.stdin is not None
        assert self._cradle.stdout is not None
        with self._turn:
            self._cradle.stdin.write(json.dumps(order) + "\n")
            self._cradle.stdin.flush()
            answer: int | None = json.loads(self._cradle.stdout.readline())
        return answer
