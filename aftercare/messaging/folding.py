"""Spell a text plainly, so that case, accents, punctuation and decoration do not matter (law: messaging.md)."""

import re
import unicodedata
from itertools import groupby

_APOSTROPHES = "'’‘´`"
# "OD'd" would be spelled "odd".
_ODED = re.compile(rf"\bod[{_APOSTROPHES}]d\b")
_SPELLED_OUT = re.compile(r"\b[a-z](?: [a-z]){3,}\b")
CLAUSE_END = re.compile(r"[,.;:!?)](?=\s|$)|\s[-–—]|\n")


def fold(text: str) -> str:
    """Spell a text plainly: small letters, no accents, no punctuation, letters that are drawn out only once."""
    small = _ODED.sub("oded", unicodedata.normalize("NFKD", text).casefold())
    spread = _once("".join(_plain(letter) for letter in small))
    words = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", spread).split()
    is_spelled_out = len(words) > 2 and all(len(word) == 1 and word.isalpha() for word in words)
    return "".join(words) if is_spelled_out else _SPELLED_OUT.sub(lambda run: run[0].replace(" ", ""), " ".join(words))


def clauses(text: str) -> list[str]:
    """Give the parts of a text between its full stops, commas and lines, each spelled plainly."""
    return [fold(clause) for clause in CLAUSE_END.split(text)]


def _plain(letter: str) -> str:
    if letter.isdigit():
        return str(unicodedata.digit(letter))
    if letter.isalnum():
        return letter
    return "" if letter in _APOSTROPHES or unicodedata.category(letter) in ("Mn", "Me", "Cf") else " "


def _once(text: str) -> str:
    runs = ((letter, len(list(run))) for letter, run in groupby(text))
    return "".join(letter if length > 2 and letter.isalpha() else letter * length for letter, length in runs)
