"""Import lists of meetings, short and long, and find among them: `./run bench import`."""

import json
from collections.abc import Callable
from itertools import islice
from statistics import median
from typing import Any

from flask import Flask

from aftercare.core.db import db, transaction
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

LIST, MANY = 2_038, 3_000
ROUNDS, CLICKS = 5, 30
DEFAULTS = FeedDefaults("aa", meeting_list.ZONE)
Rounds = dict[str, list[float]]
# Seconds that TSML took for as many meetings as our short list has.
TSML = 347


def measure() -> Table:
    """Measure imports and the finder on both databases."""
    rounds: dict[str, Rounds] = {}
    for kind in KINDS:
        with application(kind) as app:
            rounds[kind] = {**_imports(), **_pages(app)}
    runs = {kind: bulk_import.measure(kind) for kind in KINDS}
    lines = [[name, *(_said(rounds[kind][name]) for kind in KINDS)] for name in rounds[KINDS[0]]]
    lines += [[name, *(say(runs[kind]) for kind in KINDS)] for name, say in BULK.items()]
    return Table(
        title="Import and finder",
        columns=["what", *KINDS],
        lines=lines,
        notes=[
            f"Median of {ROUNDS} imports and {CLICKS} requests, slowest in brackets. Made-up lists, like the demo's.",
            f"The command runs in a process of its own, from its start to its end: {FEW:,} rows a few times, "
            f"{MANY_ROWS:,} rows once. To reach: 3 s, 120 s, 40 x, 200 MB.",
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


def _pages(app: Flask) -> Rounds:
    organisation = make_organisation(slug="bench")
    _import(organisation, json.dumps(rows(MANY)).encode())
    db.session.remove()
    address, client = "/o/bench/meetings", app.test_client()
    tag = client.get(f"{address}.json").headers["ETag"]
    asked: dict[str, tuple[str, dict[str, str]]] = {
        "today and tomorrow": ("", {}),
        "7 days, open, in the evening": ("?day=week&open=open&time=evening", {}),
        "a word among 7 days": ("?q=lantern", {}),
        "the whole list as JSON": (".json", {"Accept-Encoding": "gzip"}),
        "not modified": (".json", {"If-None-Match": tag}),
    }
    return {
        f"{name}, {MANY:,} meetings": _clicks(app, f"{address}{path}", headers)
        for name, (path, headers) in asked.items()
    }


def _clicks(app: Flask, address: str, headers: dict[str, str]) -> list[float]:
    client = app.test_client()

    def click() -> None:
        db.session.remove()
        assert client.get(address, headers=headers).status_code in (200, 304)

    click()
    return seconds(click, rounds=CLICKS)


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
    f"{MANY_ROWS:,} rows again, nothing changed": lambda runs: f"{_seconds(runs['again']):.0f} s",
    "most memory, short list": lambda runs: _memory(runs["few"]),
    "most memory, long list": lambda runs: _memory(runs["many"] + runs["again"]),
}


def _said(taken: list[float]) -> str:
    unit, scale = ("s", 1.0) if median(taken) >= 0.5 else ("ms", 1000.0)
    return f"{median(taken) * scale:.3g} {unit} ({max(taken) * scale:.3g})"
