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
    return _measured(text)[0]


def letters_left(text: str) -> int:
    """Count the letters that still fit into the parts that a text has."""
    return _measured(text)[1]


def strange_letters(text: str) -> list[str]:
    """List the letters that the small alphabet lacks, each once."""
    return [letter for letter in dict.fromkeys(unicodedata.normalize("NFC", text)) if not is_gsm7(letter)]


def _measured(text: str) -> tuple[int, int]:
    if is_gsm7(text):
        return _parts([2 if letter in _EXTENDED else 1 for letter in text], alone=160, joined=153)
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in text], alone=70, joined=67)


def _parts(sizes: list[int], *, alone: int, joined: int) -> tuple[int, int]:
    """Give the number of parts, and the room that is left in the last."""
    if sum(sizes) <= alone:
        return 1, alone - sum(sizes)
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts, room


def to_gsm7(text: str) -> str:
    """Spell a text in GSM-7: look-alikes are swapped, accents that it lacks are dropped, and so is what is left."""
    return "".join(_spell(letter) for letter in unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES))


def _spell(letter: str) -> str:
    if is_gsm7(letter):
        return letter
    if letter.isspace():
        return " "
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part in _BASIC)
