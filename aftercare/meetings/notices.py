"""Who must be told of a change, told by rows in the outbox of the same transaction (style.md, R2)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aftercare.meetings import schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox, outlook, posted
from aftercare.messaging.outlook import Outlook
from aftercare.people import accounts, organisations
from aftercare.people.models import Person

#: Texts that ask about one date and say nothing of another: they are taken back when that date changes.
ABOUT_THE_DATE = ("reminder", "offer", "moved", "placed", "restored", "extra")
#: Those of them that tell something new, and are not posted again by themselves.
ASK_OR_TELL = ("offer", "moved", "placed", "restored", "extra")
#: News of one date that offers the next.
OFFERS_THE_NEXT = "cancelled_next"


@dataclass(frozen=True)
class Offer:
    """A seat that is held for somebody until a moment."""

    person: Person
    until: datetime


def said_of(occurrence: Occurrence, person: Person, *, starts_at: datetime | None = None) -> dict[str, Any]:
    """Give what a text may say of a date: when (on the wall of the place; online: of the person), and, plain, what."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    place = schedule.place_of(occurrence, meeting)
    zone = person.zone if meeting.attendance == "online" else meeting.zone
    when = (starts_at or occurrence.starts_at).astimezone(ZoneInfo(zone))
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


def of_cancelling(occurrence: Occurrence, people: Iterable[Person], *, now: datetime) -> list[outbox.Draft]:
    """Write to each that a date is off, and ask about the next one."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    following = schedule.next_open_date(meeting, after=max(now, occurrence.starts_at))
    return [_of_cancelling(occurrence, following, person, now) for person in people]


def _of_cancelling(occurrence: Occurrence, following: Occurrence | None, person: Person, now: datetime) -> outbox.Draft:
    ask = {"next_when": said_of(following, person)["when"]} if following else {}
    return outbox.Draft(
        person,
        OFFERS_THE_NEXT if following else "cancelled",
        once=f"cancelled:{occurrence.id}:{occurrence.sequence}:{person.id}",
        occurs_on=occurrence.occurs_on,
        about=following.id if following else None,
        due_at=now,
        useful_until=occurrence.starts_at,
        asks=following is not None,
        values=said_of(occurrence, person) | ask,
    )


def say_again(occurrence: Occurrence, *, now: datetime) -> None:
    """Tell anew that an earlier date is off, to whom the news that waits would offer this one, which has changed."""
    waiting = posted.waiting(occurrence.organisation_id, occurrence.id, kind=OFFERS_THE_NEXT)
    outbox.cancel(occurrence.organisation_id, about=occurrence.id, kinds=(OFFERS_THE_NEXT,), reason="next date changed")
    people = {person.id: person for person in readers(occurrence, waiting)}
    for person_id, once in waiting.items():
        if person_id in people:
            earlier = schedule.get_occurrence(occurrence.organisation_id, uuid.UUID(once.split(":")[1]))
            [draft] = of_cancelling(earlier, [people[person_id]], now=now)
            tell(earlier, [replace(draft, once=f"{once}:{occurrence.sequence}")])


def of_moving(
    occurrence: Occurrence, people: Iterable[Person], *, before: datetime, starts_at: datetime, now: datetime
) -> list[outbox.Draft]:
    """Write to each that a date moves from one moment to another, and ask whether they can come."""
    return [_of_moving(occurrence, person, before, starts_at, now) for person in people]


def _of_moving(
    occurrence: Occurrence, person: Person, before: datetime, starts_at: datetime, now: datetime
) -> outbox.Draft:
    said = said_of(occurrence, person, starts_at=starts_at)
    return outbox.Draft(
        person,
        "moved",
        once=f"moved:{occurrence.id}:{occurrence.sequence}:{person.id}",
        occurs_on=occurrence.occurs_on,
        about=occurrence.id,
        due_at=now,
        # Late news of a move is better than none: the new time is worth knowing until it has come.
        useful_until=starts_at,
        asks=True,
        values=said | {"was": before.astimezone(said["when"].tzinfo)},
    )


def say_again_what_follows(occurrence: Occurrence, *, now: datetime) -> None:
    """Tell anew that an earlier date is off, to whom the news that waits would offer the date after this one."""
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    following = schedule.next_open_date(meeting, after=occurrence.starts_at)
    if following is not None:
        say_again(following, now=now)


def take_back(occurrence: Occurrence, kind: str) -> set[uuid.UUID]:
    """Take back the news of a kind that has not left; give those who believe what they did before it, and need no more.

    Whoever was to hear something else first, which this news replaced, believes what has not been for a while.
    """
    named, day = f"{kind}:{occurrence.id}:", occurrence.occurs_on
    return _unaware(occurrence, outbox.take_back(occurrence.organisation_id, day, named, reason="taken back"))


def unaware(occurrence: Occurrence, kind: str) -> set[uuid.UUID]:
    """Say whom `take_back` would give; writes nothing."""
    named = f"{kind}:{occurrence.id}:"
    return _unaware(occurrence, posted.waiting_named(occurrence.organisation_id, occurrence.occurs_on, named))


def _unaware(occurrence: Occurrence, waiting: set[uuid.UUID]) -> set[uuid.UUID]:
    known = posted.taken_back(occurrence.organisation_id, occurrence.id, ASK_OR_TELL) if waiting else set()
    return waiting - known


def of_restoring(occurrence: Occurrence, people: Iterable[Person], *, now: datetime) -> list[outbox.Draft]:
    """Write to each that a date takes place after all, and ask whether they can come."""
    return [_of_date(occurrence, person, "restored", now, asks=True) for person in people]


def of_placing(occurrence: Occurrence, people: Iterable[Person], *, now: datetime) -> list[outbox.Draft]:
    """Write to each that a date is in another place."""
    return [_of_date(occurrence, person, "placed", now, asks=False) for person in people]


def of_adding(occurrence: Occurrence, people: Iterable[Person], *, now: datetime) -> list[outbox.Draft]:
    """Write to each that there is one more date, and ask whether they can come."""
    return [_of_date(occurrence, person, "extra", now, asks=True) for person in people]


def _of_date(occurrence: Occurrence, person: Person, kind: str, now: datetime, *, asks: bool) -> outbox.Draft:
    return outbox.Draft(
        person,
        kind,
        once=f"{kind}:{occurrence.id}:{occurrence.sequence}:{person.id}",
        occurs_on=occurrence.occurs_on,
        about=occurrence.id,
        due_at=now,
        useful_until=occurrence.starts_at,
        asks=asks,
        values=said_of(occurrence, person),
    )


def readers(occurrence: Occurrence, person_ids: Iterable[uuid.UUID]) -> list[Person]:
    """Give those of these people who still come here."""
    people = accounts.people_named(occurrence.organisation_id, person_ids)
    return [person for person in people.values() if person.left_at is None]


def tell(occurrence: Occurrence, news: Sequence[outbox.Draft]) -> int:
    """Post the news of a date, each once; say how many people get it."""
    return outbox.post_all(organisations.get_organisation(occurrence.organisation_id), news)


def foresee(occurrence: Occurrence, news: Sequence[outbox.Draft]) -> Outlook:
    """Say what `tell` would post."""
    return outlook.foresee(organisations.get_organisation(occurrence.organisation_id), news)
