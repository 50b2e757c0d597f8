"""Import a list of meetings, and find among them: `./run bench import`."""

import json
from collections.abc import Iterator
from itertools import count, islice
from statistics import median
from typing import Any

from flask import Flask

from aftercare.core.db import db, transaction
from aftercare.demo import meeting_list
from aftercare.meetings.exchange.importing import import_list
from aftercare.meetings.exchange.listing import FeedDefaults
from aftercare.people.models import Organisation
from tests.benchmarks.grounds import KINDS, application, seconds
from tests.benchmarks.table import Table
from tests.factories import make_organisation

LIST, MANY = 2_038, 3_000
ROUNDS, CLICKS = 5, 30
DEFAULTS = FeedDefaults("aa", meeting_list.ZONE)
Rounds = dict[str, list[float]]


def measure() -> Table:
    """Measure imports and the finder on both databases."""
    rounds: dict[str, Rounds] = {}
    for kind in KINDS:
        with application(kind) as app:
            rounds[kind] = {**_imports(), **_pages(app)}
    lines = [[name, *(_said(rounds[kind][name]) for kind in KINDS)] for name in rounds[KINDS[0]]]
    return Table(
        title="Import and finder",
        columns=["what", *KINDS],
        lines=lines,
        notes=[
            f"Median of {ROUNDS} imports and {CLICKS} requests, slowest in brackets. Made-up lists, like the demo's."
        ],
        rounds={f"{kind}: {name}": taken for kind in KINDS for name, taken in rounds[kind].items()},
    )


def rows(number: int) -> list[dict[str, Any]]:
    """Make up rows of a list, as messy as those of the demo, each with a slug of its own."""
    return list(islice(_readable(), number))


def _readable() -> Iterator[dict[str, Any]]:
    for seed in count(1):
        for row in json.loads(meeting_list.meeting_list(seed=seed)):
            if isinstance(row, dict):
                yield row | {"slug": f"{seed}-{row.get('slug') or row.get('name')}"[:60]}


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


def _said(taken: list[float]) -> str:
    unit, scale = ("s", 1.0) if median(taken) >= 0.5 else ("ms", 1000.0)
    return f"{median(taken) * scale:.3g} {unit} ({max(taken) * scale:.3g})"
