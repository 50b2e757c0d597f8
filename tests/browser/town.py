"""The demo that the tests of pages share, and browsers in which its people are signed in."""

import subprocess
import sys
from datetime import timedelta
from functools import cached_property
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from aftercare.demo import cli, surroundings
from tests.browser import chromium
from tests.story.stage import Demo

ROOT = Path(__file__).parents[2]
STRANGER, PATIENT, OTHER, COUNSELLOR, MANAGER = "", "Priya Shah", "Ana Reyes", "Sam Ortiz", "Grace Kim"
#: Whom each test of the roll leaves as it found them.
SPARE = "Robin Hale"
TOOLS = "Tools for the Week"
#: Who checks in, by the language they read.
ARRIVING = {"en": "Dee Walker", "es": "Luis García"}
LOCALES = {"en": "en-US", "es": "es-MX"}
SOON = timedelta(minutes=6)


class Town:
    """A demo, its people, and a group that is open for check-in."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        self.demo, self.browser = demo, browser
        self._contexts: list[BrowserContext] = []
        self._pages: dict[tuple[str, str], Page] = {}
        self._numbers = count(190)

    def page(self, who: str, language: str = "en") -> Page:
        """Give the browser of somebody who reads this language: a phone in daylight, always the same one."""
        if (who, language) not in self._pages:
            page = chromium.without_cache(self.enter(who, language))
            self._pages[who, language] = page
        page = self._pages[who, language]
        chromium.look(page, 390, "light")
        return page

    def at(self, who: str, language: str, path: str) -> Page:
        """Open a page of the demo as somebody."""
        page = self.page(who, language)
        page.goto(self.demo.base + path)
        return page

    def enter(self, who: str, language: str = "en", *, scripts: bool = True) -> Page:
        """Open a browser of somebody's own, signed in by the link that the demo printed."""
        context = self.browser.new_context(locale=LOCALES[language], java_script_enabled=scripts)
        self._contexts.append(context)
        page = context.new_page()
        if who:
            page.goto(self.demo.link(who))
            page.locator("main form button").click()
            expect(page.locator("form[action='/sign-out']")).to_be_visible()
            if page.locator(f".lang-form button[value={language}]").count():
                page.locator(".lang-form button").click()
        return page

    @cached_property
    def group(self) -> str:
        """Publish a group that begins in a few minutes, to which five people say yes while they may; give its path."""
        path = self.publish(self.page(COUNSELLOR), name="Open Door")
        for who, language in (
            (PATIENT, "en"),
            (OTHER, "es"),
            (SPARE, "en"),
            *((who, language) for language, who in ARRIVING.items()),
        ):
            self.say_yes(self.at(who, language, path))
        return path

    def say_yes(self, page: Page) -> None:
        """Say yes to the next date of the meeting that is open."""
        page.locator("button[name=answer][value=yes]").click()
        expect(page.locator("button[name=answer][value=yes]")).to_have_count(0)

    def publish(self, page: Page, *, name: str) -> str:
        """Publish a group that begins in a few minutes, by the page; give its path."""
        begins = self.demo.now() + SOON
        page.goto(f"{self.demo.base}/staff/meetings/new")
        page.locator("#name").fill(name)
        page.locator("#start_date").fill(f"{begins:%Y-%m-%d}")
        page.locator("#start_time").fill(f"{begins:%H:%M}")
        page.locator(f"input[name=weekdays][value='{begins.weekday()}']").check()
        page.locator("#place_name").fill("Elm Street Center, room 2")
        page.locator("button[name=do][value=publish]").click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        return str(page.url).removeprefix(self.demo.base)

    @cached_property
    def roll(self) -> str:
        """Give the path of the open group's roll."""
        return self.roll_of(self.group)

    def roll_of(self, meeting: str) -> str:
        """Give the path of the roll of a meeting's next date."""
        link = self.at(COUNSELLOR, "en", meeting).locator("main a[href$='/roll']")
        return str(link.get_attribute("href"))

    def meeting(self, name: str) -> str:
        """Find a meeting of the list; give its path."""
        page = self.at(STRANGER, "en", f"/o/elm-street/meetings?q={name}")
        return str(page.locator("li.row a.cover").first.get_attribute("href"))

    def fellowship(self) -> str:
        """Find a meeting that others hold; give its path."""
        return self.meeting("Big Book Study")

    def unused_number(self) -> str:
        """Give a phone number that nobody has, and that has not been typed yet: codes for one number are few."""
        return f"303 555 0{next(self._numbers)}"

    def one_tap(self) -> str:
        """Give the path of a one-tap link for tonight, as a text could bring it."""
        return self._link

    @cached_property
    def _link(self) -> str:
        environment = surroundings.prepare(self.demo.folder / cli.FOLDER, port=self.demo.port, is_fresh=False)
        made = subprocess.run(
            [sys.executable, "-m", "tests.browser.one_tap", "Nina Brooks", self.meeting(TOOLS).removeprefix("/m/")],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return f"/r/{made.stdout.strip()}"

    def close(self) -> None:
        """Close all browsers."""
        for context in self._contexts:
            context.close()
