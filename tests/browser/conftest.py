"""A browser for the whole run, and pages of any width, scheme and language in it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

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


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open empty pages, each in a context of its own: new_page(width=390, scheme="dark", scripts=False)."""
    contexts = []

    def make(*, width: int = 390, scheme: Any = "light", scripts: bool = True, language: str = "en-US") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=scripts, locale=language
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
