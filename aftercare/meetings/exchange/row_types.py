"""What a row's meeting is like: types, open or closed, languages, and the mark ONL."""

import re
from dataclasses import dataclass
from typing import Any

from aftercare.meetings import types
from aftercare.meetings.exchange.row import Row
from aftercare.meetings.types import TypePair

ONLINE_MARKS = frozenset({"onl", "online", "online meeting"})
# What apps work out for themselves and some write back into their feeds.
INFERRED_MARKS = frozenset({"active", "inactive", "in-person", "in person"})
BRACKETS = re.compile(r"[\[\]'\"]")
LONGEST_TYPE = 60


@dataclass(frozen=True, slots=True)
class Kinds:
    """The types of a meeting, in the order of the list."""

    types: tuple[TypePair, ...] = ()
    is_open: bool | None = None
    languages: tuple[str, ...] = ()
    is_marked_online: bool = False
    is_place_closed: bool = False


def read_kinds(row: Row, *, fellowship: str) -> Kinds:
    """Read the types of a row in the list of its fellowship."""
    words = _words(row, row.get("types"), fellowship)
    marked = any(word.casefold() in ONLINE_MARKS for word in words)
    if marked:
        row.tally.count("online_marked", field=row.called("types"))
    codes = _without_open_if_closed(row, _codes(row, words, fellowship))
    return Kinds(
        types=tuple((fellowship, code) for code in codes),
        is_open="O" in codes or (False if "C" in codes else None),
        languages=_languages(fellowship, codes),
        is_marked_online=marked,
        is_place_closed="TC" in codes,
    )


def _languages(fellowship: str, codes: list[str]) -> tuple[str, ...]:
    known = [types.find(fellowship, code) for code in codes]
    return tuple(kind.language for kind in known if kind and kind.language)


def _words(row: Row, said: Any, fellowship: str) -> list[str]:
    if said is None:
        return []
    if isinstance(said, str):
        words = _split(said, fellowship)
        row.find("types_read", "types", said, made=", ".join(words)[:LONGEST_TYPE])
        return words
    if not isinstance(said, list):
        row.find("not_text", "types", said)
        return []
    if any(item is None or item == "" for item in said):
        row.tally.count("empty_items", field=row.called("types"))
    return [_word(row, item) for item in said if item is not None and item != ""]


def _split(said: str, fellowship: str) -> list[str]:
    # A name may hold a comma itself, so the whole text is tried first.
    bare = BRACKETS.sub("", said[:2000]).strip()
    if types.codes_called(fellowship, bare):
        return [bare]
    return [word for part in re.split(r"[,;|]", bare) if (word := part.strip())]


def _word(row: Row, item: Any) -> str:
    if isinstance(item, str):
        return BRACKETS.sub("", item).strip()
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    row.find("not_text", "types", item)
    return ""


def _codes(row: Row, words: list[str], fellowship: str) -> list[str]:
    codes: dict[str, None] = {}
    for word in words:
        codes.update(dict.fromkeys(_codes_of(row, word, fellowship)))
    return list(codes)


def _codes_of(row: Row, word: str, fellowship: str) -> tuple[str, ...]:
    if word in types.of(fellowship):
        return (word,)
    if not word or word.casefold() in ONLINE_MARKS | INFERRED_MARKS:
        return ()
    codes = types.codes_called(fellowship, word[:LONGEST_TYPE])
    if not codes:
        row.find("type_unknown", "types", word, made=types.FELLOWSHIPS[fellowship])
    elif word.casefold() == "asbi":
        row.find("type_misspelt", "types", word, made=codes[0])
    elif not (row.told.is_in_words and _is_name(fellowship, word, codes)):
        row.find("type_read", "types", word, made=" and ".join(codes))
    return codes


def _is_name(fellowship: str, word: str, codes: tuple[str, ...]) -> bool:
    return [word.casefold()] == [types.name(fellowship, code).casefold() for code in codes]


def _without_open_if_closed(row: Row, codes: list[str]) -> list[str]:
    if "O" in codes and "C" in codes:
        row.find("open_and_closed", "types", "O, C")
        codes.remove("O")
    return codes
