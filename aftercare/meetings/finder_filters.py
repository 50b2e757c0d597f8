"""Which meetings fit a wish, as conditions on their rows; words of free text are compared without accents."""

import unicodedata
import uuid
from collections.abc import Iterable
from functools import cache, lru_cache

from sqlalchemy import ColumnElement, String, cast, exists, or_, tuple_

from aftercare.meetings import types
from aftercare.meetings.models import Meeting, MeetingType, Place
from aftercare.meetings.wishes import Wish

SEEN_BY = {"in_person": ("in_person", "hybrid"), "online": ("online", "hybrid")}
TEXTS = (Meeting.name, Meeting.group_name, Place.name, Place.address, Place.region, Meeting.fellowship)


def listed(organisation_id: uuid.UUID, kind: str) -> list[ColumnElement[bool]]:
    """Hold for the meetings of a kind that an organisation lists."""
    return [
        Meeting.organisation_id == organisation_id,
        Meeting.kind == kind,
        Meeting.listed.is_(True),
        Meeting.ended_at.is_(None),
    ]


def fitting(wish: Wish, *, own_language: str) -> list[ColumnElement[bool]]:
    """Hold for the meetings that fit a wish, but for its days and words."""
    held: list[ColumnElement[bool]] = []
    if wish.type:
        held.append(_is_of_type(wish.type))
    if wish.language:
        held.append(_speaks(wish.language, own_language))
    if wish.attend:
        held.append(Meeting.attendance.in_(SEEN_BY[wish.attend]))
    elif not wish.text:
        # Nobody can come; whoever looks for it by name finds it, and reads why.
        held.append(Meeting.attendance != "inactive")
    if wish.near is not None:
        held.append(Meeting.place_id.in_(wish.near))
    if wish.is_open:
        held.append(Meeting.is_open.is_(True))
    return held


def says(texts: Iterable[str | None], words: str) -> bool:
    """Tell whether texts hold every word somebody typed; the last of them is a fellowship's key."""
    *spoken, fellowship = texts
    hay = folded(" ".join(filter(None, (*spoken, fellowship, types.FELLOWSHIPS.get(fellowship or "")))))
    return all(word in hay for word in _words(words))


def folded(text: str) -> str:
    """Give a text without accents and capitals."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


@lru_cache(maxsize=64)
def _words(text: str) -> list[str]:
    return folded(text).split()


def _is_of_type(code: str) -> ColumnElement[bool]:
    pair = tuple_(MeetingType.fellowship, MeetingType.code)
    return exists().where(
        MeetingType.organisation_id == Meeting.organisation_id,
        MeetingType.meeting_id == Meeting.id,
        MeetingType.code.in_({code for _, code in _pairs(code)}),
        pair.in_(_pairs(code)),
    )


@cache
def _pairs(code: str) -> list[types.TypePair]:
    """Give the codes of every fellowship that say the same as a Meeting Guide code."""
    return [
        (fellowship, own)
        for fellowship in types.FELLOWSHIPS
        for own, kind in types.of(fellowship).items()
        if kind.guide == code
    ]


def _speaks(language: str, own_language: str) -> ColumnElement[bool]:
    named = cast(Meeting.languages, String)
    says_so = named.contains(f'"{language}"')
    # A meeting that names no language speaks that of the house.
    return or_(says_so, named == "[]") if language == own_language else says_so
