"""The words that a meeting is found by: what it is called and where it is, folded, and marks of what it is like.

Law. A word holds letters and digits of ASCII alone; a mark stands between underscores, so that nobody types one by
chance.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from aftercare.meetings import types
from aftercare.meetings.types import TypePair

LONGEST_WORD = 40
MOST_WORDS = 120
#: Of words typed into a search, as many count.
MOST_TYPED = 8
OPEN, CLOSED, NO_LANGUAGE = "_open_", "_closed_", "_l__"
ATTENDED: Mapping[str, tuple[str, ...]] = {
    "in_person": ("_in_person_",),
    "online": ("_online_",),
    "hybrid": ("_in_person_", "_online_", "_hybrid_"),
    "inactive": ("_inactive_",),
}


def written(meeting: Mapping[str, Any], place: Mapping[str, Any], pairs: Iterable[TypePair]) -> str:
    """Write the words and marks of a meeting, a space before each."""
    fellowship = meeting["fellowship"]
    texts = (
        meeting["name"], meeting["group_name"], fellowship, types.FELLOWSHIPS.get(fellowship),
        place.get("name"), place.get("address"), place.get("region"),
    )  # fmt: skip
    words = dict.fromkeys(word for text in texts if text for word in words_of(text))
    marks = sorted({*_marks(meeting), *(mark for pair in pairs for mark in marks_of_type(*pair))})
    return "".join(f" {each}" for each in (*list(words)[:MOST_WORDS], *marks))


def words_of(text: str) -> list[str]:
    """Give the words of a text, without accents and capitals, in letters that every full-text index knows."""
    kept = "".join(_spelt(letter) if letter.isalnum() else " " for letter in folded(text))
    return [word[:LONGEST_WORD] for word in kept.split()]


@lru_cache(maxsize=256)
def typed(text: str) -> tuple[str, ...]:
    """Give the words that somebody typed; the last may be only begun."""
    return tuple(words_of(text)[:MOST_TYPED])


def folded(text: str) -> str:
    """Give a text without accents and capitals."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _spelt(letter: str) -> str:
    return letter if letter.isascii() else f"u{ord(letter):x}"


@cache
def marks_of_type(fellowship: str, code: str) -> tuple[str, ...]:
    """Give the mark of a type: that of the Meeting Guide code which says the same."""
    known = types.find(fellowship, code)
    return (of_type(known.guide),) if known and known.guide else ()


def of_type(guide: str) -> str:
    """Give the mark of a Meeting Guide code."""
    return f"_t_{''.join(words_of(guide))}_"


def of_language(language: str) -> str:
    """Give the mark of a language."""
    return f"_l_{''.join(words_of(language))}_"


def _marks(meeting: Mapping[str, Any]) -> Iterator[str]:
    yield from ATTENDED.get(meeting["attendance"], ())
    if meeting["is_open"] is not None:
        yield OPEN if meeting["is_open"] else CLOSED
    yield from map(of_language, meeting["languages"] or ())
    if not meeting["languages"]:
        yield NO_LANGUAGE
