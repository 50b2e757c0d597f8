"""Who is reminded of which date, and when; and, just before a text goes, whether it still should (messaging.md)."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from aftercare.consent import mail_ledger
from aftercare.conversations import reminder_rows
from aftercare.conversations.reminder_dues import Dues, Group
from aftercare.conversations.reminder_rows import ASKING, Round
from aftercare.conversations.reminder_times import AHEAD, is_settled
from aftercare.conversations.reminder_words import KIND
from aftercare.core import clock
from aftercare.core.db import is_postgresql, transaction
from aftercare.meetings import expected
from aftercare.meetings.expected import Page, Standing
from aftercare.meetings.models import Occurrence
from aftercare.messaging import posted, state_hours
from aftercare.messaging.models import Message
from aftercare.messaging.posted import Posted
from aftercare.people import accounts, organisations
from aftercare.people.models import Organisation, Person
from aftercare.recovery import pauses
from aftercare.recovery.models import Pause

#: News of how a date stands: only who said no needs none.
THE_NEWS = ("moved", "placed", "restored", "extra")
LOOKED_AT_AGAIN = (KIND, "offer", *THE_NEWS)
#: A page of dates is written in one transaction: no more dates, nor, if they are several, people than this.
DATES_AT_ONCE = 500
PEOPLE_AT_ONCE = 10_000


def plan(now: datetime) -> int:
    """Post the reminders that have come near, each once; say how many. Every page of dates is a transaction of its own.

    Everybody who is expected is asked, also who said yes by themselves long ago. Once they have said yes to a reminder,
    or to the news that the date has moved, later reminders of that date fall silent; after a maybe they do not.
    """
    return sum(plan_organisation(organisation_id, now) for organisation_id in organisations.every_id())


def plan_organisation(
    organisation_id: uuid.UUID, now: datetime, *, dates: int = DATES_AT_ONCE, people: int = PEOPLE_AT_ONCE
) -> int:
    """Post the reminders of one organisation, a page of dates in each transaction; say how many.

    What dies between two pages loses nothing: the next round finds what is missing, and posts nothing twice.
    """
    with transaction(reading=True):
        by = _begin(organisations.get_organisation(organisation_id), now)
    leads = by.dues.leads
    until = now + timedelta(hours=max(leads, default=0)) + AHEAD
    look = partial(expected.next_page, organisation_id, after=now, until=until, dates=dates, people=people)
    count, beyond = 0, None
    while leads:
        with transaction(reading=True):
            page = look(beyond=beyond)
            is_whole = page is None or _is_whole(page, by)
        if page is None:
            break
        if not is_whole:
            with transaction():
                count += sum(reminder_rows.post(page, lead, by) for lead in leads)
        beyond = page.last
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


def _is_whole(page: Page, by: Round) -> bool:
    """Tell whether nothing is missing, on SQLite alone: it has one writer, who should not wait for us to find out."""
    return not is_postgresql() and not any(reminder_rows.are_missing(page, lead, by) for lead in by.dues.leads)


def _begin(organisation: Organisation, now: datetime) -> Round:
    leads = sorted(set(organisation.reminder_hours), reverse=True)
    groups = [Group(*each) for each in accounts.whereabouts(organisation.id)] if leads else []
    window_of = partial(state_hours.window_of, organisation.quiet_until, organisation.quiet_from)
    letters = mail_ledger.who_chose_letters(organisation.id) if leads else []
    return Round(Dues(now, leads, groups, window_of), letters)


def _asked_at(earlier: Iterable[Posted]) -> list[datetime]:
    return [each.left_at for each in earlier if each.left_at is not None]


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
        earlier=posted.about(keys, kinds=ASKING),
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
    if message.kind in THE_NEWS:
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
