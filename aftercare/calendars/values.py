"""How calendars write moments, spans and addresses (RFC 5545, 3.3): the values that need no library."""

import re
from datetime import UTC, datetime, time
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

_NAIVE_UNTIL = re.compile(r"UNTIL=(\d{8})(?:T(\d{6}))?(?![\dTZ])")
_URI_SAFE = "%/:?#[]@!$&'()*+,;=-._~"


def in_utc(moment: datetime) -> str:
    """Write a moment."""
    written = (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()
    return written[:19].replace("-", "").replace(":", "") + "Z"


def with_until_in_utc(rule: str, zone: str) -> str:
    """Turn the naive UNTIL of our rules into UTC (RFC 5545 3.3.10); a bare date means that whole day."""

    def written(until: re.Match[str]) -> str:
        day = datetime.strptime(until[1], "%Y%m%d").date()  # noqa: DTZ007
        hour = datetime.strptime(until[2], "%H%M%S").time() if until[2] else time(23, 59, 59)  # noqa: DTZ007
        return "UNTIL=" + in_utc(datetime.combine(day, hour, ZoneInfo(zone)))

    return _NAIVE_UNTIL.sub(written, rule)


@lru_cache(maxsize=1024)
def uri(address: str) -> str:
    """Write an address; what no address may hold is quoted."""
    return quote(address, safe=_URI_SAFE)


def duration(minutes: int) -> str:
    """Write a span."""
    hours, rest = divmod(minutes, 60)
    return f"PT{minutes}M" if rest else f"PT{hours}H"
