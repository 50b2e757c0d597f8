"""What people text, as rows of a table: the shapes of the rule book (law: messaging.md, "What people can text").

A new verb is a name in `Verb`, and its rows in the part of the book that fits: `vocabulary_answers`, `vocabulary_stop`,
`vocabulary_wishes`. Phrases stand as `folding.fold` spells them: small letters, no accents, no apostrophes, one space
between words; `*` stands for any ending of a word.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What the person wants."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"
    HERE = "here"
    LATE = "late"
    CANT = "cant"
    NEXT = "next"
    FIND = "find"
    WAIT = "wait"
    CALL = "call"
    STREAK = "streak"
    GOAL = "goal"
    QUIET = "quiet"
    LANGUAGE = "language"
    PROOF = "proof"
    STOP = "stop"
    WRONG_NUMBER = "wrong_number"
    START = "start"
    HELP = "help"
    WHO = "who"
    REACTION = "reaction"
    OTHER = "other"


class Shape(StrEnum):
    """How much of a text a phrase must fill."""

    WHOLE = "the text is the phrase, courtesies aside"
    HEAD = "the text begins with the phrase, whatever follows"
    NUMBER = "the text begins with the phrase and a number, which is the argument"
    REASON = "the text begins with the phrase, and what follows, as it was written, is the argument"
    AMONG = "the phrase stands among words that people put around a wish to stop"
    ANYWHERE = "the phrase stands somewhere in the text"


@dataclass(frozen=True)
class Row:
    """Phrases of one verb, shape and language; None where both languages say it so."""

    verb: Verb
    shape: Shape
    language: str | None
    phrases: tuple[str, ...]


def listed(phrases: str) -> tuple[str, ...]:
    """Read phrases that stand in a text, a bar between each two."""
    return tuple(" ".join(phrase.split()) for phrase in phrases.split("|") if phrase.strip())


def any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of the phrases as whole words, the longest first."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(_spelled(phrase) for phrase in longest_first)})\b")


def _spelled(phrase: str) -> str:
    return re.escape(phrase.rstrip("*")) + (r"\w*" if phrase.endswith("*") else "")


COURTESIES = frozenset(
    listed(
        "please | pls | plz | thanks | thx | ty | hi | hello | hey | sir | maam | sorry | amen | gracias | hola | "
        "saludos | porfa | porfavor | perdon"
    )
)
COURTEOUS_PHRASES = any_of(
    listed("thank you | por favor | muchas gracias | good morning | good evening | buenos dias | buenas tardes")
)
