import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import crisis, keywords
from aftercare.messaging.vocabulary_crisis import DANGER

SPELLED_ODDLY = [
    *["killl myself", "killlll me", "k1ll myself", "su1cide", "Su1c1de", "suiiicide", "kill mysellff", "sui cide"],
    *["want too die", "wanttodie", "iwanttodie", "i want to d i e", "K.M.S", "d3ad... i w4nt to d1e", "overd0se"],
    *["cut my self", "hurt my self", "shoot my self", "hang my self", "i want to hurt myy selff", "qu1ero morir"],
]
PHRASES = [
    *["end my own life", "i took a whole bottle of pills", "took 20 pills", "I took too many", "cut my wrists"],
    *["slit my wrists", "no point in living", "i'm done living", "i have a gun", "cant live like this", "kys"],
    *["i dont wanna be here anymore", "I don't want to exist", "life isn't worth it", "goodbye forever"],
    *["acabar con mi propia vida", "me corté las venas", "tomé 20 pastillas", "me tomé todo el frasco"],
    *["la vida no tiene sentido", "ya no quiero estar aquí", "quiero estar muerta", "pegarme un tiro"],
]
LINES = [
    *[
        "911",
        "9-1-1",
        "988!",
        "call 911",
        "please call 911 now",
        "can someone call 911",
        "Text 988",
        "She fell. Call 911",
    ],
    *["llama al 911", "llamen al 911 por favor", "no se mueve, llama al 911"],
]
NO_DANGER = [
    *["I took my pills today", "took 2 pills for my head", "I am cutting my hair", "that's odd", "my self help book"],
    *["my number ends in 911", "I live at 988 Elm St", "is it too late to come", "too kind of you", "Y i s"],
    *["killed it at work today", "me corté el pelo", "tomo 2 pastillas", "see you at the end of it"],
]


@pytest.mark.parametrize("text", [*SPELLED_ODDLY, *PHRASES, *LINES])
def test_danger_is_heard_however_it_is_spelled(text):
    assert keywords.read(text).in_crisis


@pytest.mark.parametrize("text", NO_DANGER)
def test_what_only_looks_like_danger_is_none(text):
    assert not keywords.read(text).in_crisis


@given(
    phrase=st.sampled_from([each.rstrip("*") for phrases in DANGER.values() for each in phrases if len(each) > 4]),
    at=st.integers(min_value=0),
    times=st.integers(min_value=3, max_value=9),
)
def test_a_letter_that_is_drawn_out_hides_no_danger(phrase, at, times):
    drawn = at % len(phrase)

    assert crisis.take_out(phrase[:drawn] + phrase[drawn] * times + phrase[drawn + 1 :])[1]


@pytest.mark.parametrize(
    ("text", "rest", "language"),
    [
        ("Y killl myself", "y", "en"),
        ("N want too die", "n", "en"),
        ("stop. hurt my self", "stop", "en"),
        ("sí, quiero morirrrr", "si", "es"),
        ("Y. Call 911", "y call 911", "en"),
        ("call 911", "", "en"),
        ("Y, my self", "y my self", None),
    ],
)
def test_what_stands_beside_danger_is_left(text, rest, language):
    assert crisis.take_out(text) == (rest, language)
