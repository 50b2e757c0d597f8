"""One nursery for all crash tests of a process, and a world on the database of each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.crash.nursery import Nursery
from tests.crash.scenes import world_on
from tests.crash.world import World


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Give the place where workers come from."""
    with Nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture
def world(app: Flask, nursery: Nursery, tmp_path: Path) -> Iterator[World]:
    """Give a clinic with one worker."""
    with world_on(app, nursery, tmp_path) as world:
        yield world


@pytest.fixture
def crowded(app: Flask, nursery: Nursery, tmp_path: Path) -> Iterator[World]:
    """Give a clinic with three workers."""
    with world_on(app, nursery, tmp_path, workers=3) as world:
        yield world
