"""The page on the carrier's form says what the code sends: carriers compare the two."""

import re

import pytest

from aftercare.consent import ledger, wordings
from aftercare.messaging import keywords, samples, texts
from aftercare.messaging.catalogue import CATALOGUE
from aftercare.messaging.keywords import Verb
from tests.house.source import ROOT

PAGE = (ROOT / "docs/campaign.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```(\w+)\n(.*?)\n```", PAGE, re.DOTALL)
SAID = {name: value for name, value in samples.EXAMPLE.items() if name != "count"} | {
    "sender": "YOUR CLINIC",
    "code": "482193",
    "link": "https://clinic.example.org/in",
}


def field(name):
    (answer,) = re.findall(rf"^\| {name} \| (.*) \|$", PAGE, re.MULTILINE)
    return re.findall(r"\b[A-Z]{4,}\b", answer)


@pytest.mark.parametrize(("kind", "shown"), SHOWN)
def test_each_text_of_the_page_is_what_the_code_sends(kind, shown):
    assert shown == texts.render(kind, "en", **SAID)


def test_the_page_shows_what_the_form_asks_for():
    assert {"opt_in", "welcome", "start", "stop", "help", "reminder"} <= {kind for kind, _ in SHOWN} <= set(CATALOGUE)


def test_people_agree_with_the_words_of_the_page():
    assert f"> {wordings.wording(ledger.WORDING, 'en', organisation='YOUR CLINIC')}\n" in PAGE


@pytest.mark.parametrize(
    ("name", "verb"),
    [("opt-in keywords", Verb.START), ("opt-out keywords", Verb.STOP), ("help keywords", Verb.HELP)],
)
def test_each_keyword_of_the_page_is_understood_as_such(name, verb):
    assert field(name)
    assert {word: keywords.read(word).verb for word in field(name)} == dict.fromkeys(field(name), verb)
