"""Pages of check-ups and letters, each in a state worth looking at."""

import re
from itertools import count

from playwright.sync_api import Page, expect

from tests.browser import places
from tests.browser.places import Way
from tests.browser.town import COUNSELLOR, STRANGER, Town

#: Whose letters nobody else's test reads; an address may be asked for only so many times an hour.
READERS = {"en": "Dee Walker", "es": "Luis García"}
ASKED = "Luis García"
#: An address is asked a few times a day only, so each test has its own.
_NUMBERS = count(1)


def check_ups(town: Town, language: str) -> Page:
    page = _person(town, language, ASKED)
    page.locator("a[href$='/checkups']").click()
    expect(page.locator("form[action$='/checkups'] button")).to_be_visible()
    return page


def check_up_asked(town: Town, language: str) -> Page:
    page = check_ups(town, language)
    page.locator("input[name=instrument]").first.check()
    page.locator("form[action$='/checkups'] button").click()
    expect(page.locator("main section.card").first).to_be_visible()
    return page


def mail(town: Town, language: str) -> Page:
    return town.at(READERS[language], language, "/texts/email")


def mail_refused(town: Town, language: str) -> Page:
    page = mail(town, language)
    page.locator("#email").fill("dee@")
    page.locator("form:has(#email) button").click()
    return places.refused(page)


def mail_to_confirm(town: Town, language: str) -> Page:
    page = mail(town, language)
    page.locator("#email").fill(f"reader{next(_NUMBERS)}@example.org")
    page.locator("form:has(#email) button").click()
    expect(page.locator("main .note.go")).to_be_visible()
    return _in_letter(town, language, "confirm")


def mail_confirmed(town: Town, language: str) -> Page:
    page = mail_to_confirm(town, language)
    page.locator("main form button").click()
    expect(page.locator(".mark")).to_be_visible()
    return page


def mail_on(town: Town, language: str) -> Page:
    mail_confirmed(town, language)
    return mail(town, language)


def mail_to_stop(town: Town, language: str) -> Page:
    mail_confirmed(town, language)
    return _in_letter(town, language, "stop")


def mail_stopped(town: Town, language: str) -> Page:
    page = mail_to_stop(town, language)
    page.locator("main form button").click()
    expect(page.locator(".mark")).to_be_visible()
    return page


def _person(town: Town, language: str, name: str) -> Page:
    page = town.at(COUNSELLOR, language, "/staff/people")
    page.locator("main .list a, main li a", has_text=name).first.click()
    return page


def _in_letter(town: Town, language: str, purpose: str) -> Page:
    """Wait for a letter to lie on the simulated phone, and open the latest page of a purpose that it names."""
    phones = town.at(STRANGER, "en", "/phones")
    thread = phones.locator("article", has=phones.get_by_role("heading", name=READERS[language])).locator(".bubble")
    expect(thread.filter(has_text=f"/mail/{purpose}/").last).to_be_visible(timeout=20_000)
    written = thread.filter(has_text=f"/mail/{purpose}/").last.inner_text()
    found = re.findall(rf"/mail/{purpose}/\S+", written)
    return town.at(STRANGER, language, found[-1])


PLACES: dict[str, Way] = {
    "check-ups": check_ups,
    "check-ups, asked": check_up_asked,
    "e-mail": mail,
    "e-mail, refused": mail_refused,
    "e-mail, is it yours": mail_to_confirm,
    "e-mail, is yours": mail_confirmed,
    "e-mail, on": mail_on,
    "e-mail, to end": mail_to_stop,
    "e-mail, ended": mail_stopped,
}
