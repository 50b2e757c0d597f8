"""The four digits said in the room, and when they open the door (product.md section 4)."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

DIGITS = 4
TRIES = 5
OPENS_BEFORE_START = timedelta(minutes=30)
CLOSES_AFTER_END = timedelta(minutes=15)


def code_for(occurrence_id: UUID, secret: bytes) -> str:
    """Give the room code of a date: the same to everybody who knows the secret, a guess to everybody else."""
    digest = hmac.digest(secret, b"room code\0" + occurrence_id.bytes, hashlib.sha256)
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}}"


def is_right(code: str, occurrence_id: UUID, secret: bytes) -> bool:
    """Say whether this is the room code of the date, in a time that tells nothing."""
    return hmac.compare_digest(code.encode(), code_for(occurrence_id, secret).encode())


def may_try(wrong_tries: int) -> bool:
    """Say whether somebody may give a code once more: five tries per person and date."""
    return wrong_tries < TRIES


def window(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Say when check-in opens and closes: 30 min before the start, 15 min after the end."""
    return starts_at - OPENS_BEFORE_START, ends_at + CLOSES_AFTER_END


def is_open(starts_at: datetime, ends_at: datetime, *, now: datetime) -> bool:
    """Say whether people may check themselves in now."""
    opens, closes = window(starts_at, ends_at)
    return opens <= now <= closes
