"""A word to who was expected and did not come: kindly, at most once a week (product.md section 6; messaging.md)."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftercare.attendance import absences
from aftercare.core import clock
from aftercare.meetings import expected, notices, schedule
from aftercare.meetings.expected import Standing
from aftercare.meetings.models import Occurrence
from aftercare.messaging import outbox, posted
from aftercare.messaging.models import Message
from aftercare.people import accounts, organisations
from aftercare.people.models import Person
from aftercare.recovery import outreach, pauses

ASKING = "missed_next"
KINDS = ("missed", ASKING)
NEXT_CHANGED = "next date changed"
LOOKS_BACK = timedelta(hours=26)
ONCE_IN = timedelta(days=7)
SILENT_AFTER_CONTACT = timedelta(hours=72)
# Staff may still mend the roll that evening, and nobody is to be told off at the door.
NEXT_DAY_AT = time(10)
LASTS = timedelta(days=2)


def due() -> Sequence[absences.Key]:
    """Find the dates whose rolls have become final: (organisation, date)."""
    return absences.rolls_closed(since=clock.now() - LOOKS_BACK)


def tell(organisation_id: uuid.UUID, occurrence_id: uuid.UUID) -> int:
    """Post a word to each who was expected at a date and did not come; say how many. Again changes nothing."""
    occurrence = schedule.get_occurrence(organisation_id, occurrence_id)
    reasons = _reasons(occurrence, absences.no_shows(occurrence))
    told = posted.who_got(organisation_id, KINDS, since=clock.now() - ONCE_IN)
    people = accounts.people_named(organisation_id, [each for each, why in reasons.items() if not why]).values()
    drafts = [_draft(occurrence, person) for person in people if person.left_at is None and person.id not in told]
    return outbox.post_all(organisations.get_organisation(organisation_id), drafts) if drafts else 0


def still_wanted(messages: Sequence[Message]) -> dict[uuid.UUID, str]:
    """Say which of these words should not go after all, and why; a number of queries that grows with the dates only."""
    by_date: dict[tuple[uuid.UUID, uuid.UUID], list[Message]] = defaultdict(list)
    for message in messages:
        if message.kind in KINDS:
            by_date[message.organisation_id, uuid.UUID(message.once.split(":")[1])].append(message)
    found: dict[uuid.UUID, str] = {}
    for (organisation_id, occurrence_id), about in by_date.items():
        occurrence = schedule.get_occurrence(organisation_id, occurrence_id)
        reasons = _reasons(occurrence, [each.person_id for each in about if each.person_id is not None])
        found |= {each.id: why for each in about if each.person_id and (why := reasons[each.person_id])}
    return _without_a_next(messages) | found


def _without_a_next(messages: Sequence[Message]) -> dict[uuid.UUID, str]:
    """Find the words that ask for a next date which is off, has moved or begun, or to which the person said no."""
    asking = [(_next_of(each), each) for each in messages if each.kind == ASKING]
    if not asking:
        return {}
    standing = expected.standing([key for key, _ in asking])
    return {each.id: NEXT_CHANGED for key, each in asking if not _can_be_asked(key, each, standing)}


def _next_of(message: Message) -> expected.Key:
    assert message.occurrence_id is not None
    assert message.person_id is not None
    return message.organisation_id, message.occurrence_id, message.person_id


def _can_be_asked(key: expected.Key, message: Message, standing: Standing) -> bool:
    date = standing.dates.get(key[:2])
    if date is None or date.status == "cancelled" or date.starts_at <= clock.now():
        return False
    return date.updated_at <= message.created_at and standing.answer(key) not in ("declined", "cancelled")


def _reasons(occurrence: Occurrence, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    """Say of each of these people why they are not to be told that they were missed; None if nothing speaks against."""
    organisation_id, now = occurrence.organisation_id, clock.now()
    missed = set(absences.no_shows(occurrence))
    came = absences.who_came_since(organisation_id, people, occurrence.starts_at)
    reached = outreach.who_was_reached(organisation_id, since=now - SILENT_AFTER_CONTACT)
    resting = _resting(organisation_id, people, now)
    against = {"came since": came, "paused": resting, "was called": reached}
    return {each: _reason(each, missed, against) for each in people}


def _reason(person_id: uuid.UUID, missed: set[uuid.UUID], against: Mapping[str, set[uuid.UUID]]) -> str | None:
    if person_id not in missed:
        return "not missed"
    return next((why for why, people in against.items() if person_id in people), None)


def _resting(organisation_id: uuid.UUID, people: Sequence[uuid.UUID], now: datetime) -> set[uuid.UUID]:
    running = pauses.of_people({(organisation_id, each) for each in people}) if people else {}
    today = now.astimezone(ZoneInfo(organisations.get_organisation(organisation_id).zone)).date()
    rests = [key for key, theirs in running.items() if any(each.first_day <= today <= each.last_day for each in theirs)]
    return {person_id for _, person_id in rests}


def _draft(occurrence: Occurrence, person: Person) -> outbox.Draft:
    now = clock.now()
    meeting = schedule.get_meeting(occurrence.organisation_id, occurrence.meeting_id)
    following = schedule.next_open_date(meeting, after=now)
    due_at = max(now, _next_day(occurrence, person))
    until = min(due_at + LASTS, following.starts_at) if following else due_at + LASTS
    asks = following is not None and until > due_at
    said = notices.said_of(occurrence, person)
    return outbox.Draft(
        person,
        ASKING if asks else "missed",
        once=f"missed:{occurrence.id}:{person.id}",
        occurs_on=occurrence.occurs_on,
        useful_until=until if asks else due_at + LASTS,
        due_at=due_at,
        about=following.id if following and asks else occurrence.id,
        asks=asks,
        values=said | ({"next_when": notices.said_of(following, person)["when"]} if following else {}),
    )


def _next_day(occurrence: Occurrence, person: Person) -> datetime:
    zone = ZoneInfo(person.zone)
    day = occurrence.ends_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, NEXT_DAY_AT, zone).astimezone(occurrence.ends_at.tzinfo)
