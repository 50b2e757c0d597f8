"""The pages of the service, each in a state worth looking at, and how somebody gets there in either language.

Buttons and fields are found by what they send, never by their words, so that one way leads there in both languages.
"""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.town import ARRIVING, COUNSELLOR, MANAGER, OTHER, PATIENT, STRANGER, TOOLS, Town

Way = Callable[[Town, str], Page]
MEETINGS = "/o/elm-street/meetings"


def opens(who: str, path: str | Callable[[Town], str]) -> Way:
    """Make the way of whoever just opens a path."""
    return lambda town, language: town.at(of(who, language), language, path if isinstance(path, str) else path(town))


def of(who: str, language: str) -> str:
    """Let the patient who reads Spanish stand in for the one who does not."""
    return OTHER if (who, language) == (PATIENT, "es") else who


def _send(page: Page, **fields: str) -> Page:
    """Fill in the first form of the main part, and send it."""
    for name, typed in fields.items():
        page.locator(f"#{name}").fill(typed)
    page.locator("main form button").first.click()
    return page


def number_refused(town: Town, language: str) -> Page:
    return _send(town.at(STRANGER, language, "/sign-in"), phone="12")


def code_asked(town: Town, language: str) -> Page:
    page = _send(town.at(STRANGER, language, "/sign-in"), phone=town.unused_number())
    expect(page.locator("#code")).to_be_visible()
    return page


def code_refused(town: Town, language: str) -> Page:
    return refused(_send(code_asked(town, language), code="000000"))


def password_refused(town: Town, language: str) -> Page:
    return refused(_send(town.at(STRANGER, language, "/staff/sign-in"), email="sam@elm.example", password="wrong"))


def text_refused(town: Town, language: str) -> Page:
    page = town.at(STRANGER, language, "/phones")
    page.locator("form.reply button").first.click()
    expect(page.locator(".err")).to_be_visible()
    return page


def answered_by_link(town: Town, language: str) -> Page:
    page = town.at(STRANGER, language, town.one_tap())
    page.locator("button[name=answer]").first.click()
    expect(page.locator(".answer")).to_be_visible()
    return page


def calendar_made(town: Town, language: str) -> Page:
    page = _calendar(town, language, "My phone")
    expect(page.locator("#address")).to_be_visible()
    return page


def calendar_refused(town: Town, language: str) -> Page:
    return refused(_calendar(town, language, ""))


def _calendar(town: Town, language: str, device: str) -> Page:
    page = town.at(of(PATIENT, language), language, "/calendars")
    page.locator("#name").fill(device)
    page.locator("form:has(#name) button").click()
    return page


def room_code_refused(town: Town, language: str) -> Page:
    return refused(_send(town.at(of(PATIENT, language), language, "/in"), code="12"))


def dates_shown(town: Town, language: str) -> Page:
    return _editor(town, language, "button[formaction$='/preview']")


def meeting_refused(town: Town, language: str) -> Page:
    return refused(_editor(town, language, "button[name=do]"))


def _editor(town: Town, language: str, button: str) -> Page:
    """Fill in all but the name, and press a button."""
    page = town.at(COUNSELLOR, language, "/staff/meetings/new")
    page.locator("input[name=weekdays][value='3']").check()
    page.locator(button).click()
    return page


def move_asked(town: Town, language: str) -> Page:
    page = town.at(COUNSELLOR, language, _dates(town, TOOLS))
    page.locator("a[href$='/move']").first.click()
    expect(page.locator("#time")).to_be_visible()
    return page


def move_looked_at(town: Town, language: str) -> Page:
    page = move_asked(town, language)
    page.locator("#date").fill(f"{town.demo.now() + timedelta(days=2):%Y-%m-%d}")
    page.locator("button[value=look]").click()
    expect(page.locator("button[value=move]")).to_be_visible()
    return page


def move_refused(town: Town, language: str) -> Page:
    page = move_asked(town, language)
    page.locator("#date").fill("2020-01-01")
    page.locator("button[value=look]").click()
    return refused(page)


def _dates(town: Town, name: str) -> str:
    return town.meeting(name).replace("/m/", "/staff/meetings/") + "/dates"


def checked_in(town: Town, language: str) -> Page:
    """Check in with the code of the room."""
    who = ARRIVING[language]
    code = town.at(COUNSELLOR, "en", town.roll).locator(".room-code .digits").inner_text()
    page = _send(town.at(who, language, "/in"), code=code.strip())
    expect(page.locator(".done")).to_be_visible()
    return page


def roll_tapped(town: Town, language: str) -> Page:
    page = town.at(COUNSELLOR, language, town.roll)
    row = page.locator(".roll > li", has_text=of(PATIENT, language))
    row.locator("button[value=attended]").click()
    expect(row.locator("button[value=none]")).to_be_visible()
    return page


def person_refused(town: Town, language: str) -> Page:
    page = town.at(COUNSELLOR, language, "/staff/people/new")
    page.locator("#agrees").check()
    page.locator("main form button").click()
    return refused(page)


def walk_in_found(town: Town, language: str) -> Page:
    page = _send(town.at(COUNSELLOR, language, f"{town.roll}/walk-in"), name="e")
    expect(page.locator("main .roll button").first).to_be_visible()
    return page


