"""How a run is shared out among processes: a file goes whole to one of them, and what takes longest begins first."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Where long tests are, longest first; found with `./run test --durations=60`.
LONG = (
    "tests/browser/",
    "tests/story/",
    "tests/crash/",
    "tests/http/test_api_promises.py",
    "tests/meetings/test_rsvp_rush.py",
    "tests/test_worker.py",
    "tests/calendars/test_served_engines.py",
    "tests/meetings/exchange/test_runs.py",
    "tests/house/test_wheel.py",
    "tests/test_worker_upkeep.py",
    "tests/meetings/exchange/",
    "tests/demo/",
    "tests/calendars/",
    "tests/conversations/",
)
#: Folders that stay together, because their tests share one demo.
WHOLE = ("tests/browser/",)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each process a file after the other, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in WHOLE if nodeid.startswith(folder)), nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((place for place, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))
