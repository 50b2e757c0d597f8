"""How long people keep coming, also where some are not followed to the end (law: product.md section 6, retention).

The curve is the product-limit estimate of Kaplan and Meier (1958). Its band is pointwise, of 95 %, from Greenwood's
variance on the log(-log) scale (Kalbfleisch and Prentice; Klein and Moeschberger, Survival Analysis, section 4.3).
Whoever is still coming when we last looked is censored: counted as long as seen, and neither as stayed nor as gone
after that. Where some end and others are last seen on one day, the endings come first. Days are whole days.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, sqrt
from statistics import NormalDist

#: So many days in a row without a visit, and somebody has stopped coming (the signal of product.md section 6).
GAP_DAYS = 30
LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
#: Shares are products of fractions: a half may come out a hair above it.
_HALF = 0.5 + 1e-9


@dataclass(frozen=True)
class Stay:
    """For how many days somebody kept coming, and whether that has ended or is only as far as we have seen."""

    days: int
    ended: bool

    def __post_init__(self) -> None:
        """Refuse a stay that is over before it begins."""
        if self.days < 0:
            raise ValueError("A stay lasts no days or more.")


@dataclass(frozen=True)
class Point:
    """The share that still comes after a day, its band, and how many were still followed when the day began."""

    day: int
    share: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True)
class Median:
    """The first day after which half or fewer still come, and its interval; None where the curve does not reach it."""

    day: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Curve:
    """The share of people who still come: a stair with a point for each day on which somebody stopped."""

    points: tuple[Point, ...]
    days: tuple[int, ...]

    @property
    def people(self) -> int:
        """Count everybody the curve rests on."""
        return len(self.days)

    @property
    def last_day(self) -> int:
        """Give the longest time that anybody was followed."""
        return self.days[-1] if self.days else 0

    def at_risk(self, day: int) -> int:
        """Count those who had neither stopped nor gone out of sight before a day."""
        return self.people - bisect_left(self.days, day)

    def at(self, day: int) -> Point | None:
        """Read the curve at a day; None beyond the last day seen, where nobody can know."""
        before = bisect_right(self.points, day, key=lambda point: point.day)
        if before == 0:
            return Point(day, 1.0, 1.0, 1.0, self.at_risk(day)) if 0 <= day <= self.last_day and self.days else None
        last = self.points[before - 1]
        if day > self.last_day and last.share > 0:
            return None
        return Point(day, last.share, last.low, last.high, self.at_risk(day))

    def median(self) -> Median:
        """Tell when half have stopped (interval: Brookmeyer and Crowley 1982, from the band of this curve)."""

        def first(reached: Iterable[tuple[int, float]]) -> int | None:
            return next((day for day, share in reached if share <= _HALF), None)

        return Median(
            first((point.day, point.share) for point in self.points),
            first((point.day, point.low) for point in self.points),
            first((point.day, point.high) for point in self.points),
        )


def curve_of(stays: Iterable[Stay]) -> Curve:
    """Estimate the share that still comes after each day (Kaplan and Meier 1958, band by Greenwood, log-log).

    While nobody has stopped the band is 1 to 1, as everywhere: this method knows nothing yet, it does not promise
    anything. Where nobody is left it is undefined; there the band runs from 0 to the bound of the step before, which
    still holds since a share never rises again.
    """
    seen = list(stays)
    ended, gone = Counter(stay.days for stay in seen if stay.ended), Counter(stay.days for stay in seen)
    at_risk, share, greenwood, high = len(seen), 1.0, 0.0, 1.0
    points = []
    for day in sorted(gone):
        if ends := ended[day]:
            share *= 1 - ends / at_risk
            if share > 0:
                greenwood += ends / (at_risk * (at_risk - ends))
            low, high = _band(share, greenwood) if share > 0 else (0.0, high)
            points.append(Point(day, share, low, high, at_risk))
        at_risk -= gone[day]
    return Curve(tuple(points), tuple(sorted(stay.days for stay in seen)))


def stay_of(begun: date, visits: Iterable[date], *, seen_until: date, gap: int = GAP_DAYS) -> Stay | None:
    """Tell how long somebody kept coming: to the last visit before the first `gap` days in a row without one.

    `seen_until` is today, or the day they finished, moved away or died: what came after says nothing about staying.
    An end is known only `gap` days later, so nobody is followed further than `gap` days before `seen_until`; else the
    latest weeks would hold people who still come and none who stopped. None: not followed for long enough to say.
    """
    followed = seen_until - timedelta(days=gap)
    if followed < begun:
        return None
    last = begun
    for visit in sorted(visit for visit in visits if begun <= visit <= seen_until):
        if (visit - last).days > gap:
            break
        last = visit
    return Stay((min(last, followed) - begun).days, ended=last <= followed)


def _band(share: float, greenwood: float) -> tuple[float, float]:
    spread = Z * sqrt(greenwood) / -log(share)
    low: float = share ** exp(spread)
    high: float = share ** exp(-spread)
    return low, high
