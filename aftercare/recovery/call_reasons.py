"""Whether somebody who is expected has heard of a date by text, and if not, why (law: issue 3, "please call")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: A text that leaves later than this before the moment it must be known is not waited for.
IN_TIME = timedelta(hours=1)
#: The carrier mostly says within minutes that a text arrived. After this, nobody counts on it any more.
CONFIRMED_WITHIN = timedelta(hours=1)


class Reason(StrEnum):
    """Why it is not known that a text reached somebody."""

    NO_PHONE = "no_phone"
    FROZEN = "frozen"
    STOPPED = "stopped"
    NO_CONSENT = "no_consent"
    FAILED = "failed"
    UNSURE = "unsure"
    CAPPED = "capped"
    TOO_LATE = "too_late"
    NOT_SENT = "not_sent"
    UNCONFIRMED = "unconfirmed"
    JUST_SENT = "just_sent"
    ON_ITS_WAY = "on_its_way"
    LEAVES_LATER = "leaves_later"


#: These need no call yet: the text is under way, or leaves in good time.
WAITING = frozenset({Reason.ON_ITS_WAY, Reason.LEAVES_LATER})
_REACHED = frozenset({"delivered"})
_ON_THEIR_WAY = frozenset({"sending", "accepted", "sent"})
_SILENT = frozenset({"paused", "answered"})


@dataclass(frozen=True)
class Told:
    """One text or letter about a date: where it stands, when it leaves if it still waits, and when it left."""

    state: str
    reason: str | None = None
    due_at: datetime | None = None
    left_at: datetime | None = None
    is_letter: bool = False


@dataclass(frozen=True)
class Reachable:
    """What keeps texts from somebody at all; None if nothing does."""

    closed: Reason | None = None


def why_call(told: Sequence[Told], reachable: Reachable, *, hear_by: datetime, now: datetime) -> Reason | None:
    """Say why somebody should be called about a date, or what is still waited for; None if they know or rest.

    The best of their texts counts. That they stopped texts is no sign of anything: they just hear of it in person.
    """
    states = {each.state for each in told}
    if states & _REACHED or any(each.state == "cancelled" and each.reason in _SILENT for each in told):
        return None
    under_way = [each for each in told if each.state in _ON_THEIR_WAY]
    if under_way:
        return _how_sure(under_way, hear_by=hear_by, now=now)
    if reachable.closed is not None:
        return reachable.closed
    waiting = [each for each in told if each.state == "pending" and each.due_at is not None]
    if waiting:
        is_soon = any(each.due_at is not None and each.due_at <= hear_by - IN_TIME for each in waiting)
        return Reason.LEAVES_LATER if is_soon else Reason.TOO_LATE
    return _why_not(told)


def _how_sure(under_way: Sequence[Told], *, hear_by: datetime, now: datetime) -> Reason:
    """Say how long a text may still be waited for; of a letter nobody ever hears that it arrived."""
    if any(each.is_letter for each in under_way):
        return Reason.ON_ITS_WAY
    if all(each.left_at is not None and each.left_at < now - CONFIRMED_WITHIN for each in under_way):
        return Reason.UNCONFIRMED
    return Reason.JUST_SENT if hear_by <= now + IN_TIME else Reason.ON_ITS_WAY


def _why_not(told: Sequence[Told]) -> Reason:
    states, reasons = {each.state for each in told}, {each.reason for each in told if each.state == "expired"}
    if "unknown" in states or "in_doubt" in reasons:
        return Reason.UNSURE
    if states & {"failed", "undelivered"}:
        return Reason.FAILED
    if reasons & {"cap_day", "cap_week"}:
        return Reason.CAPPED
    return Reason.TOO_LATE if reasons else Reason.NOT_SENT
