"""UUIDv7 (RFC 9562 5.7): ids that sort by the moment they were made."""

import secrets
import threading
import uuid

from aftercare.core import clock

_lock = threading.Lock()
_last = 0


def new() -> uuid.UUID:
    """Make an id greater than every id this process made before."""
    return uuid.UUID(int=_next() << 64 | 0b10 << 62 | secrets.randbits(62))


def stamp() -> str:
    """Spell this moment as the first twelve digits of an id: for ids that the database makes."""
    return f"{int(clock.now().timestamp() * 1000):012x}"


def _next() -> int:
    """48 bits of milliseconds, the version, and 12 bits that count up within a millisecond."""
    global _last
    millisecond = int(clock.now().timestamp() * 1000)
    with _lock:
        last_millisecond, count = _last >> 16, _last & 0xFFF
        if millisecond > last_millisecond:
            last_millisecond, count = millisecond, secrets.randbits(10)
        elif count < 0xFFF:
            count += 1
        else:
            last_millisecond, count = last_millisecond + 1, 0
        _last = last_millisecond << 16 | 0x7 << 12 | count
        return _last
