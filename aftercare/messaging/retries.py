"""What a carrier's refusal means and when to try again (law: twilio-and-rules.md 4 and 6)."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Failure(StrEnum):
    """The classes of trouble, each with one thing to do."""

    RECIPIENT = "recipient"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    CONFIGURATION = "configuration"
    CONTENT = "content"
    NOT_PROCESSED = "not_processed"
    UNKNOWN = "unknown"
    DELIVERY_TEMPORARY = "delivery_temporary"
    DAILY_CAP = "daily_cap"
    UNLISTED = "unlisted"


class Reconciliation(StrEnum):
    """What to do with a message of which we do not know whether the carrier took it."""

    ADOPT = "adopt"
    LOOK_AGAIN = "look_again"
    SEND_AGAIN = "send_again"
    EXPIRE = "expire"
    ASK_STAFF = "ask_staff"


_CODES: dict[Failure, tuple[int, ...]] = {
    Failure.RECIPIENT: (21211, 21217, 21614, 21635, 30005, 30006, 21612, 21408),
    Failure.OPTED_OUT: (21610,),
    Failure.BLOCKED: (30004, 30007),
    # 21212 is a From number that is none: ours to mend, like 21606.
    Failure.CONFIGURATION: (
        *(20003, 20005, 20006, 20404, 21212, 21603, 21606, 21701, 21702, 21703, 21704, 21705),
        *(30002, 30024, 30032, 30034, 90010),
    ),
    Failure.CONTENT: (21602, 21617, 21618, 30019),
    Failure.NOT_PROCESSED: (20429, 21611, 20503),
    Failure.UNKNOWN: (20500,),
    Failure.DELIVERY_TEMPORARY: (30001, 30003, 30008, 30017, 30022, 30410, 30500),
    Failure.DAILY_CAP: (30023, 30025, 30026, 30027),
}
_CLASS_OF = {code: failure for failure, codes in _CODES.items() for code in codes}
_CLASS_OF_STATUS = {
    401: Failure.CONFIGURATION,
    403: Failure.CONFIGURATION,
    404: Failure.CONFIGURATION,
    408: Failure.UNKNOWN,
    429: Failure.NOT_PROCESSED,
}

# Refused for good: no try ever helps.
PERMANENT = frozenset({Failure.RECIPIENT, Failure.OPTED_OUT, Failure.BLOCKED, Failure.CONTENT, Failure.UNLISTED})
# The whole sender stops; the rows stay.
STOPS_THE_SENDER = frozenset({Failure.CONFIGURATION, Failure.DAILY_CAP})

LOOK_AFTER = timedelta(seconds=60)
LOOKS = 2
# The carrier's clock and ours differ a little.
CLOCK_SLACK = timedelta(seconds=5)

_PACIFIC = ZoneInfo("America/Los_Angeles")
_FIRST_WAIT = {Failure.NOT_PROCESSED: timedelta(seconds=2), Failure.CONFIGURATION: timedelta(minutes=1)}
_LONGEST_WAIT = {Failure.NOT_PROCESSED: timedelta(minutes=5), Failure.CONFIGURATION: timedelta(minutes=30)}
_AFTER_DELIVERY_FAILED = timedelta(minutes=10)


def classify(code: int | None, http_status: int | None = None) -> Failure:
    """Class an error of the carrier by its own code, else by the HTTP status; with neither, the outcome is unknown."""
    if code in _CLASS_OF:
        return _CLASS_OF[code]
    if http_status in _CLASS_OF_STATUS:
        return _CLASS_OF_STATUS[http_status]
    if http_status is not None:
        return Failure.UNLISTED if 400 <= http_status < 500 else Failure.UNKNOWN
    return Failure.UNLISTED if code else Failure.UNKNOWN


def next_try(
    failure: Failure,
    attempts: int,
    now: datetime,
    *,
    useful_until: datetime,
    jitter: float,
    retry_after: float | None = None,
) -> datetime | None:
    """Say when to try again, or None when never.

    `attempts` counts the tries made; `jitter` is 0..1; `retry_after` are seconds that the carrier asked for.
    An unknown outcome is never tried again from here: it is reconciled first.
    """
    moment = _wanted(failure, attempts, now, jitter)
    if moment is not None and retry_after is not None:
        moment = max(moment, now + timedelta(seconds=retry_after))
    return moment if moment is not None and moment < useful_until else None


def after_looking(
    *, found: bool, looks: int, was_sent_again: bool, now: datetime, useful_until: datetime
) -> Reconciliation:
    """Judge a message in doubt after a look at the carrier's list (twilio-and-rules.md 6, step 5).

    `looks` counts the looks that found nothing, this one included; a list that could not be read is no look.
    """
    if found:
        return Reconciliation.ADOPT
    if looks < LOOKS:
        return Reconciliation.LOOK_AGAIN
    if now >= useful_until:
        return Reconciliation.EXPIRE
    return Reconciliation.ASK_STAFF if was_sent_again else Reconciliation.SEND_AGAIN


def pacific_day(now: datetime) -> date:
    """Say the day that the carriers' daily caps go by."""
    return now.astimezone(_PACIFIC).date()


def _wanted(failure: Failure, attempts: int, now: datetime, jitter: float) -> datetime | None:
    if failure in _FIRST_WAIT:
        return now + _backoff(_FIRST_WAIT[failure], _LONGEST_WAIT[failure], attempts) * (0.5 + jitter / 2)
    if failure is Failure.DELIVERY_TEMPORARY and attempts < 2:
        return now + _AFTER_DELIVERY_FAILED * (1 + jitter)
    if failure is Failure.DAILY_CAP:
        return _midnight_pacific(now) + _AFTER_DELIVERY_FAILED * jitter
    return None


def _backoff(first: timedelta, longest: timedelta, attempts: int) -> timedelta:
    return min(longest, first * (1 << min(max(attempts - 1, 0), 20)))


def _midnight_pacific(now: datetime) -> datetime:
    tomorrow = pacific_day(now) + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_PACIFIC).astimezone(now.tzinfo)
