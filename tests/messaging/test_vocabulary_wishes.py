import pytest

from aftercare.messaging import keywords
from aftercare.messaging.keywords import Verb, Word

WISHES = [
    *[(text, Verb.LATE, "en") for text in ("LATE", "running late!", "I'm late", "late 10 min", "On my way", "omw")],
    *[(text, Verb.LATE, "es") for text in ("TARDE", "llego tarde", "Voy en camino", "voy tarde 10 min")],
    *[(text, Verb.CANT, "en") for text in ("CANT", "I can't come", "can't make it", "I can't come today", "I CANNOT")],
    *[(text, Verb.CANT, "es") for text in ("NO PUEDO", "No puedo ir", "hoy no puedo", "No podré ir", "no puedo hoy")],
    *[(text, Verb.FIND, "en") for text in ("FIND", "find Portland")],
    *[(text, Verb.FIND, "es") for text in ("BUSCAR", "buscar algo")],
    *[(text, Verb.WAIT, "en") for text in ("WAIT", "waitlist", "put me on the list")],
    *[(text, Verb.WAIT, "es") for text in ("ESPERA", "lista de espera")],
    *[(text, Verb.CALL, "en") for text in ("CALL", "Call me please", "can you call me at 5?")],
    *[(text, Verb.CALL, "es") for text in ("LLAMAR", "llámame", "¿Me pueden llamar mañana?")],
    *[(text, Verb.STREAK, "en") for text in ("STREAK", "my streak")],
    *[(text, Verb.STREAK, "es") for text in ("RACHA", "mi racha")],
    *[(text, Verb.GOAL, "en") for text in ("GOAL", "my goal?")],
    ("META", Verb.GOAL, "es"),
    *[(text, Verb.QUIET, "en") for text in ("QUIET", "pause")],
    ("PAUSA", Verb.QUIET, "es"),
    *[(text, Verb.LANGUAGE, "es") for text in ("SPANISH", "ESPAÑOL", "espanol por favor", "en español")],
    *[(text, Verb.LANGUAGE, "en") for text in ("ENGLISH", "INGLÉS", "In English please")],
    *[(text, Verb.PROOF, "en") for text in ("PROOF", "proof of attendance")],
    *[(text, Verb.PROOF, "es") for text in ("COMPROBANTE", "necesito un comprobante")],
]


@pytest.mark.parametrize(("text", "verb", "language"), WISHES)
def test_a_wish_is_read(text, verb, language):
    assert keywords.read(text) == Word(verb, language=language)


@pytest.mark.parametrize(
    ("text", "verb", "argument", "language"),
    [
        ("FIND 97201", Verb.FIND, "97201", "en"),
        ("find 97201-1234", Verb.FIND, "97201", "en"),
        ("near 97201?", Verb.FIND, "97201", "en"),
        ("BUSCAR 97201", Verb.FIND, "97201", "es"),
        ("GOAL 2", Verb.GOAL, "2", "en"),
        ("goal: 3 a week", Verb.GOAL, "3", "en"),
        ("META 2", Verb.GOAL, "2", "es"),
        ("QUIET 7", Verb.QUIET, "7", "en"),
        ("quiet7", Verb.QUIET, "7", "en"),
        ("Pausa 14 días", Verb.QUIET, "14", "es"),
    ],
)
def test_a_wish_brings_its_number(text, verb, argument, language):
    assert keywords.read(text) == Word(verb, argument, language)


@pytest.mark.parametrize(
    ("text", "reason", "language"),
    [
        ("CANT my Car broke down", "my Car broke down", "en"),
        ("Can't: the kids are sick!", "the kids are sick!", "en"),
        ("I can't come, I have court at 3", "I have court at 3", "en"),
        ("I can’t make it. Work.", "Work.", "en"),
        ("NO PUEDO trabajo", "trabajo", "es"),
        ("No puedo ir, mi niña está enferma", "mi niña está enferma", "es"),
        ("Sorry can't my bus is gone", "Sorry can't my bus is gone", "en"),
        ("I can't come tonight", "", "en"),
    ],
)
def test_whoever_cannot_come_says_why_in_their_own_words(text, reason, language):
    assert keywords.read(text) == Word(Verb.CANT, reason, language)


@pytest.mark.parametrize(
    "text",
    ["I can't sleep", "I can't believe it", "No puedo dormir", "no puedo dejar de pensar", "can't find the door"],
)
def test_what_else_somebody_cannot_is_no_excuse(text):
    assert keywords.read(text) == Word(Verb.OTHER)
