"""Read what a person texted: one verb, and whether they may be in danger (law: messaging.md, product.md 7.11)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from aftercare.messaging import crisis, reactions, revocation
from aftercare.messaging.folding import CLAUSE_END, fold, spellings
from aftercare.messaging.revocation import Revocation
from aftercare.messaging.vocabulary import COURTEOUS_PHRASES, COURTESIES, Shape, Verb, any_of
from aftercare.messaging.vocabulary_answers import ANOTHER_TIME, ANSWERS, DECLINE_AFTER_ALL, NO_DECLINE, OR_ANOTHER
from aftercare.messaging.vocabulary_stop import STOPS
from aftercare.messaging.vocabulary_wishes import COMING, NO_REASON, OTHER_CANNOTS, WISHES

__all__ = ["RULES", "Verb", "Word", "fold", "read"]


@dataclass(frozen=True)
class Word:
    """One text, read. `language` is what the words tell, None when they are the same in both.

    `is_sure` is False for what may be a wish to end texts and may not; `number` is the one figure that the text is.
    """

    verb: Verb
    argument: str = ""
    language: str | None = None
    in_crisis: bool = False
    is_sure: bool = True
    number: int | None = field(default=None, compare=False)


_Reading = tuple[Verb, str, str | None]
_Read = tuple[Verb, str, str | None, bool]
RULES = (*STOPS, *ANSWERS, *WISHES)


def _table(shape: Shape) -> dict[str, tuple[Verb, str | None]]:
    rows = [row for row in RULES if row.shape is shape]
    return {phrase: (row.verb, row.language) for row in rows for phrase in row.phrases}


_WHOLE, _HEAD, _NUMBER, _REASON = (_table(shape) for shape in (Shape.WHOLE, Shape.HEAD, Shape.NUMBER, Shape.REASON))
_ANSWERS = (Verb.YES, Verb.NO, Verb.MAYBE)
_NO_DECLINE, _DECLINE_AFTER_ALL, _ANOTHER_TIME = map(any_of, (NO_DECLINE, DECLINE_AFTER_ALL, ANOTHER_TIME))
_OR_ANOTHER = any_of(OR_ANOTHER)
#: Carriers bring 1,600 letters at most; what is longer comes from nobody's phone.
_LONGEST_TEXT = 10_000
_LONGEST_HEAD = 5
_CODE_LENGTH = 4
_INFINITIVES = tuple(ending + whom for ending in ("ar", "er", "ir") for whom in ("", "me", "le", "les"))
_LONGEST_ARGUMENT = 12
# These begin too many other sentences ("Ok, who is this?") to stand for the whole text.
_TOO_SHORT_FOR_A_CLAUSE = frozenset({"1", "2", "3", "k", "ok", "okay", "okey", "sure"})


def read(text: str) -> Word:
    """Read a text; danger is looked for first and never hides a YES, a NO or a STOP beside it (product.md 7.11)."""
    text = text[:_LONGEST_TEXT]
    rest, danger = crisis.take_out(text)
    if reactions.is_tap(text):
        return Word(Verb.REACTION, language=danger, in_crisis=danger is not None)
    ends = _ending(text, rest, is_danger=danger is not None)
    if ends is not None:
        return Word(ends.verb, "", ends.language or danger, danger is not None)
    found = _plainly(text, rest) or _loosely(text, rest, is_danger=danger is not None)
    verb, argument, language, is_sure = found or (Verb.OTHER, "", None, True)
    return Word(verb, argument, language or danger, danger is not None, is_sure, number=_figure(rest))


def _ending(text: str, rest: str, *, is_danger: bool) -> Revocation | None:
    """Read a sure wish to end texts in either spelling; words of danger stay out of it."""
    spelled = [rest] if is_danger else [rest, *spellings(text)]
    return next(filter(None, (revocation.surely(text, each) for each in dict.fromkeys(spelled))), None)


def _plainly(text: str, folded: str) -> _Read | None:
    """Read a text that is, but for courtesies, a phrase of the book, or a sign."""
    words = _without_courtesies(folded)
    sign = None if folded else reactions.by_sign(text)
    found = (sign, "", None) if sign else _exact(" ".join(words)) or _number(words) or _cannot(text, words)
    return (*found, True) if found else None


def _loosely(text: str, folded: str, *, is_danger: bool) -> _Read | None:
    """Read a text that begins, or in danger ends, with a phrase of the book; but for a yes, it may be a wish to stop.

    Whoever is in danger is called anyway, and must not lose touch by a word that was not surely meant.
    """
    found = _begun(text, folded) or (_last_word(folded) if is_danger else None)
    may_stop = not is_danger and (found is None or found[0] is not Verb.YES)
    ends = revocation.perhaps(text, folded) if may_stop else None
    if ends is not None:
        return ends.verb, "", ends.language, False
    return (*found, True) if found else None


def _begun(text: str, folded: str) -> _Reading | None:
    """Read the first words; no answer are "yes or no?" and a no to something else: "No, I will be there"."""
    found = _head(_without_courtesies(folded)) or _first_clause(text)
    if found is None or found[0] not in _ANSWERS:
        return found
    is_none = _OR_ANOTHER.match(folded) or (found[0] is Verb.NO and _is_no_decline(folded))
    return None if is_none else found


def _is_no_decline(folded: str) -> bool:
    said = _DECLINE_AFTER_ALL.sub(" ", folded)
    return _NO_DECLINE.search(said) is not None and _ANOTHER_TIME.search(said) is None


def _without_courtesies(folded: str) -> list[str]:
    return [word for word in COURTEOUS_PHRASES.sub(" ", folded).split() if word not in COURTESIES]


def _exact(text: str) -> _Reading | None:
    if text in _WHOLE:
        verb, language = _WHOLE[text]
        return verb, "", language
    return (Verb.HERE, text, None) if len(text) == _CODE_LENGTH and text.isdigit() else None


def _number(words: list[str]) -> _Reading | None:
    for head, tail in _heads(words):
        if head in _NUMBER and tail and tail[0].isdigit():
            verb, language = _NUMBER[head]
            # A code may be read out in two halves; of anything else the first number is meant.
            digits = "".join(takewhile(str.isdigit, tail)) if verb is Verb.HERE else tail[0]
            return verb, digits[:_LONGEST_ARGUMENT], language
    return None


def _cannot(text: str, words: list[str]) -> _Reading | None:
    """Read that somebody cannot come, and why, in their own words; what else they cannot is another matter."""
    for head, tail in _heads(words):
        if head in _REASON:
            verb, language = _REASON[head]
            if tail and _is_another_matter(tail[0], language):
                return None
            return verb, "" if set(tail) <= NO_REASON else _after(head, text), language
    return None


def _is_another_matter(word: str, language: str | None) -> bool:
    is_infinitive = language == "es" and word.endswith(_INFINITIVES) and len(word) > 2
    return word in OTHER_CANNOTS or (is_infinitive and word not in COMING)


def _after(head: str, text: str) -> str:
    """Give what follows the first words of a text, as it was written; all of it if they are not the first."""
    spelled = text.split()
    for count in range(1, len(spelled) + 1):
        if fold(" ".join(spelled[:count])) == head:
            return " ".join(spelled[count:])
    return " ".join(spelled)


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
    return reading if reading and reading[0] in _ANSWERS else None


def _first_clause(text: str) -> _Reading | None:
    clause, _ = crisis.take_out(CLAUSE_END.split(text.strip(), maxsplit=1)[0])
    reading = None if clause in _TOO_SHORT_FOR_A_CLAUSE else _exact(clause)
    return reading if reading and reading[0] in _ANSWERS else None


def _figure(rest: str) -> int | None:
    return int(rest) if len(rest) == 1 and rest.isdigit() else None
