"""What a child runs: the real `worker.py`, or the real web application, with a plan of where it is to die."""

import json
import os
import random
import runpy
import sys
import time
from pathlib import Path

from werkzeug.serving import make_server

from tests.crash import steps

ROOT = Path(__file__).parents[2]


def run(words: list[str]) -> int:
    """Run `worker ...` or `web PORT`; give the exit status."""
    plan = json.loads(os.environ.pop(steps.PLAN, "{}"))
    random.seed(plan.get("seed", 0))
    if "wakes_at" in plan:
        _sleep_in_time(Path(plan["wakes_at"]))
    steps.install(plan)
    program, *rest = words
    return _worker(rest) if program == "worker" else _web(int(rest[0]))


def _worker(words: list[str]) -> int:
    sys.argv = ["worker.py", *words]
    try:
        runpy.run_path(str(ROOT / "worker.py"), run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _web(port: int) -> int:
    wsgi = runpy.run_module("aftercare.wsgi")
    make_server("127.0.0.1", port, wsgi["app"], threaded=True).serve_forever()
    return 0


def _sleep_in_time(offset: Path) -> None:
    """Let this process's own seconds leap by what a file says, as they do for one that was held up for so long."""
    real = time.monotonic

    def leaping() -> float:
        try:
            return real() + float(offset.read_text())
        except (OSError, ValueError):
            return real()

    time.monotonic = leaping


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
