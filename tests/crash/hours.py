"""The clock jumps, a worker sleeps past its lease, the carrier is slow: nothing goes twice, too late or after STOP."""

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from random import Random
from uuid import uuid4

from aftercare.core import clock
from tests.crash.findings import Wish
from tests.crash.kills import STOPPED, see_it_through
from tests.crash.nursery import Child
from tests.crash.world import MINUTE, World
from tests.worker_process import wait_until

HOUR, DAY = 3600.0, 86_400.0
_SOME = 40


def jump(world: World, chance: Random, seconds: float) -> bool:
    """Let the clock jump in the midst of sending, and back before all settles if it went back."""
    now = clock.now()
    brief = world.post(_SOME, useful_until=now + timedelta(minutes=50))
    lasting = world.post(_SOME, useful_until=now + timedelta(days=3))
    world.post(10, due_at=now + timedelta(minutes=30), useful_until=now + timedelta(days=3))
    world.wish_for(brief, Wish(must_go=seconds < 0))
    # One thread of one worker, so that no request is on its way when the clock jumps; the others come after.
    world.settings = {"AFTERCARE_WORKER_CONCURRENCY": "1"}
    jumped = _Once("accepted", chance.randrange(5, 30), lambda: clock.push(seconds))
    with world.carrier.watched(jumped.watch):
        workers = [world.worker()]
        wait_until(lambda: jumped.done or not world.unfinished())
        workers += [world.worker(name=f"w{number}") for number in range(1, world.workers)]
        see_it_through(world, workers)
    world.settings = {}
    if seconds < 0:
        clock.push(-seconds)
    world.stop_texts(chance.sample(lasting, STOPPED))
    world.settle()
    world.pass_time(HOUR)
    world.settle()
    return jumped.done


def held_up(world: World, chance: Random) -> bool:
    """Stop a worker with texts in its hands; let others take over; wake it when its lease is long over."""
    leap = world.folder / f"leap-{uuid4().hex}"
    victim: list[Child] = []
    stopped = _Once("accepted", chance.randrange(5, 40), lambda: _stop(world, victim[0]), who="w0")
    world.post(_SOME * 3)
    # One thread: then the worker is stopped while it waits for an answer, not on its way from its last look at the time
    # to its call, where nothing can help.
    world.settings = {"AFTERCARE_WORKER_CONCURRENCY": "1"}
    with world.carrier.watched(stopped.watch):
        victim.append(world.worker(name="w0", wakes_at=str(leap)))
        wait_until(lambda: stopped.done or not world.unfinished())
    world.settings = {}
    world.settle()
    leap.write_text("1000")
    victim[0].send(signal.SIGCONT)
    time.sleep(0.7)
    victim[0].end()
    world.settle()
    return stopped.done


def stop_in_hand(world: World, chance: Random) -> bool:
    """Let STOP come for texts that wait in a worker's hands, because the carrier is slow; then let a minute pass."""
    world.carrier.latency = 0.05
    world.settings = {"AFTERCARE_WORKER_CONCURRENCY": "1"}
    texts = world.post(_SOME + 20)
    asked = len(world.carrier.asked)
    worker = world.worker()
    wait_until(lambda: len(world.carrier.asked) > asked + 3)
    world.stop_texts(texts[-STOPPED:])
    clock.push(MINUTE)
    see_it_through(world, [worker])
    world.settle()
    return True


def _stop(world: World, victim: Child) -> None:
    """Stop a process; on SQLite at a moment when it does not hold the lock that all need."""
    victim.send(signal.SIGSTOP)
    while world.sqlite_path and not _is_free(world.sqlite_path):
        victim.send(signal.SIGCONT)
        time.sleep(0.005)
        victim.send(signal.SIGSTOP)


def _is_free(path: str) -> bool:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0.2)) as asking:
        try:
            asking.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


class _Once:
    """Does something at a moment of the nth request (of one worker, if named)."""

    def __init__(self, moment: str, nth: int, act: Callable[[], object], who: str = "") -> None:
        self.moment, self.left, self.act, self.who, self.done = moment, nth, act, who, False

    def watch(self, moment: str, who: str) -> bool:
        if moment == self.moment and self.who in ("", who):
            self.left -= 1
            if not self.left:
                self.act()
                self.done = True
        return True
