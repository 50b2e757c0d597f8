"""The Chromium of the machine, driven by Playwright, and what every page must hold in it (ui.md, Tests)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HEAVIEST = 120 * 1024
WIDTHS = (390, 1280)
#: What axe says of colours; the scheme changes nothing else (aftercare.css: it only sets other colours).
OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
OF_ALL = {"resultTypes": ["violations"]}
#: What axe says of all but colours: another language changes none of them, and to look at them takes longest.
OF_WORDS = OF_ALL | {"rules": {rule: {"enabled": False} for rule in OF_COLOURS["runOnly"]}}
Options = Mapping[str, object]
#: A page that refuses says so in its status, and Chromium in its console.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d .*")
Scheme = Literal["light", "dark"]
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


def without_cache(page: Page) -> Page:
    """Let a page load everything each time, so that it weighs what it weighs for a newcomer."""
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    return page


#: Comes back when two frames have been drawn, or after a second where nothing is drawn.
DRAWN = """() => new Promise(done => {
    setTimeout(done, 1000);
    requestAnimationFrame(() => requestAnimationFrame(done));
})"""


def look(page: Page, width: int, scheme: Scheme) -> None:
    """Look at the page that is open on a screen of another width, by day or night."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    # On a busy machine the colours of before are still there for a moment: what is looked at must have been drawn.
    page.evaluate(DRAWN)


def check_page(page: Page) -> None:
    """Say what is wrong with the page that is open: axe, sideways scroll, console and CSP messages, weight."""
    assert faults(page) == []


def faults(page: Page) -> list[str]:
    """List what is wrong with the page that is open, one sentence each."""
    return [*_axe(page, OF_ALL), *_sideways(page), *_messages(page), *_weight(page)]


def faults_of_words(page: Page) -> list[str]:
    """List what is wrong with the page that is open in another language than the one it was looked at in before."""
    return [*_axe(page, OF_WORDS), *_sideways(page), *_messages(page), *_weight(page)]


def faults_in_every_look(page: Page) -> list[str]:
    """List what is wrong with the page that is open at both widths, by day and night."""
    found = []
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for width, scheme in product(WIDTHS, schemes):
        look(page, width, scheme)
        seen = faults(page) if scheme == "light" else [*_axe(page, OF_COLOURS), *_sideways(page), *_messages(page)]
        found += [f"{width} {scheme}: {fault}" for fault in seen]
    return found


def _axe(page: Page, options: Options) -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [f"axe {rule['id']}: {node['html'][:160]}" for rule in violations for node in rule["nodes"]]


def _sideways(page: Page) -> list[str]:
    too_wide = page.evaluate(SIDEWAYS)
    return [f"scrolls sideways by {too_wide} px"] if too_wide > 0 else []


def _messages(page: Page) -> list[str]:
    complaints = [
        said.text
        for said in page.console_messages()
        if said.type in ("error", "warning")
        and not (REFUSED.fullmatch(said.text) and said.location["url"] == page.url.split("#")[0])
    ]
    return [f"console: {text}" for text in (*complaints, *map(str, page.page_errors()))]


def _weight(page: Page) -> list[str]:
    weight = page.evaluate(WEIGHT)
    return [f"weighs {weight} bytes"] if weight > HEAVIEST else []
