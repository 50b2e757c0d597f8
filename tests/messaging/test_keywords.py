import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.messaging import keywords
from aftercare.messaging.keywords import Verb, Word

TEXTS = [
    *[
        (text, Verb.YES, "en")
        for text in ("Y", "y", " Yes!! ", "YES.", "yeah", "Yep", "yesss", "Y 👍", "Okay", "YES please")
    ],
    *[
        (text, Verb.YES, "en")
        for text in ("Yes, I'll be there", "yes can I bring a friend", "Y - see you", "I’ll be there")
    ],
    *[(text, Verb.YES, None) for text in ("1", "OK", "ok thanks", "Ok!", "1️⃣", "１")],
    *[
        (text, Verb.YES, "es")
        for text in ("S", "SI", "Sí", "sí, gracias", "¡Sí!", "Claro", "Sí voy", "Voy a ir", "siiii")
    ],
    *[(text, Verb.YES, "es") for text in ("Si, pero llego tarde", "Ahí estaré", "s por favor")],
    *[(text, Verb.NO, None) for text in ("N", "no", "No.", "NO!!!", "2", "no thanks", "no gracias", "nooo")],
    *[
        (text, Verb.NO, "en")
        for text in ("Nope", "no I can't make it", "No sorry I am sick", "No, I have work", "I won't be there")
    ],
    *[(text, Verb.NO, "es") for text in ("no voy", "No voy a ir", "hoy no", "no porque trabajo")],
    *[(text, Verb.MAYBE, "en") for text in ("MAYBE", "maybe if I get a ride", "not sure")],
    *[(text, Verb.MAYBE, "es") for text in ("QUIZAS", "Quizás", "quizá", "tal vez", "no sé")],
    ("3", Verb.MAYBE, None),
    *[(text, Verb.HERE, "en") for text in ("HERE", "here!", "I'm here", "Im here")],
    *[(text, Verb.HERE, "es") for text in ("AQUI", "Aquí", "estoy aquí", "ya llegué")],
    *[(text, Verb.NEXT, "en") for text in ("NEXT", "next?", "When is the next one?")],
    *[(text, Verb.NEXT, "es") for text in ("PROXIMA", "próxima", "Próximo", "¿Cuándo es la próxima?")],
    *[(text, Verb.START, "en") for text in ("START", "start.", "UNSTOP", "opt in")],
    ("Iniciar", Verb.START, "es"),
    *[(text, Verb.HELP, "en") for text in ("HELP", "help!", "Help please", "who is this?")],
    *[(text, Verb.HELP, "es") for text in ("AYUDA", "ayúdame", "¿Quién es?")],
    ("INFO", Verb.HELP, None),
    ("No but I can come next week", Verb.NO, "en"),
    ("No, I don't think I'll be there", Verb.NO, None),
    *[(text, Verb.YES, "en") for text in ("Yes no problem", "Yes, I can't wait", "Y and I won't cancel")],
    *[(text, Verb.YES, None) for text in ("👍", "👍🏽", " 👍👍 ", "✅", "✔️", "👌🏿")],
    *[(text, Verb.NO, None) for text in ("👎", "👎🏻", "❌", "🙅🏽\u200d♀️")],
]
NOTHING_WE_KNOW = [
    *[
        "",
        " ",
        "?!",
        "❤️",
        "👍👎",
        "🙏",
        "\u202e\u0000",
        "thank you",
        "no entiendo",
        "no problem",
        "no puedo dormir",
        "Y a que hora es",
    ],
    *[
        "si puedo llego temprano",
        "1 more question",
        "I can't stop laughing",
        "please don't stop texting me",
        "cancel Tuesday",
    ],
    *[
        "Ok, who is this? My bus is late",
        "here is my question",
        "the bus stop is closed",
        "no dejes de escribirme",
        "97201",
    ],
    *[
        "para mi hermano",
        "that's odd",
        "weekend it is",
        "what does quit mean",
        "when does it end",
        "yesterday",
        "nothing",
    ],
    *["I can't thank you enough", "i cant imagine", "cant wait!", "I can't lie", "no puedo agradecerles bastante"],
    *["No, I will be there", "no ill be there", "no im not cancelling", "No, I'm still coming", "no i wont miss it"],
    *["no cant wait", "no i have a question", "no, no la cancelen", "No. Ahí estaré", "no im not late"],
    *["Yes or no?", "yes or no", "Y or N", "¿Sí o no?", "s o n", "No or yes", "yes or maybe"],
]
CRISES = [
    *[
        "I want to die",
        "i wanna die",
        "Thinking about SUICIDE",
        "suicidal",
        "gonna kill myself",
        "kill my self",
        "end it all",
    ],
    *[
        "I just want to end it",
        "no reason to live",
        "I took too many pills",
        "he overdosed",
        "I think she OD'd",
        "she OD’d",
        "OD",
    ],
    *[
        "Relapsed and I can't go on",
        "I don’t want to be here anymore",
        "better off dead",
        "hurting myself again",
        "988",
        "911!",
    ],
    *[
        "Quiero morir",
        "QUIERO MORIRME",
        "ya no quiero vivir",
        "pienso en suicidarme",
        "me quiero matar",
        "quitarme la vida",
    ],
    *[
        "acabar con todo",
        "hacerme daño",
        "sobredosis",
        "Ya no puedo más",
        "no vale la pena vivir",
        "recaí y no sé qué hacer",
    ],
]


