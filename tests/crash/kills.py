"""A worker is killed at a step of the path; while it is dead some readers say STOP, and some texts become useless."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from aftercare.core import clock
from tests.crash.findings import Wish
from tests.crash.nursery import Child
from tests.crash.world import Due, World

#: How a request to send, and one for the list, goes by at the carrier.
SENDING = ("arrived", "accepted", "half", "answered")
LISTING = ("list-arrived", "list-half", "list-answered")
#: What each scenario has: texts, of which some are stopped while the worker is dead, and some outlive their use.
TEXTS, STOPPED, SHORT = 100, 6, 6
# The carrier takes a moment, so that texts wait in the worker's hands, and each of several workers has its share.
LATENCY = 0.02
_SHORT_USE = timedelta(seconds=30)
_PATIENCE = 180.0
Step = tuple[str, int]


def steps_of(world: World, *words: str, prepare: Callable[[World], object] = World.post) -> Counter[str]:
    """Let a worker do its work unharmed, and count the steps it went through by name."""
    prepare(world)
    world.carrier.latency = LATENCY
    book = world.folder / f"steps-{time.monotonic_ns()}"
    worker = world.worker(*words, steps=str(book))
    if "--once" in words:
        worker.wait()
    see_it_through(world, [worker])
    return Counter(book.read_text().splitlines())


def at_commit(world: World, chance: Random, step: Step, *words: str) -> bool:
    """Kill the worker at a step; say whether it came to that."""
    name, nth = step
    texts = _post(world)
    victim, *others = _start(world, *words, at=name, nth=nth)
    see_it_through(world, [victim, *others])
    _stop_some(world, chance, texts)
    world.settle()
    return victim.status == -9 and victim.died_at == name


def at_moment(world: World, chance: Random, moment: str, nth: int, *words: str, is_all: bool = False) -> bool:
    """Kill whoever asks the carrier at a moment of the nth request, or all; say whether it came to that."""
    texts = _post(world)
    killer = Killer(moment, nth, is_all=is_all)
    with world.carrier.watched(killer.watch):
        workers = _start(world, *words)
        killer.victims = {each.name: each for each in workers}
        see_it_through(world, workers)
    _stop_some(world, chance, texts)
    world.settle()
    return killer.has_killed


class Killer:
    """Watches requests at the carrier, and kills who makes the nth when it comes to a moment."""

    def __init__(self, moment: str, nth: int, *, is_all: bool = False) -> None:
        self.moment, self.nth, self.is_all = moment, nth, is_all
        self.victims: dict[str, Child] = {}
        self.seen: Counter[str] = Counter()
        self.has_killed = False

    def watch(self, moment: str, who: str) -> bool:
        """Kill at the moment; say whether the request goes on."""
        self.seen[moment] += 1
        if moment != self.moment or self.seen[moment] != self.nth:
            return True
        give_up = time.monotonic() + 60
        while who not in self.victims and time.monotonic() < give_up:
            time.sleep(0.01)
        for victim in self.victims.values() if self.is_all else [self.victims[who]]:
            victim.kill()
        self.has_killed = True
        return False


def put_in_doubt(world: World, number: int = 6) -> list[Due]:
    """Post texts, of some of which nobody knows whether the carrier has them, and let a minute pass."""
    world.carrier.next(*["reset", "accept+reset"] * (number // 2))
    texts = world.post(3 * number)
    world.worker("--once").wait()
    world.pass_time()
    return texts


def in_doubt_at_commit(world: World, chance: Random, step: Step) -> bool:
    """Kill the worker at a step of looking up what is in doubt."""
    name, nth = step
    texts = put_in_doubt(world)
    victim = world.worker("--once", at=name, nth=nth)
    victim.wait()
    _stop_some(world, chance, texts)
    world.settle()
    return victim.status == -9 and victim.died_at == name


def in_doubt_at_moment(world: World, chance: Random, moment: str, nth: int) -> bool:
    """Kill the worker while it asks for the carrier's list."""
    texts = put_in_doubt(world)
    killer = Killer(moment, nth)
    with world.carrier.watched(killer.watch):
        killer.victims = {"w0": world.worker("--once")}
        killer.victims["w0"].wait()
    _stop_some(world, chance, texts)
    world.settle()
    return killer.has_killed


def see_it_through(world: World, workers: Sequence[Child]) -> None:
    """Wait until nothing is left that living workers could do; then stop those that still run."""
    give_up = time.monotonic() + _PATIENCE
    seen, since = [world.unfinished()], time.monotonic()
    while any(each.is_alive for each in workers) and time.monotonic() < give_up:
        left = world.unfinished()
        if left != seen[-1]:
            seen.append(left)
            since = time.monotonic()
        if not left or (len(seen) > 1 and time.monotonic() - since > _calm_after(workers)):
            break
        time.sleep(0.06)
    for each in workers:
        each.end()


def _calm_after(workers: Sequence[Child]) -> float:
    """Say after how many seconds without any news nothing more is to be expected."""
    return 0.5 if any(each.status is not None for each in workers) else 3.0


def _start(world: World, *words: str, **plan: Any) -> list[Child]:
    """Start the victim, and its company."""
    world.carrier.latency = LATENCY
    victim = world.worker(*words, **plan)
    return [victim, *(world.worker(*words, name=f"w{number}") for number in range(1, world.workers))]


def _post(world: World) -> list[Due]:
    short = world.post(SHORT, useful_until=clock.now() + _SHORT_USE)
    world.wish_for(short, Wish(must_go=False))
    return world.post(TEXTS * (1 + world.workers) // 2)


def _stop_some(world: World, chance: Random, texts: Sequence[Due]) -> None:
    """Let some readers say STOP."""
    world.stop_texts(chance.sample(list(texts), STOPPED))
