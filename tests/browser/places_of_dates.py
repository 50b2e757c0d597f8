"""The pages that change one date, add one, or close for some days, and the history of it all."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.places import Way, opens, refused
from tests.browser.places_of_texts import dates_of
from tests.browser.town import COUNSELLOR, TOOLS, Town


def change_of(act: str) -> Way:
    """Open the page that changes the first date."""

    def go(town: Town, language: str) -> Page:
        page = town.at(COUNSELLOR, language, dates_of(town))
        page.locator(f"a[href$='/{act}']").first.click()
        expect(page.locator("button[name=do]").first).to_be_visible()
        return page

    return go


def looked_at(way: Way, fill: Callable[[Page], None]) -> Way:
    """Fill a form in, and look at what it would come to."""

    def go(town: Town, language: str) -> Page:
        page = way(town, language)
        fill(page)
        page.locator("button[value=look]").click()
        expect(page.locator("button[value=do]")).to_be_visible()
        return page

    return go


def seats_refused(town: Town, language: str) -> Page:
    page = change_of("seats")(town, language)
    page.locator("#capacity").fill("0")
    page.locator("button[name=do]").click()
    return refused(page)


def closure_refused(town: Town, language: str) -> Page:
    page = town.at(COUNSELLOR, language, "/staff/closures/new")
    page.locator("#first_day").fill("2020-01-01")
    page.locator("#last_day").fill("2020-01-01")
    page.locator("button[value=look]").click()
    return refused(page)


def noted(town: Town, language: str) -> Page:
    """Say something of a date; the way to undo it is there."""
    page = change_of("note")(town, language)
    page.locator("#note").fill(f"The door is at the back ({page.evaluate('Date.now()')}).")
    page.locator("button[name=do]").click()
    expect(page.locator("a[href$='/undoing']")).to_be_visible()
    return page


def history_of_note(town: Town, language: str) -> Page:
    page = noted(town, language)
    page.goto(page.url.replace("/dates", "/history"))
    expect(page.locator("a[href$='/undoing']").first).to_be_visible()
    return page


def undoing_of_note(town: Town, language: str) -> Page:
    page = noted(town, language)
    page.locator("a[href$='/undoing']").click()
    expect(page.locator("button[value=do]")).to_be_visible()
    return page


def _closing(town: Town, language: str) -> Page:
    return town.at(COUNSELLOR, language, "/staff/closures/new")


def _for_a_week(page: Page) -> None:
    later = "document.querySelector('#last_day').valueAsNumber += 6 * 864e5"
    page.evaluate(later)


PLACES: dict[str, Way] = {
    "another place": change_of("place"),
    "another place, looked at": looked_at(change_of("place"), lambda page: page.locator("#place_name").fill("Library")),
    "other seats": change_of("seats"),
    "other seats, refused": seats_refused,
    "note": change_of("note"),
    "substitute": change_of("substitute"),
    "one more date": change_of("dates/new"),
    "one more date, looked at": looked_at(
        change_of("dates/new"), lambda page: page.locator("#note").fill("Bring a friend.")
    ),
    "dates, noted": noted,
    "history": opens(COUNSELLOR, lambda town: town.meeting(TOOLS).replace("/m/", "/staff/meetings/") + "/history"),
    "history of a note": history_of_note,
    "undoing of a note": undoing_of_note,
    "closed days": opens(COUNSELLOR, "/staff/closures"),
    "closing": _closing,
    "closing, looked at": looked_at(_closing, _for_a_week),
    "closing, refused": closure_refused,
}
