"""Import lists of meetings, short and long: `./run bench import`."""

import json
from collections.abc import Callable
from itertools import islice
from statistics import median
from typing import Any

from aftercare.core.db import transaction
from aftercare.demo import meeting_list
from aftercare.meetings.exchange.importing import import_list
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.people.models import Organisation
from tests.benchmarks import bulk_import
from tests.benchmarks.bulk_import import FEW, Run
from tests.benchmarks.bulk_import import MANY as MANY_ROWS
from tests.benchmarks.grounds import KINDS, application, seconds
from tests.benchmarks.table import Table
from tests.factories import make_organisation

LIST, ROUNDS = FEW, 5
DEFAULTS = FeedDefaults("aa", meeting_list.ZONE)
Rounds = dict[str, list[float]]
# Seconds that TSML took for as many meetings as our short list has.
TSML = 347


def measure() -> Table:
    """Measure imports on both databases."""
    rounds: dict[str, Rounds] = {}
    for kind in KINDS:
        with application(kind):
            rounds[kind] = _imports()
    runs = {kind: bulk_import.measure(kind) for kind in KINDS}
    lines = [[name, *(_said(rounds[kind][name]) for kind in KINDS)] for name in rounds[KINDS[0]]]
    lines += [[name, *(say(runs[kind]) for kind in KINDS)] for name, say in BULK.items()]
    return Table(
        title="Importing lists",
        columns=["what", *KINDS],
        lines=lines,
        notes=[
            f"Median of {ROUNDS} imports inside a process, slowest in brackets. Made-up lists, like the demo's.",
            f"The command runs in a process of its own, from its start to its end: {FEW:,} rows a few times (median), "
            f"{MANY_ROWS:,} rows once. To reach: {FEW:,} rows in 3 s (goal 1.7 s, 200 x TSML; floor 50 x), "
            f"{MANY_ROWS:,} in 120 s and 40 x, 200 MB.",
            f"TSML, the WordPress plugin, took {TSML:,} s for {FEW:,} meetings: measured once on a like machine and "
            "published with the format's notes, not raced here.",
        ],
        rounds={f"{kind}: {name}": taken for kind in KINDS for name, taken in rounds[kind].items()}
        | {f"{kind}: {name}": [run.seconds for run in taken] for kind in KINDS for name, taken in runs[kind].items()},
    )


def rows(number: int) -> list[dict[str, Any]]:
    """Make up rows of a list, as messy as those of the demo, each with a slug of its own."""
    return list(islice(bulk_import.readable(), number))


def _imports() -> Rounds:
    listed = rows(LIST)
    changed = [row | {"notes": "Bring a cup."} if n % 10 == 0 else row for n, row in enumerate(listed)]
    taken: Rounds = {}
    for _ in range(ROUNDS):
        organisation = make_organisation()
        for name, source in (
            (f"import {LIST:,} rows", listed),
            ("import them again, nothing changed", listed),
            ("import them again, 10 % changed", changed),
        ):
            content = json.dumps(source).encode()
            taken.setdefault(name, []).extend(seconds(lambda c=content, o=organisation: _import(o, c), rounds=1))  # type: ignore[misc]
    return taken


def _import(organisation: Organisation, content: bytes) -> None:
    with transaction():
        import_list(organisation, content, location="bench", defaults=DEFAULTS)


def _seconds(runs: list[Run]) -> float:
    return median(run.seconds for run in runs)


def _processor(runs: list[Run]) -> float:
    return median(run.processor for run in runs)


def _memory(runs: list[Run]) -> str:
    return f"{max(run.megabytes for run in runs):.0f} MB"


BULK: dict[str, Callable[[dict[str, list[Run]]], str]] = {
    f"the command, {FEW:,} rows": lambda runs: f"{_seconds(runs['few']):.1f} s",
    "... its processor time": lambda runs: f"{_processor(runs['few']):.1f} s",
    "... TSML's time as a multiple": lambda runs: f"{TSML / _seconds(runs['few']):.0f} x",
    f"the command, {MANY_ROWS:,} rows": lambda runs: f"{_seconds(runs['many']):.0f} s",
    "... its processor time, long list": lambda runs: f"{_processor(runs['many']):.0f} s",
    "... as a multiple of the short list": lambda runs: f"{_seconds(runs['many']) / _seconds(runs['few']):.0f} x",
    f"the command, {FEW:,} rows again, nothing changed": lambda runs: f"{_seconds(runs['few again']):.1f} s",
    f"the command, {MANY_ROWS:,} rows again, nothing changed": lambda runs: f"{_seconds(runs['many again']):.0f} s",
    "most memory, short list": lambda runs: _memory(runs["few"]),
    "most memory, long list": lambda runs: _memory(runs["many"] + runs["many again"]),
}


def _said(taken: list[float]) -> str:
    unit, scale = ("s", 1.0) if median(taken) >= 0.5 else ("ms", 1000.0)
    return f"{median(taken) * scale:.3g} {unit} ({max(taken) * scale:.3g})"
