"""One browser for the whole run: Playwright runs only once in a process, however many folders of tests want it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import chromium as machine
from tests.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run the Chromium of this machine, or the one that ./run test has fetched."""
    executable = machine.find()
    if executable is None and not machine.fetched():
        pytest.fail("These tests need a browser. Install Chromium: apt-get install chromium", pytrace=False)
    with chromium.running(executable) as browser:
        yield browser
