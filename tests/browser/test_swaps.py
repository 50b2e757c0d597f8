import re

from playwright.sync_api import expect

from tests.browser.places_of_texts import ADMIN
from tests.browser.town import COUNSELLOR, SPARE


def stay(page):
    """Leave a mark that goes away when another page is loaded."""
    page.evaluate("document.documentElement.dataset.stayed = 'yes'")


def stayed(page):
    return page.locator("html[data-stayed=yes]").count() == 1


def test_an_answer_on_my_week_is_taken_in_place(town):
    page = town.at("Marcus Tate", "es", "/week")
    stay(page)

    page.locator("button[name=answer][value=yes]").click()
    expect(page.locator(".rsvp .answer.go")).to_be_focused()
    page.locator("button[name=answer][value=no]").click()
    expect(page.locator(".rsvp .answer:not(.go)")).to_be_focused()

    assert stayed(page)
    assert page.url.endswith("/week")
    expect(page.locator("main, h1")).to_have_count(2)


def test_a_tap_on_the_roll_changes_one_row_and_the_count(town):
    page = town.at(COUNSELLOR, "en", town.roll)
    row, rows = page.locator(".roll > li", has_text=SPARE), page.locator(".roll > li")
    others = [text for text in rows.all_inner_texts() if SPARE not in text]
    here = page.locator("#tally li").first
    before = int(here.locator("b").inner_text())
    stay(page)

    row.locator("button[value=attended]").click()
    expect(row.locator("h3")).to_be_focused()
    expect(here).to_have_text(re.compile(rf"^{before + 1}\s"))
    assert [text for text in rows.all_inner_texts() if SPARE not in text] == others
    row.locator("button[value=none]").click()

    expect(here).to_have_text(re.compile(rf"^{before}\s"))
    expect(row.locator("h3")).to_be_focused()
    assert stayed(page)


def test_typed_words_stay_while_a_new_text_comes_in(town):
    page = town.at("", "en", "/phones")
    stay(page)
    answer = page.get_by_label("Answer as Dee Walker")
    answer.fill("On my w")

    other = town.at("", "es", "/phones")
    other.get_by_label("Responder como Dee Walker").fill("HELP")
    other.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Texts of Dee Walker")).to_contain_text("HELP", timeout=20_000)

    expect(answer).to_have_value("On my w")
    assert stayed(page)


def test_an_answer_that_is_refused_shows_the_page_that_says_why(town):
    page = town.enter("Nina Brooks")
    page.goto(f"{town.demo.base}/week")
    page.locator(".rsvp button").first.wait_for()
    page.context.clear_cookies()

    page.locator("button[name=answer]").first.click()

    expect(page.locator("main h1")).to_have_count(1)
    expect(page.locator(".rsvp")).to_have_count(0)


def test_while_words_are_typed_their_look_follows_and_nothing_else_moves(town):
    page = town.at(ADMIN, "en", "/staff/texts/maybe")
    stay(page)
    spanish = page.locator("#look-es-discreet").inner_text()

    page.locator("#en-discreet").press_sequentially(" Call {somebody}")
    expect(page.locator("#look-en-discreet .err")).to_contain_text("{somebody}")
    expect(page.locator("#en-discreet")).to_be_focused()
    page.locator("#en-discreet").fill("Thanks. {when:day}: Y when you know, N if not.")

    expect(page.locator("#look-en-discreet .bubble").first).to_have_text(
        "Thanks. Tue Dec 1, 6:00 PM: Y when you know, N if not."
    )
    assert page.locator("#look-es-discreet").inner_text() == spanish
    assert stayed(page)
