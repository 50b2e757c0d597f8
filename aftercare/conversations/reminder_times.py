"""When the reminders of a date leave, and when they are no longer needed (law: messaging.md, product.md 6)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Reminders are written down a day before they are due, so that one that would fall in the night can still move to
#: the evening before.
AHEAD = timedelta(hours=24)
#: Nobody is reminded within an hour of having spoken about a date, or of another reminder of it.
APART = timedelta(hours=1)


@dataclass(frozen=True)
class Leaving:
    """When a reminder leaves; who came to know of the date after `known_until` has just been told."""

    due_at: datetime
    known_until: datetime


Fit = Callable[[datetime], datetime | None]


def is_near(starts_at: datetime, lead: int, *, now: datetime) -> bool:
    """Tell whether the reminder `lead` hours before a start is to be written down by now."""
    return now >= starts_at - timedelta(hours=lead) - AHEAD and now < starts_at


def times(
    starts_at: datetime,
    leads: Iterable[int],
    *,
    now: datetime,
    fit: Fit,
    knows_since: datetime | None = None,
    posted: Mapping[int, datetime] | None = None,
) -> dict[int, datetime]:
    """Say when each reminder that is not `posted` yet leaves; `fit` moves a moment out of the night, or drops it.

    A reminder whose moment has passed leaves at once, unless the person came to know of the date after that moment or
    within the hour before it: who signs up is not reminded of what they have just said. Of reminders that would leave
    within an hour of each other, the one with the longer lead goes.
    """
    taken, wanted = dict(posted or {}), {}
    for lead in sorted(set(leads) - set(taken), reverse=True):
        if not is_near(starts_at, lead, now=now):
            continue
        found = leaves(starts_at, lead, fit=fit)
        if found is None or (knows_since is not None and knows_since > found.known_until):
            continue
        due = found.due_at
        if all(abs(due - other) >= APART for other in taken.values()):
            taken[lead] = wanted[lead] = due
    return wanted


def leaves(starts_at: datetime, lead: int, *, fit: Fit) -> Leaving | None:
    """Say when the reminder `lead` hours before a start leaves, and to whom; None if it would be useless."""
    nominal = starts_at - timedelta(hours=lead)
    due = fit(nominal)
    return None if due is None else Leaving(due, min(nominal, due) - APART)


def is_settled(answer: str, answered_at: datetime | None, *, asked_at: Iterable[datetime]) -> bool:
    """Tell whether a reminder has nothing more to ask: the person said yes after a text asked them about the date.

    A yes that nobody asked for (weeks ago, on the web) is asked after all the same; a maybe leaves the question open.
    """
    return answer == "going" and answered_at is not None and any(asked <= answered_at for asked in asked_at)
