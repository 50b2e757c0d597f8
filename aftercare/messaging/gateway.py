"""What a carrier is: it takes a text or says why not, and can be asked what it took."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aftercare.messaging.retries import CLOCK_SLACK, Failure


@dataclass(frozen=True)
class OutgoingText:
    """One text on its way out. Its number and body are kept out of every printed form."""

    to: str
    body: str
    status_callback: str
    valid_seconds: int
    message_id: uuid.UUID

    def __repr__(self) -> str:
        return f"OutgoingText({self.message_id})"


@dataclass(frozen=True)
class Sent:
    """The carrier took a text: its own id for it, and its first word on it."""

    sid: str
    status: str


@dataclass(frozen=True)
class CarrierCopy:
    """A text as the carrier's list shows it; the body is empty where the carrier keeps none."""

    sid: str
    body: str
    created_at: datetime
    status: str

    def __repr__(self) -> str:
        return f"CarrierCopy({self.sid}, {self.status})"

    def is_of(self, body: str, *, claimed_at: datetime) -> bool:
        """Tell whether this may be the copy of a text that we claimed at that time."""
        return self.created_at >= claimed_at - CLOCK_SLACK and self.body in ("", body)


class Carrier(Protocol):
    """Somebody who carries texts."""

    def send(self, text: OutgoingText) -> Sent:
        """Hand over one text; raise CarrierRefused if it surely was not taken, CarrierUnsure if nobody knows."""
        ...

    def sent_since(self, to: str, since: datetime) -> list[CarrierCopy]:
        """List what was taken for a number since a time, for reconciliation; raise as `send` does."""
        ...


class Redactor(Protocol):
    """A carrier that keeps what it carried, and can be asked to forget it."""

    def redact(self, sid: str) -> None:
        """Have the words of a text forgotten, as often as one likes; raise as `Carrier.send` does."""
        ...


@dataclass(frozen=True)
class Told:
    """What the carrier says became of a text."""

    status: str
    error_code: int | None = None


class Reporter(Protocol):
    """A carrier that can be asked what became of a text."""

    def report(self, sid: str) -> Told:
        """Say what became of a text; raise as `Carrier.send` does."""
        ...


class CarrierRefused(Exception):
    """The carrier surely did not take the text; the class says what to do. Never holds its number or words."""

    def __init__(self, code: int | None, klass: Failure, retry_after: float | None = None) -> None:
        super().__init__(f"The carrier refused: {klass} ({code or 'no code'}).")
        self.code = code
        self.klass = klass
        self.retry_after = retry_after


class CarrierUnsure(Exception):
    """Nobody knows whether the carrier took the text: never send it again blindly, reconcile it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The carrier's answer is unknown: {reason}.")
        self.reason = reason
