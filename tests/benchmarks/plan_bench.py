"""Plan the reminders of a million answers, against plain INSERT .. SELECT in a hundred chunks: `./run bench plan`.

AFTERCARE_BENCH_ANSWERS sets how many answers there are (1,000,000), AFTERCARE_BENCH_ROUNDS how often (3).
"""

import os
from statistics import median

from aftercare.core.db import db
from tests.benchmarks import crowd, planners
from tests.benchmarks.grounds import KINDS, application
from tests.benchmarks.planners import Run
from tests.benchmarks.table import Table
from tests.meetings.test_rsvp_rush import real_url
from tests.postgres import DURABLE

ANSWERS = int(os.environ.get("AFTERCARE_BENCH_ANSWERS", "1000000"))
ROUNDS = int(os.environ.get("AFTERCARE_BENCH_ROUNDS", "3"))
#: MB over an idle worker, however many answers there are.
MOST_MEMORY = 64
ENTRANTS = ("chunks", "ours", "again", "bare")
Runs = dict[str, list[Run]]


def measure() -> Table:
    """Measure both databases; fail if a reminder is missing or doubled, or if the memory is not flat."""
    os.environ[DURABLE] = "1"
    runs = {kind: _measure(kind) for kind in KINDS}
    lines = [
        ["100 x INSERT .. SELECT into our table, no rules", *(_spread(runs[kind]["chunks"]) for kind in KINDS)],
        ["the planner, all rules", *(_spread(runs[kind]["ours"]) for kind in KINDS)],
        ["... as a multiple", *(_ratio(runs[kind], "ours", "chunks") for kind in KINDS)],
        ["planned again, nothing changed", *(_spread(runs[kind]["again"]) for kind in KINDS)],
        ["... as a part of the planner", *(_ratio(runs[kind], "again", "ours") for kind in KINDS)],
        ["most memory over an idle worker", *(f"{_memory(runs[kind]):.0f} MB" for kind in KINDS)],
        ["100 x INSERT .. SELECT into a bare table", *(_spread(runs[kind]["bare"]) for kind in KINDS)],
    ]
    notes = [
        f"{ANSWERS:,} answers of {crowd.CLINICS} organisations, {len(crowd.ZONES)} zones, the clocks going back; each "
        "page of about 10,000 people is a durable transaction. To reach: at most 3 times the chunks (goal 1.5), again "
        f"at most 0.2, {MOST_MEMORY} MB. The bare table has five columns and two indexes; ours has every index that "
        f"claims, pages and erasure need. Median of {ROUNDS} rounds, slowest in brackets.",
    ]
    rounds = {f"{kind}: {name}": [run.seconds for run in runs[kind][name]] for kind in KINDS for name in ENTRANTS}
    return Table("Planning reminders", ["what", *KINDS], lines, notes, rounds)


def _measure(kind: str) -> Runs:
    runs: Runs = {name: [] for name in ENTRANTS}
    with application(kind) as app:
        wanted = crowd.gather(ANSWERS)
        planners.prepare()
        crowd.settle()
        for _ in range(ROUNDS):
            for name in ENTRANTS:
                if name != "again":
                    planners.empty()
                db.session.remove()
                runs[name].append(planners.plan(real_url(app), name))
    _see(runs, wanted)
    return runs


def _see(runs: Runs, wanted: int) -> None:
    planned = {run.rows for run in runs["ours"]}, {run.rows for run in runs["again"]}
    if planned != ({wanted}, {0}):
        raise AssertionError(f"{wanted} reminders were to be planned once, not {planned}.")
    if _memory(runs) > MOST_MEMORY:
        raise AssertionError(f"Planning took {_memory(runs):.0f} MB over an idle worker.")


def _memory(runs: Runs) -> float:
    return max(run.memory for name in ("ours", "again") for run in runs[name])


def _spread(runs: list[Run]) -> str:
    return f"{median(run.seconds for run in runs):.1f} s ({max(run.seconds for run in runs):.1f})"


def _ratio(runs: Runs, ours: str, theirs: str) -> str:
    """Compare round by round: both then had the same neighbours."""
    return f"{median(one.seconds / other.seconds for one, other in zip(runs[ours], runs[theirs], strict=True)):.2f} x"
