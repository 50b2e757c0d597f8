"""Who is reminded of which date, and when; and, just before a text goes, whether it still should (messaging.md)."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from aftercare.conversations import reminder_times
from aftercare.conversations.reminder_times import AHEAD, is_near, is_settled
from aftercare.core import clock
from aftercare.core.db import transaction
from aftercare.meetings import expected, notices, schedule
from aftercare.meetings.expected import Expected, Mark, Standing
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox, posted, quiet_hours
from aftercare.messaging.models import Message
from aftercare.messaging.posted import Posted
from aftercare.people import accounts, organisations
from aftercare.people.models import Organisation, Person
from aftercare.recovery import pauses
from aftercare.recovery.models import Pause

KIND = "reminder"
#: Texts that ask whether somebody comes to a date they knew of: a yes to any of them settles it.
ASKING = (KIND, "moved")
LOOKED_AT_AGAIN = (KIND, "offer", "moved")
#: Reasons that are gone once somebody agrees to texts again.
UNWELCOME = (outbox.STOPPED, "no_consent")
DATES_AT_ONCE = 50
PEOPLE_AT_ONCE = 500


@dataclass(frozen=True)
class _Wanting:
    """Somebody who is expected at a date, and what was posted to them about it."""

    date: Occurrence
    who: Expected
    earlier: Sequence[Posted]
    leads: Sequence[int]


def plan(now: datetime) -> int:
    """Post the reminders that have come near, each once; say how many. Every page of dates is a transaction of its own.

    Everybody who is expected is asked, also who said yes by themselves long ago. Once they have said yes to a reminder,
    or to the news that the date has moved, later reminders of that date fall silent; after a maybe they do not.
    """
    return sum(plan_organisation(organisation_id, now) for organisation_id in organisations.every_id())


def plan_organisation(organisation_id: uuid.UUID, now: datetime) -> int:
    """Post the reminders of one organisation, a page of dates in each transaction; say how many."""
    count, beyond = 0, None
    while True:
        with transaction():
            new, beyond = _plan_page(organisations.get_organisation(organisation_id), now, beyond)
        count += new
        if beyond is None:
            return count


def still_wanted(messages: Sequence[Message]) -> dict[uuid.UUID, str]:
    """Say which of these texts about dates should not go after all, and why; as many queries for one as for hundreds.

    A reminder falls silent once the person has answered it or cancelled, or the date has moved, begun or been
    cancelled; reminders and offers rest in a pause.
    """
    about = {message.id: message for message in messages if message.kind in LOOKED_AT_AGAIN and message.occurrence_id}
    if not about:
        return {}
    seen = _look(about.values())
    reasons = {key: _why_not(message, seen) for key, message in about.items()}
    return {key: reason for key, reason in reasons.items() if reason}


def _plan_page(organisation: Organisation, now: datetime, beyond: Mark | None) -> tuple[int, Mark | None]:
    longest = timedelta(hours=max(organisation.reminder_hours, default=0))
    dates = expected.dates(organisation.id, after=now, until=now + longest + AHEAD, beyond=beyond, limit=DATES_AT_ONCE)
    if not dates or not organisation.reminder_hours:
        return 0, None
    kept = schedule.meetings_and_places(organisation.id, dates)
    wanting = list(_wanting(organisation, dates, now))
    count = sum(_post(organisation, part, now) for part in _parts(wanting))
    del kept
    return count, (dates[-1].starts_at, dates[-1].id)


def _wanting(organisation: Organisation, dates: Sequence[Occurrence], now: datetime) -> Iterator[_Wanting]:
    by_id = {date.id: date for date in dates}
    earlier = posted.about([organisation.id], by_id, kinds=ASKING)
    for who in expected.at(organisation.id, by_id):
        date = by_id[who.occurrence_id]
        told = earlier.get((organisation.id, date.id, who.person_id), ())
        if is_settled(who.answer, who.answered_at, asked_at=_asked_at(told)):
            continue
        keys = {each.once for each in told}
        near = [lead for lead in organisation.reminder_hours if is_near(date.starts_at, lead, now=now)]
        missing = [lead for lead in near if _once(date, lead, who.person_id, told) not in keys]
        if missing:
            yield _Wanting(date, who, told, missing)


def _post(organisation: Organisation, wanting: Sequence[_Wanting], now: datetime) -> int:
    people = accounts.people_named(organisation.id, {each.who.person_id for each in wanting})
    drafts = [
        _draft(each, people[each.who.person_id], lead, due)
        for each in wanting
        if people[each.who.person_id].left_at is None
        for lead, due in _times(organisation, each, people[each.who.person_id], now).items()
    ]
    return outbox.post_all(organisation, drafts)


def _times(organisation: Organisation, wanting: _Wanting, person: Person, now: datetime) -> dict[int, datetime]:
    starts_at = wanting.date.starts_at
    fit = partial(
        quiet_hours.fit, window=outbox.window_of(organisation), zone=person.zone, useful_until=starts_at, now=now
    )
    taken = {
        _lead(each): each.due_at
        for each in wanting.earlier
        if each.kind == KIND and each.state not in ("cancelled", "expired") and each.useful_until == starts_at
    }
    return reminder_times.times(
        starts_at, wanting.leads, now=now, fit=fit, posted=taken, knows_since=_knows_since(wanting, person)
    )


def _knows_since(wanting: _Wanting, person: Person) -> datetime | None:
    """Say since when somebody knows that they are expected: their own word, or the day they became a member."""
    since = wanting.who.member_since
    if since is None:
        return wanting.who.knows_since
    return datetime.combine(since, time(), tzinfo=ZoneInfo(person.zone))


def _draft(wanting: _Wanting, person: Person, lead: int, due: datetime) -> outbox.Draft:
    date = wanting.date
    return outbox.Draft(
        person,
        KIND,
        once=_once(date, lead, person.id, wanting.earlier),
        occurs_on=date.occurs_on,
        useful_until=date.starts_at,
        due_at=due,
        about=date.id,
        asks=True,
        values=notices.said_of(date, person),
    )


def _once(date: Occurrence, lead: int, person_id: uuid.UUID, earlier: Iterable[Posted]) -> str:
    """Name a reminder for ever. Who stopped the texts and took them up again is reminded under a new name."""
    name = f"{KIND}:{lead}:{date.id}:{date.sequence}:{person_id}"
    stopped = sum(each.reason in UNWELCOME and each.once.startswith(name) for each in earlier)
    return f"{name}:{stopped}" if stopped else name


def _lead(reminder: Posted) -> int:
    return int(reminder.once.split(":")[1])


def _asked_at(earlier: Iterable[Posted]) -> list[datetime]:
    return [each.left_at for each in earlier if each.left_at is not None]


def _parts(wanting: Sequence[_Wanting]) -> Iterator[Sequence[_Wanting]]:
    for first in range(0, len(wanting), PEOPLE_AT_ONCE):
        yield wanting[first : first + PEOPLE_AT_ONCE]


@dataclass(frozen=True)
class _Seen:
    """What the database says now of the people and dates of some texts."""

    now: datetime
    standing: Standing
    earlier: Mapping[posted.Key, Sequence[Posted]]
    people: Mapping[pauses.Key, Person]
    pauses: Mapping[pauses.Key, Sequence[Pause]]


def _look(messages: Collection[Message]) -> _Seen:
    keys = {_key(message) for message in messages}
    persons = {(organisation_id, person_id) for organisation_id, _, person_id in keys}
    return _Seen(
        now=clock.now(),
        standing=expected.standing(keys),
        earlier=posted.about({key[0] for key in keys}, {key[1] for key in keys}, kinds=ASKING),
        people=accounts.people_anywhere(persons),
        pauses=pauses.of_people(persons),
    )


def _why_not(message: Message, seen: _Seen) -> str | None:
    key = _key(message)
    date, person = seen.standing.dates.get(key[:2]), seen.people.get((key[0], key[2]))
    if date is None or date.status == "cancelled":
        return "meeting cancelled"
    if date.starts_at <= seen.now:
        return "begun"
    if person is None or person.left_at is not None:
        return "left"
    if message.kind == "moved":
        return "answered" if seen.standing.answer(key) in ("declined", "cancelled") else None
    if _rests(person, date, seen):
        return "paused"
    return _offer_over(key, seen) if message.kind == "offer" else _reminder_over(message, date, seen)


def _reminder_over(message: Message, date: Occurrence, seen: _Seen) -> str | None:
    key = _key(message)
    if message.useful_until != date.starts_at:
        return "meeting moved"
    if not seen.standing.is_expected(key):
        return "answered" if key in seen.standing.answers else "not expected"
    rsvp = seen.standing.answers.get(key)
    asked_at = _asked_at(each for each in seen.earlier.get(key, ()) if each.id != message.id)
    is_over = rsvp is not None and is_settled(rsvp.status, rsvp.answered_at, asked_at=asked_at)
    return "answered" if is_over else None


def _offer_over(key: posted.Key, seen: _Seen) -> str | None:
    rsvp = seen.standing.answers.get(key)
    if rsvp is None or rsvp.status != "offered":
        return "answered"
    return "offer over" if rsvp.offered_until is None or rsvp.offered_until <= seen.now else None


def _rests(person: Person, date: Occurrence, seen: _Seen) -> bool:
    """Tell whether a pause covers today, or the day of the date."""
    days = (seen.now.astimezone(ZoneInfo(person.zone)).date(), date.start_local.date())
    pauses_of = seen.pauses.get((person.organisation_id, person.id), ())
    return any(pause.first_day <= day <= pause.last_day for pause in pauses_of for day in days)


def _key(message: Message) -> posted.Key:
    assert message.occurrence_id is not None
    assert message.person_id is not None
    return message.organisation_id, message.occurrence_id, message.person_id
