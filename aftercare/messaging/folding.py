"""Spell a text plainly, so that case, accents, punctuation and decoration do not matter (law: messaging.md)."""

import re
import unicodedata
from itertools import groupby

_APOSTROPHES = "'’‘´`"
# "OD'd" would be spelled "odd".
_ODED = re.compile(rf"\bod[{_APOSTROPHES}]d\b")
# "st0p", "k1ll": a figure between two letters stands for a letter.
_FIGURE_INSIDE = re.compile(r"(?<=[a-z])[013457](?=[a-z])")
_LETTERS = dict(zip("013457", "oieast", strict=True))
# Some letters are spelled by eighteen; carriers bring 1,600 at most.
_LONGEST = 20_000
_SPELLED_OUT = re.compile(r"\b[a-z](?: [a-z]){3,}\b")
CLAUSE_END = re.compile(r"[,.;:!?)](?=\s|$)|\s[-–—]|\n")


def fold(text: str, *, drawn_out: int = 1) -> str:
    """Spell a text plainly: small letters, no accents, no punctuation, letters that are drawn out only so often."""
    small = _ODED.sub("oded", unicodedata.normalize("NFKD", text)[:_LONGEST].casefold())
    plain = _FIGURE_INSIDE.sub(lambda found: _LETTERS[found[0]], "".join(_plain(letter) for letter in small))
    spread = _shortened(plain, drawn_out)
    words = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", spread).split()
    is_spelled_out = len(words) > 2 and all(len(word) == 1 and word.isalpha() for word in words)
    return "".join(words) if is_spelled_out else _SPELLED_OUT.sub(lambda run: run[0].replace(" ", ""), " ".join(words))


def spellings(text: str) -> list[str]:
    """Spell a text plainly with letters that are drawn out once, and twice: "stoppp" is stop, and "killl" is kill."""
    return list(dict.fromkeys((fold(text), fold(text, drawn_out=2))))


def clauses(text: str) -> list[str]:
    """Give the parts of a text between its full stops, commas and lines, each spelled plainly."""
    return [fold(clause) for clause in CLAUSE_END.split(text)]


def _plain(letter: str) -> str:
    if letter.isdigit():
        return str(unicodedata.digit(letter))
    if letter.isalnum():
        return letter
    return "" if letter in _APOSTROPHES or unicodedata.category(letter) in ("Mn", "Me", "Cf") else " "


def _shortened(text: str, drawn_out: int) -> str:
    runs = ((letter, len(list(run))) for letter, run in groupby(text))
    return "".join(letter * (drawn_out if length > 2 and letter.isalpha() else length) for letter, length in runs)
