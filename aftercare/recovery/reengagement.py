"""Whether somebody came back after staff reached out, and how often they may be told that they were missed."""

from collections.abc import Collection
from datetime import datetime, timedelta

WITHIN = timedelta(days=14)
MISSED_YOU_EVERY = timedelta(days=7)


def came_back_at(first_attempt_at: datetime, arrivals: Collection[datetime]) -> datetime | None:
    """Give the arrival that makes somebody re-engaged: the first within 14 days of the first attempt (product.md 6)."""
    after = (arrival for arrival in arrivals if first_attempt_at < arrival <= first_attempt_at + WITHIN)
    return min(after, default=None)


def is_decided(first_attempt_at: datetime, *, now: datetime) -> bool:
    """Say whether it is over with being re-engaged: until then nobody counts as not."""
    return now > first_attempt_at + WITHIN


def may_say_missed_you(said_at: Collection[datetime], *, now: datetime) -> bool:
    """Say whether somebody may be texted that they were missed: at most once in any 7 days."""
    return all(now - at >= MISSED_YOU_EVERY for at in said_at)
