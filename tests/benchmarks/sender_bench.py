"""Send reminders, against twilio-python alone and against Celery: `./run bench sender`.

AFTERCARE_BENCH_TEXTS sets how many are sent in the longest courses (10,000), AFTERCARE_BENCH_ROUNDS how often (3).
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median

from tests.benchmarks.grounds import KINDS, application
from tests.benchmarks.senders import peers
from tests.benchmarks.senders.entrants import Alone, ByCelery, Ours
from tests.benchmarks.senders.racing import Carrier, Course, Result, Sender, quick_carrier, race
from tests.benchmarks.senders.waiting import Outbox
from tests.benchmarks.table import Table
from tests.postgres import DURABLE

TEXTS = int(os.environ.get("AFTERCARE_BENCH_TEXTS", "10000"))
ROUNDS = int(os.environ.get("AFTERCARE_BENCH_ROUNDS", "3"))
#: Courses that the time per text limits are short: this many seconds at their limit.
_SECONDS = 5
LATENCIES, AT_ONCE = (0.0, 0.1), (1, 8, 32)
THREE = Course(0.1, 8, TEXTS * 3 // 10)
Results = dict[tuple[str, Course], list[Result]]


def measure() -> Table:
    """Run all courses with all senders in turn, and three workers against one."""
    peers.install()
    os.environ[DURABLE] = "1"
    with ExitStack() as stack:
        outboxes = [Outbox(stack.enter_context(application(kind)), kind) for kind in KINDS]
        for outbox in outboxes:
            outbox.prepare(TEXTS)
        carrier = stack.enter_context(quick_carrier())
        senders: list[Sender] = [*map(Ours, outboxes), Alone(), ByCelery(*stack.enter_context(peers.redis()))]
        results = _in_rounds([(sender, course) for course in courses() for sender in senders], carrier)
        workers: list[Sender] = [Ours(outboxes[-1]), Ours(outboxes[-1], workers=3)]
        together = _in_rounds([(sender, THREE) for sender in workers], carrier)
    return _table([sender.name for sender in senders], results, together)


def courses() -> list[Course]:
    """List the courses: as many texts as asked for where it matters most, 32 at once."""
    return [Course(latency, at_once, _count(latency, at_once)) for latency in LATENCIES for at_once in AT_ONCE]


def _count(latency: float, at_once: int) -> int:
    if at_once == max(AT_ONCE):
        return TEXTS
    return min(TEXTS, round(_SECONDS * at_once / latency)) if latency else TEXTS // 5


def _in_rounds(runs: Sequence[tuple[Sender, Course]], carrier: Carrier) -> Results:
    results: Results = {}
    for _ in range(ROUNDS):
        for sender, course in runs:
            results.setdefault((sender.name, course), []).append(race(sender, course, carrier))
    return results


def _table(names: Sequence[str], results: Results, together: Results) -> Table:
    lines = [line for course in courses() for line in _lines(names, course, results)]
    one, three = together.values()
    lines += [
        [_said(THREE), "ours, postgresql, 1 worker", *_figures(one), "", ""],
        [_said(THREE), "ours, postgresql, 3 workers", *_figures(three), "", _times(_rate(three), _rate(one))],
    ]
    carrier_cpu = median(each.carrier_cpu for runs in results.values() for each in runs)
    return Table(
        title="Sending reminders",
        columns=["course", "sender", "a second", "CPU ms a text", "its server's", "peak MB", "of the limit", "against"],
        lines=lines,
        notes=[
            f"Medians of {ROUNDS} interleaved rounds; {peers.versions()}. A course: how long the carrier takes, how "
            "many texts at once, how many texts. Those that only the carrier's time limits are short: 10,000 texts one "
            "at a time would take 1,000 s. Ours is `worker.py` with all its jobs: claim with every check, send, record "
            "by commits that are durable on both databases. It is timed to the last recorded text, the others to the "
            "last answer. `Against` is the rate and the CPU against twilio-python alone, and against Celery; for "
            "three workers, the rate against one.",
            f"The carrier, a process beside them, took {carrier_cpu:.2f} ms a text. Every text went exactly once, "
            "else there would be no table.",
        ],
        rounds={
            f"{_said(course)}: {name}: {figure}": [getattr(each, figure) for each in runs]
            for found in (results, together)
            for (name, course), runs in found.items()
            for figure in ("rate", "cpu", "server_cpu", "memory")
        },
    )


def _lines(names: Sequence[str], course: Course, results: Results) -> Iterator[list[str]]:
    *ours, alone, celery = names
    for name in names:
        runs = results[name, course]
        limit = f"{_rate(runs) / course.limit:.3f}" if course.limit else ""
        raced = [results[other, course] for other in (alone, celery)] if name in ours else []
        against = "; ".join(
            f"{_times(_rate(runs), _rate(each))}, CPU {_times(_cpu(runs), _cpu(each))}" for each in raced
        )
        yield [_said(course), name, *_figures(runs), limit, against]


def _figures(runs: Sequence[Result]) -> list[str]:
    server = median(each.server_cpu for each in runs)
    memory = median(each.memory for each in runs)
    return [f"{_rate(runs):,.0f}", f"{_cpu(runs):.2f}", f"{server:.2f}" if server else "", f"{memory:.0f}"]


def _rate(runs: Sequence[Result]) -> float:
    return median(each.rate for each in runs)


def _cpu(runs: Sequence[Result]) -> float:
    return median(each.cpu for each in runs)


def _times(one: float, other: float) -> str:
    return f"{one / other:.2f} x"


def _said(course: Course) -> str:
    return f"{course.latency * 1000:.0f} ms, {course.at_once} at once, {course.count:,}"
