"""Whether a text asks to end texts: surely, perhaps, or not at all (law: 47 CFR 64.1200(a)(10); twilio-and-rules.md).

When in doubt, texts stop, and staff are asked to make sure. A wish that is turned round ("don't stop"), and a stop that
is about a bus or a habit, is none.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from aftercare.messaging.folding import clauses
from aftercare.messaging.vocabulary import COURTESIES, Shape, Verb, any_of
from aftercare.messaging.vocabulary_stop import (
    AROUND_STOP,
    BETWEEN,
    NEAR_STOP,
    NEGATED,
    NEGATED_ES,
    NEGATORS,
    OTHER_STOPS,
    STOPPED_TEXTS,
    STOPS,
    UNSURE,
    UNSURE_ALONE,
)


@dataclass(frozen=True)
class Revocation:
    """A wish to end texts; `WRONG_NUMBER` also says that the number is not the one of whom we mean."""

    verb: Verb
    language: str | None
    is_sure: bool = True


_AMONG = {phrase: row.language for row in STOPS if row.shape is Shape.AMONG for phrase in row.phrases}
_ANYWHERE = [(row, any_of(row.phrases)) for row in STOPS if row.shape is Shape.ANYWHERE]
_HEADS = [(row, any_of(row.phrases)) for row in STOPS if row.shape is Shape.HEAD]
_WRONG_FIRST = sorted(_ANYWHERE, key=lambda found: found[0].verb is not Verb.WRONG_NUMBER)
_UNSURE = {language: any_of(phrases) for language, phrases in UNSURE.items()}
_TURNED_ROUND = re.compile(
    rf"\b(?:{'|'.join(NEGATORS)})(?: (?:{'|'.join(BETWEEN)})){{0,4}} (?=(?:{'|'.join(NEGATED)})\b)"
)
_NO_PARES = any_of(NEGATED_ES)
_TURNED_WORD = re.compile(rf"@ (?:{'|'.join(NEGATED)})\b")
_OTHER_STOPS = any_of(OTHER_STOPS)
_A_HABIT = re.compile(rf"\bstop (?!(?:{'|'.join(STOPPED_TEXTS)})\b)\w+ing\b")
_A_STOP = re.compile(r"\b(?:stop|stopall|basta|paren|pare|unsubscribe)\b")


def _misspelled(word: str) -> Iterator[str]:
    """Spell a word with one letter left out, changed or too many, or with two that changed places."""
    for at in range(len(word) + 1):
        before, rest = word[:at], word[at:]
        yield before + rest[1:]
        yield before + rest[1::-1] + rest[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + rest
            yield before + letter + rest[1:]


#: "stp", "stpo", "sstop": who texts no more than that may want to stop.
_NEARLY_STOP = frozenset(_misspelled("stop")) - frozenset(NEAR_STOP)
_STOP_LANGUAGE = {"basta": "es", "paren": "es", "pare": "es"}


def surely(text: str, folded: str) -> Revocation | None:
    """Read a wish to end texts that leaves no doubt; `folded` is the text without words of danger."""
    wished = _without_turned(folded)
    for row, pattern in _WRONG_FIRST:
        if pattern.search(wished):
            return Revocation(row.verb, row.language)
    for row, pattern in _HEADS:
        if pattern.match(wished):
            return Revocation(row.verb, row.language)
    return next(filter(None, map(_among, (wished, *map(_without_turned, clauses(text))))), None)


def perhaps(text: str, folded: str) -> Revocation | None:
    """Read what may be a wish to end texts, in a text that is none for sure."""
    for language, pattern in _UNSURE.items():
        if pattern.search(folded):
            return Revocation(Verb.STOP, language, is_sure=False)
    said = [_without_courtesies(clause) for clause in clauses(text)]
    for language, alone in UNSURE_ALONE.items():
        if alone.intersection(said):
            return Revocation(Verb.STOP, language, is_sure=False)
    if _is_nearly_stop(folded):
        return Revocation(Verb.STOP, None, is_sure=False)
    found = _A_STOP.search(_A_HABIT.sub(" ", _OTHER_STOPS.sub(" ", _without_turned(folded))))
    return Revocation(Verb.STOP, _STOP_LANGUAGE.get(found[0]), is_sure=False) if found else None


def _is_nearly_stop(folded: str) -> bool:
    words = [word for word in folded.split() if word not in AROUND_STOP]
    return len(words) == 1 and words[0] in _NEARLY_STOP


def _without_courtesies(clause: str) -> str:
    return " ".join(word for word in clause.split() if word not in COURTESIES)


def _among(wished: str) -> Revocation | None:
    words = set(wished.split())
    for word, language in _AMONG.items():
        if word in words and words <= AROUND_STOP | {word}:
            return Revocation(Verb.STOP, language)
    return None


def _without_turned(folded: str) -> str:
    """Take out the wishes that are turned round."""
    return _TURNED_WORD.sub("keep", _TURNED_ROUND.sub("@ ", _NO_PARES.sub("keep", folded)))
