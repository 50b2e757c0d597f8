"""Hear words that may mean danger to life (law: product.md 7.11, twilio-and-rules.md); the words: `vocabulary_crisis`.

A false alarm costs a text; a missed one may cost a life.
"""

import re

from aftercare.messaging.folding import clauses, fold, spellings
from aftercare.messaging.vocabulary import any_of
from aftercare.messaging.vocabulary_crisis import AROUND_LINES, DANGER, LINES

_MANY_PILLS = {
    "en": r"\b(?:took|taken|swallowed|ate) \d\d+ (?:\w+ )?(?:pills?|tablets?)\b",
    "es": r"\b(?:tome|tomo|trague|me tome) \d\d+ (?:\w+ )?(?:pastillas?|tabletas?)\b",
}
_PATTERNS = {
    language: re.compile(f"{any_of(phrases).pattern}|{_MANY_PILLS[language]}") for language, phrases in DANGER.items()
}
#: Our own words of help name the lines as well; whoever asks for them says little else.
_LONGEST_CALL = 15
# "my self", "want too die", "d i e".
_MY_SELF = re.compile(r"\bmy+ ?se+l+f+\b")
_TOO = re.compile(r"\btoo (?=die|kill|end|hurt|be dead)")
_SPACED = re.compile(r"\b[a-z](?: [a-z]){2,}\b")


def take_out(text: str) -> tuple[str, str | None]:
    """Spell a text plainly without its words of danger; say their language, None if there are none."""
    for folded in spellings(text):
        for spelled in dict.fromkeys((folded, _mended(folded), _joined(_mended(folded)))):
            found = [language for language, pattern in _PATTERNS.items() if pattern.search(spelled)]
            if found:
                return _without(spelled, found), found[0]
    folded = fold(text)
    if _names_a_line(folded):
        return "", "en"
    is_short = len(folded.split()) <= _LONGEST_CALL
    return folded, "en" if is_short and any(map(_names_a_line, clauses(text))) else None


def _without(folded: str, languages: list[str]) -> str:
    for language in languages:
        folded = _PATTERNS[language].sub(" ", folded)
    return " ".join(folded.split())


def _mended(folded: str) -> str:
    return _TOO.sub("to ", _MY_SELF.sub("myself", folded))


def _joined(folded: str) -> str:
    return _SPACED.sub(lambda run: run[0].replace(" ", ""), folded)


def _names_a_line(folded: str) -> bool:
    """Tell whether a text is "911", or asks to call it: people answer our own words of help so."""
    words = set(folded.replace("9 1 1", "911").replace("9 8 8", "988").split())
    return bool(words & LINES) and words <= LINES | AROUND_LINES
