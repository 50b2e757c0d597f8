import re
import string
from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import keywords, segments, texts
from aftercare.messaging.catalogue import CATALOGUE, MAY_BE_LONGER
from aftercare.messaging.keywords import Verb
from aftercare.messaging.texts import Level, forbidden_words, render

DENVER = ZoneInfo("America/Denver")
LANGUAGES = ("en", "es")
EVERY_TEXT = list(product(CATALOGUE, LANGUAGES, Level))
# A Wednesday in September at half past twelve is the longest moment in both languages.
LONGEST_MOMENT = datetime(2026, 9, 30, 12, 30, tzinfo=DENVER)
WORST: dict[str, Any] = {
    "when": LONGEST_MOMENT,
    "was": LONGEST_MOMENT,
    "next_when": LONGEST_MOMENT,
    "until": LONGEST_MOMENT,
    "sender": "W" * 60,
    "name": "Ñandú “W” " * 20,
    "place": "W" * 60,
    "phone": "+1 (503) 555-0123",
    "hours": "W" * 60,
    "also": LONGEST_MOMENT,
    "position": 9999,
    "postal": "97201",
    "street": "W" * 60,
    "visits": 9999,
    "weeks": 9999,
    "done": 99,
    "goal": 21,
    "row": 9999,
    "choices": ", ".join(f"{number} for W.W." for number in range(1, 7)),
    "count": 99999,
    "nth": 99,
    "low": 0,
    "high": 9,
    "item": "W" * 200,
    "words": "W" * 260,
    "code": "482193",
    "link": "https://appointments.elm-street-and-others.example.org/sign-in/" + "x" * 43,
}
MILD = WORST | {
    "sender": "Elm Street",
    "hours": "on work days",
    "name": "Serenity Recovery Group",
    "place": "Elm Clinic",
    "street": "12 Elm St",
    "item": "I feel at home.",
    "words": "The door is at the back today.",
}
TWILIO_TAKES = {"CANCEL", "END", "QUIT", "STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT", "START", "YES", "UNSTOP"}


def fields_of(template):
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


@pytest.mark.parametrize(("key", "language", "level"), EVERY_TEXT)
def test_every_text_is_one_part_of_the_small_alphabet_at_its_longest(key, language, level):
    text = render(key, language, level, **WORST)

    assert segments.is_gsm7(text)
    assert segments.count(text) == 1 or key in MAY_BE_LONGER


@pytest.mark.parametrize("key", MAY_BE_LONGER)
def test_only_what_needs_more_than_one_part_is_let_off(key):
    assert (
        max(segments.count(render(key, language, level, **WORST)) for language, level in product(LANGUAGES, Level)) > 1
    )


@given(name=st.text(), place=st.text(), sender=st.text(), pair=st.sampled_from(EVERY_TEXT))
def test_no_name_makes_a_text_longer_or_breaks_its_alphabet(name, place, sender, pair):
    key, language, level = pair
    text = render(key, language, level, **WORST | {"name": name, "place": place, "sender": sender})

    assert segments.is_gsm7(text)
    assert "\n" not in text
    assert segments.count(text) == 1 or key in MAY_BE_LONGER


@pytest.mark.parametrize(("key", "language"), list(product(CATALOGUE, LANGUAGES)))
def test_a_discreet_text_reveals_nothing(key, language):
    text = render(key, language, Level.DISCREET, **MILD)

    assert forbidden_words(text, ["Serenity Recovery Group", "Elm Clinic"]) == []


@pytest.mark.parametrize(("key", "text"), list(CATALOGUE.items()))
def test_a_discreet_text_has_no_room_for_a_name_or_place(key, text):
    fields = {
        field for template in (text.en, text.es) for _, field, _, _ in string.Formatter().parse(template) if field
    }

    assert fields & {"name", "place", "organisation"} == set()


@pytest.mark.parametrize(("key", "language", "level"), EVERY_TEXT)
def test_no_text_invites_an_answer_that_the_carrier_takes_for_itself(key, language, level):
    capitals = set(re.findall(r"\b[A-Z]{3,}\b", render(key, language, level, **MILD)))
    allowed = {"STOP", "START"}

    assert capitals & TWILIO_TAKES <= allowed
    assert not re.search(r"\b(reply|responde)\s+STOP\b", render(key, language, level, **MILD), re.IGNORECASE)


@pytest.mark.parametrize(("key", "language", "level"), EVERY_TEXT)
def test_every_word_that_a_text_asks_for_is_understood(key, language, level):
    asked = set(re.findall(r"\b[A-Z]{2,}\b", render(key, language, level, **MILD))) - {"AM", "PM", "SAMHSA"}

    assert {word for word in asked if keywords.read(word).verb is Verb.OTHER} == set()


@pytest.mark.parametrize(("key", "language", "level"), EVERY_TEXT)
def test_our_own_text_quoted_back_does_nothing(key, language, level):
    text = render(key, language, level, **MILD)

    assert keywords.read(f"Liked “{text}”").verb is Verb.REACTION
    assert not keywords.read(text).in_crisis
    assert keywords.read(text).verb not in (Verb.STOP, Verb.WRONG_NUMBER)


