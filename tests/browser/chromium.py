"""The Chromium of the machine, driven by Playwright, and what every page must hold in it (ui.md, Tests)."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HEAVIEST = 120 * 1024
WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def running(executable: str | None) -> Iterator[Browser]:
    """Run a browser for a while; None is the one that Playwright has fetched."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def check_page(page: Page) -> None:
    """Say what is wrong with the page that is open: axe, sideways scroll, console and CSP messages, weight."""
    assert faults(page) == []


def faults(page: Page) -> list[str]:
    """List what is wrong with the page that is open, one sentence each."""
    return [*_axe(page), *_sideways(page), *_messages(page), *_weight(page)]


def _axe(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"axe {rule['id']}: {node['html'][:160]}" for rule in violations for node in rule["nodes"]]


def _sideways(page: Page) -> list[str]:
    too_wide = page.evaluate(SIDEWAYS)
    return [f"scrolls sideways by {too_wide} px"] if too_wide > 0 else []


def _messages(page: Page) -> list[str]:
    complaints = [said.text for said in page.console_messages() if said.type in ("error", "warning")]
    return [f"console: {text}" for text in (*complaints, *map(str, page.page_errors()))]


def _weight(page: Page) -> list[str]:
    weight = page.evaluate(WEIGHT)
    return [f"weighs {weight} bytes"] if weight > HEAVIEST else []
