"""Pages of any width, scheme and language; and a demo that the tests of whole pages share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.town import Town
from tests.story.stage import demo


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


@pytest.fixture(scope="session")
def town(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Run one demo for all tests of pages, which tests/sharing_out.py keeps in one process."""
    with demo(tmp_path_factory.mktemp("town")) as running:
        town = Town(running, browser)
        yield town
        town.close()
