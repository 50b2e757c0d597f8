"""A message of staff to a group, in their own words: checked, looked at, then posted once (messaging.md).

The words stay sealed in the messages alone; the trail knows who wrote to how many, never what.
"""

import re
import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare.audit import trail
from aftercare.conversations import broadcast_words
from aftercare.core import clock, throttle
from aftercare.core.db import part
from aftercare.core.errors import Conflict, Invalid
from aftercare.meetings import expected, members, rsvps, schedule
from aftercare.meetings.models import Meeting
from aftercare.messaging import outbox, outlook, posted
from aftercare.messaging.models import Message
from aftercare.messaging.outlook import Outlook
from aftercare.people import accounts, organisations
from aftercare.people.models import Person
from aftercare.recovery import pauses

KIND = "broadcast"
MEMBERS, GOING = "members", "going"
AUDIENCES = (MEMBERS, GOING)
DAY = 86400
A_DAY_TO_A_GROUP, A_DAY_IN_ALL = 2, 10
FORM_LASTS = timedelta(hours=24)
_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{16}")
#: Who has had the texts of the day gets it on the next.
LASTS = timedelta(hours=48)


@dataclass(frozen=True)
class Broadcast:
    """What staff wrote, by language, to whom; `form` names the page on which they wrote it (`new_form`)."""

    form: str
    audience: str
    words: Mapping[str, str]


def new_form() -> str:
    """Name a page on which a message is written, so that it is sent once: when it was made, and a random part."""
    return f"{int(clock.now().timestamp()):08x}-{secrets.token_hex(8)}"


def foresee(meeting: Meeting, broadcast: Broadcast) -> Outlook:
    """Say who would read what, and who nothing and why; raise Invalid if the words cannot go."""
    drafts, without = _drafts(meeting, broadcast)
    found = outlook.foresee(organisations.get_organisation(meeting.organisation_id), drafts)
    found.without.update(without)
    return found


def send(meeting: Meeting, broadcast: Broadcast, *, by: uuid.UUID) -> int:
    """Post a message to everybody it is for, and say how many; sent again, it says the same and posts nothing.

    Raises Invalid if the words cannot go, TooMany if the group or the organisation has had enough for a day.
    """
    organisation = organisations.get_organisation(meeting.organisation_id)
    drafts, _without = _drafts(schedule.lock_meeting(meeting), broadcast)
    before = posted.count_named(organisation.id, _day(meeting, broadcast), f"{KIND}:{broadcast.form}:")
    if before:
        return before
    _count(meeting)
    people = outbox.post_all(organisation, drafts)
    if not people:
        raise Conflict("Nobody would get this message.")
    trail.record(
        "broadcast.sent", organisation_id=organisation.id, about="meeting", about_id=meeting.id, actor_id=by,
        form=broadcast.form, audience=broadcast.audience, people=people,
    )  # fmt: skip
    return people


def refuse_if_nobody_can_be_meant(meeting: Meeting) -> None:
    """Raise Conflict for a meeting of others: it has no members here, by design (product.md 7.10)."""
    if meeting.kind != "programme":
        raise Conflict("Others lead this meeting. It has no members here, so nobody can be texted.")


def still_wanted(messages: Sequence[Message]) -> dict[uuid.UUID, str]:
    """Say which of these messages rest, because their reader takes a pause or does not come after all."""
    ours = [message for message in messages if message.kind == KIND and message.person_id is not None]
    resting = _resting((each.organisation_id, each.person_id) for each in ours if each.person_id is not None)
    reasons = _no_longer_going(ours)
    paused = {each.id: "paused" for each in ours if (each.organisation_id, each.person_id) in resting}
    return reasons | paused


