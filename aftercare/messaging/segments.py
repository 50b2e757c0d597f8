"""How many parts a text is charged as (GSM 03.38 and UCS-2, twilio-and-rules.md, "Segments")."""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_LOOK_ALIKES = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "«": '"', "»": '"', "`": "'", "\t": " "}
)


def is_gsm7(text: str) -> bool:
    """Tell whether a text fits the phone network's small alphabet."""
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def count(text: str) -> int:
    """Count the parts of a text: 160 letters or 153 each in GSM-7, 70 or 67 in UCS-2; a pair is never cut in two."""
    if is_gsm7(text):
        return _parts([2 if letter in _EXTENDED else 1 for letter in text], alone=160, joined=153)
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in text], alone=70, joined=67)


def _parts(sizes: list[int], *, alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts


def to_gsm7(text: str) -> str:
    """Spell a text in GSM-7: look-alikes are swapped, accents that it lacks are dropped, and so is what is left."""
    return "".join(_spell(letter) for letter in unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES))


def _spell(letter: str) -> str:
    if is_gsm7(letter):
        return letter
    if letter.isspace():
        return " "
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part in _BASIC)
