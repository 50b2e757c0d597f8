"""What stands for a message outside, in a callback's address: ids only, and opaque (twilio-and-rules.md 1)."""

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Self

_WRITTEN = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})-([0-9]{8})")


@dataclass(frozen=True)
class Reference:
    """The whole key of a message."""

    organisation_id: uuid.UUID
    id: uuid.UUID
    occurs_on: date

    def __str__(self) -> str:
        return f"{self.organisation_id.hex}-{self.id.hex}-{self.occurs_on:%Y%m%d}"

    @classmethod
    def read(cls, written: str) -> Self | None:
        """Read a reference; None if it is none."""
        match = _WRITTEN.fullmatch(written)
        if match is None:
            return None
        try:
            return cls(uuid.UUID(match[1]), uuid.UUID(match[2]), date.fromisoformat(match[3]))
        except ValueError:
            return None


def callback_address(base_url: str, reference: Reference, attempt: int) -> str:
    """Say where the carrier is to tell us of one try to send a message."""
    return f"{base_url}/sms/status?m={reference}&a={attempt}"
