"""Initials: all that is said of people who share a phone (law: messaging.md)."""

from collections.abc import Sequence


def of(names: Sequence[str]) -> list[str]:
    """Give the initials of names, with a number where two are alike."""
    said = ["".join(f"{word[0].upper()}." for word in (name.split() or ["?"])[:2]) for name in names]
    return [
        f"{initials} ({said[: place + 1].count(initials)})" if said.count(initials) > 1 else initials
        for place, initials in enumerate(said)
    ]


def public_name(name: str) -> str:
    """Give the first name and the last initial: as much of a name as stands anywhere public (product.md 7.10)."""
    first, *others = name.split() or ["?"]
    return f"{first} {others[-1][0].upper()}." if others else first
