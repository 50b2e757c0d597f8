import re

import pytest
from playwright.sync_api import expect

from tests.browser.places import MEETINGS
from tests.browser.places_of_texts import ADMIN, message_of
from tests.browser.town import COUNSELLOR, PATIENT, SPARE, STRANGER, TOOLS

ANSWER = "button[name=answer][value=yes]"
#: What has the focus: what it is, whether a ring is drawn, and whether it is on the screen with nothing before it.
FOCUS = """() => {
    const held = document.activeElement, box = held.getBoundingClientRect();
    const rings = [held, held.closest('label, summary') || held].flatMap(part => [null, '::after'].map(
        pseudo => getComputedStyle(part, pseudo)));
    const at = [box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 24) / 2];
    const top = document.elementFromPoint(...at);
    return {
        name: held === document.body ? '' : held.outerHTML.slice(0, 120),
        hasRing: rings.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
        isSeen: Boolean(top) && (held.contains(top) || top.contains(held)),
    };
}"""
MOST_STOPS = 250


def stops(page):
    """Go through a page by the Tab key; give each stop."""
    page.keyboard.press("Tab")
    for _ in range(MOST_STOPS):
        stop = page.evaluate(FOCUS)
        if not stop["name"]:
            return
        yield stop
        page.keyboard.press("Tab")


@pytest.mark.parametrize("who", [STRANGER, PATIENT, COUNSELLOR])
def test_the_first_stop_skips_to_the_main_part(town, who):
    page = town.at(who, "en", "/" if who == STRANGER else MEETINGS)

    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (STRANGER, "/sign-in"), (STRANGER, "/phones"), (STRANGER, f"{MEETINGS}?q=Big+Book"), (PATIENT, "/week"),
        (PATIENT, "/week/goal"), (PATIENT, "/calendars"), (COUNSELLOR, "/staff"), (COUNSELLOR, "/staff/meetings/new"),
        (ADMIN, "/staff/texts"), (ADMIN, "/staff/texts/reminder"),
    ],
)  # fmt: skip
def test_every_stop_shows_where_one_is(town, who, path):
    page = town.at(who, "en", path)

    seen = list(stops(page))

    assert len(seen) > 5
    assert [stop for stop in seen if not (stop["hasRing"] and stop["isSeen"])] == []


def test_every_stop_of_the_roll_shows_where_one_is(town):
    page = town.at(COUNSELLOR, "en", town.roll)

    assert [stop for stop in stops(page) if not (stop["hasRing"] and stop["isSeen"])] == []


def test_every_stop_of_a_message_to_a_group_shows_where_one_is(town):
    page = town.at(COUNSELLOR, "en", message_of(town))

    assert [stop for stop in stops(page) if not (stop["hasRing"] and stop["isSeen"])] == []


def test_the_answer_is_within_twelve_stops_of_my_week(town):
    page = town.at("Jo Kowalski", "en", "/week")

    until = next(number for number, stop in enumerate(stops(page), 1) if 'value="yes"' in stop["name"])

    assert until <= 12
    expect(page.locator(ANSWER)).to_be_focused()


def test_an_answer_is_given_and_taken_back_by_keys_alone(town):
    page = town.at("Jo Kowalski", "en", "/week")

    page.locator(ANSWER).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".answer.go")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")

    expect(page.locator(".answer")).to_have_text(re.compile("You said you can't make it"))
    expect(page.locator(".answer")).to_be_focused()


def test_a_counsellor_marks_somebody_by_keys_alone(town):
    page = town.at(COUNSELLOR, "en", town.roll)
    row = page.locator(".roll > li", has_text=SPARE)

    row.locator("button[value=attended]").focus()
    page.keyboard.press("Enter")

    expect(row.locator("h3")).to_be_focused()
    expect(row.locator("button[value=none]")).to_have_accessible_name(f"Undo {SPARE}")
    # The name leads to the person's page; behind it comes the button.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(row.locator("button[value=none]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator("button[value=attended]")).to_have_count(1)


def test_the_menu_of_the_language_needs_no_pointer(town):
    page = town.at(STRANGER, "en", town.meeting(TOOLS))

    page.locator(".lang-form button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator(".lang-form button").focus()
    page.keyboard.press("Enter")

    expect(page.locator("html")).to_have_attribute("lang", "en")
