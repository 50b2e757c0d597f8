"""Whatever happens to it, the worker loses no text, sends none twice, and none after STOP or too late."""

from random import Random

from tests.crash import kills, scenes
from tests.crash.scenes import Scene, play

SEED = 2026


def first(_times):
    return 1


def second(times):
    """Choose the second time, if it surely comes to that."""
    return 2 if times > 3 else 1


def told(world, *played: Scene):
    """Play scenes one after the other, and list all that was wrong, or was not even come to."""
    kind = "sqlite" if world.sqlite_path else "postgresql"
    chance = Random(SEED)
    found = {each.name: play(world, each, chance) for each in played if kind in each.kinds}
    return [f"{name}: {told}" for name, each in found.items() for told in [*each.faults, *each.missed]]


def test_killed_at_any_step_of_delivery(world):
    all_of_it = scenes.of_delivery(world, second)

    assert len(all_of_it) >= 6 + len(kills.SENDING)
    assert told(world, *all_of_it) == []


def test_killed_at_any_step_of_looking_up(world):
    all_of_it = scenes.of_doubt(world, second)

    assert len(all_of_it) >= 2 + len(kills.LISTING)
    assert told(world, *all_of_it) == []


def test_killed_at_any_step_of_planning(world):
    all_of_it = scenes.of_planning(world, first)

    assert len(all_of_it) >= 3
    assert told(world, *all_of_it) == []


def test_killed_while_the_carrier_calls_back(world):
    assert told(world, *scenes.of_telling(first)) == []


def test_the_carrier_misbehaves_or_the_database_goes_away(world):
    assert told(world, *scenes.of_faults()) == []


def test_the_clock_jumps_or_a_worker_sleeps(world):
    assert told(world, *scenes.of_hours()) == []


def test_one_of_three_workers_is_killed(crowded):
    *others, all_at_once = scenes.of_delivery(crowded, first)

    assert told(crowded, *Random(SEED).sample(others, 2), all_at_once) == []


def test_three_workers_meet_what_else_may_happen(crowded):
    everything = [*scenes.of_faults()[1:4], *scenes.of_hours()[:1]]

    assert told(crowded, *everything) == []
