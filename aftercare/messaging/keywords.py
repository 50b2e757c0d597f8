"""Read what a person texted: one verb, and whether they may be in danger (law: messaging.md, product.md 7.11)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile

from aftercare.messaging import crisis
from aftercare.messaging.vocabulary import (
    AROUND_STOP,
    COURTEOUS_PHRASES,
    COURTESIES,
    NOT_STOP,
    RULES,
    Shape,
    Verb,
    any_of,
)

__all__ = ["Verb", "Word", "fold", "read"]


@dataclass(frozen=True)
class Word:
    """One text, read. `language` is what the words tell, None when they are the same in both."""

    verb: Verb
    argument: str = ""
    language: str | None = None
    in_crisis: bool = False


_Reading = tuple[Verb, str, str | None]


def _table(shape: Shape) -> dict[str, tuple[Verb, str | None]]:
    rows = [row for row in RULES if row.shape is shape]
    return {phrase: (row.verb, row.language) for row in rows for phrase in row.phrases}


_WHOLE, _HEAD, _NUMBER, _AMONG = (_table(shape) for shape in (Shape.WHOLE, Shape.HEAD, Shape.NUMBER, Shape.AMONG))
_ANYWHERE = [(row, any_of(row.phrases)) for row in RULES if row.shape is Shape.ANYWHERE]
_LONGEST_HEAD = 4
_CODE_LENGTH = 4
_LONGEST_ARGUMENT = 12
_CLAUSE_END = re.compile(r"[,.;:!?)](?=\s|$)|\s[-–—]|\n")
# These begin too many other sentences ("Ok, who is this?") to stand for the whole text.
_TOO_SHORT_FOR_A_CLAUSE = frozenset({"1", "2", "3", "k", "ok", "okay", "okey", "sure"})
_APOSTROPHES = "'’‘´`"
# "OD'd" would be spelled "odd".
_ODED = re.compile(rf"\bod[{_APOSTROPHES}]d\b")


def read(text: str) -> Word:
    """Read a text; danger is looked for first and never hides a YES, a NO or a STOP beside it (product.md 7.11)."""
    rest, danger = crisis.take_out(fold(text))
    found = _whole_text(rest) or _first_clause(text) or (_last_word(rest) if danger else None)
    verb, argument, language = found or (Verb.OTHER, "", None)
    return Word(verb, argument, language or danger, danger is not None)


def fold(text: str) -> str:
    """Spell a text plainly: small letters, no accents, no punctuation, letters that are drawn out only once."""
    small = _ODED.sub("oded", unicodedata.normalize("NFKD", text).casefold())
    spread = _once("".join(_plain(letter) for letter in small))
    words = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", spread).split()
    is_spelled_out = len(words) > 2 and all(len(word) == 1 and word.isalpha() for word in words)
    return ("" if is_spelled_out else " ").join(words)


def _plain(letter: str) -> str:
    if letter.isdigit():
        return str(unicodedata.digit(letter))
    if letter.isalnum():
        return letter
    return "" if letter in _APOSTROPHES or unicodedata.category(letter) in ("Mn", "Me", "Cf") else " "


def _once(text: str) -> str:
    runs = ((letter, len(list(run))) for letter, run in groupby(text))
    return "".join(letter if length > 2 and letter.isalpha() else letter * length for letter, length in runs)


def _whole_text(folded: str) -> _Reading | None:
    words = [word for word in COURTEOUS_PHRASES.sub(" ", folded).split() if word not in COURTESIES]
    return _stop(folded) or _exact(" ".join(words)) or _number(words) or _head(words)


def _stop(folded: str) -> _Reading | None:
    wished = NOT_STOP.sub("keep", folded)
    words = set(wished.split())
    for word, (verb, language) in _AMONG.items():
        if word in words and words <= AROUND_STOP | {word}:
            return verb, "", language
    return next(((row.verb, "", row.language) for row, pattern in _ANYWHERE if pattern.search(wished)), None)


def _exact(text: str) -> _Reading | None:
    if text in _WHOLE:
        verb, language = _WHOLE[text]
        return verb, "", language
    return (Verb.HERE, text, None) if len(text) == _CODE_LENGTH and text.isdigit() else None


def _number(words: list[str]) -> _Reading | None:
    for head, tail in _heads(words):
        if head in _NUMBER and tail and tail[0].isdigit():
            verb, language = _NUMBER[head]
            return verb, "".join(takewhile(str.isdigit, tail))[:_LONGEST_ARGUMENT], language
    return None


def _head(words: list[str]) -> _Reading | None:
    for head, _ in _heads(words):
        if head in _HEAD:
            verb, language = _HEAD[head]
            return verb, "", language
    return None


def _heads(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    for length in range(min(_LONGEST_HEAD, len(words)), 0, -1):
        yield " ".join(words[:length]), words[length:]


def _last_word(rest: str) -> _Reading | None:
    """Hear the answer that stands behind words of danger: "I want to die. Y"."""
    word = rest.rpartition(" ")[2]
    reading = None if word in _TOO_SHORT_FOR_A_CLAUSE else _exact(word)
    return reading if reading and reading[0] in (Verb.YES, Verb.NO, Verb.MAYBE) else None


def _first_clause(text: str) -> _Reading | None:
    clause, _ = crisis.take_out(fold(_CLAUSE_END.split(text.strip(), maxsplit=1)[0]))
    reading = None if clause in _TOO_SHORT_FOR_A_CLAUSE else _exact(clause)
    return _stop(clause) or (reading if reading and reading[0] in (Verb.YES, Verb.NO, Verb.MAYBE) else None)
