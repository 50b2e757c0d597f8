import time

import pytest

from aftercare.messaging import keywords, reactions
from aftercare.messaging.keywords import Verb

OURS = "Reminder: Tue Dec 1, 6:00 PM. Reply Y if you are coming, N if not. HELP for help, STOP to end texts."
TAPS = [
    *["Liked “{}”", "Loved “{}”", "Disliked “{}”", "Laughed at “{}”", "Emphasized “{}”", "Questioned “{}”"],
    *["Removed a like from “{}”", "Removed a heart from “{}”", "Reacted 👍 to “{}”", "Removed 👍 from “{}”"],
    *["👍 to “{}”", "\u200a\u200b👍\u200b to “\u200a{}\u200a”", "❤️ to “{}”", "👍🏽 a «{}»", 'Liked "{}"'],
    *["Le gustó “{}”", "Le encantó “{}”", "No le gustó “{}”", "Se rió de “{}”", "Reaccionó 👍 a “{}”"],
]


@pytest.mark.parametrize("spelled", TAPS)
def test_a_tap_on_our_text_is_no_text_of_theirs(spelled):
    word = keywords.read(spelled.format(OURS))

    assert (word.verb, word.in_crisis) == (Verb.REACTION, False)


@pytest.mark.parametrize(
    "text", ["Liked it", "Loved seeing you", "I liked “Dune”", "“STOP”", "👍 to that", "stop “this”"]
)
def test_what_people_write_is_no_tap(text):
    assert not reactions.is_tap(text)


def test_danger_is_heard_in_a_tap_too():
    assert keywords.read("Questioned “I want to die”").in_crisis


@pytest.mark.parametrize(
    ("signs", "verb"),
    [("👍", Verb.YES), ("👍🏿👍🏻", Verb.YES), ("✔\ufe0f", Verb.YES), ("👎", Verb.NO), ("❌!", Verb.NO)]
    + [(signs, None) for signs in ("", " ", "👍👎", "😀", "❤️", "👍?", "ok")],
)
def test_a_sign_that_stands_alone_answers(signs, verb):
    assert reactions.by_sign(signs) is verb


@pytest.mark.parametrize(
    "text", ["👍" * 50_000, "“" * 50_000, "liked “" * 10_000, "quitó un " * 10_000, "👍 to" * 20_000]
)
def test_a_hostile_text_is_told_apart_in_no_time(text):
    began = time.perf_counter()
    reactions.is_tap(text)
    reactions.by_sign(text)

    assert time.perf_counter() - began < 1
