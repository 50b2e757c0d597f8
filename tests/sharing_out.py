"""How a run is shared out: a file goes whole to one process, the longest files first, so that no process waits long."""

import pytest

#: Where long tests are, longest first; found with `./run test --durations=60`.
LONG = (
    "tests/browser/",
    "tests/story/",
    "tests/calendars/test_served_engines.py",
    "tests/meetings/test_rsvp_rush.py",
    "tests/http/test_api_promises.py",
    "tests/test_worker.py",
    "tests/house/test_wheel.py",
    "tests/demo/",
    "tests/calendars/",
    "tests/conversations/",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def _place(item: pytest.Item) -> int:
    return next((place for place, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))
