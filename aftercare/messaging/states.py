"""The life of one message, and the carrier's words for it (law: messaging.md, twilio-and-rules.md 2)."""

from enum import StrEnum


class State(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ForbiddenStep(Exception):
    """A message was to go where it may not go from where it stands: a bug, never an input."""

    def __init__(self, old: State, new: State) -> None:
        super().__init__(f"A message that is {old} may not become {new}.")


# The carrier's callbacks come in any order, some before its answer to our call, so every state in which the carrier
# may hold a copy reaches every state that a callback can tell of.
_TOLD = frozenset({State.ACCEPTED, State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED, State.CANCELLED})

_STEPS: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.SENDING, State.CANCELLED, State.EXPIRED}),
    # Back to pending: the carrier surely did not take it, or a worker that stops gives it back uncalled.
    State.SENDING: _TOLD | {State.PENDING, State.UNKNOWN},
    # Back to pending once, after two looks found no copy; else expired, when it is too late to be useful.
    State.UNKNOWN: _TOLD | {State.PENDING, State.EXPIRED},
    State.ACCEPTED: _TOLD - {State.ACCEPTED},
    State.SENT: frozenset({State.DELIVERED, State.UNDELIVERED, State.FAILED}),
    # One more try after a passing trouble of delivery (retries.py).
    State.UNDELIVERED: frozenset({State.PENDING}),
    State.FAILED: frozenset({State.PENDING}),
    State.DELIVERED: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}

UNFINISHED = frozenset({State.PENDING, State.SENDING, State.UNKNOWN})
STOPPABLE = frozenset({State.PENDING})

_RANKS = {
    "accepted": 10,
    "scheduled": 15,
    "queued": 20,
    "sending": 30,
    "sent": 40,
    "partially_delivered": 90,
    "delivered": 90,
    "undelivered": 90,
    "failed": 90,
    "canceled": 90,
    "read": 100,
}

_STATES = {
    "sent": State.SENT,
    "partially_delivered": State.DELIVERED,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.CANCELLED,
}


def may_become(old: State, new: State) -> bool:
    """Tell whether a message that stands at `old` may go to `new`."""
    return new in _STEPS[old]


def may_be_told(old: State, told: State) -> bool:
    """Tell whether the carrier's word may take a message from `old` to `told`.

    One that was to go again because the carrier did not seem to have it is found that way, and does not go again.
    """
    return told is old or old is State.PENDING or may_become(old, told)


def step(old: State, new: State) -> State:
    """Give the new state, or raise ForbiddenStep."""
    if not may_become(old, new):
        raise ForbiddenStep(old, new)
    return new


def sources(new: State) -> frozenset[State]:
    """List the states from which a message may become `new`: the WHERE of an UPDATE."""
    return frozenset(old for old, steps in _STEPS.items() if new in steps)


def rank(carrier_status: str) -> int:
    """Rank a carrier's status; a rank is only ever raised. A status we do not know ranks 0."""
    return _RANKS.get(carrier_status, 0)


def raises(old_rank: int, carrier_status: str) -> bool:
    """Tell whether a carrier's status is news to a message whose last one ranked `old_rank`."""
    return rank(carrier_status) > old_rank


def state_of(carrier_status: str) -> State:
    """Translate a carrier's status; whatever it still holds is accepted."""
    return _STATES.get(carrier_status, State.ACCEPTED)
