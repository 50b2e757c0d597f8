"""The import command on long lists, each in a process of its own: how long, how much processor, how much memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

from flask import Flask

from aftercare.core.db import db
from aftercare.demo import meeting_list
from tests.benchmarks.grounds import application
from tests.factories import make_organisation
from tests.house.source import ROOT
from tests.worker_process import environment

FEW, MANY = 3_000, 100_000
ROUNDS = 3
#: The command, which says before it ends how much memory it had: what is told of a child counts its parent's too.
COMMAND = """
import atexit, pathlib, sys
peak, status = pathlib.Path(sys.argv.pop(1)), pathlib.Path("/proc/self/status")
if status.exists():
    atexit.register(lambda: peak.write_text(status.read_text()))
from aftercare.cli import main
main()
"""


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    seconds: float
    processor: float
    megabytes: float


def readable() -> Iterator[dict[str, Any]]:
    """Make up rows of a list for ever, as messy as those of the demo, each with a slug of its own."""
    for seed in count(1):
        for row in json.loads(meeting_list.meeting_list(seed=seed)):
            if isinstance(row, dict):
                yield row | {"slug": f"{seed}-{row.get('slug') or row.get('name')}"[:60]}


def measure(kind: str) -> dict[str, list[Run]]:
    """Import a list of each length into an organisation of its own, the short one a few times over."""
    with tempfile.TemporaryDirectory() as folder, application(kind) as app:
        few, many = (_file(Path(folder), rows) for rows in (FEW, MANY))
        return {
            "few": [_run(app, few, _organisation(f"few-{number}")) for number in range(ROUNDS)],
            "many": [_run(app, many, _organisation("many"))],
            "few again": [_run(app, few, f"few-{number}") for number in range(ROUNDS)],
            "many again": [_run(app, many, "many")],
        }


def _organisation(slug: str) -> str:
    make_organisation(slug=slug)
    return slug


def _file(folder: Path, rows: int) -> Path:
    file = folder / f"list-{rows}.json"
    with file.open("w", encoding="utf-8") as out:
        for number, row in enumerate(islice(readable(), rows)):
            out.write(f"{',' if number else '['}\n{json.dumps(row)}")
        out.write("\n]\n")
    return file


def _run(app: Flask, file: Path, slug: str) -> Run:
    db.session.remove()
    words = ["import", str(file), "--organisation", slug, "--zone", meeting_list.ZONE]
    peak = file.parent / "peak.txt"
    peak.unlink(missing_ok=True)
    begun = time.perf_counter()
    with (file.parent / "report.txt").open("w", encoding="utf-8") as report:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(peak), *words],
            env=environment(app), cwd=ROOT, stdout=report, stderr=report,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    said = (file.parent / "report.txt").read_text(encoding="utf-8").strip().splitlines()
    if process.returncode:
        raise RuntimeError(said[-1] if said else "The import failed and said nothing.")
    return Run(taken, used.ru_utime + used.ru_stime, _megabytes(peak, used.ru_maxrss))


def _megabytes(peak: Path, told: int) -> float:
    """Read how much memory there was at most; where the system does not say, what is told of a child."""
    if peak.exists():
        lines = (line.split() for line in peak.read_text(encoding="utf-8").splitlines())
        return next(int(line[1]) for line in lines if line[0] == "VmHWM:") / 1024
    # Linux counts in kilobytes, macOS in bytes.
    return told / (1024 * 1024 if sys.platform == "darwin" else 1024)
