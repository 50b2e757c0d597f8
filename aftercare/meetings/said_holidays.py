"""The public holidays that a sentence names, as it says them: "not on US holidays (California)"."""

import re
from functools import lru_cache

from aftercare.core.state_names import STATE_NAMES
from aftercare.meetings import public_holidays
from aftercare.meetings.said_words import folded

_SAID = {
    "en": re.compile(
        r"(?:\bbut\s+)?\b(?:not|except|excluding)\s+(?:on\s+|for\s+)?(?:(?:us|usa|federal|public|bank|national)\s+)*"
        r"holidays\b(?:\s+(?:in|of)\s+(?:the\s+)?(?P<where>[^,;]+)|\s*\((?P<region>[^)]+)\))?"
    ),
    "es": re.compile(
        r"\b(?:excepto|salvo|menos|no)\s+(?:en\s+)?(?:los\s+)?(?:dias\s+)?(?:festivos|feriados)\b"
        r"(?:\s+(?:de|en)\s+(?:los\s+)?(?P<where>[^,;]+)|\s*\((?P<region>[^)]+)\))?"
    ),
}
_REGION = re.compile(r"(?P<country>.+?)\s*\((?P<region>[^()]+)\)\s*")
_UNITED_STATES = ("us", "usa", "eeuu", "unitedstates", "estadosunidos", "unitedstatesofamerica")


def take(text: str, language: str) -> tuple[str, str, str]:
    """Give the code of the holidays that a sentence leaves out, and the sentence without them.

    Third comes the name of a place whose holidays nobody knows. Holidays of no place are those of the United States.
    """
    said = folded(text)
    found = _SAID[language].search(said)
    if found is None:
        return "", said, ""
    rest = f"{said[: found.start()]},{said[found.end() :]}"
    if found["where"] is None:
        code = _code("us", found["region"] or "", language)
        return code, rest, "" if code else found["region"]
    code = _place(found["where"].strip(), language)
    return code, rest, "" if code else found["where"].strip()


def _place(where: str, language: str) -> str:
    whole = _countries(language).get(_letters(where)) or _code("us", where, language)
    if whole or not (parts := _REGION.fullmatch(where)):
        return whole
    return _code(parts["country"], parts["region"], language)


def _code(country: str, region: str, language: str) -> str:
    """Put a country and a region together; "" if nobody knows their holidays."""
    code = _countries(language).get(_letters(country), "")
    if not region:
        return code
    region_code = (_STATES.get(_letters(region)) if code == "US" else None) or region.upper()
    whole = f"{code}-{region_code}"
    return whole if code and public_holidays.is_known(whole) else ""


def _letters(text: str) -> str:
    return "".join(letter for letter in folded(text) if letter.isalnum())


@lru_cache(maxsize=2)
def _countries(language: str) -> dict[str, str]:
    named = {_letters(name): code for code, name in public_holidays.countries(language).items()}
    return named | dict.fromkeys(_UNITED_STATES, "US")


_STATES = {_letters(name): code for code, name in STATE_NAMES.items()}
