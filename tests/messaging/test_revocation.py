import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import keywords
from aftercare.messaging.keywords import Verb, Word

SURE = [
    *["STOP", "stop", "Stop.", "STOPALL", "STOP ALL", "END", "QUIT", "CANCEL", "UNSUBSCRIBE", "REVOKE", "OPTOUT"],
    *["opt out", "Opt-out", "OPT OUT please", "I want to opt out", "stop texting me", "no more texts", "STOP PLEASE"],
    *[
        "No more messages!",
        "please stop",
        "stop it",
        "S.T.O.P.",
        "S T O P",
        "s t o p please",
        "st\u200bop",
        "𝐒𝐓𝐎𝐏",
        "ＳＴＯＰ",
        "stoppp",
    ],
    *["N STOP", "Y stop", "pls stop texting me", "Stop sending me these messages", "Don't text me again"],
    *["take me off your list", "How do I unsubscribe?", "leave me alone", "STOP\nSent from my phone"],
    *["yes I would like you to stop texting me", "who is this? stop", "I don't know you. Please stop.", "no, stop"],
    *[
        "stop these reminders",
        "I don't want your texts",
        "stop all the messages now",
        "quit texting me",
        "stop it now!!",
    ],
    *["you have my number wrong. Stop texting", "\u202eSTOP\u202c", "\u200fstop\u200f", "end texts"],
    *["ALTO", "alto!", "PARAR", "Para", "para ya", "BASTA", "cancelar", "Cancelar suscripción", "cancelar suscripcion"],
    *["No más mensajes", "ya no quiero recibir mensajes", "Deja de mandarme mensajes", "no me escriban", "¡Basta!"],
    *[
        "quiero darme de baja",
        "por favor paren",
        "ya paren",
        "Ya basta.",
        "No. Paren.",
        "déjenme en paz",
        "no quiero sus mensajes",
    ],
    *["never text me again", "dont ever text me again", "please never message me", "i want to stop receiving texts"],
    *["please stop getting these texts to me", "I don't want to get texts anymore", "no texts please", "No texts"],
    *["take me off this", "END NOW", "quit it", "unsub", "ST0P", "st0p texting me", "stopit", "stop messsages"],
    *["I revoke consent", "I no longer consent", "i do not consent", "retiro mi consentimiento"],
    *["cancela", "Cancelen", "no me textees", "dejen de textear", "No texts anymore"],
]
SIGNS = ["🛑", " ⛔️ ", "🛑🛑🛑", "🛑!"]
NEARLY = ["stopp", "stp", "sotp", "stpo", "Stip!", "dtop", "sto", "stopp please", "stpo texting me", "now stp"]
UNSURE = [
    *[
        "who is this stop",
        "maybe but can this stop",
        "No, can you make it stop",
        "I need this to stop",
        "you need to stop asking",
        "enough already",
    ],
    *[
        "I'm not interested",
        "why do you keep sending these",
        "too many texts",
        "Go away.",
        "if you don't stop I will sue",
    ],
    *["is this spam", "you won't stop texting me", "so many messages!", "Hi, I want out", "I told you guys to stop"],
    *[
        "ya basta con los mensajes",
        "no me interesa",
        "demasiados mensajes",
        "que paren ya con eso",
        "que alguien pare esto",
    ],
    *["dejen de una vez", "quien manda esto basta"],
    *["Cancel all", "cancel everything", "no more", "No más.", "cancelar todo", "block", "Block me"],
    *["wrong person", "Sorry, wrong person", "sorry wrong person", "persona equivocada"],
]
NOT_AT_ALL = [
    *["please don't stop texting me", "don't stop", "I can't stop thinking about it", "I can't stop laughing"],
    *[
        "the bus stop is closed",
        "I am at the next stop",
        "Get off at my stop",
        "can you stop by",
        "the bus can't stop here",
    ],
    *[
        "I want to stop drinking",
        "trying to stop smoking",
        "it's hard to stop using",
        "never stop",
        "I won't stop trying",
    ],
    *["do not unsubscribe me", "Please don't take me off your list", "I do not want to opt out", "don't you dare stop"],
    *["I don't want you to stop", "this is not the wrong number", "don't leave me alone", "stop sign", "non-stop rain"],
    *["cancel Tuesday", "what does quit mean", "when does it end", "weekend it is", "not enough money for the bus"],
    *["no dejes de escribirme", "no paren de escribirme", "para mi hermano", "mi hermano es alto", "con eso me basta"],
    *["top", "Shop", "step", "stow", "stomp", "stoop", "sopa", "tope", "spot", "at the shop", "next step", "y shop"],
    *["you never text me back", "no texts came today", "no more drinking for me!"],
    *["👍🛑", "I don't want to stop receiving texts", "do not revoke my consent"],
    *["it isn't the wrong number", "take me off my feet", "🛑 is what the sign said"],
    *["I have the wrong time, is it 6?", "I have the wrong address", "I got the wrong bus", "Do I have the wrong day?"],
    *["I met the wrong person at group", "I texted the wrong person", "got the wrong date sorry"],
    *["no quiero dejar de venir", "no puedo parar de pensar", "stopwatch", "I stopped at the store", "unstoppable"],
]
WRONG_NUMBER = [
    *[
        "wrong number",
        "Sorry, wrong number",
        "You have the wrong person",
        "this is not her number",
        "Not my number pal",
    ],
    *["you got the wrong person pal"],
    *["this is the wrong person", "wrong guy", "Wrong lady", "you have the wrong phone"],
    *["tiene la persona equivocada"],
    *["número equivocado", "Se equivocó de número", "no soy esa persona", "WRONG NUMBER STOP"],
]


