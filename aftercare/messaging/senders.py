"""Whom our texts come from: how fast, and whether at all right now (the breaker; twilio-and-rules.md 4)."""

from dataclasses import dataclass
from datetime import datetime

from aftercare.config import Settings
from aftercare.core import throttle


@dataclass(frozen=True)
class Sender:
    """One number or pool of numbers; `per_second` is 0 where the carrier sets the pace."""

    name: str
    per_second: int = 0

    @property
    def breaker(self) -> str:
        """Name the row that says until when nothing is sent."""
        return f"sender-paused:{self.name}"

    @property
    def pace(self) -> str:
        """Name the row that counts texts a second."""
        return f"sender-pace:{self.name}"


def sender_from(settings: Settings) -> Sender:
    """Give the sender that the settings name."""
    named = settings.twilio_messaging_service_sid or settings.twilio_from
    return Sender(named if settings.sms == "twilio" else "simulator", settings.texts_per_second)


def pause(sender: Sender, until: datetime) -> None:
    """Send nothing from a sender until a moment; what waits, waits."""
    throttle.close(sender.breaker, until)


def resume(sender: Sender) -> None:
    """Let a sender send again: a text went through."""
    throttle.forget(sender.breaker)


def may_try(sender: Sender, wanted: int, *, now: datetime) -> int:
    """Say how many texts may be tried: none in a pause, one to see whether it may end, else as many as wanted."""
    until = throttle.closed_until(sender.breaker)
    if until is None:
        return wanted
    return 0 if until > now else min(wanted, 1)


def grant(sender: Sender, wanted: int, *, at: datetime) -> int:
    """Use up to `wanted` texts of the sender's pace, and say how many it allows now."""
    if not sender.per_second:
        return wanted
    return throttle.take_some(sender.pace, wanted, per_second=sender.per_second, now=at)
