"""Who must be told of a change, told by rows in the outbox of the same transaction (style.md, R2)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aftercare.consent import ledger
from aftercare.meetings import schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox, texts
from aftercare.people.models import Person

#: Texts that ask about one date and say nothing of another: they are taken back when that date changes.
ABOUT_THE_DATE = ("reminder", "offer", "moved")


@dataclass(frozen=True)
class Offer:
    """A seat that is held for somebody until a moment."""

    person: Person
    until: datetime


def said_of(occurrence: Occurrence, person: Person) -> dict[str, Any]:
    """Give what a text may say of a date: when (on the wall of the place; online: of the person), and, plain, what."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    place = schedule.place_of(occurrence, meeting)
    zone = person.zone if meeting.attendance == "online" else meeting.zone
    when = occurrence.starts_at.astimezone(ZoneInfo(zone))
    return {"when": when, "name": meeting.name, "place": place.name if place else ""}


def tell_offers(occurrence: Occurrence, offers: Iterable[Offer], *, now: datetime) -> None:
    """Tell each that a seat is held for them, and until when."""
    for offer in offers:
        said = said_of(occurrence, offer.person)
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
            until=offer.until.astimezone(said["when"].tzinfo),
            **said,
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
        **said_of(occurrence, person),
        **({"next_when": said_of(following, person)["when"]} if following else {}),
    )
    return message is not None


def tell_moved(occurrence: Occurrence, people: Iterable[Person], *, before: datetime, now: datetime) -> int:
    """Tell each that a date has moved from `before` (UTC), and ask whether they can come; say how many texts."""
    told = 0
    for person in people:
        said = said_of(occurrence, person)
        message = outbox.post(
            person,
            "moved",
            once=f"moved:{occurrence.id}:{occurrence.sequence}:{person.id}",
            occurs_on=occurrence.occurs_on,
            about=occurrence.id,
            due_at=now,
            # Late news of a move is better than none: the new time is worth knowing until it has come.
            useful_until=occurrence.starts_at,
            asks=True,
            was=before.astimezone(said["when"].tzinfo),
            **said,
        )
        told += message is not None
    return told


def preview_move(occurrence: Occurrence, people: Iterable[Person], *, starts_at: datetime) -> Counter[tuple[str, str]]:
    """Spell the texts that moving a date would send: (language, body) -> how many people get it."""
    agreed = list(people)
    allowed = ledger.who_allow_texts(occurrence.organisation_id, agreed)
    spelled: Counter[tuple[str, str]] = Counter()
    for person in agreed:
        if person.id in allowed:
            said = said_of(occurrence, person)
            zone = said["when"].tzinfo
            values = said | {"was": said["when"], "when": starts_at.astimezone(zone)}
            spelled[person.language, texts.render("moved", person.language, person.text_level, **values)] += 1
    return spelled