@pytest.mark.parametrize("text", SURE + SIGNS)
def test_every_wish_to_stop_is_heard(text):
    word = keywords.read(text)

    assert (word.verb, word.in_crisis, word.is_sure) == (Verb.STOP, False, True)


@pytest.mark.parametrize("text", UNSURE)
def test_what_may_be_a_wish_to_stop_is_taken_for_one_but_not_for_sure(text):
    word = keywords.read(text)

    assert (word.verb, word.is_sure) == (Verb.STOP, False)


@pytest.mark.parametrize("text", NEARLY)
def test_a_word_that_is_nearly_stop_stops_but_not_for_sure(text):
    word = keywords.read(text)

    assert (word.verb, word.is_sure) == (Verb.STOP, False)


@pytest.mark.parametrize(
    "text",
    [
        *["Y. I met the wrong person at group", "Y but I got the wrong bus", "yes, I have the wrong address"],
        *["Y, sorry wrong person", "Yes. Is that the shop?", "yes the next step"],
    ],
)
def test_a_yes_beside_what_sounds_like_a_wrong_number_is_kept(text):
    assert keywords.read(text).verb is not Verb.WRONG_NUMBER
    assert keywords.read(text) == keywords.read("Yes")


@pytest.mark.parametrize("text", NOT_AT_ALL)
def test_a_wish_that_is_turned_round_or_about_something_else_stops_nothing(text):
    assert keywords.read(text).verb not in (Verb.STOP, Verb.WRONG_NUMBER)


@pytest.mark.parametrize("text", WRONG_NUMBER)
def test_a_wrong_number_is_told_apart(text):
    word = keywords.read(text)

    assert (word.verb, word.is_sure) == (Verb.WRONG_NUMBER, True)


def test_whoever_is_in_danger_is_not_stopped_by_a_word_that_was_not_surely_meant():
    assert keywords.read("I need this to stop. I want to die") == Word(Verb.OTHER, language="en", in_crisis=True)


@given(
    wish=st.sampled_from(SURE),
    recase=st.sampled_from([str.upper, str.lower, str.title]),
    around=st.sampled_from(
        [("", ""), ("  ", "!!"), ("\u200f", "\u200e"), ("please ", ""), ("", " thank you"), ("👋 ", "")]
    ),
)
def test_a_wish_to_stop_holds_in_any_dress(wish, recase, around):
    before, after = around

    assert keywords.read(before + recase(wish) + after).verb is Verb.STOP


@given(
    negator=st.sampled_from(
        ["don't", "Do not", "please don't", "never", "I can't", "you won't ever", "I don't want you to"]
    ),
    rest=st.sampled_from(["", " now", " laughing", " please", " my friend", " what you do"]),
)
def test_a_wish_not_to_stop_stops_nothing(negator, rest):
    assert keywords.read(f"{negator} stop{rest}").verb is not Verb.STOP


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_stop_texting_me_is_heard_whatever_stands_around_it(before, after):
    text = f"{before}\nstop texting me\n{after}"

    assert keywords.read(text).verb in (Verb.STOP, Verb.WRONG_NUMBER, Verb.REACTION)


def test_a_long_text_is_read_in_no_time():
    began = time.perf_counter()
    for text in (
        "dont want to you " * 100,
        "stop " * 320,
        "don't, " * 230,
        "enough. " * 200,
        "no puedo no quiero " * 85,
    ):
        keywords.read(text[:1600])

    assert time.perf_counter() - began < 1
