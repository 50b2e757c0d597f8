"""Serve one personal calendar, against the same bytes from memory, icalendar on each GET, and Radicale.

`./run bench feeds`. AFTERCARE_BENCH_ROUNDS sets how many rounds (5), AFTERCARE_BENCH_SECONDS how long each course (1).
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from flask import Flask

from aftercare.calendars import feeds, personal
from aftercare.core import clock
from aftercare.core.db import db, transaction
from aftercare.people.models import Person
from tests.benchmarks.feeds import asking, radicale
from tests.benchmarks.grounds import KINDS, application, seconds
from tests.benchmarks.senders.processes import cost_of
from tests.benchmarks.table import ROOT, Table
from tests.conftest import KEY, SECRET
from tests.factories import make_meeting, make_occurrence, make_organisation, make_person, make_rsvp
from tests.story.stage import answers, free_port

ROUNDS = int(os.environ.get("AFTERCARE_BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("AFTERCARE_BENCH_SECONDS", "1"))
EVENTS, MANY, AT_ONCE = 60, 200, 8
PACKED = {"Accept-Encoding": "gzip"}
BARE, BARE_304, WRITTEN, RADICALE = "the same bytes, bare WSGI", "304, bare WSGI", "icalendar on each GET", "Radicale"


@dataclass
class Entrant:
    """One address that is asked, and what came of it, round by round."""

    name: str
    port: int
    process: int
    request: bytes
    status: int
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    each: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Be asked for one course."""
        before = cost_of([self.process]).cpu
        asked = asking.ask(self.port, self.request, status=self.status, at_once=AT_ONCE, seconds=SECONDS)
        self.rates.append(asked.rate)
        self.costs.append((cost_of([self.process]).cpu - before) / asked.answers * 1000)
        self.each += asked.each


def measure() -> Table:
    """Race all in turn, and write a calendar of many dates anew."""
    radicale.install()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        entrants: list[Entrant] = []
        written: dict[str, list[float]] = {}
        for kind in KINDS:
            app = stack.enter_context(application(kind))
            written[kind] = _cold()
            path, known = _feed(app, folder / "feed")
            port, process = stack.enter_context(_ours(app))
            entrants += [
                Entrant(f"ours, {kind}", port, process, asking.request(path, PACKED), 200),
                Entrant(f"304, ours, {kind}", port, process, asking.request(path, known), 304),
            ]
        entrants += _others(stack, folder)
        for _ in range(ROUNDS):
            for entrant in entrants:
                entrant.run()
    return _table({entrant.name: entrant for entrant in entrants}, written)


def _others(stack: ExitStack, folder: Path) -> list[Entrant]:
    feed = folder / "feed"
    port, process = stack.enter_context(_granian("tests.benchmarks.feeds.plain:app", {"BENCH_FEED": str(feed)}))
    other = free_port()
    peer = stack.enter_context(_running(radicale.command(folder / "radicale", other), other, {}))
    radicale.fill(other, gzip.decompress(feed.read_bytes()))
    return [
        Entrant(BARE, port, process, asking.request("/feed", PACKED), 200),
        Entrant(BARE_304, port, process, asking.request("/feed", PACKED | {"If-None-Match": '"bench"'}), 304),
        Entrant(WRITTEN, port, process, asking.request("/written", PACKED), 200),
        Entrant(RADICALE, other, peer, asking.request(radicale.PATH, PACKED | radicale.WHO), 200),
    ]