def walk_in_unknown(town: Town, language: str) -> Page:
    page = _send(town.at(COUNSELLOR, language, f"{town.roll}/walk-in"), name="zzzz")
    expect(page.locator(".empty")).to_be_visible()
    return page


def task_opened(town: Town, language: str) -> Page:
    """Let somebody write words of danger, and open what staff are asked to do."""
    phones = town.at(STRANGER, "en", "/phones")
    phones.get_by_label("Answer as Tom Ellis").fill("I want to die")
    phones.get_by_role("button", name="Send as Tom Ellis").click()
    page = town.at(COUNSELLOR, language, "/staff")
    page.locator("a[href*='/staff/tasks/']").first.click()
    expect(page.locator("input[name=outcome]").first).to_be_visible()
    expect(page.locator("blockquote").first).to_contain_text("I want to die")
    return page


def refused(page: Page) -> Page:
    expect(page.locator(".errors")).to_be_visible()
    return page


PLACES: dict[str, Way] = {
    "front door": opens(STRANGER, "/"),
    "find": opens(STRANGER, MEETINGS),
    "find, nothing fits": opens(STRANGER, f"{MEETINGS}?q=zzzz&day=week&attend=online"),
    "find, chosen wrongly": opens(STRANGER, f"{MEETINGS}?day=noday&q=Big+Book"),
    "print": opens(STRANGER, f"{MEETINGS}/print?time=evening"),
    "print, large and chosen wrongly": opens(STRANGER, f"{MEETINGS}/print?day=noday&attend=online&size=large"),
    "find, near a place": opens(STRANGER, f"{MEETINGS}?near=39.74,-104.99&within=50&sort=distance&day=week"),
    "find, nothing near": opens(STRANGER, f"{MEETINGS}?near=0,0&within=1&day=now"),
    "find, signed in": opens(PATIENT, f"{MEETINGS}?q=Big+Book"),
    "meeting of others": opens(STRANGER, Town.fellowship),
    "meeting of ours": opens(STRANGER, lambda town: town.meeting(TOOLS)),
    "meeting online": opens(STRANGER, lambda town: town.meeting("Café y Charla")),
    "meeting, with answer": opens(PATIENT, lambda town: town.meeting(TOOLS)),
    "meeting, for staff": opens(COUNSELLOR, lambda town: town.meeting(TOOLS)),
    "sign-in": opens(STRANGER, "/sign-in"),
    "sign-in, refused": number_refused,
    "code": code_asked,
    "code, refused": code_refused,
    "sign-in link": opens(STRANGER, "/s/" + "x" * 22),
    "demo link": opens(STRANGER, lambda town: town.demo.link(PATIENT).removeprefix(town.demo.base)),
    "staff sign-in": opens(STRANGER, "/staff/sign-in"),
    "staff sign-in, refused": password_refused,
    "one-tap answer": opens(STRANGER, Town.one_tap),
    "one-tap answer, given": answered_by_link,
    "my week": opens(PATIENT, "/week"),
    "my week, answer due": opens("Marcus Tate", "/week"),
    "my week, new": opens("Tom Ellis", "/week"),
    "goal": opens(PATIENT, "/week/goal"),
    "calendars": opens(PATIENT, "/calendars"),
    "calendars, made": calendar_made,
    "calendars, refused": calendar_refused,
    "texts": opens(PATIENT, "/texts"),
    "texts, off": opens("Robin Hale", "/texts"),
    "check-in": opens(PATIENT, "/in"),
    "check-in, refused": room_code_refused,
    "checked in": checked_in,
    "staff home": opens(COUNSELLOR, "/staff"),
    "editor": opens(COUNSELLOR, "/staff/meetings/new"),
    "editor, dates shown": dates_shown,
    "editor, refused": meeting_refused,
    "dates": opens(COUNSELLOR, lambda town: _dates(town, TOOLS)),
    "move": move_asked,
    "move, looked at": move_looked_at,
    "move, refused": move_refused,
    "roll": opens(COUNSELLOR, lambda town: town.roll),
    "roll, tapped": roll_tapped,
    "roll, later": opens(COUNSELLOR, lambda town: town.roll_of(town.meeting(TOOLS))),
    "roll, nobody": opens(COUNSELLOR, lambda town: town.roll_of(town.meeting("Weekend Walk"))),
    "walk-in": opens(COUNSELLOR, lambda town: f"{town.roll}/walk-in"),
    "walk-in, found": walk_in_found,
    "walk-in, nobody": walk_in_unknown,
    "new person": opens(COUNSELLOR, "/staff/people/new"),
    "new person, refused": person_refused,
    "task": task_opened,
    "queue": opens(MANAGER, "/staff/texts/queue"),
    "phones": opens(STRANGER, "/phones"),
    "phones, refused": text_refused,
    "not found": opens(STRANGER, "/nowhere"),
    "not signed in": opens(STRANGER, "/week"),
    "not signed in, staff": opens(STRANGER, "/staff"),
    "not for you": opens(PATIENT, "/staff"),
    "ended": opens(STRANGER, "/staff/password/" + "x" * 22),
    "API docs": opens(STRANGER, "/api/v1/docs"),
}
