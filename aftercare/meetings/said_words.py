"""The words in which people say when a meeting is, English and Spanish, as tokens of one small language."""

import re
import unicodedata
from typing import Any, NamedTuple

from aftercare.meetings.repeats import LAST, SECOND_TO_LAST
from aftercare.meetings.wording import DAYS_EN, DAYS_ES, DAYS_ES_PLURAL, MONTHS_EN, MONTHS_ES, WORKING_DAYS

LANGUAGES = ("en", "es")
WEEKEND = (5, 6)


class Token(NamedTuple):
    """A word as it was said, and what it means."""

    kind: str
    value: Any
    word: str


def folded(text: str) -> str:
    """Write text in small letters, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def tokens(text: str, language: str) -> list[Token]:
    """Cut text into what it means; a word that means nothing here is a token of kind "unknown"."""
    said = folded(text)
    for wanted, canonical in _PHRASES[language]:
        said = wanted.sub(canonical, said)
    pieces = ((piece.lastgroup or "", piece[0]) for piece in _PIECE.finditer(said))
    return [token for kind, word in pieces for token in _token(kind, word, language)]


def _token(kind: str, word: str, language: str) -> list[Token]:
    match kind:
        case "space":
            return []
        case "number" | "ordinal":
            return [Token(kind, int(re.sub(r"\D", "", word)), word)]
        case "iso" | "slash":
            return [Token("day", _numbers(word, kind, language), word)]
        case "clock":
            return [Token("clock", _clock(word), word)]
        case "word":
            return [Token(*meant, word) for meant in _WORDS[language].get(word, [("unknown", None)])]
        case _:
            return [Token(kind, None, word)]


def _numbers(word: str, kind: str, language: str) -> tuple[int, int, int]:
    """Read a date in figures as (year, month, day); Spanish says the day first."""
    first, second, third = map(int, re.split(r"\D", word))
    if kind == "iso":
        return first, second, third
    year = third if third >= 100 else 2000 + third
    return (year, second, first) if language == "es" else (year, first, second)


def _clock(word: str) -> tuple[int, int, str]:
    """Read a time as (hour, minute, "am", "pm", "24" or "" if nobody can tell)."""
    hour, minute = (*map(int, re.findall(r"\d+", word)), 0)[:2]
    half = next((each for each in ("am", "pm") if word.endswith(each)), "")
    is_plain = not half and (hour > 12 or hour == 0 or word.startswith("0") or "h" in word)
    return hour, minute, "24" if is_plain else half


_PIECE = re.compile(
    r"""(?P<iso>\d{4}-\d\d?-\d\d?)|(?P<slash>\d\d?/\d\d?/\d{2,4})
    |(?P<clock>\d\d?(?::\d\d)?\s*[ap]m\b|\d\d?:\d\d\b(?:\s*(?:hrs?|hs?|horas|hours)\b)?|\d\d?\s*(?:hrs?|hs?|horas|hours)\b|\d\d?h\d\d)
    |(?P<ordinal>\d\d?(?:st|nd|rd|th|er|ra|ro|do|da|to|ta|o)\b)|(?P<number>\d+)|(?P<word>[^\W\d_]+)
    |(?P<comma>[,;.])|(?P<to>[-\u2010-\u2015])|(?P<and>[&+])|(?P<at>@)|(?P<space>\s+)|(?P<unknown>.)""",
    re.VERBOSE,
)

_HALVES = [(r"\b([ap])\. ?m\b\.?", r"\1m"), (r"(\d) ([ap]) m\b", r"\1 \2m")]
_PHRASES_EN = [
    (r"\bthat (?:has one|have one|has it)\b", ""),
    (r"\bo['\u2019]?clock\b", ""),
    (r"\bfor (?:the )?next (?=\d)", "for "),
    (r"\bfor an? (?=day|week|month|year)", "for 1 "),
    (r"\b(?:second|2nd|next)\W+(?:to\W+)?last\b", "penultimate"),
    (r"\b12 ?(?:at night)\b", "midnight"),
    (r"\bin the morning\b", "am"),
    (r"\bin the (?:afternoon|evening)\b|\bat night\b", "pm"),
    (r"\b(?:working|work) days?\b", "weekdays"),
    (r"\bhalf past (\d+)\b", r"\1:30"),
]
_ON_A_WEEKDAY_ES = r"(?=(?:(?:los|el|en) )*(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)\b)"
_PHRASES_ES = [
    (r"\bque (?:lo tiene|lo tenga|los tiene)\b", ""),
    (r"\b(?:doce|12) de la noche\b", "medianoche"),
    (r"\b(?:de|por|en) la (?:manana|madrugada)\b", "am"),
    (r"\b(?:de|por|en) la (?:tarde|noche)\b", "pm"),
    (r"\bdel mediodia\b", "pm"),
    (r"\ba las\b|\ba la\b|\bal\b", "alas"),
    (r"\bentre semana\b|\bdias (?:laborables|habiles)\b", "laborables"),
    (r"\bfin(?:es)? de semana\b", "finde"),
    (r"\ba partir del?\b", "desde"),
    (r"\b(?:por|durante) (?:(?:los|las) )?(?:proxim[ao]s )?(?=\d+ (?:dia|semana|mes|ano))", "durante "),
    (r"\b1 (\w+) si y (?:el )?otro no\b|\b(?:los )?(\w+) alternos\b", r"cada 2 \1\2"),
    # Of weeks, people count both ends: every "15 days" on a Tuesday is every other Tuesday.
    (rf"\bcada 15 dias,? {_ON_A_WEEKDAY_ES}|\bcada quince dias\b", "cada 2 semanas "),
    (rf"\bcada 8 dias,? {_ON_A_WEEKDAY_ES}", "cada semana "),
]
_NUMBERS_EN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS_ES = ("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce")
_BY_NAME = [(rf"\b{word}\b", str(number)) for number, word in enumerate(_NUMBERS_EN, 1)]
_POR_NOMBRE = [(rf"\b{word}\b", str(number)) for number, word in enumerate(_NUMBERS_ES, 1)]
_POR_NOMBRE += [(r"\buna?\b", "1"), (r"\b(\d\d?) y media\b", r"\1:30"), (r"\b(\d\d?) y cuarto\b", r"\1:15")]

_PHRASES = {
    "en": [(re.compile(wanted), said) for wanted, said in _HALVES + _PHRASES_EN[:1] + _BY_NAME + _PHRASES_EN[1:]],
    "es": [(re.compile(wanted), said) for wanted, said in _HALVES + _PHRASES_ES[:2] + _POR_NOMBRE + _PHRASES_ES[2:]],
}

Meanings = list[tuple[str, Any]]


def _meaning(kind: str, value: Any, *words: str) -> dict[str, Meanings]:
    return {folded(word): [(kind, value)] for said in words for word in said.split()}


def _each(kind: str, *lists: tuple[str, ...], begin: int) -> dict[str, Meanings]:
    return {folded(word): [(kind, value)] for words in lists for value, word in enumerate(words, begin)}


def _weekdays(*lists: tuple[str, ...]) -> dict[str, Meanings]:
    return {word: [("weekdays", (meant[0][1],))] for word, meant in _each("weekday", *lists, begin=0).items()}


_PLURALS_EN = tuple(f"{day}s" for day in DAYS_EN)
_SHORT_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("mon", "tues", "weds", "thurs", "fri", "sat", "sun")
_SHORT_MONTHS_EN = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sept", "oct", "nov", "dec")
_SHORT_ES = ("lun", "martes", "mie", "jue", "vie", "sab", "dom")
_ORDINALS_EN = ("first", "second", "third", "fourth", "fifth")
_ORDINALS_ES = (
    ("primer", "segundo", "tercer", "cuarto", "quinto"),
    ("primero", "segundos", "tercero", "cuartos", "quintos"),
    ("primeros", "segunda", "terceros", "cuarta", "quinta"),
    ("primera", "segunda", "tercera", "cuarta", "quinta"),
)  # fmt: skip

_ENGLISH: dict[str, Meanings] = (
    _weekdays(DAYS_EN, _PLURALS_EN, *_SHORT_EN)
    | _each("month", MONTHS_EN, _SHORT_MONTHS_EN, begin=1)
    | _each("ordinal", _ORDINALS_EN, begin=1)
    | _meaning("month", 9, "sep")
    | _meaning("ordinal", LAST, "last")
    | _meaning("ordinal", SECOND_TO_LAST, "penultimate")
    | _meaning("weekdays", WORKING_DAYS, "weekday weekdays")
    | _meaning("weekdays", WEEKEND, "weekend weekends")
    | _meaning("every", None, "every each")
    | _meaning("number", 2, "other alternate")
    | _meaning("unit", "day", "day days")
    | _meaning("unit", "week", "week weeks")
    | _meaning("unit", "month", "month months")
    | _meaning("unit", "year", "year years")
    | _meaning("of", None, "of in")
    | _meaning("the", None, "the")
    | _meaning("and", None, "and")
    | _meaning("on", None, "on")
    | _meaning("at", None, "at")
    | _meaning("to", None, "to through thru")
    | _meaning("until", None, "until till til ending ends")
    | _meaning("times", None, "time times dates")
    | _meaning("not", None, "not except excluding but")
    | _meaning("from", None, "from starting beginning starts begins since")
    | _meaning("end", None, "end")
    | _meaning("half", "am", "am morning mornings")
    | _meaning("half", "pm", "pm afternoon afternoons evening evenings night nights")
    | _meaning("filler", None, "meets meet")
    | _meaning("for", None, "for")
    | _meaning("next", None, "next")
    | _meaning("soon", 0, "today")
    | _meaning("soon", 1, "tomorrow")
    | {"noon": [("clock", (12, 0, "24"))], "midday": [("clock", (12, 0, "24"))], "midnight": [("clock", (0, 0, "24"))]}
    | {"daily": [("every", None), ("unit", "day")], "weekly": [("every", None), ("unit", "week")]}
    | {"monthly": [("every", None), ("unit", "month")], "yearly": [("every", None), ("unit", "year")]}
    | {"fortnightly": [("every", None), ("number", 2), ("unit", "week")], "once": [("number", 1), ("times", None)]}
    | {"annually": [("every", None), ("unit", "year")]}
)
_SPANISH: dict[str, Meanings] = (
    _weekdays(DAYS_ES, DAYS_ES_PLURAL, _SHORT_ES)
    | _each("month", MONTHS_ES, begin=1)
    | _each("ordinal", *_ORDINALS_ES, begin=1)
    | _meaning("month", 9, "setiembre")
    | _meaning("ordinal", LAST, "último última últimos últimas")
    | _meaning("ordinal", SECOND_TO_LAST, "penúltimo penúltima penúltimos penúltimas")
    | _meaning("weekdays", WORKING_DAYS, "laborables")
    | _meaning("weekdays", WEEKEND, "finde")
    | _meaning("every", None, "cada todos todas todo")
    | _meaning("number", 2, "otro otra")
    | _meaning("unit", "day", "día días")
    | _meaning("unit", "week", "semana semanas")
    | _meaning("unit", "month", "mes meses")
    | _meaning("unit", "year", "año años")
    | _meaning("of", None, "de del")
    | _meaning("the", None, "el la los las")
    | _meaning("and", None, "y e")
    | _meaning("on", None, "en")
    | _meaning("at", None, "alas")
    | _meaning("to", None, "a")
    | _meaning("until", None, "hasta")
    | _meaning("times", None, "vez veces fechas")
    | _meaning("not", None, "no excepto salvo menos")
    | _meaning("from", None, "desde empezando comenzando")
    | _meaning("for", None, "durante")
    | _meaning("next", None, "próximo próxima")
    | _meaning("soon", 0, "hoy")
    | _meaning("soon", 1, "mañana")
    | _meaning("end", None, "fin fines final finales")
    | _meaning("half", "am", "am")
    | _meaning("half", "pm", "pm")
    | {"mediodia": [("clock", (12, 0, "24"))], "medianoche": [("clock", (0, 0, "24"))]}
    | {word: [("every", None), ("unit", "day")] for word in ("diario", "diaria", "diariamente")}
    | {word: [("every", None), ("unit", "week")] for word in ("semanal", "semanalmente")}
    | {word: [("every", None), ("unit", "month")] for word in ("mensual", "mensualmente")}
    | {word: [("every", None), ("unit", "year")] for word in ("anual", "anualmente")}
)
_WORDS = {"en": _ENGLISH, "es": _SPANISH}