@pytest.mark.parametrize(("text", "verb", "language"), TEXTS)
def test_a_text_is_read(text, verb, language):
    assert keywords.read(text) == Word(verb, language=language)


@pytest.mark.parametrize("text", NOTHING_WE_KNOW)
def test_what_we_do_not_understand_does_nothing(text):
    assert keywords.read(text) == Word(Verb.OTHER)


@pytest.mark.parametrize(
    ("text", "argument", "language"),
    [
        ("HERE 4821", "4821", "en"),
        ("here4821", "4821", "en"),
        ("Here: 48 21!", "4821", "en"),
        ("I'm here 0007 thanks", "0007", "en"),
        ("here 1111", "1111", "en"),
        ("here code 4821", "4821", "en"),
        ("AQUI 4821", "4821", "es"),
        ("aquí, 4821", "4821", "es"),
        ("estoy aqui 4821", "4821", "es"),
        ("4821", "4821", None),
        ("HERE ٤٨٢١", "4821", "en"),
        ("HERE 5", "5", "en"),
        ("HERE " + "9" * 500, "9" * 12, "en"),
    ],
)
def test_here_brings_the_code(text, argument, language):
    assert keywords.read(text) == Word(Verb.HERE, argument, language)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), (" 6! ", 6), ("4️⃣", 4), ("٣", 3), ("12", None), ("1 2", None), ("Y", None), ("", None)],
)
def test_a_single_figure_is_told(text, number):
    assert keywords.read(text).number == number


@pytest.mark.parametrize("text", CRISES)
def test_words_of_danger_are_heard(text):
    assert keywords.read(text).in_crisis


def test_end_alone_is_a_wish_to_stop_and_end_it_all_is_danger():
    assert keywords.read("END") == Word(Verb.STOP, language="en")
    assert keywords.read("end it all") == Word(Verb.OTHER, language="en", in_crisis=True)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("YES but I want to die", Verb.YES),
        ("Y. I want to kill myself", Verb.YES),
        ("y i want to end it all", Verb.YES),
        ("SI pero quiero morir", Verb.YES),
        ("S quiero morir", Verb.YES),
        ("N I want to die", Verb.NO),
        ("I want to die. Y", Verb.YES),
        ("I took pills. N", Verb.NO),
        ("quiero morir, no", Verb.NO),
        ("NO. I am thinking of suicide", Verb.NO),
        ("No, ya no quiero vivir", Verb.NO),
        ("I want to die STOP", Verb.STOP),
        ("STOP or I will kill myself", Verb.STOP),
        ("kill myself. stop texting me", Verb.STOP),
        ("quiero morir, no me escriban", Verb.STOP),
        ("HERE 4821 i want to die", Verb.HERE),
    ],
)
def test_danger_never_hides_the_answer_beside_it(text, verb):
    word = keywords.read(text)

    assert (word.verb, word.in_crisis) == (verb, True)


def test_danger_tells_the_language_when_the_answer_does_not():
    assert keywords.read("N quiero morir").language == "es"
    assert keywords.read("1 I want to die").language == "en"


@given(st.text())
def test_any_text_is_read(text):
    word = keywords.read(text)

    assert word.verb in Verb
    assert word.verb is Verb.CANT or word.argument == "" or (word.argument.isascii() and word.argument.isdigit())


@given(
    text=st.sampled_from(
        ["Y", "N", "STOP", "ALTO", "HERE 4821", "AQUÍ 4821", "QUIZÁS", "NEXT", "START", "AYUDA", "GOAL 2", "PRÓXIMA"]
    ),
    before=st.text(" \n\t.,!¡¿?*\"'-_👍❤️\u200b", max_size=5),
    after=st.text(" \n\t.,!?*\"'-_👍❤️\u200b", max_size=5),
    recase=st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
)
def test_case_punctuation_and_emoji_change_nothing(text, before, after, recase):
    assert keywords.read(before + recase(text) + after) == keywords.read(text)


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "stop " * 20_000 + "x", "," * 100_000 + "x", "no " * 33_000, "here " + "1 " * 50_000, "´" * 100_000]  # noqa: RUF005
    + ["want to " * 12_000, " - " * 33_000, "a1" * 50_000, "\u0301" * 100_000, "ﷺ" * 5_000],
)
def test_a_hostile_text_is_read_in_no_time(text):
    began = time.perf_counter()
    keywords.read(text)

    assert time.perf_counter() - began < 2