def _drafts(meeting: Meeting, broadcast: Broadcast) -> tuple[list[outbox.Draft], Counter[str]]:
    refuse_if_nobody_can_be_meant(meeting)
    now = clock.now()
    _refuse_if_old(broadcast, now)
    organisation_id = meeting.organisation_id
    ids, about, until = _whom(meeting, broadcast.audience, now)
    people = [each for each in accounts.people_named(organisation_id, ids).values() if each.left_at is None]
    names = broadcast_words.telling_names(organisation_id, people)
    words = broadcast_words.checked(organisation_id, broadcast.words, names)
    resting = _resting((organisation_id, each.id) for each in people)
    sender = broadcast_words.sender(organisation_id)
    without = {each.id: _why_not(each, words, resting) for each in people}
    drafts = [
        outbox.Draft(
            person, KIND, f"{KIND}:{broadcast.form}:{person.id}", _day(meeting, broadcast), until, now, about,
            values={"words": words[person.language], "sender": sender},
        )
        for person in people
        if not without[person.id]
    ]  # fmt: skip
    return drafts, Counter(why for why in without.values() if why)


def _whom(meeting: Meeting, audience: str, now: datetime) -> tuple[list[uuid.UUID], uuid.UUID | None, datetime]:
    """Give who is meant, about which date, and until when it is worth reading."""
    if audience == MEMBERS:
        return members.on_day(meeting, clock.today(meeting.zone)), None, now + LASTS
    following = schedule.next_open_date(meeting, after=now) if audience == GOING else None
    if following is None:
        sentence = "Choose who gets it." if audience != GOING else "No date is planned, so nobody is going."
        raise Invalid(sentence, fields={"audience": sentence})
    going = [row.person_id for row in rsvps.active_answers(following) if row.status == "going"]
    return going, following.id, min(following.starts_at, now + LASTS)


def _why_not(person: Person, words: Mapping[str, str], resting: set[pauses.Key]) -> str:
    if (person.organisation_id, person.id) in resting:
        return "paused"
    return "" if words.get(person.language) else "no_words"


def _resting(keys: Iterable[pauses.Key]) -> set[pauses.Key]:
    wanted = set(keys)
    running = pauses.of_people(wanted) if wanted else {}
    zones = accounts.people_anywhere(running) if running else {}
    now = clock.now()
    return {
        key
        for key, pauses_of in running.items()
        for pause in pauses_of
        if key in wanted and pause.first_day <= now.astimezone(ZoneInfo(zones[key].zone)).date() <= pause.last_day
    }


def _no_longer_going(messages: Sequence[Message]) -> dict[uuid.UUID, str]:
    about = {each.id: key for each in messages if (key := _date_of(each)) is not None}
    if not about:
        return {}
    standing = expected.standing(set(about.values()))
    return {message_id: "answered" for message_id, key in about.items() if standing.answer(key) != GOING}


def _date_of(message: Message) -> expected.Key | None:
    if message.occurrence_id is None or message.person_id is None:
        return None
    return message.organisation_id, message.occurrence_id, message.person_id


def _refuse_if_old(broadcast: Broadcast, now: datetime) -> None:
    """A page that was open for a day may have been sent before: then nobody could tell any more."""
    is_one = _FORM.fullmatch(broadcast.form)
    if not is_one or not timedelta(minutes=-5) < now - _made_at(broadcast) < FORM_LASTS:
        raise Conflict("This page is too old. Open it anew, then send your message.")


def _count(meeting: Meeting) -> None:
    enough = "This group has had 2 messages today. Send the next one tomorrow."
    enough_in_all = "Your organisation has sent 10 messages today. Send the next one tomorrow."
    organisation = organisations.get_organisation(meeting.organisation_id)
    # Whatever is refused has used up nothing.
    with part():
        _count_today(organisation.id, organisation.zone, A_DAY_IN_ALL, enough_in_all)
        _count_today(meeting.id, meeting.zone, A_DAY_TO_A_GROUP, enough)


def _count_today(of: uuid.UUID, zone: str, times: int, sentence: str) -> None:
    """Use one of a local day. Nothing comes back within a day: the next one counts anew, under its own name."""
    today = clock.today(zone).isoformat()
    throttle.take(f"broadcasts:{of}:{today}", times=times, per_seconds=times * 2 * DAY, sentence=sentence)


def _day(meeting: Meeting, broadcast: Broadcast) -> date:
    """Give the day of the page, so that a second press after midnight is still the same message."""
    return _made_at(broadcast).astimezone(ZoneInfo(meeting.zone)).date()


def _made_at(broadcast: Broadcast) -> datetime:
    return datetime.fromtimestamp(int(broadcast.form[:8], 16), UTC)
