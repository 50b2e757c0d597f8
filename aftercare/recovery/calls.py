"""Whom to call before a date, because no text is known to have reached them (issue 3, "please call").

As many queries for one date as for many.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from aftercare.consent import ledger
from aftercare.core import clock
from aftercare.core.db import db
from aftercare.core.errors import Invalid, NotFound
from aftercare.meetings import concerned, timetable
from aftercare.meetings.concerned import Concerned
from aftercare.meetings.models import Occurrence
from aftercare.messaging import channels, posted
from aftercare.messaging.channels import EMAIL
from aftercare.people import accounts
from aftercare.people.models import Person
from aftercare.recovery import outreach
from aftercare.recovery.call_reasons import WAITING, Reachable, Reason, Told, why_call
from aftercare.recovery.models import OutreachTask

#: Staff look at the list of a date that begins within this time.
NEAR = timedelta(hours=24)
OUTCOMES = ("reached", "no_answer")
NEWS = ("cancelled", "cancelled_next", "closure")
INVITES = ("reminder", "moved", "restored", "reopened", "placed", "extra")
#: One text that may tell of several dates: those of one meeting, or of one closure, up to the last it is useful for.
SEVERAL = ("closure", "reopened", "moved", "placed")


@dataclass(frozen=True)
class Call:
    """Somebody who may not have heard of a date: why, what they answered, and whether they were called since."""

    person: Person
    name: str
    reason: Reason
    answer: str
    leaves_at: datetime | None
    outcome: str | None

    @property
    def is_needed(self) -> bool:
        """Tell whether somebody should call now."""
        return self.reason not in WAITING and self.outcome != "reached"

    @property
    def is_overdue(self) -> bool:
        """Tell whether a call is needed that no text in flight may make needless yet."""
        return self.is_needed and self.reason is not Reason.JUST_SENT


@dataclass(frozen=True)
class _Facts:
    """What is known of the people of some dates."""

    people: Mapping[uuid.UUID, Person]
    told: Mapping[tuple[uuid.UUID, uuid.UUID], Sequence[Told]]
    reachable: Mapping[uuid.UUID, Reachable]
    logged: Collection[str]
    now: datetime


def of(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> list[Call]:
    """List whom to call about a date, and who is waited for, by name."""
    found = timetable.named(organisation_id, [occurrence_id])
    if not found:
        raise NotFound("There is no such date.")
    return of_dates(organisation_id, [found[0].occurrence])[occurrence_id]


def of_dates(organisation_id: uuid.UUID, dates: Sequence[Occurrence]) -> dict[uuid.UUID, list[Call]]:
    """List whom to call about each of several dates."""
    lists: dict[uuid.UUID, list[Call]] = {date.id: [] for date in dates}
    by_id = {date.id: date for date in dates}
    who = concerned.at(organisation_id, dates)
    facts = _facts(organisation_id, dates, who)
    for each in who:
        call = _call(by_id[each.occurrence_id], each, facts)
        if call is not None:
            lists[each.occurrence_id].append(call)
    return {key: sorted(calls, key=lambda call: (call.name.casefold(), call.person.id)) for key, calls in lists.items()}


def needed(organisation_id: uuid.UUID, dates: Sequence[Occurrence]) -> dict[uuid.UUID, int]:
    """Count whom to call about each of several dates."""
    return {key: sum(call.is_needed for call in calls) for key, calls in of_dates(organisation_id, dates).items()}


def log(
    organisation_id: uuid.UUID, occurrence_id: uuid.UUID, person_id: uuid.UUID, *, outcome: str, by: uuid.UUID
) -> OutreachTask | None:
    """Note that somebody was called about a date, and whether they were reached; noting it again changes nothing."""
    if outcome not in OUTCOMES:
        raise Invalid("Say what came of it.", fields={"outcome": "Say what came of it."})
    calls = {call.person.id: call for call in of(organisation_id, occurrence_id)}
    if person_id not in calls:
        raise NotFound("There is no such person.")
    (date,) = timetable.named(organisation_id, [occurrence_id])
    once = f"{_name(date.occurrence, person_id)}:{outcome}"
    task = outreach.open_task(organisation_id, "call", once=once, person_id=person_id, occurrence_id=str(occurrence_id))
    return outreach.close_task(organisation_id, task.id, by=by, outcome=outcome) if task else None


def _name(date: Occurrence, person_id: uuid.UUID) -> str:
    """Name a call about a date as it stands: when it changes once more, people must hear of it once more."""
    stands = "off" if date.status == "cancelled" else f"{date.starts_at:%Y%m%dT%H%M}"
    stands += f"-{date.placed_in}" if date.placed_in and date.status != "cancelled" else ""
    return f"date:{date.id}:{stands}:{person_id}"


def _call(date: Occurrence, who: Concerned, facts: _Facts) -> Call | None:
    person = facts.people.get(who.person_id)
    if person is None or person.left_at is not None or who.has_replied:
        return None
    told = facts.told.get((date.id, person.id), ())
    reason = why_call(told, facts.reachable[person.id], hear_by=date.hear_by or date.starts_at, now=facts.now)
    if reason is None:
        return None
    if reason is Reason.NOT_SENT and date.hear_by is not None:
        # The outbox does not even take news that the night makes useless.
        reason = Reason.TOO_LATE
    leaves = min((each.due_at for each in told if each.state == "pending" and each.due_at), default=None)
    leaves_at = leaves if reason is Reason.LEAVES_LATER else None
    return Call(person, person.name, reason, who.answer, leaves_at, _outcome(_name(date, person.id), facts.logged))


def _facts(organisation_id: uuid.UUID, dates: Sequence[Occurrence], who: Sequence[Concerned]) -> _Facts:
    by_id = {date.id: date for date in dates}
    people = accounts.people_named(organisation_id, {each.person_id for each in who})
    return _Facts(
        people,
        _told(organisation_id, dates),
        _reachable(organisation_id, people),
        _logged(organisation_id, [_name(by_id[each.occurrence_id], each.person_id) for each in who]),
        clock.now(),
    )


def _told(organisation_id: uuid.UUID, dates: Sequence[Occurrence]) -> Mapping[tuple[uuid.UUID, uuid.UUID], list[Told]]:
    """Give the texts that say how each date stands now, by (date, person)."""
    texts = posted.naming(organisation_id, {date.occurs_on for date in dates}, kinds=(*NEWS, *INVITES))
    earlier = posted.spanning(organisation_id, min((date.occurs_on for date in dates), default=None), kinds=SEVERAL)
    subjects = {date.id: date for date in dates}
    missing = {_subject(text.once) for text in earlier} - subjects.keys()
    subjects |= {each.occurrence.id: each.occurrence for each in timetable.named(organisation_id, missing)}
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Told]] = defaultdict(list)
    for text in [*texts, *earlier]:
        subject = subjects.get(_subject(text.once))
        for date in dates if subject is not None else ():
            if subject is not None and _is_true(text, subject, date):
                told = Told(text.state, text.reason, text.due_at, text.left_at, is_letter=text.channel == EMAIL)
                found[date.id, text.person_id].append(told)
    return found


def _subject(once: str) -> uuid.UUID:
    """Read which date a text is about: `moved:<date>:...`, `reminder:<hours>:<date>:...`."""
    parts = once.split(":")
    return uuid.UUID(parts[2 if parts[0] == "reminder" else 1])


def _is_true(text: posted.Named, subject: Occurrence, date: Occurrence) -> bool:
    """Tell whether a text, whose first date is its subject, says of a date what holds now."""
    is_off = date.status == "cancelled"
    if text.kind not in (NEWS if is_off else INVITES):
        return False
    if subject.id != date.id:
        return text.kind in SEVERAL and _are_told_together(subject, date, text.useful_until)
    if not is_off and date.placed_in is not None and _said_in(text) < date.placed_in:
        return False
    return is_off or text.useful_until == date.starts_at or _sequence(text) == date.sequence


def _are_told_together(subject: Occurrence, date: Occurrence, until: datetime) -> bool:
    is_one_act = date.meeting_id == subject.meeting_id or (
        date.closure_id is not None and date.closure_id == subject.closure_id
    )
    return is_one_act and subject.starts_at <= date.starts_at <= until


def _sequence(text: posted.Named) -> int | None:
    """Say which change of its date a text tells of; a reminder tells of none."""
    return None if text.kind == "reminder" else _said_in(text)


def _said_in(text: posted.Named) -> int:
    """Say with which sequence of its date a text was written."""
    parts = text.once.split(":")
    return int(parts[3 if parts[0] == "reminder" else 2])


def _reachable(organisation_id: uuid.UUID, people: Mapping[uuid.UUID, Person]) -> dict[uuid.UUID, Reachable]:
    everybody = list(people.values())
    open_to = channels.ways_to(organisation_id, everybody)
    stopped = ledger.who_stopped_texts(organisation_id, everybody)
    return {each.id: Reachable(None if each.id in open_to else _closed(each, stopped)) for each in everybody}


def _closed(person: Person, stopped: Collection[uuid.UUID]) -> Reason:
    if person.phone_sealed is None:
        return Reason.NO_PHONE
    if person.id in stopped:
        return Reason.STOPPED
    return Reason.FROZEN if person.phone_frozen_at else Reason.NO_CONSENT


def _logged(organisation_id: uuid.UUID, names: Sequence[str]) -> set[str]:
    wanted = select(OutreachTask.once).where(
        OutreachTask.organisation_id == organisation_id,
        OutreachTask.once.in_([f"{name}:{outcome}" for name in names for outcome in OUTCOMES]),
    )
    return set(db.session.scalars(wanted))


def _outcome(name: str, logged: Collection[str]) -> str | None:
    return next((outcome for outcome in OUTCOMES if f"{name}:{outcome}" in logged), None)
