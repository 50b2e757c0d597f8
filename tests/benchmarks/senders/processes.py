"""What programs cost, read from /proc: processor time and the most memory, with all their children."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time, and the most memory that was resident at once (MB)."""

    cpu: float
    memory: float


def cost_of(roots: Iterable[int]) -> Cost:
    """Say what processes and their children have cost so far."""
    family = {each for root in roots for each in _family(root)}
    return Cost(sum(map(_cpu, family)), sum(map(_memory, family)))


def _family(root: int) -> Iterator[int]:
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        for child in _read(task).split():
            yield from _family(int(child))


def _cpu(process: int) -> float:
    # The name in brackets may hold spaces. Children that are gone are counted with their parents.
    fields = _read(Path(f"/proc/{process}/stat")).rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS if fields else 0.0


def _memory(process: int) -> float:
    lines = _read(Path(f"/proc/{process}/status")).splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
