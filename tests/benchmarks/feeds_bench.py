"""Serve one personal calendar, against the same bytes from memory, icalendar on each GET, and Radicale.

`./run bench feeds`. AFTERCARE_BENCH_ROUNDS sets how many rounds (5), AFTERCARE_BENCH_SECONDS how long each course.
"""

import gzip
import json
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from flask import Flask
from sqlalchemy import make_url

from aftercare.calendars import feeds, personal
from aftercare.core.db import db, transaction
from tests.benchmarks import serving
from tests.benchmarks.feeds import asking, people, radicale
from tests.benchmarks.grounds import KINDS, application
from tests.benchmarks.senders.processes import cost_of
from tests.benchmarks.table import Table
from tests.story.stage import free_port

ROUNDS = int(os.environ.get("AFTERCARE_BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("AFTERCARE_BENCH_SECONDS", "0.6"))
EVENTS, MANY, BUILDS = 60, 200, 20
AT_ONCE = (1, 8, 32)
COMPARED = 8
PACKED = {"Accept-Encoding": "gzip"}
BARE, BARE_304 = "the same bytes, bare WSGI", "304, bare WSGI"
ASKED, ASKED_304 = "bare WSGI after SELECT 1, postgresql", "304, bare WSGI after SELECT 1, postgresql"
WRITTEN, RADICALE = "icalendar on each GET", "Radicale"


@dataclass
class Course:
    """What came of asking over so many connections at once, round by round."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    each: list[float] = field(default_factory=list)


@dataclass
class Entrant:
    """One address that is asked."""

    name: str
    port: int
    process: int
    request: bytes
    status: int
    most: int = max(AT_ONCE)
    courses: dict[int, Course] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Be asked by so many at once as it takes."""
        self.courses = {at_once: Course() for at_once in AT_ONCE if at_once <= self.most}

    @property
    def compared(self) -> Course:
        """Give the course by which it is compared."""
        return self.courses[COMPARED]

    def run(self) -> None:
        """Be asked for one course of each kind."""
        for at_once, course in self.courses.items():
            before = cost_of([self.process]).cpu
            asked = asking.ask(self.port, self.request, status=self.status, at_once=at_once, seconds=SECONDS)
            course.rates.append(asked.rate)
            course.costs.append((cost_of([self.process]).cpu - before) / asked.answers * 1000)
            course.each += asked.each


@dataclass
class Built:
    """How long it took to write a calendar anew, by the clock and of our process."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def measure() -> Table:
    """Race all in turn, and write a calendar of many dates anew."""
    radicale.install()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        entrants: list[Entrant] = []
        built: dict[str, Built] = {}
        for kind in KINDS:
            app = stack.enter_context(application(kind))
            built[kind] = _built()
            path, known = _feed(app, folder / "feed")
            port, process = stack.enter_context(serving.ours(app))
            entrants += [
                Entrant(f"ours, {kind}", port, process, asking.request(path, PACKED), 200),
                Entrant(f"304, ours, {kind}", port, process, asking.request(path, known), 304),
            ]
        entrants += _others(stack, folder, str(app.config["SQLALCHEMY_DATABASE_URI"]))
        for _ in range(ROUNDS):
            for entrant in entrants:
                entrant.run()
    return _table({entrant.name: entrant for entrant in entrants}, built)


def _others(stack: ExitStack, folder: Path, database: str) -> list[Entrant]:
    feed, known = folder / "feed", PACKED | {"If-None-Match": '"bench"'}
    plainly = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    given = {"BENCH_FEED": str(feed), "BENCH_POSTGRESQL": plainly}
    port, process = stack.enter_context(serving.granian("tests.benchmarks.feeds.plain:app", given))
    other = free_port()
    peer = stack.enter_context(serving.running(radicale.command(folder / "radicale", other), other, {}))
    radicale.fill(other, gzip.decompress(feed.read_bytes()))
    return [
        Entrant(BARE, port, process, asking.request("/feed", PACKED), 200),
        Entrant(BARE_304, port, process, asking.request("/feed", known), 304),
        Entrant(ASKED, port, process, asking.request("/asked", PACKED), 200),
        Entrant(ASKED_304, port, process, asking.request("/asked", known), 304),
        Entrant(WRITTEN, port, process, asking.request("/written", PACKED), 200, most=COMPARED),
        Entrant(RADICALE, other, peer, asking.request(radicale.PATH, PACKED | radicale.WHO), 200, most=COMPARED),
    ]


def _table(found: dict[str, Entrant], built: dict[str, Built]) -> Table:
    lines = [
        [
            each.name,
            " / ".join(f"{median(course.rates):,.0f}" for course in each.courses.values()),
            *(_spread(each.courses[at_once].each) if at_once in each.courses else "" for at_once in AT_ONCE),
            f"{median(each.compared.costs):.3f}",
            _against(each, found),
        ]
        for each in found.values()
    ]
    lines += [
        [f"write {MANY} dates anew, {kind}", "", _spread(each.seconds), "", "", f"{median(each.cpu) * 1000:.1f}", ""]
        for kind, each in built.items()
    ]
    return Table(
        title="Serving calendars",
        columns=[
            "what", "a second, 1 / 8 / 32 at once", *(f"p50 / p99 ms, {at_once} at once" for at_once in AT_ONCE),
            "CPU ms each", "against",
        ],
        lines=lines,
        notes=[_note()],
        rounds={f"{name}, {at_once}": course.rates for name, each in found.items()
                for at_once, course in each.courses.items()}
        | {f"write anew, {kind}": each.cpu for kind, each in built.items()},
    )  # fmt: skip


def _note() -> str:
    return (
        f"One personal calendar of {EVENTS} dates, packed, one process of Granian with one thread each (Radicale: its "
        f"own server). Median of {ROUNDS} rounds, all in turn; a ratio is the median of the rounds' own, {COMPARED} at "
        "once (Radicale takes no more). Who asks, and PostgreSQL, run on the same cores. To reach: 0.45 x bare bytes "
        "(goal 0.75), 40 x Radicale (70), 12 x icalendar (22), 304 at 0.5 x bare (0.85). On SQLite nothing is looked "
        "up as long as nobody writes; PostgreSQL is asked one prepared question each time, so that a calendar that was "
        "turned off is off at once: the lines with SELECT 1 say what a round trip costs that asks for nothing, and "
        f"ours is compared with them. {MANY} dates written anew, half of them attended, with the streak: to reach "
        f"10 ms (CPU of our process; median of {BUILDS})."
    )


def _against(entrant: Entrant, found: dict[str, Entrant]) -> str:
    if not entrant.name.startswith(("ours", "304, ours")):
        return ""
    is_known, asks = entrant.status == 304, entrant.name.endswith("postgresql")
    peers = (
        [BARE_304, *([ASKED_304] if asks else [])]
        if is_known
        else [BARE, *([ASKED] if asks else []), RADICALE, WRITTEN]
    )
    return ", ".join(f"{_ratio(entrant, found[peer]):.2f} x {peer.removeprefix('304, ')}" for peer in peers)


def _ratio(one: Entrant, other: Entrant) -> float:
    return median(a / b for a, b in zip(one.compared.rates, other.compared.rates, strict=True))


def _spread(each: list[float]) -> str:
    parts = quantiles(each, n=100)
    return f"{parts[49] * 1000:.2f} / {parts[98] * 1000:.2f}"


def _built() -> Built:
    """Write a calendar of many dates some times anew, as when something has changed."""
    person, built = people.goer(MANY), Built()
    reader = personal.Reader(person.organisation_id, person.id, "full", "en", person.zone)
    for _ in range(BUILDS + 1):
        db.session.rollback()
        db.session.expunge_all()
        begun, worked = time.perf_counter(), time.process_time()
        personal.write(reader)
        built.seconds.append(time.perf_counter() - begun)
        built.cpu.append(time.process_time() - worked)
    db.session.rollback()
    return Built(built.seconds[1:], built.cpu[1:])


def _feed(app: Flask, file: Path) -> tuple[str, dict[str, str]]:
    """Keep a calendar and the headers that come with it; give its path, and what is said by who has it."""
    person = people.goer(EVENTS)
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
