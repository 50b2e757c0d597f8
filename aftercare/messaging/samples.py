"""Values to try a text with: a likely one and the longest one for everything that a text may say (law)."""

from datetime import datetime
from typing import Any

_TUESDAY = datetime(2026, 12, 1, 18, 0)  # noqa: DTZ001 - wall time
_THURSDAY = datetime(2026, 12, 3, 18, 0)  # noqa: DTZ001 - wall time
# A Wednesday in September at half past twelve is the longest moment in both languages.
_LONGEST_MOMENT = datetime(2026, 9, 30, 12, 30)  # noqa: DTZ001 - wall time

EXAMPLE: dict[str, Any] = {
    "when": _TUESDAY,
    "was": datetime(2026, 11, 30, 18, 0),  # noqa: DTZ001 - wall time
    "next_when": _THURSDAY,
    "also": _THURSDAY,
    "until": datetime(2026, 12, 1, 15, 0),  # noqa: DTZ001 - wall time
    "sender": "Elm St",
    "name": "Tools for the Week",
    "place": "Elm Center, room 4",
    "phone": "303-555-0100",
    "hours": "9-5",
    "position": 2,
    "count": 25,
    "nth": 3,
    "low": 1,
    "high": 6,
    "item": "I have people to talk to.",
    "postal": "97201",
    "street": "12 Elm St",
    "visits": 24,
    "weeks": 12,
    "done": 1,
    "goal": 2,
    "row": 5,
    "choices": "1 for A.R., 2 for L.G.",
    "words": "The door is at the back today.",
}
#: The longest that the same values become; names and places are cut there (`texts`).
LONGEST: dict[str, Any] = EXAMPLE | {
    "when": _LONGEST_MOMENT,
    "was": _LONGEST_MOMENT,
    "next_when": _LONGEST_MOMENT,
    "also": _LONGEST_MOMENT,
    "until": _LONGEST_MOMENT,
    "sender": "W" * 40,
    "name": "W" * 40,
    "place": "W" * 40,
    "phone": "+1 (503) 555-0123",
    "hours": "W" * 40,
    "position": 9999,
    "count": 99999,
    "nth": 99,
    "low": 0,
    "high": 9,
    "item": "W" * 200,
    "street": "W" * 40,
    "visits": 9999,
    "weeks": 9999,
    "done": 99,
    "goal": 21,
    "row": 9999,
    "choices": ", ".join(f"{number} for W.W." for number in range(1, 7)),
}
