"""Start the demo, the first time and again: `./run bench start`."""

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.table import ROOT, Table
from tests.story.stage import free_port

ROUNDS, PATIENCE = 5, 60


def measure() -> Table:
    """Measure from the command to the line that says where to look."""
    with tempfile.TemporaryDirectory() as folder:
        first = [start(Path(folder))]
        again = [start(Path(folder)) for _ in range(ROUNDS)]
    lines = [
        ["first start: database, list, people, half a year", f"{first[0]:.1f} s", ""],
        ["second start", f"{median(again):.1f} s", f"{max(again):.1f} s"],
    ]
    return Table(
        title="Starting the demo",
        columns=["what", "median", "slowest"],
        lines=lines,
        notes=[f"One first start, {ROUNDS} second ones; everything installed. To reach: under 5 s the second time."],
        rounds={"first": first, "again": again},
    )


def start(folder: Path) -> float:
    """Start the demo in a folder, stop it once it is ready, and say how many seconds that took."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [ROOT / "run", "demo", "--port", str(free_port())],
        env=os.environ | {"AFTERCARE_DEMO_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    ready = next(time.perf_counter() for line in process.stdout if "Ctrl-C" in line)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    return ready - begun
