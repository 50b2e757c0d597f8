"""Days and times as people write them (meeting-guide.md 1.5, rule 2)."""

import re
import unicodedata
from datetime import time

# 0 is Monday here, as everywhere in our house; the format counts from Sunday, and some lists write 7 for it.
DAY_WORDS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
    "lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6,
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
}  # fmt: skip
TIME_WORDS = {"noon": time(12), "midday": time(12), "mediodia": time(12), "midi": time(12), "midnight": time(0)}
CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*h?\s*([ap])?\.?\s*(m)?\.?", re.IGNORECASE)
DIGITS = re.compile(r"\d{3,4}")
PLAIN_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def weekday(value: object) -> int | None:
    """Read one day: 0 (Sunday) to 7 (Sunday again) as number or text, or a name in English, Spanish or French."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return (value - 1) % 7 if 0 <= value <= 7 else None
    if not isinstance(value, str):
        return None
    word = _folded(value).rstrip(".")
    if len(word) == 1 and word in "01234567":
        return (int(word) - 1) % 7
    return DAY_WORDS.get(word, DAY_WORDS.get(word.removesuffix("s")))


def clock_time(value: object) -> time | None:
    """Read a time of day: 19:30, 9:05, 19:30:00, 7:30 PM, 7pm, noon, 1930. None where it cannot be read."""
    if isinstance(value, str) and (known := PLAIN_CLOCK.fullmatch(value)):
        return time(int(known[1]), int(known[2]))
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    word = _folded(str(value))
    if DIGITS.fullmatch(word):
        return _checked(int(word[:-2]), int(word[-2:]))
    if word in TIME_WORDS:
        return TIME_WORDS[word]
    said = CLOCK.fullmatch(word)
    return _said_time(said) if said else None


def _said_time(said: re.Match[str]) -> time | None:
    hour, minute, half = int(said[1]), int(said[2] or 0), said[3]
    if half is None:
        # A bare "7" may be morning or evening.
        return None if said[4] or (said[2] is None and "h" not in said[0]) else _checked(hour, minute)
    if hour > 12:
        return _checked(hour, minute) if half == "p" else None
    if hour == 0 and half == "p":
        return None
    return _checked(hour % 12 + (12 if half == "p" else 0), minute)


def _checked(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:40])
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().strip()