def _table(found: dict[str, Entrant], written: dict[str, list[float]]) -> Table:
    def against(entrant: Entrant) -> str:
        if not entrant.name.startswith(("ours", "304, ours")):
            return ""
        peers = (BARE_304,) if entrant.status == 304 else (BARE, RADICALE, WRITTEN)
        return ", ".join(f"{_ratio(entrant, found[peer]):.2f} x {peer.removeprefix('304, ')}" for peer in peers)

    lines = [
        [each.name, f"{median(each.rates):,.0f}", *_spread(each.each), f"{median(each.costs):.3f}", against(each)]
        for each in found.values()
    ]
    lines += [
        [
            f"write {MANY} dates anew, {kind}",
            "",
            f"{median(taken) * 1000:.1f} ms",
            f"{max(taken) * 1000:.1f} ms",
            "",
            "",
        ]
        for kind, taken in written.items()
    ]
    return Table(
        title="Serving calendars",
        columns=["what", "a second", "p50", "p99", "CPU ms each", "against"],
        lines=lines,
        notes=[
            f"One personal calendar of {EVENTS} dates, packed, {AT_ONCE} connections, one process of Granian each "
            f"(Radicale: its own server). Median of {ROUNDS} rounds, all in turn; a ratio is the median of the rounds' "
            "own. To reach: 0.45 x bare bytes (goal 0.75), 40 x Radicale (70), 12 x icalendar (22), 304 at 0.5 x bare "
            f"(0.85), {MANY} dates written anew in 10 ms (here: median, and slowest of 20)."
        ],
        rounds={name: entrant.rates for name, entrant in found.items()} | written,
    )


def _ratio(one: Entrant, other: Entrant) -> float:
    return median(a / b for a, b in zip(one.rates, other.rates, strict=True))


def _spread(each: list[float]) -> list[str]:
    parts = quantiles(each, n=100)
    return [f"{parts[49] * 1000:.2f} ms", f"{parts[98] * 1000:.2f} ms"]


def _cold() -> list[float]:
    """Write a calendar of many dates some times anew, as when something has changed."""
    person = _goer(MANY)
    reader = personal.Reader(person.organisation_id, person.id, "full", "en", person.zone)

    def write() -> None:
        personal.write(reader)
        db.session.rollback()

    write()
    return seconds(write, rounds=20)


def _feed(app: Flask, file: Path) -> tuple[str, dict[str, str]]:
    """Keep a calendar and the headers that come with it; give its path, and what is said by who has it."""
    person = _goer(EVENTS)
    with transaction():
        _, secret = feeds.create(person, name="Phone", level="full")
    path, client = f"/c/{secret}.ics", app.test_client()
    db.session.rollback()
    whole = client.get(path, headers=PACKED)
    known = PACKED | {"If-None-Match": whole.headers["ETag"]}
    heads = {answer.status_code: list(answer.headers) for answer in (whole, client.get(path, headers=known))}
    file.write_bytes(whole.data)
    file.with_name(file.name + ".json").write_text(json.dumps(heads), encoding="utf-8")
    return path, known


def _goer(dates: int) -> Person:
    clinic = make_organisation()
    person, meeting = make_person(clinic), make_meeting(clinic)
    begin = (clock.now() - timedelta(days=30)).replace(tzinfo=None, microsecond=0)
    for number in range(dates):
        make_rsvp(make_occurrence(meeting, starts=begin + timedelta(hours=22 * number)), person)
    return person


@contextmanager
def _ours(app: Flask) -> Iterator[tuple[int, int]]:
    given = {
        "AFTERCARE_DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]),
        "AFTERCARE_SECRET_KEY": SECRET,
        "AFTERCARE_ENCRYPTION_KEYS": KEY,
        "AFTERCARE_BASE_URL": "http://localhost",
    }
    with _granian("aftercare.wsgi:app", given) as running:
        yield running


@contextmanager
def _granian(application: str, given: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run an application as `aftercare serve` does, in one process."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "1", "--log-level", "error", application,
    ]  # fmt: skip
    with _running(command, port, given) as process:
        yield port, process


@contextmanager
def _running(command: list[str], port: int, given: dict[str, str]) -> Iterator[int]:
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | given) as server:
        try:
            give_up = time.monotonic() + 30
            while not answers(port):
                if time.monotonic() > give_up or server.poll() is not None:
                    raise RuntimeError(f"{command[2]} does not answer.")
                time.sleep(0.05)
            yield server.pid
        finally:
            server.terminate()
            server.wait()
