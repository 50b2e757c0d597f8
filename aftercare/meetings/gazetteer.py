"""Where postal codes of the United States are. The list of them (12 MB) is loaded when it is first asked."""

from functools import cache
from importlib import import_module
from typing import Any

from aftercare.meetings.geography import Point

DIGITS = 5


def find(postal: str) -> Point | None:
    """Find the middle of a postal code's area; None if there is no such code."""
    if not (len(postal) == DIGITS and postal.isascii() and postal.isdigit()):
        return None
    found: tuple[float, float] | None = _codes().coordinates(postal)
    return Point(*found) if found else None


@cache
def _codes() -> Any:
    return import_module("zip2info")
