"""Who must be told of a change, told by rows in the outbox of the same transaction (style.md, R2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aftercare.core.db import db
from aftercare.meetings import schedule
from aftercare.meetings.models import Meeting, Occurrence
from aftercare.messaging import outbox
from aftercare.people.models import Person


@dataclass(frozen=True)
class Offer:
    """A seat that is held for somebody until a moment."""

    person: Person
    until: datetime


def wall(occurrence: Occurrence, person: Person) -> datetime:
    """Say when a date starts, on the wall of the place (online: of the person)."""
    meeting = db.session.get(Meeting, (occurrence.organisation_id, occurrence.meeting_id))
    assert meeting is not None
    zone = person.zone if meeting.attendance == "online" else meeting.zone
    return occurrence.starts_at.astimezone(ZoneInfo(zone))


def tell_offers(occurrence: Occurrence, offers: Iterable[Offer], *, now: datetime) -> None:
    """Tell each that a seat is held for them, and until when."""
    for offer in offers:
        when = wall(occurrence, offer.person)
        outbox.post(
            offer.person,
            "offer",
            once=f"offer:{occurrence.id}:{offer.person.id}:{offer.until:%Y%m%dT%H%M%S}",
            occurs_on=occurrence.occurs_on,
            about=occurrence.id,
            due_at=now,
            useful_until=offer.until,
            asks=True,
            is_answer=True,
            when=when,
            until=offer.until.astimezone(when.tzinfo),
        )


def tell_cancelled(occurrence: Occurrence, people: Iterable[Person], *, now: datetime) -> int:
    """Tell each that a date is off, and ask about the next one; say how many texts that made."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    following = schedule.next_open_date(meeting, after=max(now, occurrence.starts_at))
    return sum(_tell_cancelled(occurrence, following, person, now) for person in people)


def _tell_cancelled(occurrence: Occurrence, following: Occurrence | None, person: Person, now: datetime) -> bool:
    message = outbox.post(
        person,
        "cancelled_next" if following else "cancelled",
        once=f"cancelled:{occurrence.id}:{occurrence.sequence}:{person.id}",
        occurs_on=occurrence.occurs_on,
        about=following.id if following else None,
        due_at=now,
        useful_until=occurrence.starts_at,
        asks=following is not None,
        when=wall(occurrence, person),
        **({"next_when": wall(following, person)} if following else {}),
    )
    return message is not None


def tell_moved(occurrence: Occurrence, people: Iterable[Person], *, before: datetime, now: datetime) -> int:
    """Tell each that a date has moved from `before` (UTC), and ask whether they can come; say how many texts."""
    told, first = 0, min(before, occurrence.starts_at)
    for person in people:
        when = wall(occurrence, person)
        message = outbox.post(
            person,
            "moved",
            once=f"moved:{occurrence.id}:{occurrence.sequence}:{person.id}",
            occurs_on=occurrence.occurs_on,
            about=occurrence.id,
            due_at=now,
            useful_until=first if first > now else occurrence.starts_at,
            asks=True,
            was=before.astimezone(when.tzinfo),
            when=when,
        )
        told += message is not None
    return told
