"""How a text spells a moment, in letters of one GSM-7 part (law: messaging.md).

The words are those of Babel (CLDR), which a test compares; its own tables would take 4 MB of every worker.
"""

from datetime import datetime

_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sab", "dom"),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
}
_HALVES = {"en": ("AM", "PM"), "es": ("a.m.", "p.m.")}
_DATES = {"en": "{day} {month} {number}", "es": "{day} {number} {month}"}
_PATTERNS = {"day": "{date}, {time}", "short": "{day} {time}", "time": "{time}", "date": "{date}"}
#: How a text may spell a moment: "{when:day}".
PATTERNS = frozenset(_PATTERNS)


def spell(wall: datetime, pattern: str, language: str) -> str:
    """Spell a wall time by a named pattern."""
    day, month = _DAYS[language][wall.weekday()], _MONTHS[language][wall.month - 1]
    return _PATTERNS[pattern].format(
        day=day,
        date=_DATES[language].format(day=day, month=month, number=wall.day),
        time=f"{wall.hour % 12 or 12}:{wall.minute:02} {_HALVES[language][wall.hour // 12]}",
    )
