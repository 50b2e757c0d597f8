"""The steps of a process that writes: before and after every commit, named by who commits. At one of them it may die.

Nothing of the product is touched: SQLAlchemy tells of its commits, and the stack tells who asked for them.
"""

import os
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

PLAN = "CRASH_PLAN"
_SEEN_FROM = f"{os.sep}aftercare{os.sep}"
_GROUND = f"{os.sep}core{os.sep}db.py"


class Steps:
    """Counts the steps, writes them down if asked to, and dies at the one that is planned."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.at, self.nth, self.grave = plan.get("at"), plan.get("nth", 1), plan.get("grave", os.devnull)
        self.log = os.open(plan["steps"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if "steps" in plan else None
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.own = threading.local()

    def before(self, *_: Any) -> None:
        """Take note of a commit that comes."""
        self.own.committing = who_commits(sys._getframe(1))
        self._reach(f"before {self.own.committing}")

    def after(self, *_: Any) -> None:
        """Take note of a commit that is done; one of a session that never wrote or read is none."""
        if name := getattr(self.own, "committing", None):
            self.own.committing = None
            self._reach(f"after {name}")

    def _reach(self, step: str) -> None:
        with self.lock:
            self.counts[step] += 1
            if self.log is not None:
                os.write(self.log, f"{step}\n".encode())
            if step == self.at and self.counts[step] == self.nth:
                self._die(step)

    def _die(self, step: str) -> None:
        Path(self.grave).write_text(step)
        os.kill(os.getpid(), signal.SIGKILL)


def install(plan: dict[str, Any]) -> None:
    """Watch every commit of this process from now on."""
    steps = Steps(plan)
    event.listen(Engine, "commit", steps.before)
    event.listen(Session, "after_commit", steps.after)


def who_commits(frame: FrameType | None) -> str:
    """Name the place of the product that opened the transaction: `delivery._claim`, `jobs._do[reminders]`."""
    while frame is not None:
        file = frame.f_code.co_filename
        if _SEEN_FROM in file and not file.endswith(_GROUND):
            job = getattr(frame.f_locals.get("job"), "name", None)
            room = os.path.basename(file).removesuffix(".py")
            return f"{room}.{frame.f_code.co_name}" + (f"[{job}]" if job else "")
        frame = frame.f_back
    return "nobody"
