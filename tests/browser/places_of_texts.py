"""Pages on which texts are written and looked at before they go, each in a state worth looking at."""

from playwright.sync_api import Page, expect

from tests.browser import places
from tests.browser.places import Way, opens
from tests.browser.town import COUNSELLOR, PATIENT, TOOLS, Town

ADMIN = "Alex Boone"
WORDS = {"#words_en": "The door is at the back today.", "#words_es": "Hoy la puerta es la de atras."}


def dates_of(town: Town) -> str:
    """Find the dates of a group of ours; give their path."""
    return town.meeting(TOOLS).replace("/m/", "/staff/meetings/") + "/dates"


def message_of(town: Town) -> str:
    """Give the path on which a group of ours is written to."""
    return dates_of(town).replace("/dates", "/message")


def words_looked_at(town: Town, language: str) -> Page:
    page = town.at(ADMIN, language, "/staff/texts/reminder")
    page.locator("#en-plain").fill("Come to {name}, {when:day}. Y or N? STOP to end texts.")
    page.locator("button[formaction$='/preview']").click()
    expect(page.locator("#look-en-plain .bubble").first).to_contain_text("Come to")
    return page


def words_refused(town: Town, language: str) -> Page:
    page = town.at(ADMIN, language, "/staff/texts/offer")
    page.locator("#en-discreet").fill("Your therapy: {when")
    page.locator("button[name=do][value=save]").click()
    return places.refused(page)


def words_saved(town: Town, language: str) -> Page:
    """Say a text that the story of the demo does not send in words of one's own."""
    page = town.at(ADMIN, language, "/staff/texts/next_none")
    page.locator(f"#{language}-discreet").fill({"en": "Nothing yet. HELP.", "es": "Nada por ahora. AYUDA."}[language])
    page.locator("button[name=do][value=save]").click()
    expect(page.locator("main .note.go")).to_be_visible()
    expect(page.locator("button[formaction$='/original']").first).to_be_attached()
    return page


def cancel_asked(town: Town, language: str) -> Page:
    page = town.at(COUNSELLOR, language, dates_of(town))
    page.locator("a[href$='/cancellation']").first.click()
    expect(page.locator("form[action$='/cancellation'] button")).to_be_visible()
    return page


def number_of_texts_refused(town: Town, language: str) -> Page:
    page = town.at(places.of(PATIENT, language), language, "/texts")
    page.locator("#state").evaluate("list => list.selectedOptions[0].value = 'ZZ'")
    page.locator("form:has(#state) button").click()
    return places.refused(page)


def message_looked_at(town: Town, language: str) -> Page:
    page = _written(town, language)
    expect(page.locator("button[value=send]")).to_be_visible()
    return page


def message_refused(town: Town, language: str) -> Page:
    return places.refused(_written(town, language, more=" See elm.example."))


def _written(town: Town, language: str, more: str = "") -> Page:
    page = town.at(COUNSELLOR, language, message_of(town))
    for field, words in WORDS.items():
        page.locator(field).fill(words + more)
    page.locator("button[value=look]").click()
    return page


PLACES: dict[str, Way] = {
    "words of texts": opens(ADMIN, "/staff/texts"),
    "words of a text": opens(ADMIN, "/staff/texts/cancelled_next"),
    "words of a long text": opens(ADMIN, "/staff/texts/help"),
    "words of a text, looked at": words_looked_at,
    "words of a text, refused": words_refused,
    "words of a text, saved": words_saved,
    "cancel": cancel_asked,
    "whom to call": opens(COUNSELLOR, lambda town: town.roll.replace("/roll", "/calls")),
    "how many texts, refused": number_of_texts_refused,
    "message to a group": opens(COUNSELLOR, message_of),
    "message to a group, looked at": message_looked_at,
    "message to a group, refused": message_refused,
}
