"""The pages of the lists that meetings come from: each in a state worth looking at, as a manager sees it."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.places import Way, opens, refused
from tests.browser.town import MANAGER, Town

#: Where the demo's own list is found on the page of all lists.
DEMO = "Elm Street"
ADDRESS = "https://lists.invalid/meetings.json"


def _row(number: int, **given: Any) -> dict[str, Any]:
    return {
        "slug": f"lantern-{number}", "name": f"Lantern Group {number}", "day": number % 7, "time": "19:00",
        "timezone": "America/Denver", "types": ["O", "D"], "location": "Lantern House",
        "formatted_address": "12 Wick Street, Denver, CO 80205, USA",
    } | given  # fmt: skip


def _file(rows: list[dict[str, Any]]) -> FilePayload:
    return {"name": "lantern.json", "mimeType": "application/json", "buffer": json.dumps(rows).encode()}


def _list_of(page: Page, name: str) -> Page:
    page.locator("main li h2 a", has_text=name).first.click()
    expect(page.locator("#facts")).to_be_visible()
    return page


def _home(town: Town, language: str) -> Page:
    return town.at(MANAGER, language, "/staff/lists")


def _sent(town: Town, language: str, name: str, rows: list[dict[str, Any]]) -> Page:
    """Add a list from a file, unless it is there."""
    page = town.at(MANAGER, language, "/staff/lists/new")
    page.locator("input[name=way][value=file]").check()
    page.locator("#name").fill(name)
    page.locator("#file").set_input_files(_file(rows))
    page.locator("main form button").first.click()
    return page


def _unused(language: str, page: Page) -> str:
    return f"Lantern {language} {page.evaluate('Date.now()')}"


def waiting(town: Town, language: str) -> Page:
    """Send in a file with good rows and a bad one; what it would change is shown."""
    page = town.at(MANAGER, language, "/staff/lists")
    rows = [_row(number) for number in range(15)] + [_row(98, time="25:00"), _row(99, types=["O", "Teapot"])]
    _sent(town, language, _unused(language, page), rows)
    expect(page.locator("input[name=seen]")).to_have_count(1)
    return page


def taken(town: Town, language: str) -> Page:
    page = waiting(town, language)
    page.locator("form[action$='/acceptance'] button").click()
    expect(page.locator(".note.go")).to_be_visible()
    return page


def much_gone(town: Town, language: str) -> Page:
    """Send in a newer file that names few meetings, and says other things of some of them."""
    page = taken(town, language)
    few = [_row(0, name="Lantern Group of Old"), _row(1, day=5, time="20:30", types=["C"]), _row(2)]
    page.locator("#file").set_input_files(_file(few))
    page.locator("form[action$='/file'] button").click()
    expect(page.locator(".note.call")).to_be_visible()
    return page


def waiting_on_its_page(town: Town, language: str) -> Page:
    page = much_gone(town, language)
    page.locator(".crumb a").click()
    expect(page.locator("#facts")).to_be_visible()
    return page


def undoable(town: Town, language: str) -> Page:
    page = taken(town, language)
    page.locator("a[href$='#undo']").click()
    expect(page.locator("#undo")).to_be_visible()
    return page


def gone(town: Town, language: str) -> Page:
    page = undoable(town, language)
    page.locator("#undo button").click()
    page.locator("a[href$='/gone']").click()
    expect(page.locator("main .dates")).to_be_visible()
    return page


def of_the_demo(path: str) -> Callable[[Town, str], Page]:
    """Open a page of the list that the demo came with."""

    def go(town: Town, language: str) -> Page:
        page = _list_of(_home(town, language), DEMO)
        if path:
            page.locator(f"a[href$='/{path}']").click()
            expect(page).to_have_url(re.compile(f"/{path}$"))
        return page

    return go


def followed(town: Town, language: str) -> Page:
    """Follow a list of the web that is nowhere: it is to be read, or could not be."""
    page = town.at(MANAGER, language, "/staff/lists/new")
    page.locator("#address").fill(f"{ADDRESS}?{page.evaluate('Date.now()')}")
    page.locator("#name").fill(_unused(language, page))
    page.locator("main form button").first.click()
    expect(page.locator("#facts")).to_be_visible()
    return page


def address_refused(town: Town, language: str) -> Page:
    page = town.at(MANAGER, language, "/staff/lists/new")
    page.locator("#address").fill("http://lists.invalid/")
    page.locator("main form button").first.click()
    return refused(page)


PLACES: dict[str, Way] = {
    "lists": opens(MANAGER, "/staff/lists"),
    "new list, refused": address_refused,
    "list, to be read": followed,
    "list, waiting": waiting_on_its_page,
    "reading, much gone": much_gone,
    "reading, undoable": undoable,
    "dates of notes": of_the_demo("suggestions"),
    "our words": of_the_demo("edits"),
    "gone meetings": gone,
}
