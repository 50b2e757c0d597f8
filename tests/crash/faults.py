"""The carrier misbehaves, the database goes away: the worker goes on, and all settles."""

import resource
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg
from sqlalchemy.engine import make_url

from tests.crash.kills import STOPPED, TEXTS, see_it_through
from tests.crash.nursery import Child
from tests.crash.proxy import Proxy
from tests.crash.world import World
from tests.worker_process import wait_until

#: What a carrier may answer: not now, a fault of its own, nonsense; half an answer, or one drop by drop.
ANSWERS = (
    *("429:2", "429", "503", "500", "502", "504", "garbage", "garbage:502", "reset"),
    *("accept+500", "accept+502", "accept+garbage", "accept+half", "accept+drip:1", "accept+reset"),
)
LISTS = ("list:500", "list:429", "list:garbage", "list:reset")


def odd_answers(world: World, chance: Random) -> bool:
    """Let the carrier answer oddly, also when it is asked for its list."""
    odd = [*ANSWERS, *ANSWERS]
    chance.shuffle(odd)
    world.carrier.next(*odd, *LISTS)
    texts = world.post(TEXTS)
    workers = _start(world)
    see_it_through(world, workers)
    world.stop_texts(chance.sample(texts, STOPPED))
    world.settle()
    return not world.carrier.faults and not world.carrier.list_faults


def time_out_after_accepting(world: World, chance: Random) -> bool:
    """Let the carrier take texts and never answer; the worker is asked to stop while it waits."""
    world.carrier.next(*["accept+hang", "hang"] * 2)
    world.post(TEXTS)
    workers = _start(world)
    wait_until(lambda: not world.carrier.faults)
    for each in workers:
        each.end()
    world.settle()
    return True


def backends_ended(world: World, chance: Random) -> bool:
    """End every session of the workers in the database, three times while they send."""
    admin = psycopg.connect(_plain(world), autocommit=True)
    ended: list[int] = []

    def end() -> None:
        found = admin.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE 'w_'"
        ).fetchone()
        ended.append(found[0] if found else 0)

    with admin, world.carrier.watched(_now_and_then(chance, end)):
        return _send_through(world, chance) and sum(ended) > 0


def wire_cut(world: World, chance: Random, *, committed: bool) -> bool:
    """Cut the workers' wire at some of their commits, which the database hears or does not."""
    with Proxy(world.database_url) as proxy, world.carrier.watched(proxy.arm):
        for nth in chance.sample(range(1, 8), 3):
            proxy.cut(nth, committed=committed)
        world.settings = {"AFTERCARE_DATABASE_URL": proxy.url}
        try:
            return _send_through(world, chance, settled_by=lambda: world.settings.clear()) and proxy.done > 0
        finally:
            world.settings = {}


def locked(world: World, chance: Random) -> bool:
    """Hold SQLite's write lock for a moment, three times while the workers send."""

    def lock() -> None:
        keeper = sqlite3.connect(world.sqlite_path, isolation_level=None, timeout=10)
        keeper.execute("BEGIN IMMEDIATE")
        time.sleep(0.4)
        keeper.execute("ROLLBACK")
        keeper.close()

    with _besides(lock) as start, world.carrier.watched(_now_and_then(chance, start)):
        return _send_through(world, chance)


def disk_full(world: World, chance: Random) -> bool:
    """Let nothing be written to any file for a moment, three times while the workers send."""
    workers: list[Child] = []

    def fill() -> None:
        for size, moment in ((1, 0.4), (resource.RLIM_INFINITY, 0.0)):
            for each in workers:
                if each.is_alive:
                    resource.prlimit(each.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            time.sleep(moment)

    with _besides(fill) as start, world.carrier.watched(_now_and_then(chance, start)):
        texts = world.post(TEXTS * (1 + world.workers) // 2)
        # They must not write a log: that would fail as well.
        workers += [world.worker(name=f"w{number}", log=Path("/dev/null")) for number in range(world.workers)]
        see_it_through(world, workers)
    world.stop_texts(chance.sample(texts, STOPPED))
    world.settle()
    return True


def _send_through(world: World, chance: Random, settled_by: Callable[[], object] = lambda: None) -> bool:
    """Send, without a new start, whatever happens; then let time pass, as after a kill."""
    workers = _start(world)
    # A worker that finds no database when it starts ends with a sentence; this is about those at work.
    wait_until(lambda: world.at_work(workers))
    texts = world.post(TEXTS * (1 + world.workers) // 2)
    see_it_through(world, workers)
    settled_by()
    world.stop_texts(chance.sample(texts, STOPPED))
    world.settle()
    for each in workers:
        if each.status:
            world.troubles.append(f"a worker ended with {each.status}: {each.said()}")
    return True


def _start(world: World) -> list[Child]:
    return [world.worker(name=f"w{number}") for number in range(world.workers)]


@contextmanager
def _besides(act: Callable[[], object]) -> Iterator[Callable[[], object]]:
    """Let something be done in a thread of its own, as often as is asked for; wait for all of it at the end."""
    threads: list[threading.Thread] = []

    def start() -> None:
        threads.append(threading.Thread(target=act))
        threads[-1].start()

    yield start
    for each in threads:
        each.join()


def _now_and_then(chance: Random, act: Callable[[], object]) -> Callable[[str, str], bool]:
    """Make a watch that acts at three of the first requests."""
    times = set(chance.sample(range(5, TEXTS), 3))
    seen = 0
    lock = threading.Lock()

    def watch(moment: str, who: str) -> bool:
        nonlocal seen
        if moment == "accepted":
            with lock:
                seen += 1
                if seen in times:
                    act()
        return True

    return watch


def _plain(world: World) -> str:
    return make_url(world.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
