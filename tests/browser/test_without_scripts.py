import pytest
from playwright.sync_api import expect

from tests.browser.places_of_texts import ADMIN
from tests.browser.town import SOON


@pytest.fixture
def enter(town):
    return lambda name: town.enter(name, scripts=False)


def test_a_group_is_published_answered_and_held_without_scripts(town, enter):
    sam, jo, nina = enter("Sam Ortiz"), enter("Jo Kowalski"), enter("Nina Brooks")

    group = town.publish(sam, name="No Hurry")
    say_yes(town, jo, group)
    say_yes(town, nina, group)
    assert "BEGIN:VEVENT" in town.demo.get(make_calendar(town, jo))

    sam.get_by_role("link", name="Open the roll").click()
    check_in(town, jo, sam.locator(".room-code .digits").inner_text().strip())
    sam.reload()
    expect(sam.locator(".roll > li", has_text="Jo Kowalski")).to_contain_text("by code")
    sam.get_by_role("button", name="Here Nina Brooks").click()
    expect(sam.get_by_role("button", name="Undo Nina Brooks")).to_be_visible()

    finish(town, sam)
    jo.goto(f"{town.demo.base}/week")
    expect(jo.locator(".stats")).to_contain_text("3 meetings in all")


def test_a_language_is_chosen_and_a_meeting_found_without_scripts(town):
    page = town.enter("", scripts=False)
    page.goto(f"{town.demo.base}/")

    page.get_by_role("button", name="Español").click()
    page.get_by_role("link", name="Buscar una reunión").click()
    page.locator("#q").fill("Café y Charla")
    page.get_by_role("button", name="Ver reuniones").click()

    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("li.row a.cover").first).to_have_text("Café y Charla")


def test_words_are_looked_at_saved_and_taken_back_without_scripts(town, enter):
    page = enter(ADMIN)
    page.goto(f"{town.demo.base}/staff/texts/full")

    page.locator("#en-discreet").fill("No place is free {when:day}. Sorry.")
    page.get_by_role("button", name="Show what people will read").click()
    expect(page.locator("#look-en-discreet .bubble").first).to_have_text("No place is free Tue Dec 1, 6:00 PM. Sorry.")
    page.get_by_role("button", name="Save these words").click()
    page.get_by_text("The original words").first.click()
    page.get_by_role("button", name="Back to the original words").first.click()

    expect(page.locator("#en-discreet")).to_have_value("Sorry, {when:day} is full.")


def say_yes(town, page, group):
    page.goto(town.demo.base + group)
    page.get_by_role("button", name="I'll be there").click()
    expect(page.get_by_text("You said you'll be there.")).to_be_visible()


def make_calendar(town, page):
    page.goto(f"{town.demo.base}/calendars")
    page.get_by_label("Name of the device").fill("Old phone")
    page.get_by_role("button", name="Make this calendar").click()
    return page.get_by_label("Or copy the address").input_value()


def check_in(town, page, code):
    page.goto(f"{town.demo.base}/in")
    page.get_by_label("Meeting code").fill(code)
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("heading", name="You are checked in")).to_be_visible()


def finish(town, page):
    begun = town.demo.now() + SOON
    town.demo.go_to(begun.date(), begun.hour, begun.minute)
    page.reload()
    page.get_by_role("button", name="Finish the roll").click()
    expect(page.get_by_text("You can still correct it.")).to_be_visible()
