"""All that may happen to a worker, by name, and how one of them is played."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from flask import Flask

from aftercare.core import clock
from tests.crash import faults, hours, kills, planning, telling
from tests.crash.findings import Findings
from tests.crash.ledger import Ledger
from tests.crash.nursery import Nursery
from tests.crash.world import World

BOTH = ("sqlite", "postgresql")
MOST_TRIES = 4
#: What a request has come to when somebody is killed.
SAID = {
    "arrived": "a request has arrived",
    "accepted": "a text is taken",
    "half": "half an answer is written",
    "answered": "an answer is written",
    "list-arrived": "the list is asked for",
    "list-half": "half the list is given",
    "list-answered": "the list is given",
}
Act = Callable[[World, Random], bool]


@dataclass(frozen=True)
class Scene:
    """Something that happens; `act` makes it happen, and says whether it came to it."""

    name: str
    act: Act
    kinds: tuple[str, ...] = BOTH


@contextmanager
def world_on(app: Flask, nursery: Nursery, folder: Path, *, workers: int = 1) -> Iterator[World]:
    """Give a world on a database; at its end the clock is right again, and all its processes are gone."""
    with ExitStack() as stack:
        carrier = stack.enter_context(Ledger())
        stack.callback(clock.follow, None)
        stack.callback(nursery.clear)
        yield World(app, nursery, carrier, folder, workers=workers)


def play(world: World, scene: Scene, chance: Random) -> Findings:
    """Play a scene, and say what was wrong at its end.

    Where several workers share the work, it may not come to it that the one goes so far: then it is played again.
    """
    found = Findings()
    for _ in range(MOST_TRIES):
        has_come_to_it = scene.act(world, chance)
        found.add(world.look())
        world.calm()
        if has_come_to_it:
            return found
    found.missed.append(scene.name)
    return found


def commits(steps: Counter[str], rooms: tuple[str, ...], act: Callable[..., bool], pick: Callable[[int], int]) -> list:
    """Make a scene of every step in some rooms of the product; `pick` says which of so many times it is met."""
    met = {name: number for name, number in steps.items() if name.partition(" ")[2].startswith(rooms)}
    return [
        Scene(f"killed {name} #{nth}", partial(act, step=(name, nth)))
        for name, number in met.items()
        for nth in [pick(number)]
    ]


def of_delivery(world: World, pick: Callable[[int], int]) -> list[Scene]:
    """Kill at every commit of delivery, and at every moment of a request."""
    steps = kills.steps_of(world)
    world.look()
    half = kills.TEXTS // 2
    moments = [
        Scene(f"killed when {SAID[moment]} #{nth}", partial(kills.at_moment, moment=moment, nth=nth))
        for moment in kills.SENDING
        for nth in [pick(half)]
    ]
    if world.workers > 1:
        all_at_once = partial(kills.at_moment, moment="accepted", nth=half, is_all=True)
        moments.append(Scene(f"all killed when {SAID['accepted']} #{half}", all_at_once))
    return [*commits(steps, ("delivery.",), kills.at_commit, pick), *moments]


def of_doubt(world: World, pick: Callable[[int], int]) -> list[Scene]:
    """Kill at every commit of looking up, and at every moment of asking for the list."""
    steps = kills.steps_of(world, "--once", prepare=kills.put_in_doubt)
    world.settle()
    world.look()
    moments = [
        Scene(f"killed when {SAID[moment]} #{nth}", partial(kills.in_doubt_at_moment, moment=moment, nth=nth))
        for moment in kills.LISTING
        for nth in [pick(3)]
    ]
    return [*commits(steps, ("reconciliation.",), kills.in_doubt_at_commit, pick), *moments]


def of_planning(world: World, pick: Callable[[int], int]) -> list[Scene]:
    """Kill at every commit of planning."""
    steps = kills.steps_of(world, "--once", prepare=planning.expect)
    world.settle()
    world.look()
    turn = Scene("killed when it has taken its turn to plan", planning.after_taking_the_turn)
    return [*commits(steps, ("reminders.",), planning.at_commit, pick), turn]


def of_telling(pick: Callable[[int], int]) -> list[Scene]:
    """Kill the web process, or the worker, while the carrier calls back."""
    both = ("before", "after")
    first = pick(1)
    return [
        *(_told(f"web killed {each} a callback", telling.web_at_commit, each, pick(60)) for each in both),
        *(_told(f"web killed {each} a STOP", telling.stop_at_commit, each, first) for each in both),
        *(
            Scene(
                f"killed {each} recording, callbacks early, doubled and shuffled",
                partial(telling.worker_at_commit, step=(f"{each} delivery._record", first)),
            )
            for each in both
        ),
    ]


def of_faults() -> list[Scene]:
    """Let the carrier misbehave and the database go away."""
    return [
        Scene("carrier answers 429, 500, garbage, half, drop by drop", faults.odd_answers),
        Scene("sessions of the database ended", faults.backends_ended, ("postgresql",)),
        Scene("wire cut, commit heard", partial(faults.wire_cut, committed=True), ("postgresql",)),
        Scene("wire cut, commit unheard", partial(faults.wire_cut, committed=False), ("postgresql",)),
        Scene("database locked for a moment", faults.locked, ("sqlite",)),
        Scene("disk full for a moment", faults.disk_full, ("sqlite",)),
    ]


def of_hours() -> list[Scene]:
    """Let the clock jump, the worker sleep, the carrier be slow."""
    jumps = {"an hour": hours.HOUR, "a day": hours.DAY}
    return [
        *(Scene(f"clock jumps {name} on", partial(hours.jump, seconds=by)) for name, by in jumps.items()),
        *(Scene(f"clock jumps {name} back", partial(hours.jump, seconds=-by)) for name, by in jumps.items()),
        Scene("worker held up past its lease", hours.held_up),
        Scene("STOP for texts in a worker's hands", hours.stop_in_hand),
    ]


def of_patience() -> list[Scene]:
    """Scenes that take a while."""
    return [Scene("carrier takes texts and never answers", faults.time_out_after_accepting)]


def _told(name: str, act: Callable[..., bool], when: str, nth: int) -> Scene:
    return Scene(f"{name} #{nth}", partial(act, step=(f"{when} {telling.REQUEST}", nth)))
