"""Two independent calendar engines, asked what a feed says; they share nothing with the code that wrote it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import icalendar
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

Moment = date | datetime


@dataclass(frozen=True)
class Seen:
    """One event as an engine shows it: instants in UTC, or dates for a whole day."""

    uid: str
    starts_at: Moment
    ends_at: Moment
    title: str
    status: str


Engine = Callable[[bytes, datetime, datetime], list[Seen]]


def recurring_events(feed: bytes, after: datetime, before: datetime) -> list[Seen]:
    """Expand a feed with recurring-ical-events."""
    shown = recurring_ical_events.of(icalendar.Calendar.from_ical(feed), components=["VEVENT"])
    return _in_order(
        Seen(
            uid=str(event["UID"]),
            starts_at=_in_utc(event.start),
            ends_at=_in_utc(event.end),
            title=str(event.get("SUMMARY", "")),
            status=str(event.get("STATUS", "")),
        )
        for event in shown.between(after, before)
    )


def home_assistant(feed: bytes, after: datetime, before: datetime) -> list[Seen]:
    """Expand a feed with `ical`, the engine of Home Assistant."""
    calendar = IcsCalendarStream.calendar_from_ics(feed.decode())
    return _in_order(
        Seen(
            uid=event.uid,
            starts_at=_in_utc(event.dtstart),
            ends_at=_in_utc(event.end),
            title=event.summary or "",
            status=event.status.value if event.status else "",
        )
        for event in calendar.timeline_tz(UTC).overlapping(after, before)
    )


ENGINES: tuple[Engine, ...] = (recurring_events, home_assistant)


def _in_order(seen: Iterable[Seen]) -> list[Seen]:
    return sorted(seen, key=lambda event: (event.starts_at.isoformat(), event.uid))


def _in_utc(moment: Moment | None) -> Moment:
    assert moment is not None
    if not isinstance(moment, datetime):
        return moment
    assert moment.tzinfo is not None, "a floating time is read differently on every phone"
    return moment.astimezone(UTC)
