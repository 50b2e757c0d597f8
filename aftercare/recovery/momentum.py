"""Whether somebody comes more or less often than before: the last 4 weeks against the 8 before (product.md 5 and 6).

Weeks here are days that are over: the 28 up to yesterday, and the 56 before them. Days of a pause are left out, and
each part is counted by its days. Only what is certain is said: somebody slows down only if that is so however the dates
turn out of which nothing is known yet, and picks up likewise.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from aftercare.recovery.streaks import Pause, is_paused

RECENT_DAYS, BEFORE_DAYS = 28, 56
RISING, SLOWER, HALF = Fraction(5, 4), Fraction(3, 4), Fraction(1, 2)


class Trend(StrEnum):
    """How the last 4 weeks compare to the 8 before."""

    RISING = "rising"
    STEADY = "steady"
    SLOWER = "slower"


@dataclass(frozen=True)
class Momentum:
    """What was compared: meetings known in the last 4 weeks, what they may be at most, and those in the 8 before; and
    the two ratios of meetings a day that follow, at the most and at the least (None where nothing was before).
    """

    recent: int
    recent_at_most: int
    before: int
    most: Fraction | None
    least: Fraction | None

    @property
    def trend(self) -> Trend:
        """Say how it goes, where that is certain; steady where it is not."""
        if self.least is None or self.least >= RISING:
            return Trend.RISING
        return Trend.SLOWER if self.most is not None and self.most <= SLOWER else Trend.STEADY

    @property
    def is_half(self) -> bool:
        """Tell whether the last 4 weeks are at half the 8 before, or under, for certain."""
        return self.most is not None and self.most <= HALF


def momentum_of(
    attended: Collection[date],
    *,
    unknown: Collection[date] = (),
    pauses: Collection[Pause] = (),
    enrolled_on: date,
    today: date,
) -> Momentum | None:
    """Compare the last 4 weeks with the 8 before; None while there are not 12, too few of their days asked for
    anything, or there is nothing to compare.
    """
    recent_from = today - timedelta(days=RECENT_DAYS)
    before_from = recent_from - timedelta(days=BEFORE_DAYS)
    recent = _part(recent_from, RECENT_DAYS, attended, unknown, pauses)
    before = _part(before_from, BEFORE_DAYS, attended, unknown, pauses)
    is_too_early = enrolled_on > before_from or not (recent.says_enough and before.says_enough)
    if is_too_early or not (recent.known or before.known):
        return None
    # Today is not over: who has come already is not told that they come less, nor praised for it twice.
    at_most = recent.possible + sum(day == today for day in (*attended, *unknown))
    scale = Fraction(before.asking, recent.asking)
    return Momentum(
        recent=recent.known,
        recent_at_most=at_most,
        before=before.known,
        most=Fraction(at_most, before.known) * scale if before.known else None,
        least=Fraction(recent.known, before.possible) * scale if before.possible else None,
    )


def in_words(trend: Trend, language: str) -> str:
    """Say kindly how it goes."""
    return _WORDS["es" if language.lower().startswith("es") else "en"][trend]


@dataclass(frozen=True)
class _Part:
    """A part of the time: its days, those that asked for something, meetings known in these, and possible at most."""

    days: int
    asking: int
    known: int
    possible: int

    @property
    def says_enough(self) -> bool:
        return 2 * self.asking >= self.days


def _part(
    first: date, days: int, attended: Collection[date], unknown: Collection[date], pauses: Collection[Pause]
) -> _Part:
    every = (first + timedelta(days=number) for number in range(days))
    asking = {day for day in every if not is_paused(day, pauses)}
    known = sum(day in asking for day in attended)
    return _Part(days, len(asking), known, known + sum(day in asking for day in unknown))


_WORDS = {
    "en": {
        Trend.RISING: "You come more often than before.",
        Trend.STEADY: "You come about as often as before.",
        Trend.SLOWER: "You come a little less often than before. Every visit counts.",
    },
    "es": {
        Trend.RISING: "Vienes más seguido que antes.",
        Trend.STEADY: "Vienes más o menos tan seguido como antes.",
        Trend.SLOWER: "Vienes un poco menos seguido que antes. Cada visita cuenta.",
    },
}
