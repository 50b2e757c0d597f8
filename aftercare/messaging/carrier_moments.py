"""Read the moments that a carrier writes: RFC 2822, as in its API, or ISO 8601 (law)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read(text: str) -> datetime | None:
    """Read a moment; None for what is none, or tells no time zone in ISO 8601."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text[:11] else parsedate_to_datetime(text)
        # RFC 2822 writes UTC as "-0000", which says that the place of the clock is not known.
        return moment.astimezone(UTC) if moment.tzinfo else _of_rfc(text, moment)
    except (ValueError, OverflowError):
        return None


def _of_rfc(text: str, moment: datetime) -> datetime | None:
    return moment.replace(tzinfo=UTC) if "-0000" in text else None
