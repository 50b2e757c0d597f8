"""Who may see the roll of a date (law: product.md 2, 7.2): whoever may see every roll, or a substitute on the day."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS_BEFORE = timedelta(minutes=60)
CLOSES = time(23, 59)


def window(starts_at: datetime, zone: str) -> tuple[datetime, datetime]:
    """Say from when to when a substitute sees the roll: from 60 minutes before the start to 23:59 of its day."""
    clocks = ZoneInfo(zone)
    day = starts_at.astimezone(clocks).date()
    return starts_at - OPENS_BEFORE, datetime.combine(day, CLOSES, clocks).astimezone(starts_at.tzinfo)


def may_see_roll(
    permissions: Collection[str], *, stands_in: bool, starts_at: datetime, zone: str, now: datetime
) -> bool:
    """Tell whether somebody with these permissions may see the roll of a date now."""
    if "roll:see" in permissions:
        return True
    opens, closes = window(starts_at, zone)
    return stands_in and opens <= now <= closes
