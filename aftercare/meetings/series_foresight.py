"""What a change of a series would come to: it is made, looked at, and taken back (product.md 2)."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from aftercare.core import clock
from aftercare.core.db import part
from aftercare.meetings import closed, schedule, series
from aftercare.meetings.models import Meeting
from aftercare.meetings.publishing import Draft
from aftercare.meetings.recurrence import ClockChange, Pattern, clock_change_warnings, instant
from aftercare.meetings.series import Edited
from aftercare.messaging import outlook
from aftercare.messaging.outlook import Outlook
from aftercare.people import organisations

STAYS, NEW = "stays", "new"
#: A date that nobody is told of anew: it was off before, and stays off.
_OFF = "off"


@dataclass(frozen=True)
class Seen:
    """One date: when it is to be, when it was (None: it is new), what becomes of it, and if the clocks change then."""

    starts_at: datetime
    was: datetime | None
    fate: str
    clock_change: ClockChange | None = None


@dataclass(frozen=True)
class Foreseen:
    """The rule as it would be, its dates, how many of each fate, and who would read what."""

    pattern: Pattern | None = None
    dates: Sequence[Seen] = ()
    people: int = 0
    outlook: Outlook = field(default_factory=Outlook)

    @property
    def fates(self) -> Mapping[str, int]:
        """Count the dates by what becomes of them."""
        return Counter(each.fate for each in self.dates)

    @property
    def is_silent(self) -> bool:
        """Tell whether no date would be otherwise and nobody reads a text: nothing need be seen first."""
        return not self.fates.keys() - {STAYS} and not self.outlook.people


def of_change(
    organisation_id: uuid.UUID, meeting_id: uuid.UUID, draft: Draft, *, since: date | None = None
) -> Foreseen:
    """Say what changing a series would come to; raise as the change would."""
    return _looked_at(
        organisation_id, lambda: series.change(organisation_id, meeting_id, draft, since=since, by=None)
    )  # fmt: skip


def of_end(organisation_id: uuid.UUID, meeting_id: uuid.UUID, *, since: date) -> Foreseen:
    """Say what ending a series would come to; raise as ending it would."""
    return _looked_at(organisation_id, lambda: series.end(organisation_id, meeting_id, since=since, by=None))


class _LookedAt(Exception):
    pass


def _looked_at(organisation_id: uuid.UUID, act: Callable[[], Edited]) -> Foreseen:
    organisation, found = organisations.get_organisation(organisation_id), Foreseen()
    try:
        with part():
            found = _seen(act(), lambda done: outlook.foresee(organisation, done.settled.news))
            raise _LookedAt
    except _LookedAt:
        return found


def _seen(done: Edited, read: Callable[[Edited], Outlook]) -> Foreseen:
    meeting = done.meeting
    if meeting.start_local is None:
        return Foreseen()
    pattern = schedule.pattern_of(meeting)
    return Foreseen(pattern, _dates(done, meeting, pattern), done.settled.people, read(done))


def _dates(done: Edited, meeting: Meeting, pattern: Pattern) -> list[Seen]:
    now = clock.now().replace(tzinfo=None)
    changes = {
        instant(slot, meeting.zone): change
        for slot, change in clock_change_warnings(pattern, after=now - timedelta(days=1), before=now + _AHEAD)
    }
    known = [
        Seen(step.to.starts_at, step.was.starts_at, fate, changes.get(step.to.starts_at))
        for step in done.steps
        if (fate := step.news or (STAYS if step.to.is_on else _OFF)) != _OFF
    ]
    moments = [instant(slot, meeting.zone) for slot in _open(meeting, done.made)]
    new = [Seen(moment, None, NEW, changes.get(moment)) for moment in moments]
    return sorted([*known, *new], key=lambda each: each.starts_at)


def _open(meeting: Meeting, slots: Sequence[datetime]) -> list[datetime]:
    """Leave out new dates that are closed from the start: nobody comes to them."""
    days = [slot.date() for slot in slots]
    shut = closed.of_meeting(meeting, min(days), max(days)) if days else ()
    return [slot for slot in slots if closed.on_day(shut, slot.date()) is None]


_AHEAD = timedelta(days=2 * schedule.HORIZON_DAYS)
