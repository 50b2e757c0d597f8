"""Let a sender send texts, so many at once, to a carrier that takes a fixed time: how fast, and at what cost."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.benchmarks.senders.processes import Cost, cost_of

_QUICK_CARRIER = Path(__file__).with_name("quick_carrier.py")
Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Course:
    """How many texts, how many at once, and how long the carrier takes (seconds)."""

    latency: float
    at_once: int
    count: int

    @property
    def limit(self) -> float | None:
        """Say how many texts a second can be sent at most; None if only the sender's speed sets a limit."""
        return self.at_once / self.latency if self.latency else None


@dataclass(frozen=True)
class Result:
    """Texts a second; processor time a text (ms) of the sender, its server and the carrier; memory a process (MB)."""

    rate: float
    cpu: float
    server_cpu: float
    memory: float
    carrier_cpu: float


class Sender(Protocol):
    """Somebody who sends texts, in processes of their own."""

    @property
    def name(self) -> str:
        """Say who it is."""

    @property
    def records(self) -> bool:
        """Tell whether it writes down what became of each text."""

    def fill(self, course: Course) -> None:
        """Let so many texts wait to be sent."""

    def start(self, course: Course, api_url: str) -> Sequence[Process]:
        """Begin to send."""

    def is_done(self) -> bool:
        """Tell, once the carrier has all, whether all is written down that must be."""

    def servers(self) -> Sequence[int]:
        """Name the server processes that it stands on."""


class Carrier:
    """The quick carrier, in a process of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str) -> Any:
        """Ask what is no part of Twilio."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)


@contextmanager
def quick_carrier() -> Iterator[Carrier]:
    """Run the carrier."""
    process = subprocess.Popen([sys.executable, _QUICK_CARRIER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Carrier(process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()


def race(sender: Sender, course: Course, carrier: Carrier) -> Result:
    """Let a sender run a course, and see that every text was sent exactly once."""
    sender.fill(course)
    carrier.ask(f"/_begin?latency={course.latency}")
    running = sender.start(course, carrier.url)
    try:
        return _measured(sender, course, carrier, running)
    finally:
        _stop(running)


def _measured(sender: Sender, course: Course, carrier: Carrier, running: Sequence[Process]) -> Result:
    give_up = time.monotonic() + 120 + 3 * course.count / (course.limit or 200)
    begun = _wait_for(1, carrier, running, give_up)
    before, server_before = _costs(sender, running)
    seen = _wait_for(course.count, carrier, running, give_up)
    while not sender.is_done():
        _check(running, give_up)
        time.sleep(0.02)
    end = time.monotonic() if sender.records else seen["last"]
    after, server_after = _costs(sender, running)
    _check_each_once(carrier.ask("/_numbers"), course.count)
    per_text = 1000 / (course.count - begun["answered"])
    return Result(
        rate=course.count / (end - seen["first"]),
        cpu=(after.cpu - before.cpu) * per_text,
        server_cpu=(server_after.cpu - server_before.cpu) * per_text,
        memory=after.memory / len(running),
        carrier_cpu=(seen["cpu"] - begun["cpu"]) * per_text,
    )


def _wait_for(count: int, carrier: Carrier, running: Sequence[Process], give_up: float) -> dict[str, float]:
    while (seen := carrier.ask("/_seen"))["answered"] < count:
        _check(running, give_up)
        time.sleep(0.05 if seen["answered"] else 0.01)
    return dict(seen)


def _check(running: Sequence[Process], give_up: float) -> None:
    if any(process.poll() is not None for process in running):
        raise RuntimeError("A sender died; its words are above.")
    if time.monotonic() > give_up:
        raise TimeoutError("A sender does not come to an end.")


def _check_each_once(numbers: Sequence[str], count: int) -> None:
    if len(numbers) != count or len(set(numbers)) != count:
        raise RuntimeError(f"{count} texts were to go once each: {len(numbers)} went, to {len(set(numbers))} people.")


def _costs(sender: Sender, running: Sequence[Process]) -> tuple[Cost, Cost]:
    return cost_of(process.pid for process in running), cost_of(sender.servers())


def _stop(running: Sequence[Process]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
