"""What people read when dates of a series change: one text for each kind of change, about their first such date."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aftercare.meetings import notices, schedule
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox
from aftercare.people.models import Person

MOVED, OFF, BACK, PLACED = "moved", "cancelled", "restored", "placed"


@dataclass(frozen=True)
class News:
    """One date that changed (it stands as it is now), in which way, when it was, and whom that concerns."""

    occurrence: Occurrence
    kind: str
    was: datetime
    people: Collection[uuid.UUID]


def written(news: Sequence[News], *, now: datetime) -> list[outbox.Draft]:
    """Write to each person, once for each kind of change, about the first of their dates and how many later ones."""
    theirs: dict[tuple[str, uuid.UUID], list[News]] = defaultdict(list)
    for each in sorted(news, key=lambda each: (each.was, each.occurrence.id)):
        for person_id in each.people:
            theirs[each.kind, person_id].append(each)
    alike: dict[tuple[str, tuple[uuid.UUID, ...]], list[uuid.UUID]] = defaultdict(list)
    for (kind, person_id), those in theirs.items():
        alike[kind, tuple(each.occurrence.id for each in those)].append(person_id)
    of = {(each.kind, each.occurrence.id): each for each in news}
    known = {person.id: person for person in _readers(news, [person_id for _, person_id in theirs])}
    return [
        draft
        for (kind, dates), people in alike.items()
        for draft in WRITERS[kind]([of[kind, date] for date in dates], [known[p] for p in people if p in known], now)
    ]


def _readers(news: Sequence[News], person_ids: Collection[uuid.UUID]) -> list[Person]:
    return notices.readers(news[0].occurrence, person_ids) if person_ids else []


def _of_moved(those: Sequence[News], people: Sequence[Person], now: datetime) -> list[outbox.Draft]:
    first, last = those[0].occurrence, those[-1].occurrence
    drafts = []
    for person in people:
        said = notices.said_of(first, person)
        values = said | {"was": those[0].was.astimezone(said["when"].tzinfo)} | _more(those, person)
        drafts.append(_draft(those[0], person, "moved", values, now, about=first.id, useful_until=last.starts_at))
    return drafts


def _of_off(those: Sequence[News], people: Sequence[Person], now: datetime) -> list[outbox.Draft]:
    first = those[0].occurrence
    meeting = schedule.get_meeting(first.organisation_id, first.meeting_id)
    following = schedule.next_open_date(meeting, after=max(now, first.starts_at))
    kind = "closure" if len(those) > 1 else notices.OFFERS_THE_NEXT if following else "cancelled"
    drafts = []
    for person in people:
        ask = {"next_when": notices.said_of(following, person)["when"]} if following else {}
        values = notices.said_of(first, person) | ask | _more(those, person)
        about = following.id if following else None
        drafts.append(_draft(those[0], person, kind, values, now, about=about, useful_until=those[-1].was))
    return drafts


def _of_back(those: Sequence[News], people: Sequence[Person], now: datetime) -> list[outbox.Draft]:
    first, last = those[0].occurrence, those[-1].occurrence
    kind = "reopened" if len(those) > 1 else "restored"
    return [
        _draft(
            those[0], person, kind, notices.said_of(first, person) | _more(those, person), now,
            about=first.id, useful_until=last.starts_at,
        )
        for person in people
    ]  # fmt: skip


def _of_placed(those: Sequence[News], people: Sequence[Person], now: datetime) -> list[outbox.Draft]:
    first, last = those[0].occurrence, those[-1].occurrence
    return [
        _draft(
            those[0], person, "placed", notices.said_of(first, person) | _more(those, person), now,
            about=first.id, useful_until=last.starts_at,
        )
        for person in people
    ]  # fmt: skip


WRITERS: Mapping[str, Callable[[Sequence[News], Sequence[Person], datetime], list[outbox.Draft]]] = {
    MOVED: _of_moved,
    OFF: _of_off,
    BACK: _of_back,
    PLACED: _of_placed,
}


def _more(those: Sequence[News], person: Person) -> dict[str, object]:
    """Say how many later dates change in the same way, and until when."""
    if len(those) == 1:
        return {}
    return {"count": len(those) - 1, "until": notices.said_of(those[-1].occurrence, person)["when"]}


def _draft(
    first: News, person: Person, kind: str, values: Mapping[str, object], now: datetime, *,
    about: uuid.UUID | None, useful_until: datetime,
) -> outbox.Draft:  # fmt: skip
    occurrence = first.occurrence
    return outbox.Draft(
        person,
        kind,
        once=f"{first.kind}:{occurrence.id}:{occurrence.sequence}:{person.id}",
        occurs_on=occurrence.occurs_on,
        about=about,
        due_at=now,
        useful_until=useful_until,
        asks=about is not None and kind not in {"reopened", "placed"},
        values=values,
    )
