"""When reminders leave, worked out once for all who share a start and hours of the day (law: reminder_times.py)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from aftercare.conversations import reminder_times
from aftercare.messaging import quiet_hours
from aftercare.messaging.quiet_hours import Window


@dataclass(frozen=True)
class Group:
    """People whom a text reaches in the same hours: their zone, and the states of home and number."""

    zone: str
    state: str
    phone_state: str


@dataclass(frozen=True)
class Due:
    """When a reminder of one start leaves; whoever came to know of the date later than `known_until` gets none.

    For members, who know since a day, `known_on` is the last day whose beginning is early enough.
    """

    due_at: datetime
    known_until: datetime
    known_on: date


@dataclass
class Dues:
    """The leaving times of one round of planning: those of the same start, zone and hours are worked out once.

    Leads are hours before a start, the longest first; `window_of` gives the hours of two states.
    """

    now: datetime
    leads: Sequence[int]
    groups: Sequence[Group]
    window_of: Callable[[str, str], Window]
    _known: dict[tuple[datetime, int, str, Window], Due | None] = field(default_factory=dict)

    def of(self, starts: Iterable[datetime], lead: int) -> Iterator[tuple[datetime, Group, Due]]:
        """Give every start and group for which a reminder so many hours before is to be written down by now."""
        near = [starts_at for starts_at in starts if reminder_times.is_near(starts_at, lead, now=self.now)]
        for group in self.groups:
            for starts_at in near:
                due = self._due(starts_at, lead, group)
                if due is not None:
                    yield starts_at, group, due

    def _due(self, starts_at: datetime, lead: int, group: Group) -> Due | None:
        key = (starts_at, lead, group.zone, self.window_of(group.state, group.phone_state))
        if key not in self._known:
            self._known[key] = _readable(*key, self.now)
        return self._known[key]


def _readable(starts_at: datetime, lead: int, zone: str, window: Window, now: datetime) -> Due | None:
    # A zone that no longer exists must not keep the others from being reminded.
    try:
        return _due(starts_at, lead, zone, window, now)
    except (ValueError, KeyError):
        return None


def _due(starts_at: datetime, lead: int, zone: str, window: Window, now: datetime) -> Due | None:
    fit = partial(quiet_hours.fit, window=window, zone=zone, useful_until=starts_at, now=now)
    found = reminder_times.leaves(starts_at, lead, fit=fit)
    if found is None:
        return None
    return Due(found.due_at, found.known_until, _last_day_begun(found.known_until, ZoneInfo(zone)))


def _last_day_begun(moment: datetime, zone: ZoneInfo) -> date:
    day = moment.astimezone(zone).date()
    begun = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    return day if begun <= moment else day - timedelta(days=1)
