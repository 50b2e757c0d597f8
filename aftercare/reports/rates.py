"""Shares with what they rest on: who came, who did not, and how far what nobody recorded could move it.

Laws of product.md section 6: attendance and no-show rates with bounds for unknown, roll completeness, waitlist
conversion. Not recorded is never absent: what is unknown stands beside a share and is in it on neither side.
"""

from dataclasses import astuple, dataclass
from math import sqrt
from statistics import NormalDist

LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
Range = tuple[float, float]


@dataclass(frozen=True)
class Rate:
    """Of so many (`denominator`) so many did (`numerator`); of `unknown` of them nobody knows."""

    numerator: int
    denominator: int
    unknown: int = 0

    def __post_init__(self) -> None:
        """Refuse counts that no group of people can have."""
        if min(astuple(self)) < 0 or self.numerator + self.unknown > self.denominator:
            raise ValueError("A rate counts some of those it is about.")

    @property
    def known(self) -> int:
        """Count those of whom it is known."""
        return self.denominator - self.unknown

    @property
    def share(self) -> float | None:
        """Give the share among those of whom it is known; None where that is nobody."""
        return self.numerator / self.known if self.known else None

    @property
    def bounds(self) -> Range | None:
        """Give the share if none of the unknown did, and if all of them did."""
        if not self.denominator:
            return None
        return self.numerator / self.denominator, (self.numerator + self.unknown) / self.denominator

    @property
    def interval(self) -> Range | None:
        """Give the range that chance alone leaves open (95 %, Wilson 1927), among those of whom it is known."""
        return wilson(self.numerator / self.known, self.known) if self.known else None


@dataclass(frozen=True)
class Visits:
    """How the visits of expected people at dates that took place ended; who came unexpected is counted elsewhere."""

    attended: int = 0
    late: int = 0
    excused: int = 0
    no_show: int = 0
    unknown: int = 0

    @property
    def came(self) -> int:
        """Count visits; late is a visit."""
        return self.attended + self.late

    @property
    def asked(self) -> int:
        """Count all that were expected and not excused: who said in advance why they cannot come missed nothing."""
        return self.came + self.no_show + self.unknown


@dataclass(frozen=True)
class Waits:
    """What became of the waits for a seat at dates that took place.

    `withdrew` left the list before a seat was offered; `refused` were offered one and said no or nothing.
    """

    seated: int = 0
    refused: int = 0
    never_offered: int = 0
    withdrew: int = 0


def attendance_rate(visits: Visits) -> Rate:
    """Tell which share of expected visits happened."""
    return Rate(visits.came, visits.asked, visits.unknown)


def no_show_rate(visits: Visits) -> Rate:
    """Tell which share of expected visits was missed without a word: the rest of the attendance rate."""
    return Rate(visits.no_show, visits.asked, visits.unknown)


def roll_completeness(*, final: int, ended: int) -> Rate:
    """Tell which share of dates has a final roll, among those that took place and ended over 24 hours ago."""
    return Rate(final, ended)


def waitlist_conversion(waits: Waits) -> Rate:
    """Tell which share of waits ended with a seat; who left the list by themselves is not asked about."""
    return Rate(waits.seated, waits.seated + waits.refused + waits.never_offered)


def wilson(share: float, size: float) -> Range:
    """Give the score interval of a share (Wilson 1927, no continuity correction); the size may be an effective one."""
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    half = Z / (1 + Z**2 / size) * sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return (max(0.0, middle - half) if share > 0 else 0.0), (min(1.0, middle + half) if share < 1 else 1.0)
