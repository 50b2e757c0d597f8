"""The harness itself: children die where they are told to, and none outlives it."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.crash.nursery import Nursery
from tests.house.source import ROOT
from tests.worker_process import wait_until

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ORPHANS = """
import json, sys, time
from pathlib import Path
from tests.crash.nursery import Nursery
folder = Path(sys.argv[1])
with Nursery(folder) as nursery:
    child = nursery.start("worker", environment=json.loads(sys.argv[2]))
    print(child.pid, flush=True)
    time.sleep(60)
"""


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_dies_at_its_step_and_says_at_which(world):
    world.post(3)

    worker = world.worker(at="after delivery._claim")

    assert worker.wait() == -signal.SIGKILL
    assert worker.died_at == "after delivery._claim"
    assert world.unfinished() == 3


def test_a_fresh_worker_dies_at_its_step_as_well(world, tmp_path):
    world.post(3)
    with Nursery(tmp_path, fresh=True) as fresh:
        worker = fresh.start("worker", environment=world.environment("w0"), at="before delivery._record")

        assert worker.wait() == -signal.SIGKILL

    assert worker.died_at == "before delivery._record"
    assert len(world.carrier.sent) > 0


def test_no_child_outlives_the_nursery(world, tmp_path):
    with Nursery(tmp_path) as nursery:
        child = nursery.start("worker", environment=world.environment("w0"))
        assert child.is_alive

    assert not is_alive(child.pid)


def test_no_child_outlives_whoever_is_killed_in_the_midst_of_it(world, tmp_path):
    told = subprocess.PIPE
    settings = json.dumps(world.environment("w0"))
    keeper = subprocess.Popen([sys.executable, "-c", ORPHANS, tmp_path, settings], cwd=ROOT, stdout=told)
    assert keeper.stdout is not None
    child = int(keeper.stdout.readline())
    assert is_alive(child)

    keeper.kill()
    keeper.wait()
    keeper.stdout.close()

    wait_until(lambda: not is_alive(child))
