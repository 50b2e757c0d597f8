"""How somebody was checked in, and how much that is worth: 0 to 3 (product.md section 4)."""

from collections.abc import Mapping
from enum import StrEnum


class Way(StrEnum):
    """The seven ways to be checked in."""

    ROLL = "roll"
    QR = "qr"
    CODE = "code"
    TEXT = "text"
    ONLINE = "online"
    POSTER = "poster"
    SELF = "self"


ASSURANCE: Mapping[str, int] = {
    Way.ROLL: 3,
    Way.QR: 2,
    Way.CODE: 2,
    Way.TEXT: 2,
    Way.ONLINE: 1,
    Way.POSTER: 0,
    Way.SELF: 0,
}
#: What staff saw with their own eyes; nothing is worth more.
STAFF = ASSURANCE[Way.ROLL]

_WORDS = {
    "en": {
        3: "seen and noted by staff",
        2: "checked in with a code that was shown or said only there",
        1: "joined online by a personal link",
        0: "by their own word",
    },
    "es": {
        3: "visto y anotado por el personal",
        2: "registrado con un código que solo se mostró o se dijo allí",
        1: "conectado en línea por un enlace personal",
        0: "según su propia palabra",
    },
}


def in_words(assurance: int, language: str) -> str:
    """Say how a visit is known, for whoever reads a proof of it."""
    return _WORDS["es" if language.lower().startswith("es") else "en"][assurance]


def counted_in_words(visits: Mapping[int, int], language: str) -> list[str]:
    """Say how many visits are known in which way, the surest first: "10: seen and noted by staff"."""
    return [f"{visits[each]}: {in_words(each, language)}" for each in sorted(visits, reverse=True) if visits[each]]