@pytest.mark.parametrize(("key", "text"), list(CATALOGUE.items()))
def test_both_languages_ask_for_the_same_values(key, text):
    assert fields_of(text.en) == fields_of(text.es)
    assert fields_of(text.plain_en) == fields_of(text.plain_es)


def test_the_reminder_reads_as_it_should():
    when = datetime(2026, 12, 1, 18, 0, tzinfo=DENVER)

    assert render("reminder", "en", when=when) == (
        "Reminder: Tue Dec 1, 6:00 PM. Reply Y if you are coming, N if not. HELP for help, STOP to end texts."
    )
    assert render("reminder", "es", when=when) == (
        "Recordatorio: mar 1 dic, 6:00 p.m. Responde S si vienes, N si no. AYUDA para ayuda, ALTO para terminar."
    )


def test_a_plain_text_names_the_meeting_and_the_place():
    when = datetime(2026, 12, 5, 18, 0, tzinfo=DENVER)

    assert render("reminder", "en", Level.PLAIN, when=when, name="Early Birds", place="Elm Center") == (
        "Reminder: Early Birds, Sat Dec 5, 6:00 PM, Elm Center. Reply Y if you are coming, N if not. STOP to end texts."
    )
    assert render("thanks", "es", Level.PLAIN, when=when, name="Reunión Sur") == (
        "Gracias. Nos vemos sab 5 dic, 6:00 p.m.: Reunion Sur."
    )


@pytest.mark.parametrize("name", [None, "", "Встреча", "👍"])
def test_a_plain_text_without_a_name_is_the_discreet_one(name):
    assert render("thanks", "en", Level.PLAIN, when=LONGEST_MOMENT, name=name) == render(
        "thanks", "en", Level.DISCREET, when=LONGEST_MOMENT
    )


def test_the_moment_of_a_text_is_a_wall_time():
    with pytest.raises(ValueError, match="wall time"):
        render("reminder", "en", when=datetime(2026, 12, 1, 18, 0, tzinfo=UTC))


def test_a_text_lacking_a_value_is_not_sent_half():
    with pytest.raises(KeyError):
        render("reminder", "en")


def test_a_value_is_never_read_as_a_template():
    assert "{code}[x]" in render("signin_code", "en", code="{code}[x]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crisis_answer_gives_the_lines_and_says_when_replies_are_read(language):
    text = render("crisis", language, hours="9-5")

    assert {"911", "988", "1-800-662-4357", "SAMHSA", "9-5"} <= set(re.findall(r"[\w-]*\w", text))


def test_the_crisis_answer_needs_no_values():
    assert "on work days" in render("crisis", "en")
    assert "de lunes a viernes" in render("crisis", "es")


def test_help_says_who_and_leaves_out_what_is_not_known():
    assert render("help", "en", sender="Elm Street", phone="503-555-0123").startswith(
        "Elm Street: Reminder texts, about 3 a week. Call 503-555-0123. Reply Y,"
    )
    assert render("help", "en", sender="", phone=None).startswith("Reminder texts, about 3 a week. Reply Y,")


@pytest.mark.parametrize("key", ["opt_in", "welcome", "start", "help"])
def test_what_the_carriers_rules_ask_for_is_said(key):
    text = render(key, "en", sender="Elm Street")

    assert all(words in text for words in ("Elm Street", "about 3 a week", "Msg & data rates may apply", "STOP"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sober living", ["sober"]),
        ("Your A.A. meeting", ["a a", "meeting"]),
        ("NA at 7", ["na"]),
        ("12-step or 12step", ["12 step", "12 step"]),
        ("https://elm-recovery.org/x", ["recovery"]),
        ("Grupo de recuperación", ["grupo", "recuperacion"]),
        ("tu reunión en la clínica", ["reunion", "clinica"]),
        ("ALCOHÓLICOS anónimos", ["alcoholicos", "anonimos"]),
        ("t\u200breatment", ["treatment"]),
        ("re-hab", ["rehab"]),
        ("rec0very", ["recovery"]),
        ("d3tox or det0x", ["detox", "detox"]),
        ("SMARTrecovery", ["smartrecovery", "recovery"]),
        ("SoberHouse", ["soberhouse", "sober"]),
        ("METHclinic", ["meth", "clinic"]),
        ("twelvesteps homegroup", ["twelvesteps", "homegroup"]),
        ("your sponsee, your probation officer", ["sponsee", "probation"]),
        ("IOP or OUD or DUI", ["iop", "oud", "dui"]),
        ("cravings at the halfway house", ["cravings", "halfway house"]),
        ("urine, pills, HIV", ["urine", "pills", "hiv"]),
        ("orina, pastillas y VIH", ["orina", "pastillas", "vih"]),
        ("libertad condicional", ["libertad condicional"]),
        ("A well-known drop-in at 10-11, iPhone or McDonald, a mat, the court", []),
        ("Banana, nab, aardvark, method, depende", []),
    ],
)
def test_forbidden_words_are_found_in_any_spelling(text, words):
    assert forbidden_words(text) == words


def test_the_names_of_meetings_are_forbidden_where_they_are_given():
    assert forbidden_words("See you at Early Birds!", ["Early Birds", "Late Owls", ""]) == ["early birds"]


def test_an_unknown_language_is_answered_in_english():
    assert render("unknown", "fr") == texts.render("unknown", "en")
