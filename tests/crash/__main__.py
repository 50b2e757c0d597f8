"""`./run crash [--rounds N] [--seed S] [--on KIND] [--fresh]`: kill workers at every step, and see what becomes of the
texts. A line for every scene, a table at the end; exit status 1 if anything was lost, doubled, or sent too late.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aftercare.core.db import begin_reading
from tests.benchmarks.grounds import KINDS, application
from tests.benchmarks.table import Table
from tests.crash import scenes
from tests.crash.findings import Findings
from tests.crash.nursery import Nursery
from tests.crash.scenes import Scene, play, world_on
from tests.crash.world import World

WORKERS = (1, 3)
COLUMNS = ("sent", "lost", "doubled", "after_stop", "too_late", "in_doubt", "untrue", "troubles", "missed")


@dataclass
class Tally:
    """What all scenes with so many workers on one kind of database came to."""

    kind: str
    workers: int
    scenes: int = 0
    found: Findings = field(default_factory=Findings)

    def line(self) -> list[str]:
        """Lay it out for the table."""
        counts = [getattr(self.found, name) for name in COLUMNS]
        shown = [str(count if isinstance(count, int) else len(count)) for count in counts]
        return [self.kind, str(self.workers), str(self.scenes), *shown]


def main() -> int:
    """Play all scenes as often as asked, and say what came of it."""
    given = _asked()
    # So that whoever stops us leaves nothing running either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tallies = [_played(given, kind, workers) for kind in given.on for workers in WORKERS]
    table = Table(
        title=f"Crashes ({given.rounds} rounds, seed {given.seed})",
        columns=["database", "workers", "scenes", *(name.replace("_", " ") for name in COLUMNS)],
        lines=[tally.line() for tally in tallies],
        notes=["", "Sent: texts the carrier took. Missed: scenes that did not come about. The rest: what went wrong."],
    )
    print(f"\n{table.as_text()}")
    return int(any(tally.found.faults for tally in tallies))


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="./run crash", description=__doc__)
    asked.add_argument("--rounds", type=int, default=1, help="how often each scene is played (default: once)")
    asked.add_argument("--seed", type=int, default=0, help="what chance begins with (default: 0)")
    asked.add_argument("--on", choices=KINDS, nargs="+", default=KINDS, help="the databases (default: both)")
    asked.add_argument("--only", default="", help="only scenes whose name has this in it")
    asked.add_argument("--fresh", action="store_true", help="give every worker a Python of its own: slower")
    return asked.parse_args()


def _played(given: argparse.Namespace, kind: str, workers: int) -> Tally:
    chance, tally = Random(f"{given.seed} {kind} {workers}"), Tally(kind, workers)
    with ExitStack() as stack:
        app = stack.enter_context(application(kind))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        nursery = stack.enter_context(Nursery(folder, fresh=given.fresh))
        begin_reading()
        world = stack.enter_context(world_on(app, nursery, folder, workers=workers))
        for scene in _wanted(world, given, chance):
            _tell(tally, scene, *_timed(world, scene, chance))
    return tally


def _wanted(world: World, given: argparse.Namespace, chance: Random) -> Iterator[Scene]:
    """Offer the scenes of each round; at which of many times a step is met is left to chance."""
    # Several workers share the work: none of them comes to a step as often as one alone.
    most = 3 if world.workers == 1 else 2
    for _ in range(given.rounds):
        met = [
            *scenes.of_delivery(world, lambda times: chance.randint(1, min(times, most))),
            *scenes.of_doubt(world, lambda times: chance.randint(1, times)),
            *scenes.of_planning(world, lambda _times: 1),
            *scenes.of_telling(lambda times: chance.randint(1, max(1, times // 2))),
            *scenes.of_faults(),
            *scenes.of_hours(),
            *scenes.of_patience(),
        ]
        kind = "sqlite" if world.sqlite_path else "postgresql"
        yield from (scene for scene in met if kind in scene.kinds and given.only in scene.name)


def _timed(world: World, scene: Scene, chance: Random) -> tuple[Findings, float]:
    begun = time.monotonic()
    return play(world, scene, chance), time.monotonic() - begun


def _tell(tally: Tally, scene: Scene, found: Findings, taken: float) -> None:
    tally.scenes += 1
    tally.found.add(found)
    where = f"{tally.kind:10} {tally.workers}"
    print(f"{where}  {scene.name:75}  {found.sent:4} sent  {taken:5.1f} s  {_verdict(found)}")
    for fault in found.faults:
        print(f"    {fault}")
    sys.stdout.flush()


def _verdict(found: Findings) -> str:
    return "WRONG" if found.faults else "missed" if found.missed else "ok"


if __name__ == "__main__":
    sys.exit(main())
