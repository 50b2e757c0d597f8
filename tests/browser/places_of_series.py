"""The pages that change or end a published meeting."""

from playwright.sync_api import Page, expect

from tests.browser.places import Way, opens, refused
from tests.browser.town import COUNSELLOR, TOOLS, Town


def edit_of(town: Town) -> str:
    """Give the path of the editor of a group of ours."""
    return town.meeting(TOOLS).replace("/m/", "/staff/meetings/") + "/edit"


def edit_looked_at(town: Town, language: str) -> Page:
    page = _with_another_hour(town, language)
    page.locator("button[formaction$='/preview']").click()
    expect(page.locator("input[name=seen]")).to_have_count(1)
    return page


def edit_refused(town: Town, language: str) -> Page:
    page = _with_another_hour(town, language)
    page.locator("#name").fill("")
    page.locator("button[name=do]").click()
    return refused(page)


def end_looked_at(town: Town, language: str) -> Page:
    page = town.at(COUNSELLOR, language, edit_of(town).replace("/edit", "/end"))
    page.locator("button[value=look]").click()
    expect(page.locator("button[value=do]")).to_be_visible()
    return page


def _with_another_hour(town: Town, language: str) -> Page:
    page = town.at(COUNSELLOR, language, edit_of(town))
    page.locator("#start_time").fill("20:15")
    return page


PLACES: dict[str, Way] = {
    "editor of a group": opens(COUNSELLOR, edit_of),
    "editor of a group, looked at": edit_looked_at,
    "editor of a group, refused": edit_refused,
    "end of a group": opens(COUNSELLOR, lambda town: edit_of(town).replace("/edit", "/end")),
    "end of a group, looked at": end_looked_at,
}
