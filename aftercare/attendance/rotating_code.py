"""The code in the QR of the host's screen: another one every 30 seconds (product.md section 4).

It is an HMAC of the date and the step, cut to 60 bits. To who does not know the secret of the date it is a random word:
two codes of one date have nothing in common. Digits and capitals alone keep the QR small: its address may be all
capitals.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

STEP = timedelta(seconds=30)
#: The code shown a step ago is still good, and that of the next: clocks differ, and a phone takes its time.
SLACK = 1
LENGTH = 12
#: Crockford's base32: without I, L, O and U. Whoever types them means 1, 1 and 0.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_BITS = 5
_MEANT = str.maketrans("ILO", "110", " -")


def code_at(now: datetime, occurrence_id: UUID, secret: bytes) -> str:
    """Give the code that the host's screen shows at a moment."""
    return _code(_step(now), occurrence_id, secret)


def changes_in(now: datetime) -> timedelta:
    """Say for how long the screen still shows the code of this moment."""
    return STEP - timedelta(seconds=now.timestamp()) % STEP


def is_right(code: str, occurrence_id: UUID, secret: bytes, *, now: datetime) -> bool:
    """Say whether a code opens the door of a date now, in a time that tells nothing: every step is compared."""
    given, step = _spelled(code), _step(now)
    steps = range(step - SLACK, step + SLACK + 1)
    right = [hmac.compare_digest(given, _code(each, occurrence_id, secret).encode()) for each in steps]
    return any(right)


def opened_by(code: str, secrets: Mapping[UUID, bytes], *, now: datetime) -> UUID | None:
    """Give the date whose door a code opens, of those that are open now: each one is tried, whichever it is."""
    right = [each for each, secret in secrets.items() if is_right(code, each, secret, now=now)]
    return right[0] if right else None


def _step(now: datetime) -> int:
    return int(now.timestamp() // STEP.total_seconds())


def _code(step: int, occurrence_id: UUID, secret: bytes) -> str:
    message = b"rotating code\0" + occurrence_id.bytes + step.to_bytes(8, "big", signed=True)
    number = int.from_bytes(hmac.digest(secret, message, hashlib.sha256), "big")
    return "".join(ALPHABET[number >> _BITS * place & (len(ALPHABET) - 1)] for place in range(LENGTH))


def _spelled(code: str) -> bytes:
    return code.upper().translate(_MEANT).encode("utf-8", "replace")
