"""The pages of numbers and of people, and how somebody gets there in either language."""

import re

from playwright.sync_api import Page, expect

from tests.browser import places
from tests.browser.places import Way, opens
from tests.browser.town import COUNSELLOR, PATIENT, STRANGER, Town

#: Whose number turns out to be somebody else's.
GONE = "Jo Kowalski"


def number_refused(town: Town, language: str) -> Page:
    return places.refused(_typed(town.at(places.of(PATIENT, language), language, "/my/number"), "12"))


def number_asked(town: Town, language: str) -> Page:
    page = _typed(town.at(places.of(PATIENT, language), language, "/my/number"), town.unused_number())
    expect(page.locator("#code")).to_be_visible()
    return page


def number_code_refused(town: Town, language: str) -> Page:
    page = town.at(places.of(PATIENT, language), language, "/my/number/code")
    page.locator("#code").fill("000000")
    page.locator("form:has(#code) button").click()
    return places.refused(page)


def _typed(page: Page, number: str) -> Page:
    page.locator("#phone").fill(number)
    page.locator("form:has(#phone) button").click()
    return page


def number_gone(town: Town, language: str) -> Page:
    return town.at(_say_wrong_number(town), language, "/my/number")


def texts_frozen(town: Town, language: str) -> Page:
    return town.at(_say_wrong_number(town), language, "/texts")


def person_frozen(town: Town, language: str) -> Page:
    _say_wrong_number(town)
    return _person(town, language, GONE)


def _say_wrong_number(town: Town) -> str:
    phones = town.at(STRANGER, "en", "/phones")
    phones.get_by_label(f"Answer as {GONE}").fill("wrong number")
    phones.get_by_role("button", name=f"Send as {GONE}").click()
    return GONE


def staff_code_refused(town: Town, language: str) -> Page:
    page = town.at(STRANGER, language, "/sign-in/new-number")
    page.locator("#staff_code").fill("12345678")
    page.locator("#phone").fill("303 555 0189")
    page.locator("form:has(#staff_code) button").click()
    return places.refused(page)


def staff_code_taken(town: Town, language: str) -> Page:
    said = staff_code_made(town, "en").locator(".digits").inner_text()
    page = town.at(STRANGER, language, "/sign-in/new-number")
    page.locator("#staff_code").fill(re.sub(r"\D", "", said))
    page.locator("#phone").fill(town.unused_number())
    page.locator("form:has(#staff_code) button").click()
    expect(page.locator("#code")).to_be_visible()
    return page


def staff_code_made(town: Town, language: str) -> Page:
    page = _person(town, language, PATIENT)
    page.locator("form[action$='/code'] button").click()
    expect(page.locator(".digits")).to_be_visible()
    return page


def people_found(town: Town, language: str) -> Page:
    return _found(town, language, "e")


def people_unknown(town: Town, language: str) -> Page:
    return _found(town, language, "zzzz")


def person_shown(town: Town, language: str) -> Page:
    page = _person(town, language, PATIENT)
    for more in page.locator("main details").all():
        more.locator("summary").click()
    return page


def person_number_refused(town: Town, language: str) -> Page:
    page = _person(town, language, PATIENT)
    page.locator("details:has(#phone) summary").click()
    return places.refused(_typed(page, "911"))


def _person(town: Town, language: str, name: str) -> Page:
    page = _found(town, language, name)
    page.locator(".roll a", has_text=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return page


def _found(town: Town, language: str, typed: str) -> Page:
    page = town.at(COUNSELLOR, language, "/staff/people")
    page.locator("#name").fill(typed)
    page.locator("form:has(#name) button").click()
    expect(page.locator(".roll, .empty")).to_be_visible()
    return page


PLACES: dict[str, Way] = {
    "my number": opens(PATIENT, "/my/number"),
    "my number, refused": number_refused,
    "my number, code": number_asked,
    "my number, code refused": number_code_refused,
    "my number, gone": number_gone,
    "texts, number gone": texts_frozen,
    "new number": opens(STRANGER, "/sign-in/new-number"),
    "new number, refused": staff_code_refused,
    "new number, code": staff_code_taken,
    "people": opens(COUNSELLOR, "/staff/people"),
    "people, found": people_found,
    "people, nobody": people_unknown,
    "person": person_shown,
    "person, number refused": person_number_refused,
    "person, number gone": person_frozen,
    "person, code": staff_code_made,
}
