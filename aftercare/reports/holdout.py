"""What reminders do, found out by chance: some people get none for a while (law: product.md section 6).

Who is held out is drawn once, at enrolment, and never again. The effect is that of having been drawn (intention to
treat): everybody counts in the group they were drawn into, whatever texts they got or stopped.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, sqrt
from uuid import UUID

from aftercare.reports.rates import Range, wilson

LEAST_KEY_BYTES = 16
#: With fewer in a group chance alone moves the difference by a quarter up or down (1.96 * sqrt(2 * 0.25 / 30) = 0.25).
LEAST_PEOPLE = 30


class Finding(StrEnum):
    """What the difference tells: too few people, no telling from chance, reminders help, or they do harm."""

    TOO_FEW = "too_few"
    UNCLEAR = "unclear"
    HELP = "help"
    HARM = "harm"


@dataclass(frozen=True)
class Enrolled:
    """Somebody of the trial: the group drawn, and the visits expected of them, come to, and recorded by nobody."""

    is_held_out: bool
    expected: int
    came: int
    unknown: int = 0

    def __post_init__(self) -> None:
        """Refuse visits that cannot be."""
        if min(self.expected, self.came, self.unknown) < 0 or self.came + self.unknown > self.expected:
            raise ValueError("Somebody comes to some of the visits expected of them.")

    @property
    def known(self) -> int:
        """Count the visits of which it is known whether they happened."""
        return self.expected - self.unknown


@dataclass(frozen=True)
class Group:
    """One group of the trial: those of whom anything is known, and their visits."""

    people: int
    known: int
    came: int
    unknown: int
    effective: float

    @property
    def share(self) -> float:
        """Give the share of known visits that happened."""
        return self.came / self.known if self.known else 0.0


@dataclass(frozen=True)
class Effect:
    """How many more of the expected visits happened with reminders; the range is None where people are too few.

    `extremes` say how far what nobody recorded could move the difference, chance aside.
    """

    reminded: Group
    held_out: Group
    finding: Finding
    range: Range | None
    extremes: Range | None

    def said(self) -> dict[str, int]:
        """Give the whole numbers of its sentence (definitions.py): visits in 100, the range rounded outwards."""
        low, high = self.range or (0.0, 0.0)
        return {
            "reminded": round(100 * self.reminded.share),
            "held_out": round(100 * self.held_out.share),
            "least": floor(100 * min(abs(low), abs(high))),
            "most": ceil(100 * max(abs(low), abs(high))),
            "fewer": ceil(100 * max(0.0, -low)),
            "more": ceil(100 * max(0.0, high)),
            "people_reminded": self.reminded.people,
            "people_held_out": self.held_out.people,
            "needed": LEAST_PEOPLE,
        }


def is_held_out(key: bytes, person: UUID, *, share: float) -> bool:
    """Draw whether somebody gets no reminders, for good: the same key, person and share always draw the same.

    A larger share holds out everybody that a smaller one does. Nobody without the key can tell or choose the draw.
    """
    if len(key) < LEAST_KEY_BYTES:
        raise ValueError(f"A draw needs a secret of {LEAST_KEY_BYTES} bytes or more.")
    if not 0 <= share <= 1:
        raise ValueError("The share held out lies between nobody and everybody.")
    drawn = hmac.digest(key, b"held out of reminders:" + person.bytes, "sha256")
    return int.from_bytes(drawn[:8], "big") < share * 2**64


def effect_of(people: Iterable[Enrolled]) -> Effect:
    """Compare the visits of both groups as drawn, with a 95 % range (Newcombe 1998, method 10).

    People come or stay away again and again, so visits are worth less than as many people: each group counts as many
    visits as would be as sure if they were independent (Rao and Scott 1992).
    """
    drawn = [one for one in people if one.expected]
    reminded = _group([one for one in drawn if not one.is_held_out])
    held_out = _group([one for one in drawn if one.is_held_out])
    if min(reminded.people, held_out.people) < LEAST_PEOPLE:
        return Effect(reminded, held_out, Finding.TOO_FEW, range=None, extremes=None)
    between = newcombe((reminded.share, reminded.effective), (held_out.share, held_out.effective))
    return Effect(reminded, held_out, _finding(between), between, _extremes(reminded, held_out))


def newcombe(one: tuple[float, float], other: tuple[float, float]) -> Range:
    """Give the range of the difference of two shares, each with its size (Newcombe 1998, method 10, hybrid score)."""
    (share, _), (other_share, _) = one, other
    (low, high), (other_low, other_high) = wilson(*one), wilson(*other)
    difference = share - other_share
    down = sqrt((share - low) ** 2 + (other_high - other_share) ** 2)
    up = sqrt((high - share) ** 2 + (other_share - other_low) ** 2)
    return max(-1.0, difference - down), min(1.0, difference + up)


def _group(people: list[Enrolled]) -> Group:
    known = [one for one in people if one.known]
    visits, came = sum(one.known for one in known), sum(one.came for one in known)
    unknown = sum(one.unknown for one in people)
    return Group(len(known), visits, came, unknown, _effective(known, visits, came))


def _effective(known: list[Enrolled], visits: int, came: int) -> float:
    """Say how many independent visits would be as sure; where all did the same, only people can be counted."""
    people = len(known)
    if people < 2 or came in (0, visits):
        return float(people)
    share = came / visits
    scatter = sum((one.came - share * one.known) ** 2 for one in known)
    between = people / (people - 1) * scatter / visits**2
    inflated = between / (share * (1 - share) / visits)
    return visits / max(1.0, inflated)


def _finding(between: Range) -> Finding:
    low, high = between
    if low > 0:
        return Finding.HELP
    return Finding.HARM if high < 0 else Finding.UNCLEAR


def _extremes(one: Group, other: Group) -> Range:
    def bounds(group: Group) -> Range:
        whole = group.known + group.unknown
        return group.came / whole, (group.came + group.unknown) / whole

    (low, high), (other_low, other_high) = bounds(one), bounds(other)
    return low - other_high, high - other_low
